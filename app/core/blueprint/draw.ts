/** The draw: from a blueprint and a pool to the form of one attempt, with the reason for each item. */
import type { Blueprint } from '../bank/schema.ts'
import { seededRandom } from '../shared/random.ts'
import { err, ok, type Result } from '../shared/result.ts'
import { feasibility } from './feasibility.ts'
import { exposureLimit, type Bound, type PoolItem } from './pool.ts'
import { problemOf, sectionsOf, type Problem } from './problem.ts'
import { solve } from './solve.ts'

export { feasibility, twoDisjointForms, type FeasibilityFinding, type FeasibilityRule } from './feasibility.ts'
export { difficultyBand, poolItem, type PoolItem } from './pool.ts'

/**
 * Appearances of each item in the last `exposureWindow` forms drawn from this blueprint. Items that are not named:
 * none.
 */
export type Exposure = Readonly<Record<string, number>>

export type Slot = {
  readonly itemId: string
  readonly versionId?: string
  /**
   * Ids in the order shown; as written where the item does not allow shuffling, empty where there is nothing to order.
   */
  readonly optionOrder: readonly string[]
  /** The bounds that lacked items when this one was drawn, or a free choice. */
  readonly reason:
    | { readonly type: 'bounds'; readonly bounds: readonly { by: Bound['by']; value: string }[] }
    | { readonly type: 'free' }
  /** Appearances in the window when it was drawn. */
  readonly exposure: number
}
export type Form = {
  readonly blueprintId: string
  readonly seed: string
  readonly sections: readonly { readonly id: string; readonly slots: readonly Slot[] }[]
}
export type DrawInput = {
  readonly blueprint: Blueprint
  readonly pool: readonly PoolItem[]
  readonly seed: string
  readonly exposure: Exposure
  /** Items that this candidate has seen before. */
  readonly exclude?: readonly string[]
}

const exposureOf = (exposure: Exposure, id: string): number => (Object.hasOwn(exposure, id) ? (exposure[id] ?? 0) : 0)

/** Shuffled by seed and item, so that an item's order does not depend on what else was drawn. */
const optionOrder = (item: PoolItem, seed: string): readonly string[] =>
  item.shuffle ? seededRandom(`${seed}|options|${item.id}`).shuffle(item.optionIds) : item.optionIds

function slotOf(problem: Problem, candidate: number, served: readonly number[], input: DrawInput): Slot {
  const item = problem.items[problem.candidates[candidate]?.item ?? 0] as PoolItem
  const bounds = served.flatMap((c) => {
    const constraint = problem.constraints[c]
    return constraint && constraint.by !== 'count' ? [{ by: constraint.by, value: constraint.value }] : []
  })
  return {
    itemId: item.id,
    ...(item.versionId === undefined ? {} : { versionId: item.versionId }),
    optionOrder: optionOrder(item, input.seed),
    reason: bounds.length > 0 ? { type: 'bounds', bounds } : { type: 'free' },
    exposure: exposureOf(input.exposure, item.id),
  }
}

/**
 * Why nothing could be drawn: what the pool lacks once seen items are left out, or the cap, where only the cap stands
 * in the way.
 */
function refusal(input: DrawInput, unseen: readonly PoolItem[], capped: readonly PoolItem[]) {
  const uncapped = { ...input.blueprint, exposureCap: 1 }
  const [first] = feasibility(uncapped, unseen)
  const [under] = first ? [] : feasibility(uncapped, capped)
  const named = first ?? under
  return named
    ? err('blueprint.infeasible', {
        rule: first ? first.rule : 'exposure',
        section: named.section,
        by: named.by,
        value: named.value,
        need: named.need,
        have: named.have,
      })
    : err('blueprint.infeasible', { rule: 'together', section: '', by: 'count', value: '', need: 0, have: 0 })
}

/**
 * Draws a form. The same input gives the same form. Items seen least come first among those that serve; an item at its
 * exposure cap is not drawn at all.
 */
export function drawForm(input: DrawInput): Result<Form, 'blueprint.infeasible'> {
  const { blueprint, pool, seed, exposure } = input
  const seen = new Set(input.exclude ?? [])
  const limit = exposureLimit(blueprint)
  const unseen = pool.filter((item) => !seen.has(item.id))
  const capped = unseen.filter((item) => exposureOf(exposure, item.id) < limit)
  const problem = problemOf(sectionsOf(blueprint), blueprint, capped, () => true)
  const random = seededRandom(seed)
  const solution = solve(problem, random, { exposure: problem.items.map((item) => exposureOf(exposure, item.id)) })
  if (typeof solution === 'string') return refusal(input, unseen, capped)
  const slots = solution.picks.map(({ candidate, served }) => ({
    section: problem.candidates[candidate]?.section ?? 0,
    slot: slotOf(problem, candidate, served, input),
  }))
  const sections = blueprint.sections.map((section, s) => ({
    id: section.id,
    // The search takes rare items first; the candidate must not be able to tell.
    slots: seededRandom(`${seed}|order|${section.id}`).shuffle(
      slots
        .filter((x) => x.section === s)
        .map((x) => x.slot)
        .sort((a, b) => (a.itemId < b.itemId ? -1 : 1)),
    ),
  }))
  return ok({ blueprintId: blueprint.id, seed, sections })
}
