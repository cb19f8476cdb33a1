/**
 * Credit for one answer, 0 to 1, with the parts that explain it. The rules are those of the comments in bank/schema.ts.
 * An explanation contains the key: staff only until feedback is released. It holds ids and marks, never what a person
 * typed.
 *
 * Retired options: an answer that was given while an option was shown keeps its meaning, so a ticked retired key still
 * earns and a ticked retired distractor still costs; a retired key that is not ticked is not asked for.
 */
import { isAnswered } from '../bank/candidate-view.ts'
import type { Response, ResponseOf } from '../bank/response.ts'
import type { Item, ItemOf } from '../bank/schema.ts'
import { isRatedKind, type Competency, type ItemKind } from '../bank/vocabulary.ts'
import { assertNever } from '../shared/result.ts'
import { foldText } from '../shared/text.ts'
import { numberIn } from './parse-number.ts'

export type Mark = 'right' | 'partly' | 'wrong' | 'missed' | 'not_answered'
export type ScorePart = {
  /** Option, element, left entry, gap or action; `answer` where the answer is one whole. */
  readonly id: string
  readonly mark: Mark
  /** What this part contributes to the credit, before the credit is cut off at 0. */
  readonly credit: number
  /** Ids only. */
  readonly given?: string
  readonly expected?: string
}
export type ItemScore = {
  readonly itemId: string
  readonly kind: ItemKind
  readonly competency: Competency
  /** awaiting_rating: a person has to rate it. excluded: practice, counts for nothing. */
  readonly status: 'scored' | 'not_answered' | 'awaiting_rating' | 'excluded'
  /** 0 to 1; null while a rating is awaited. */
  readonly credit: number | null
  readonly points: number | null
  readonly maxPoints: number
  readonly parts: readonly ScorePart[]
}

type Judged = { credit: number; parts: ScorePart[] }

/**
 * Scores one answer; null for none. `ratedPercent` (0 to 100) is the combined rating of a rated kind, once it is there.
 * An empty answer to a rated kind earns 0 without a rater. Throws where answer and item are of different kinds: a save
 * checks that.
 */
export function scoreItem(item: Item, response: Response | null, ratedPercent: number | null = null): ItemScore {
  if (response && response.kind !== item.kind)
    throw new Error(`a ${response.kind} answer to the ${item.kind} item ${item.id}`)
  const base = { itemId: item.id, kind: item.kind, competency: item.competency, maxPoints: item.points }
  if (item.practice) return { ...base, status: 'excluded', credit: null, points: null, maxPoints: 0, parts: [] }
  if (!isAnswered(response))
    return {
      ...base,
      status: 'not_answered',
      credit: 0,
      points: 0,
      parts: [{ id: 'answer', mark: 'not_answered', credit: 0 }],
    }
  if (isRatedKind(item.kind)) {
    if (ratedPercent === null) return { ...base, status: 'awaiting_rating', credit: null, points: null, parts: [] }
    const credit = ratedPercent / 100
    return { ...base, status: 'scored', credit, points: credit * item.points, parts: [] }
  }
  const { credit, parts } = judge(item, response)
  return { ...base, status: 'scored', credit, points: credit * item.points, parts }
}

function judge(item: Item, response: Response): Judged {
  switch (item.kind) {
    case 'single_choice':
      return single(item.key, (response as ResponseOf<'single_choice'>).optionId)
    case 'multiple_choice':
      return multiple(item, (response as ResponseOf<'multiple_choice'>).optionIds)
    case 'true_false':
      return single(String(item.key), String((response as ResponseOf<'true_false'>).value))
    case 'ordering':
      return ordering(item.order, (response as ResponseOf<'ordering'>).order)
    case 'matching':
      return share(
        item.left.map((entry) =>
          compared(entry.id, item.pairs[entry.id], own((response as ResponseOf<'matching'>).pairs, entry.id)),
        ),
      )
    case 'cloze':
      return cloze(item, (response as ResponseOf<'cloze'>).gaps)
    case 'numeric':
      return numeric(item, (response as ResponseOf<'numeric'>).text)
    case 'short_text':
      return whole(isAccepted(item.accepted, (response as ResponseOf<'short_text'>).text))
    case 'situational_judgement':
      return item.mode === 'rate'
        ? ratings(item, (response as ResponseOf<'situational_judgement'>).ratings ?? {})
        : bestWorst(item, response as ResponseOf<'situational_judgement'>)
    case 'behavioural':
    case 'written_reply':
    case 'essay':
      throw new Error(`a person scores ${item.kind}`)
    default:
      return assertNever(item)
  }
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined
const whole = (right: boolean): Judged => ({
  credit: right ? 1 : 0,
  parts: [{ id: 'answer', mark: right ? 'right' : 'wrong', credit: right ? 1 : 0 }],
})

function single(key: string, given: string): Judged {
  const right = given === key
  return {
    credit: right ? 1 : 0,
    parts: [{ id: 'answer', mark: right ? 'right' : 'wrong', credit: right ? 1 : 0, given, expected: key }],
  }
}

function multiple(item: ItemOf<'multiple_choice'>, optionIds: readonly string[]): Judged {
  const ticked = new Set(optionIds)
  const retired = new Set(item.options.filter((o) => o.retired).map((o) => o.id))
  const keys = item.keys.filter((k) => !retired.has(k) || ticked.has(k))
  const unit = keys.length === 0 ? 0 : 1 / keys.length
  const parts = item.options.flatMap((option): ScorePart[] => {
    const isKey = keys.includes(option.id)
    if (ticked.has(option.id)) return [{ id: option.id, mark: isKey ? 'right' : 'wrong', credit: isKey ? unit : -unit }]
    return isKey ? [{ id: option.id, mark: 'missed', credit: 0 }] : []
  })
  const right = parts.filter((p) => p.mark === 'right').length
  const wrong = parts.filter((p) => p.mark === 'wrong').length
  const exact = keys.length > 0 && right === keys.length && wrong === 0
  if (item.credit === 'all_or_nothing') return { credit: exact ? 1 : 0, parts: parts.map((p) => ({ ...p, credit: 0 })) }
  return { credit: keys.length === 0 ? 0 : Math.max(0, (right - wrong) / keys.length), parts }
}

/**
 * Kendall's tau without ties: (concordant − discordant) ÷ all pairs, not below 0. A pair with an element that was not
 * placed is neither. Each part's credit is the element's share of the pairs it stands in.
 */
function ordering(order: readonly string[], given: readonly string[]): Judged {
  const place = new Map([...given].reverse().map((id, i) => [id, given.length - 1 - i]))
  const pairs = (order.length * (order.length - 1)) / 2
  const balance = new Array<number>(order.length).fill(0)
  let total = 0
  for (let i = 0; i < order.length; i += 1) {
    for (let j = i + 1; j < order.length; j += 1) {
      const first = place.get(order[i] as string)
      const second = place.get(order[j] as string)
      if (first === undefined || second === undefined) continue
      const sign = first < second ? 1 : -1
      total += sign
      balance[i] = (balance[i] ?? 0) + sign / 2
      balance[j] = (balance[j] ?? 0) + sign / 2
    }
  }
  const parts = order.map((id, i): ScorePart => {
    const at = place.get(id)
    const expected = String(i + 1)
    if (at === undefined) return { id, mark: 'not_answered', credit: 0, expected }
    return {
      id,
      mark: at === i ? 'right' : 'wrong',
      credit: (balance[i] ?? 0) / pairs,
      given: String(at + 1),
      expected,
    }
  })
  return { credit: Math.max(0, total / pairs), parts }
}

type Compared = { id: string; right: boolean; given?: string; expected?: string; answered: boolean }
const compared = (id: string, expected: string | undefined, given: string | undefined): Compared => ({
  id,
  right: given !== undefined && given === expected,
  given,
  expected,
  answered: given !== undefined,
})

/** Share of parts that are right. */
function share(list: readonly Compared[]): Judged {
  const parts = list.map(({ id, right, given, expected, answered }): ScorePart => ({
    id,
    mark: right ? 'right' : answered ? 'wrong' : 'not_answered',
    credit: right ? 1 / list.length : 0,
    ...(given === undefined ? {} : { given }),
    ...(expected === undefined ? {} : { expected }),
  }))
  return { credit: list.filter((c) => c.right).length / list.length, parts }
}

function cloze(item: ItemOf<'cloze'>, gaps: Readonly<Record<string, string>>): Judged {
  return share(
    item.gaps.map((gap): Compared => {
      const given = own(gaps, gap.id) ?? ''
      const answered = given.trim() !== ''
      if (gap.type === 'dropdown') return compared(gap.id, gap.key, answered ? given : undefined)
      return { id: gap.id, right: answered && isAccepted(gap.accepted, given), answered }
    }),
  )
}

/** A form of either language is accepted, whatever language the attempt is in. */
function isAccepted(
  accepted: { readonly 'zh-CN': readonly string[]; readonly en: readonly string[] },
  given: string,
): boolean {
  const folded = foldText(given)
  return [...accepted['zh-CN'], ...accepted.en].some((form) => foldText(form) === folded)
}

function numeric(item: ItemOf<'numeric'>, text: string): Judged {
  const value = numberIn(text, item.unit ? [item.unit['zh-CN'], item.unit.en] : [])
  // the slack is for decimal fractions that binary numbers cannot hold: 0.3 − 0.1 is within 0.2
  const slack = 1e-9 * Math.max(1, Math.abs(item.key))
  return whole(value !== null && Math.abs(value - item.key) <= item.tolerance + slack)
}

const marked = (credit: number): Mark => (credit >= 1 ? 'right' : credit > 0 ? 'partly' : 'wrong')

/**
 * Mean over the actions of 1 − |rating − key| ÷ the largest distance that the key allows; an action without rating
 * earns 0.
 */
function ratings(item: ItemOf<'situational_judgement'>, given: Readonly<Record<string, number>>): Judged {
  const earned = item.actions.map((action) => {
    const rating = own(given, action.id)
    const k = action.effectiveness
    return { action, rating, credit: rating === undefined ? 0 : 1 - Math.abs(rating - k) / Math.max(k - 1, 5 - k) }
  })
  const n = item.actions.length
  const parts = earned.map(({ action, rating, credit }): ScorePart => ({
    id: action.id,
    mark: rating === undefined ? 'not_answered' : marked(credit),
    credit: credit / n,
    ...(rating === undefined ? {} : { given: String(rating) }),
    expected: String(action.effectiveness),
  }))
  return { credit: earned.reduce((sum, e) => sum + e.credit, 0) / n, parts }
}

/**
 * Half for the most and half for the least effective action, each by how near its effectiveness comes to the extreme.
 */
function bestWorst(item: ItemOf<'situational_judgement'>, given: { best?: string; worst?: string }): Judged {
  const values = item.actions.map((a) => a.effectiveness)
  const max = Math.max(...values)
  const min = Math.min(...values)
  const half = (id: 'best' | 'worst', chosen: string | undefined, target: number): ScorePart => {
    const expected = item.actions
      .filter((a) => a.effectiveness === target)
      .map((a) => a.id)
      .join(' ')
    const action = item.actions.find((a) => a.id === chosen)
    if (!action) return { id, mark: 'not_answered', credit: 0, expected }
    const credit = max === min ? 1 : 1 - Math.abs(target - action.effectiveness) / (max - min)
    return { id, mark: marked(credit), credit: credit / 2, given: action.id, expected }
  }
  const parts = [half('best', given.best, max), half('worst', given.worst, min)]
  return { credit: parts.reduce((sum, p) => sum + p.credit, 0), parts }
}
