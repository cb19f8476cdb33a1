/** Whether a pool can meet a blueprint and, if not, which demand fails and by how much. */
import type { Blueprint, BlueprintSection } from '../bank/schema.ts'
import { seededRandom } from '../shared/random.ts'
import { exposureLimit, type Bound, type PoolItem } from './pool.ts'
import { problemOf, sectionsOf, type Problem, type ProblemSection } from './problem.ts'
import { solve } from './solve.ts'

export type FeasibilityRule =
  /** Fewer items than the section or bound asks for. */
  | 'too_few'
  /** A minimum above its maximum. */
  | 'crossed'
  /** The minima of one kind of bound add up to more than the section's count. */
  | 'minima'
  /** The maxima of one kind of bound leave fewer items than the section's count. */
  | 'maxima'
  /** Enough items for one form, too few to keep the exposure cap form after form. */
  | 'exposure'
  /** Each demand could be met alone; together with the others this one can be met only up to `have`. */
  | 'together'

export type FeasibilityFinding = {
  readonly rule: FeasibilityRule
  readonly section: string
  readonly by: Bound['by'] | 'count' | 'enemies'
  readonly value: string
  readonly need: number
  readonly have: number
}

const anything = (): boolean => true
const CHECK_SEED = 'feasibility'

const solvable = (problem: Problem): boolean =>
  typeof solve(problem, seededRandom(CHECK_SEED), { exposure: [] }) === 'object'

function simpleFindings(problem: Problem, sections: readonly BlueprintSection[]): FeasibilityFinding[] {
  const name = (s: number): string => sections[s]?.id ?? ''
  const single = problem.constraints.flatMap((c, i): FeasibilityFinding[] => {
    const have = problem.members[i]?.length ?? 0
    const base = { section: name(c.section), by: c.by, value: c.value }
    if (c.min > c.max) return [{ ...base, rule: 'crossed', need: c.min, have: c.max }]
    return have < c.min ? [{ ...base, rule: 'too_few', need: c.min, have }] : []
  })
  const grouped = problem.groups.flatMap((group): FeasibilityFinding[] => {
    const count = problem.constraints[problem.sectionCount[group.section] ?? 0]?.max ?? 0
    const total = problem.members[problem.sectionCount[group.section] ?? 0]?.length ?? 0
    const list = group.constraints.flatMap((i) => problem.constraints[i] ?? [])
    const by = list[0]?.by ?? 'count'
    const minima = list.reduce((sum, c) => sum + c.min, 0)
    const capacity = group.constraints.reduce(
      (left, i) => left - Math.max(0, (problem.members[i]?.length ?? 0) - (problem.constraints[i]?.max ?? 0)),
      total,
    )
    const base = { section: name(group.section), by, value: list.map((c) => c.value).join(' + ') }
    return [
      ...(minima > count ? [{ ...base, rule: 'minima' as const, need: minima, have: count }] : []),
      ...(capacity < count && total >= count
        ? [{ ...base, rule: 'maxima' as const, need: count, have: capacity }]
        : []),
    ]
  })
  return [...single, ...grouped]
}

/** In the long run an item may appear in `limit` of `window` forms: the pool must carry each minimum under that. */
function exposureFindings(problem: Problem, blueprint: Blueprint): FeasibilityFinding[] {
  const limit = exposureLimit(blueprint)
  if (limit === Infinity) return []
  return problem.constraints.flatMap((c, i): FeasibilityFinding[] => {
    const needed = Math.ceil((c.min * blueprint.exposureWindow) / limit - 1e-9)
    const have = problem.members[i]?.length ?? 0
    return have < needed && have >= c.min
      ? [
          {
            rule: 'exposure',
            section: blueprint.sections[c.section]?.id ?? '',
            by: c.by,
            value: c.value,
            need: needed,
            have,
          },
        ]
      : []
  })
}

const withMinimum = (problem: Problem, index: number, min: number): Problem => ({
  ...problem,
  constraints: problem.constraints.map((c, i) =>
    i !== index ? c : c.by === 'count' ? { ...c, min, max: min } : { ...c, min },
  ),
})

/** Which single demand, lowered, lets the rest be met, and how low. */
function togetherFindings(problem: Problem, sections: readonly BlueprintSection[]): FeasibilityFinding[] {
  if (solvable(problem)) return []
  const named = problem.constraints.flatMap((c, i): FeasibilityFinding[] => {
    if (c.min === 0 || !solvable(withMinimum(problem, i, 0))) return []
    let have = c.min - 1
    while (have > 0 && !solvable(withMinimum(problem, i, have))) have -= 1
    return [{ rule: 'together', section: sections[c.section]?.id ?? '', by: c.by, value: c.value, need: c.min, have }]
  })
  const total = problem.sectionCount.reduce((sum, i) => sum + (problem.constraints[i]?.min ?? 0), 0)
  const distinct = new Set(problem.candidates.map((c) => c.item)).size
  const hostile =
    problem.enemies.some((e) => e.length > 0) && solvable({ ...problem, enemies: problem.enemies.map(() => []) })
  const enemies: FeasibilityFinding[] = hostile
    ? [{ rule: 'together', section: '', by: 'enemies', value: '', need: total, have: distinct }]
    : []
  if (named.length + enemies.length > 0) return [...enemies, ...named]
  return [{ rule: 'together', section: '', by: 'count', value: '', need: total, have: distinct }]
}

function findingsFor(
  sections: readonly ProblemSection[],
  blueprint: Blueprint,
  pool: readonly PoolItem[],
): { problem: Problem; findings: FeasibilityFinding[] } {
  const problem = problemOf(sections, blueprint, pool, anything)
  const list = sections.map((s) => s.section)
  const simple = simpleFindings(problem, list)
  return { problem, findings: simple.length > 0 ? simple : togetherFindings(problem, list) }
}

/**
 * Every demand of the blueprint that the pool cannot meet, with the numbers. Empty: forms can be drawn, time and again.
 */
export function feasibility(blueprint: Blueprint, pool: readonly PoolItem[]): FeasibilityFinding[] {
  const { problem, findings } = findingsFor(sectionsOf(blueprint), blueprint, pool)
  return findings.length > 0 ? findings : exposureFindings(problem, blueprint)
}

/**
 * Whether two forms without a common item can be drawn, so that a second attempt shows nothing seen before. `lacking`
 * names what the pool is short of, with the demand of both forms together.
 */
export function twoDisjointForms(
  blueprint: Blueprint,
  pool: readonly PoolItem[],
): { possible: boolean; lacking: FeasibilityFinding[] } {
  const twice = [0, 1].flatMap((form) => blueprint.sections.map((section): ProblemSection => ({ section, form })))
  const possible = solvable(problemOf(twice, blueprint, pool, anything))
  if (possible) return { possible, lacking: [] }
  const doubled = blueprint.sections.map((section): ProblemSection => ({
    form: 0,
    section: {
      ...section,
      count: section.count * 2,
      bounds: section.bounds.map((b) => ({ ...b, min: b.min * 2, ...(b.max === undefined ? {} : { max: b.max * 2 }) })),
    },
  }))
  const list = doubled.map((s) => s.section)
  return { possible, lacking: simpleFindings(problemOf(doubled, blueprint, pool, anything), list) }
}
