/**
 * An item with its answer, key and explanation as staff see it: staff only, and never reachable from a candidate's
 * page. Built field by field in the reader's language; texts that a person wrote stay as they wrote them.
 */
import type { Response } from '../../core/bank/response.ts'
import type { Item } from '../../core/bank/schema.ts'
import type { Competency, ItemKind } from '../../core/bank/vocabulary.ts'
import type { Mark, ScorePart } from '../../core/scoring/score-item.ts'
import type { Locale, LocalizedText } from '../../core/shared/locale.ts'
import { assertNever } from '../../core/shared/result.ts'

/** One line of an objective item. `given` and `expected` are texts; true stands for "chosen" and "key". */
export type EvidenceLine = {
  id: string
  text: string
  given: string | true | null
  expected: string | true | null
  mark: Mark | null
  why: string | null
}
export type WrittenField = 'situation' | 'task' | 'action' | 'result' | 'subject' | 'text'
export type EvidenceItem = {
  itemId: string
  kind: ItemKind
  competency: Competency
  stem: string
  /** The incoming conversation of a written reply. */
  thread: Array<{ from: 'customer' | 'agent' | 'system' | 'colleague'; name: string | null; text: string }>
  lines: EvidenceLine[]
  written: Array<{ field: WrittenField; text: string }>
  answered: boolean
}

const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | null =>
  record && Object.hasOwn(record, key) ? (record[key] ?? null) : null

export function evidenceItem(
  item: Item,
  response: Response | null,
  parts: readonly ScorePart[],
  locale: Locale,
): EvidenceItem {
  const say = (text: LocalizedText): string => text[locale]
  // An answer of another kind than its item cannot be read; it counts as none here.
  const given = response?.kind === item.kind ? response : null
  return {
    itemId: item.id,
    kind: item.kind,
    competency: item.competency,
    stem: say(item.stem),
    thread:
      item.kind === 'written_reply'
        ? item.thread.map((turn) => ({
            from: turn.from,
            name: turn.name ? say(turn.name) : null,
            text: say(turn.text),
          }))
        : [],
    lines: linesOf(item, given, (id) => parts.find((part) => part.id === id)?.mark ?? null, say),
    written: writtenOf(given),
    answered: given !== null,
  }
}

/** The texts of an answer that a person wrote. */
export function writtenOf(response: Response | null): EvidenceItem['written'] {
  switch (response?.kind) {
    case 'behavioural':
      return (['situation', 'task', 'action', 'result'] as const).map((field) => ({ field, text: response[field] }))
    case 'written_reply':
      return [
        ...(response.subject ? [{ field: 'subject' as const, text: response.subject }] : []),
        { field: 'text', text: response.text },
      ]
    case 'essay':
      return [{ field: 'text', text: response.text }]
    default:
      return []
  }
}

type Say = (text: LocalizedText) => string
type MarkOf = (id: string) => Mark | null

function linesOf(item: Item, response: Response | null, markOf: MarkOf, say: Say): EvidenceLine[] {
  switch (item.kind) {
    case 'single_choice':
    case 'multiple_choice': {
      const keys = item.kind === 'single_choice' ? [item.key] : item.keys
      const chosen =
        response?.kind === 'single_choice'
          ? [response.optionId]
          : response?.kind === 'multiple_choice'
            ? response.optionIds
            : []
      return item.options
        .filter((option) => !option.retired || chosen.includes(option.id))
        .map((option) => {
          const isChosen = chosen.includes(option.id)
          const isKey = keys.includes(option.id)
          const mark = isChosen ? (isKey ? 'right' : 'wrong') : isKey && response ? 'missed' : null
          return {
            id: option.id,
            text: say(option.text),
            given: isChosen ? true : null,
            expected: isKey ? true : null,
            mark,
            why: say(option.rationale),
          }
        })
    }
    case 'true_false': {
      const chosen = response?.kind === 'true_false' ? response.value : null
      return [true, false].map((value) => ({
        id: String(value),
        text: String(value),
        given: chosen === value ? true : null,
        expected: item.key === value ? true : null,
        mark: chosen === value ? (item.key === value ? 'right' : 'wrong') : null,
        why: say(value ? item.rationale.true : item.rationale.false),
      }))
    }
    case 'ordering': {
      const order = response?.kind === 'ordering' ? response.order : []
      return item.order.map((id, index) => {
        const at = order.indexOf(id)
        const element = item.elements.find((entry) => entry.id === id)
        return {
          id,
          text: element ? say(element.text) : id,
          given: at < 0 ? null : String(at + 1),
          expected: String(index + 1),
          mark: markOf(id),
          why: index === item.order.length - 1 ? say(item.rationale) : null,
        }
      })
    }
    case 'matching': {
      const pairs = response?.kind === 'matching' ? response.pairs : undefined
      const right = (id: string | null) => {
        const entry = item.right.find((candidate) => candidate.id === id)
        return entry ? say(entry.text) : null
      }
      return item.left.map((entry) => {
        const rationale = own(item.rationales, entry.id)
        return {
          id: entry.id,
          text: say(entry.text),
          given: right(own(pairs, entry.id)),
          expected: right(own(item.pairs, entry.id)),
          mark: markOf(entry.id),
          why: rationale ? say(rationale) : null,
        }
      })
    }
    case 'cloze': {
      const gaps = response?.kind === 'cloze' ? response.gaps : undefined
      return item.gaps.map((gap, index) => {
        const value = own(gaps, gap.id)
        if (gap.type === 'typed') {
          return {
            id: gap.id,
            text: `(${index + 1})`,
            given: value,
            expected: [...new Set([...gap.accepted['zh-CN'], ...gap.accepted.en])].join(' / '),
            mark: markOf(gap.id),
            why: say(gap.rationale),
          }
        }
        const option = (id: string | null) => {
          const found = gap.options.find((entry) => entry.id === id)
          return found ? say(found.text) : null
        }
        const key = gap.options.find((entry) => entry.id === gap.key)
        return {
          id: gap.id,
          text: `(${index + 1})`,
          given: option(value),
          expected: option(gap.key),
          mark: markOf(gap.id),
          why: key ? say(key.rationale) : null,
        }
      })
    }
    case 'numeric': {
      const unit = item.unit ? ` ${say(item.unit)}` : ''
      const tolerance = item.tolerance > 0 ? ` ± ${item.tolerance}` : ''
      return [
        {
          id: 'answer',
          text: '',
          given: response?.kind === 'numeric' ? response.text : null,
          expected: `${item.key}${tolerance}${unit}`,
          mark: markOf('answer'),
          why: say(item.rationale),
        },
      ]
    }
    case 'short_text':
      return [
        {
          id: 'answer',
          text: '',
          given: response?.kind === 'short_text' ? response.text : null,
          expected: [...new Set([...item.accepted['zh-CN'], ...item.accepted.en])].join(' / '),
          mark: markOf('answer'),
          why: say(item.rationale),
        },
      ]
    case 'situational_judgement': {
      const judged = response?.kind === 'situational_judgement' ? response : null
      return item.actions.map((action) => {
        const rating = own(judged?.ratings, action.id)
        const choice = judged?.best === action.id ? 'best' : judged?.worst === action.id ? 'worst' : null
        return {
          id: action.id,
          text: say(action.text),
          given: item.mode === 'rate' ? (rating === null ? null : String(rating)) : choice,
          expected: String(action.effectiveness),
          mark: item.mode === 'rate' ? markOf(action.id) : choice ? markOf(choice) : null,
          why: say(action.rationale),
        }
      })
    }
    case 'behavioural':
    case 'written_reply':
    case 'essay':
      return []
    default:
      return assertNever(item)
  }
}
