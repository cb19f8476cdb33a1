/** A draw as a problem of choosing items: candidates, what they count towards, and what excludes what. */
import type { Blueprint, BlueprintSection } from '../bank/schema.ts'
import { eligible, meets, type Bound, type PoolItem } from './pool.ts'

/** One demand of one section. The count of the section is a demand like the others, with min = max. */
export type Constraint = {
  readonly section: number
  readonly by: Bound['by'] | 'count'
  readonly value: string
  readonly min: number
  readonly max: number
}
/** An item in a section. */
export type Candidate = { readonly item: number; readonly section: number; readonly constraints: readonly number[] }

export type Problem = {
  readonly items: readonly PoolItem[]
  readonly constraints: readonly Constraint[]
  readonly candidates: readonly Candidate[]
  /** Candidates of each constraint, by index. */
  readonly members: readonly (readonly number[])[]
  readonly candidatesOfItem: readonly (readonly number[])[]
  readonly enemies: readonly (readonly number[])[]
  /** Sections with the same number belong to one form: enemies exclude each other inside it. */
  readonly formOf: readonly number[]
  /**
   * Constraints of one section that no item can meet twice (one competency an item, one kind …), the count left out.
   */
  readonly groups: readonly { readonly section: number; readonly constraints: readonly number[] }[]
  readonly sectionCount: readonly number[]
}

/** Bounds with the same subject are one bound: the higher minimum, the lower maximum. */
function mergedBounds(
  bounds: readonly Bound[],
  count: number,
): { by: Bound['by']; value: string; min: number; max: number }[] {
  const out = new Map<string, { by: Bound['by']; value: string; min: number; max: number }>()
  for (const { by, value, min, max } of bounds) {
    const key = `${by} ${value}`
    const old = out.get(key) ?? { by, value, min: 0, max: count }
    out.set(key, { by, value, min: Math.max(old.min, min), max: Math.min(old.max, max ?? count) })
  }
  return [...out.values()]
}

export type ProblemSection = { readonly section: BlueprintSection; readonly form: number }
export const sectionsOf = (blueprint: Blueprint): ProblemSection[] =>
  blueprint.sections.map((section) => ({ section, form: 0 }))

/**
 * Builds the problem. Items are put in the order of their ids, so that the order of the pool does not change a draw.
 */
export function problemOf(
  sections: readonly ProblemSection[],
  blueprint: Pick<Blueprint, 'languages'>,
  pool: readonly PoolItem[],
  allowed: (item: PoolItem) => boolean,
): Problem {
  const items = pool.filter(allowed).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const constraints: Constraint[] = []
  const candidates: Candidate[] = []
  const groups: { section: number; constraints: number[] }[] = []
  const sectionCount: number[] = []
  sections.forEach(({ section }, s) => {
    sectionCount.push(constraints.length)
    constraints.push({ section: s, by: 'count', value: '', min: section.count, max: section.count })
    const bounds = mergedBounds(section.bounds, section.count)
    const first = constraints.length
    for (const bound of bounds) constraints.push({ section: s, ...bound })
    for (const by of new Set(bounds.map((b) => b.by))) {
      if (by !== 'topic')
        groups.push({ section: s, constraints: bounds.flatMap((b, i) => (b.by === by ? [first + i] : [])) })
    }
    items.forEach((item, i) => {
      if (!eligible(item, section, blueprint)) return
      candidates.push({
        item: i,
        section: s,
        constraints: [first - 1, ...bounds.flatMap((b, k) => (meets(item, b) ? [first + k] : []))],
      })
    })
  })
  const index = new Map(items.map((item, i) => [item.id, i]))
  const enemies = items.map(() => new Set<number>())
  items.forEach((item, i) => {
    for (const id of item.enemies) {
      const other = index.get(id)
      if (other === undefined || other === i) continue
      enemies[i]?.add(other)
      enemies[other]?.add(i)
    }
  })
  const members: number[][] = constraints.map(() => [])
  const candidatesOfItem: number[][] = items.map(() => [])
  candidates.forEach((candidate, p) => {
    candidatesOfItem[candidate.item]?.push(p)
    for (const c of candidate.constraints) members[c]?.push(p)
  })
  return {
    items,
    constraints,
    candidates,
    members,
    candidatesOfItem,
    enemies: enemies.map((set) => [...set]),
    formOf: sections.map((s) => s.form),
    groups,
    sectionCount,
  }
}
