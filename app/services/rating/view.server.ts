/**
 * What an interviewer is shown, built field by field: blindness is a property of the payload, not of the page. Nothing
 * here knows a name, an address, or another rater's sheet.
 */
import type { Response } from '../../core/bank/response.ts'
import type { Item, Policy, Rubric } from '../../core/bank/schema.ts'
import type { Locale, LocalizedText } from '../../core/shared/locale.ts'

export type FieldId = 'situation' | 'task' | 'action' | 'result' | 'subject' | 'text'
export type AnswerField = { id: FieldId; text: string; lang: Locale }

/** Line ends as a browser shows them, so that places in the text mean the same on both sides. */
const plain = (text: string): string => text.replace(/\r\n?/g, '\n')

/** The language of a text by its script: somebody may answer in the other language. */
export function langOf(text: string): Locale {
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  return han * 5 > letters ? 'zh-CN' : 'en'
}

/** The parts of an answer that evidence may point into; empty for an erased one. */
export function answerFields(response: Response | null): AnswerField[] {
  const field = (id: FieldId, text: string): AnswerField => ({ id, text: plain(text), lang: langOf(text) })
  switch (response?.kind) {
    case 'behavioural':
      return [
        field('situation', response.situation),
        field('task', response.task),
        field('action', response.action),
        field('result', response.result),
      ]
    case 'written_reply':
      return [...(response.subject ? [field('subject', response.subject)] : []), field('text', response.text)]
    case 'essay':
      return [field('text', response.text)]
    default:
      return []
  }
}

export type CriterionView = {
  id: string
  title: string
  weight: number
  /** All criteria of the rubric weigh the same. */
  sameWeight: boolean
  /** A level below this fails the whole; null for a criterion that is not critical. */
  failBelow: number | null
  notApplicable: boolean
  evidenceRequired: boolean
  /** Anchor of level 1 first. */
  anchors: string[]
}
export type RubricView = { title: string; version: number; levels: number; criteria: CriterionView[] }

export function rubricView(rubric: Rubric, version: number, locale: Locale): RubricView {
  const sameWeight = rubric.criteria.every((criterion) => criterion.weight === rubric.criteria[0]?.weight)
  return {
    title: rubric.title[locale],
    version,
    levels: rubric.levels,
    criteria: rubric.criteria.map((criterion) => ({
      id: criterion.id,
      title: criterion.title[locale],
      weight: criterion.weight,
      sameWeight,
      failBelow: criterion.critical?.failBelow ?? null,
      notApplicable: criterion.notApplicable,
      evidenceRequired: criterion.evidence === 'required',
      anchors: criterion.anchors.map((anchor) => anchor[locale]),
    })),
  }
}

export type ItemView = {
  id: string
  kind: 'behavioural' | 'written_reply' | 'essay'
  /** The language that the candidate was working in; stem and thread are shown in it. */
  lang: Locale
  stem: string
  prompt: string | null
  thread: Array<{ from: 'customer' | 'agent' | 'system' | 'colleague'; name: string | null; text: string }>
  replyChannel: 'mail' | 'chat' | null
  /** For raters: what a complete answer covers, and what an interviewer would have asked next. */
  expected: string[]
  probes: string[]
}

/**
 * A rated item as its rater sees it. The stem is what the candidate read; what guides the rater is in the rater's
 * language.
 */
export function itemView(item: Item, candidateLocale: Locale, locale: Locale): ItemView | null {
  if (item.kind !== 'behavioural' && item.kind !== 'written_reply' && item.kind !== 'essay') return null
  const own = (text: LocalizedText): string => text[locale]
  const shown = (text: LocalizedText): string => text[candidateLocale]
  return {
    id: item.id,
    kind: item.kind,
    lang: candidateLocale,
    stem: shown(item.stem),
    prompt: item.prompt ? shown(item.prompt) : null,
    thread:
      item.kind === 'written_reply'
        ? item.thread.map((turn) => ({
            from: turn.from,
            name: turn.name ? shown(turn.name) : null,
            text: shown(turn.text),
          }))
        : [],
    replyChannel: item.kind === 'written_reply' ? item.replyChannel : null,
    expected: item.kind === 'behavioural' ? [] : item.expected.map(own),
    probes: item.kind === 'behavioural' ? item.probes.map(own) : [],
  }
}

export type PolicyView = {
  id: string
  title: string
  revision: number
  clauses: Array<{ id: string; title: string; text: string }>
}

export const policyView = (policy: Policy, locale: Locale): PolicyView => ({
  id: policy.id,
  title: policy.title[locale],
  revision: policy.revision,
  clauses: policy.clauses.map((clause) => ({ id: clause.id, title: clause.title[locale], text: clause.text[locale] })),
})

export const localeOf = (value: string): Locale => (value === 'en' ? 'en' : 'zh-CN')

/** The first line or so of a stem, to tell questions apart in a list. */
export function excerpt(text: string, length = 90): string {
  const points = [
    ...text
      .replace(/[*_`#>-]+/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  ]
  return points.length <= length ? points.join('') : `${points.slice(0, length).join('').trimEnd()}…`
}
