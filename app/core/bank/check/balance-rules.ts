/** Rules about a bank as a whole: where its keys stand, and what blind rules earn on it. */
import { LOCALES } from '../../shared/locale.ts'
import { blindRules, earningRules } from '../blind-rules.ts'
import { remark, type Remark } from '../finding.ts'
import type { Item } from '../schema.ts'

/** Upper 5 % points of chi-square by degrees of freedom (2 to 5). */
const CHI_SQUARE_95: Record<number, number> = { 2: 5.991, 3: 7.815, 4: 9.488, 5: 11.07 }
const MIN_PER_POSITION = 3

/** How often each position holds the key, for single-choice items with the given number of options. */
export function keyPositions(items: readonly Item[], options: number): number[] {
  const counts = Array.from({ length: options }, () => 0)
  for (const item of items) {
    if (item.kind !== 'single_choice' || item.practice) continue
    const shown = item.options.filter((o) => !o.retired)
    const place = shown.findIndex((o) => o.id === item.key)
    if (shown.length === options && place >= 0) counts[place] = (counts[place] ?? 0) + 1
  }
  return counts
}

function positionRemarks(items: readonly Item[]): Remark[] {
  return [3, 4, 5, 6].flatMap((options) => {
    const counts = keyPositions(items, options)
    const n = counts.reduce((a, b) => a + b, 0)
    const expected = n / options
    if (expected < MIN_PER_POSITION) return []
    const chi = counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0)
    return chi > (CHI_SQUARE_95[options - 1] ?? Infinity)
      ? [remark('bank.key_position', '', { options, counts: counts.join(' / '), n })]
      : []
  })
}

const MIN_STATEMENTS = 6
/**
 * A difference of one cannot be avoided with an odd number; two are tolerated so that one new item does not fail a
 * bank.
 */
const STATEMENT_SLACK = 2

export const trueFalseCounts = (items: readonly Item[]): { right: number; wrong: number } => {
  const statements = items.flatMap((item) => (item.kind === 'true_false' && !item.practice ? [item.key] : []))
  const right = statements.filter(Boolean).length
  return { right, wrong: statements.length - right }
}

function trueFalseRemarks(items: readonly Item[]): Remark[] {
  const { right, wrong } = trueFalseCounts(items)
  return right + wrong >= MIN_STATEMENTS && Math.abs(right - wrong) > STATEMENT_SLACK
    ? [remark('bank.true_false_balance', '', { right, wrong })]
    : []
}

const percent = (share: number): number => Math.round(share * 1000) / 10

/** Rules about the items of one bank. */
export function balanceRemarks(items: readonly Item[]): Remark[] {
  return [
    ...positionRemarks(items),
    ...trueFalseRemarks(items),
    ...LOCALES.flatMap((locale) =>
      earningRules(blindRules(items, locale)).map((r) =>
        remark('bank.blind_rule', '', {
          strategy: r.strategy,
          language: locale,
          earned: percent(r.earned),
          chance: percent(r.chance),
          n: r.n,
        }),
      ),
    ),
  ]
}
