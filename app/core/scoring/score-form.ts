/**
 * The score of a whole form: percent overall and by competency, each with n and a 90 % interval.
 *
 * Interval: Wilson's score interval for a proportion (Wilson 1927, J. Am. Stat. Assoc. 22, 209–212), with the weighted
 * mean credit as p, Kish's effective size (Σw)² ÷ Σw² as n (Kish 1965, Survey Sampling) and z = 1.645. For partial
 * credit it is on the safe side: credits between 0 and 1 vary by at most p(1 − p). It says how far the score could move
 * with other items of the same kind; it does not cover how strictly raters rate.
 */
import type { Competency } from '../bank/vocabulary.ts'
import type { ItemScore } from './score-item.ts'

/** Below this number of items no percent of a competency and no interval is shown. */
export const MIN_ITEMS = 3
/** 95th percentile of the normal distribution: both sides together leave 10 %. */
const Z90 = 1.6448536269514722

export type Interval = { readonly low: number; readonly high: number }
export type CompetencyScore = {
  readonly competency: Competency
  /** Scored items. */
  readonly n: number
  readonly points: number
  readonly maxPoints: number
  /** null below MIN_ITEMS. */
  readonly percent: number | null
  readonly interval: Interval | null
}
export type FormScore = {
  readonly n: number
  readonly points: number
  readonly maxPoints: number
  /** Of the items scored so far; null where there are none. Not rounded. */
  readonly percent: number | null
  readonly interval: Interval | null
  readonly byCompetency: readonly CompetencyScore[]
  /** Items that a person has yet to rate; while there are any, every figure here is preliminary. */
  readonly awaiting: readonly string[]
}

/** Wilson's interval in percent for a mean credit p (0 to 1) and an effective n; null for n = 0. */
export function wilson90(p: number, n: number): Interval | null {
  if (n <= 0) return null
  const z2 = Z90 * Z90
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n)
  const half = (Z90 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))
  return { low: 100 * Math.max(0, centre - half), high: 100 * Math.min(1, centre + half) }
}

type Sum = { n: number; points: number; maxPoints: number; weightSquares: number }
const NOTHING: Sum = { n: 0, points: 0, maxPoints: 0, weightSquares: 0 }
const plus = (sum: Sum, item: ItemScore): Sum => ({
  n: sum.n + 1,
  points: sum.points + (item.points ?? 0),
  maxPoints: sum.maxPoints + item.maxPoints,
  weightSquares: sum.weightSquares + item.maxPoints * item.maxPoints,
})
const percentOf = (sum: Sum): number | null => (sum.maxPoints > 0 ? (100 * sum.points) / sum.maxPoints : null)
function intervalOf(sum: Sum): Interval | null {
  if (sum.maxPoints === 0 || sum.n < MIN_ITEMS) return null
  return wilson90(sum.points / sum.maxPoints, sum.maxPoints ** 2 / sum.weightSquares)
}

/** Competencies come in the order in which the form meets them. */
export function scoreForm(items: readonly ItemScore[]): FormScore {
  const counted = items.filter((i) => i.status !== 'excluded')
  const scored = counted.filter((i) => i.credit !== null)
  const all = scored.reduce(plus, NOTHING)
  const sums = new Map<Competency, Sum>(counted.map((i) => [i.competency, NOTHING]))
  for (const item of scored) sums.set(item.competency, plus(sums.get(item.competency) ?? NOTHING, item))
  return {
    n: all.n,
    points: all.points,
    maxPoints: all.maxPoints,
    percent: percentOf(all),
    interval: intervalOf(all),
    byCompetency: [...sums].map(([competency, sum]) => {
      return {
        competency,
        n: sum.n,
        points: sum.points,
        maxPoints: sum.maxPoints,
        percent: sum.n < MIN_ITEMS ? null : percentOf(sum),
        interval: intervalOf(sum),
      }
    }),
    awaiting: counted.filter((i) => i.credit === null).map((i) => i.itemId),
  }
}
