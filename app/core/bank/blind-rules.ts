/**
 * What a guesser earns who knows nothing and follows one rule: the longest option, the most hedged, a fixed place, the
 * option that sounds like the stem, not the absolute one. A bank is sound when no rule earns more than chance.
 */
import type { Locale } from '../shared/locale.ts'
import type { Item } from './schema.ts'
import { gramsOf, plain, sharedCount, visibleLength } from './text.ts'
import { ABSOLUTE, HEDGE } from './words.ts'

export const POSITIONS = ['position_1', 'position_2', 'position_3', 'position_4', 'position_5', 'position_6'] as const
export const STRATEGIES = [
  'longest',
  'shortest',
  'most_hedged',
  'most_shared',
  'not_absolute',
  ...POSITIONS,
  'always_true',
  'always_false',
] as const
export type Strategy = (typeof STRATEGIES)[number]

export type BlindResult = {
  readonly strategy: Strategy
  readonly locale: Locale
  /** Items to which the rule can be applied. */
  readonly n: number
  /** Mean expected credit of the rule over those items, 0 to 1. */
  readonly earned: number
  /** Mean expected credit of guessing at random over the same items. */
  readonly chance: number
}

type Option = { readonly text: string; readonly isKey: boolean }
type Credit = 'right_minus_wrong' | 'all_or_nothing'
type Question =
  | {
      readonly kind: 'options'
      readonly stem: string
      readonly options: readonly Option[]
      readonly keys: number
      readonly credit: Credit
    }
  | { readonly kind: 'statement'; readonly stem: string; readonly key: boolean }

function questionOf(item: Item, locale: Locale): Question | undefined {
  if (item.kind === 'true_false') return { kind: 'statement', stem: item.stem[locale], key: item.key }
  if (item.kind !== 'single_choice' && item.kind !== 'multiple_choice') return undefined
  const keys = item.kind === 'single_choice' ? [item.key] : item.keys
  const options = item.options
    .filter((o) => !o.retired)
    .map((o) => ({ text: o.text[locale], isKey: keys.includes(o.id) }))
  const count = options.filter((o) => o.isKey).length
  // A broken key is the business of the structure rules; there is nothing to expect here.
  if (options.length < 2 || count === 0) return undefined
  return {
    kind: 'options',
    stem: item.stem[locale],
    options,
    keys: count,
    credit: item.kind === 'multiple_choice' ? item.credit : 'all_or_nothing',
  }
}

/** All subsets of `size` out of `list`. */
function* subsets<T>(list: readonly T[], size: number): Generator<T[]> {
  if (size === 0) yield []
  else
    for (let i = 0; i + size <= list.length; i += 1) {
      const head = list[i] as T
      for (const rest of subsets(list.slice(i + 1), size - 1)) yield [head, ...rest]
    }
}

function creditOf(ticked: readonly Option[], keys: number, rule: Credit): number {
  const right = ticked.filter((o) => o.isKey).length
  const wrong = ticked.length - right
  if (rule === 'all_or_nothing') return right === keys && wrong === 0 ? 1 : 0
  return Math.max(0, (right - wrong) / keys)
}

/**
 * Expected credit of ticking as many options as there are keys, the highest marks first; ties are taken at random, so
 * every way to break them counts alike. The number of ticks is given to rule and chance alike: the comparison shows the
 * clue only.
 */
export function expectedByMarks(
  options: readonly Option[],
  marks: readonly number[],
  keys: number,
  rule: Credit,
): number {
  const order = [...marks].sort((a, b) => b - a)
  const threshold = order[keys - 1] ?? 0
  const sure = options.filter((_, i) => (marks[i] ?? 0) > threshold)
  const tied = options.filter((_, i) => marks[i] === threshold)
  let total = 0
  let ways = 0
  for (const extra of subsets(tied, keys - sure.length)) {
    total += creditOf([...sure, ...extra], keys, rule)
    ways += 1
  }
  return ways === 0 ? 0 : total / ways
}

/**
 * Expected credit of guessing at random: 1/k for single choice, every set of as many ticks as keys for multiple choice.
 */
export const chanceOf = (options: readonly Option[], keys: number, rule: Credit): number =>
  expectedByMarks(
    options,
    options.map(() => 0),
    keys,
    rule,
  )

const count = (text: string, list: Record<Locale, RegExp>, locale: Locale): number =>
  [...plain(text).matchAll(list[locale])].length

function marksOf(strategy: Strategy, stem: string, options: readonly Option[], locale: Locale): number[] | undefined {
  switch (strategy) {
    case 'longest':
      return options.map((o) => visibleLength(o.text))
    case 'shortest':
      return options.map((o) => -visibleLength(o.text))
    case 'most_hedged':
      return options.map((o) => count(o.text, HEDGE, locale))
    case 'not_absolute':
      return options.map((o) => (count(o.text, ABSOLUTE, locale) > 0 ? 0 : 1))
    case 'most_shared': {
      const words = gramsOf(stem)
      return options.map((o) => sharedCount(gramsOf(o.text), words))
    }
    case 'always_true':
    case 'always_false':
      return undefined
    default: {
      const place = POSITIONS.indexOf(strategy)
      return place < options.length ? options.map((_, i) => (i === place ? 1 : 0)) : undefined
    }
  }
}

/** Chance that the rule says "true" of a statement, or undefined where it does not apply. */
function saysTrue(strategy: Strategy, stem: string, locale: Locale): number | undefined {
  switch (strategy) {
    case 'always_true':
      return 1
    case 'always_false':
      return 0
    case 'not_absolute':
      return count(stem, ABSOLUTE, locale) > 0 ? 0 : 0.5
    case 'most_hedged':
      return count(stem, HEDGE, locale) > 0 ? 1 : 0.5
    default:
      return undefined
  }
}

function creditAndChance(
  strategy: Strategy,
  question: Question,
  locale: Locale,
): { earned: number; chance: number } | undefined {
  if (question.kind === 'statement') {
    const p = saysTrue(strategy, question.stem, locale)
    return p === undefined ? undefined : { earned: question.key ? p : 1 - p, chance: 0.5 }
  }
  const { stem, options, keys, credit } = question
  const marks = marksOf(strategy, stem, options, locale)
  return marks && { earned: expectedByMarks(options, marks, keys, credit), chance: chanceOf(options, keys, credit) }
}

/** What each blind rule earns over the choice items of a bank, in one language. Rules that fit no item are left out. */
export function blindRules(items: readonly Item[], locale: Locale): BlindResult[] {
  const questions = items.filter((item) => !item.practice).flatMap((item) => questionOf(item, locale) ?? [])
  return STRATEGIES.flatMap((strategy) => {
    const scored = questions.flatMap((question) => creditAndChance(strategy, question, locale) ?? [])
    const n = scored.length
    if (n === 0) return []
    const mean = (pick: (s: { earned: number; chance: number }) => number): number =>
      scored.reduce((sum, s) => sum + pick(s), 0) / n
    return [{ strategy, locale, n, earned: mean((s) => s.earned), chance: mean((s) => s.chance) }]
  })
}

/** Below this many items an excess says nothing about the author's habits. */
export const BLIND_MIN_ITEMS = 10
/** Credit above chance that is tolerated: items are discrete, so one item's worth cannot be balanced away. */
export const blindTolerance = (n: number): number => Math.max(0.02, 1 / n)

/** Results that earn more than chance. */
export const earningRules = (results: readonly BlindResult[]): BlindResult[] =>
  results.filter((r) => r.n >= BLIND_MIN_ITEMS && r.earned - r.chance > blindTolerance(r.n) + 1e-9)
