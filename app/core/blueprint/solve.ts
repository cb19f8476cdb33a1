/**
 * Search for a choice of items that meets every demand. Depth first, always at the demand with the least room, with
 * what follows from each choice worked out at once, and started anew with other random numbers when it takes too long.
 * The random numbers come from the seed, so the same seed finds the same form.
 */
import type { Random } from '../shared/random.ts'
import type { Problem } from './problem.ts'

/** A candidate taken, and the bounds that still lacked items when it was. */
export type Pick = { readonly candidate: number; readonly served: readonly number[] }
export type Solution = { readonly picks: readonly Pick[] }
export type SolveOptions = {
  /** Recent appearances of each item; fewer is better. */
  readonly exposure: readonly number[]
  readonly restarts?: number
  readonly nodes?: number
}

const RESTARTS = 24
const FIRST_NODES = 300
const NODE_GROWTH = 1.4

class Search {
  private readonly alive: Uint8Array
  private readonly avail: Int32Array
  private readonly taken: Int32Array
  private readonly trail: number[] = []
  private readonly picks: Pick[] = []
  private nodes = 0
  private readonly signature: readonly string[]

  constructor(
    private readonly p: Problem,
    private readonly exposure: readonly number[],
    private readonly random: Random,
    /** How much meeting several demands at once counts against low exposure. */
    private readonly greed: number,
    private readonly budget: number,
  ) {
    this.alive = new Uint8Array(p.candidates.length).fill(1)
    this.avail = Int32Array.from(p.members, (m) => m.length)
    this.taken = new Int32Array(p.constraints.length)
    // Items that count towards the same demands and have no enemies are interchangeable: when one fails, so do the
    // others.
    this.signature = p.candidates.map((c) =>
      (p.enemies[c.item]?.length ?? 0) > 0 || (p.candidatesOfItem[c.item]?.length ?? 0) > 1
        ? `#${c.item} ${c.section}`
        : c.constraints.join(' '),
    )
  }

  /** `exhausted` true means that there is no solution at all. */
  run(): { picks: readonly Pick[] | undefined; exhausted: boolean } {
    const found = this.consistent() && this.propagate() && this.descend()
    return { picks: found ? this.picks : undefined, exhausted: !found && this.nodes <= this.budget }
  }

  private need(c: number): number {
    return Math.max(0, (this.p.constraints[c]?.min ?? 0) - (this.taken[c] ?? 0))
  }
  private room(c: number): number {
    return (this.p.constraints[c]?.max ?? 0) - (this.taken[c] ?? 0)
  }

  private kill(candidate: number): void {
    if (!this.alive[candidate]) return
    this.alive[candidate] = 0
    this.trail.push(candidate)
    for (const c of this.p.candidates[candidate]?.constraints ?? []) this.avail[c] = (this.avail[c] ?? 0) - 1
  }

  private consistent(): boolean {
    return this.p.constraints.every((_, c) => (this.avail[c] ?? 0) >= this.need(c) && this.room(c) >= 0)
  }

  /** Draws what follows from the counts; false when a demand can no longer be met. */
  private propagate(): boolean {
    for (let changed = true; changed;) {
      const before = this.trail.length
      this.p.constraints.forEach((_, c) => {
        if (this.room(c) <= 0) for (const m of this.p.members[c] ?? []) this.kill(m)
      })
      for (const group of this.p.groups) {
        const count = this.p.sectionCount[group.section] ?? 0
        const left = this.need(count)
        let needed = 0
        let capacity = this.avail[count] ?? 0
        for (const c of group.constraints) {
          needed += this.need(c)
          capacity -= Math.max(0, (this.avail[c] ?? 0) - this.room(c))
        }
        if (needed > left || capacity < left) return false
        if (needed === left && left > 0) this.keepOnly(group.section, group.constraints)
      }
      if (!this.consistent()) return false
      changed = this.trail.length !== before
    }
    return true
  }

  /** Every slot left in the section is spoken for by these demands: what serves none of them cannot be used. */
  private keepOnly(section: number, constraints: readonly number[]): void {
    const unmet = constraints.filter((c) => this.need(c) > 0)
    for (const m of this.p.members[this.p.sectionCount[section] ?? 0] ?? []) {
      if (this.alive[m] && !unmet.some((c) => this.p.candidates[m]?.constraints.includes(c))) this.kill(m)
    }
  }

  private take(candidate: number): boolean {
    const { item, section, constraints } = this.p.candidates[candidate] as Problem['candidates'][number]
    this.picks.push({
      candidate,
      served: constraints.filter((c) => this.p.constraints[c]?.by !== 'count' && this.need(c) > 0),
    })
    for (const c of constraints) this.taken[c] = (this.taken[c] ?? 0) + 1
    for (const own of this.p.candidatesOfItem[item] ?? []) this.kill(own)
    for (const enemy of this.p.enemies[item] ?? []) {
      for (const other of this.p.candidatesOfItem[enemy] ?? []) {
        if (this.p.formOf[this.p.candidates[other]?.section ?? 0] === this.p.formOf[section]) this.kill(other)
      }
    }
    return this.consistent() && this.propagate()
  }

  private undo(mark: number, picks: number): void {
    while (this.trail.length > mark) {
      const candidate = this.trail.pop() as number
      this.alive[candidate] = 1
      for (const c of this.p.candidates[candidate]?.constraints ?? []) this.avail[c] = (this.avail[c] ?? 0) + 1
    }
    while (this.picks.length > picks) {
      const { candidate } = this.picks.pop() as Pick
      for (const c of this.p.candidates[candidate]?.constraints ?? []) this.taken[c] = (this.taken[c] ?? 0) - 1
    }
  }

  private tightest(): number {
    let best = -1
    let least = Infinity
    this.p.constraints.forEach((_, c) => {
      const need = this.need(c)
      if (need === 0) return
      const slack = ((this.avail[c] ?? 0) - need) / need
      if (slack < least) [best, least] = [c, slack]
    })
    return best
  }

  private ranked(constraint: number): number[] {
    const scored = (this.p.members[constraint] ?? []).flatMap((m) => {
      if (!this.alive[m]) return []
      const { item, constraints } = this.p.candidates[m] as Problem['candidates'][number]
      let use = 0
      for (const c of constraints) {
        const need = this.need(c)
        if (need > 0) use += 1 / (1 + (this.avail[c] ?? 0) - need)
        else use -= 0.5 / (1 + this.room(c))
      }
      return [{ m, score: (this.exposure[item] ?? 0) + this.random.next() - this.greed * use }]
    })
    return scored.sort((a, b) => a.score - b.score).map(({ m }) => m)
  }

  private descend(): boolean {
    const constraint = this.tightest()
    if (constraint < 0) return true
    const mark = this.trail.length
    const picks = this.picks.length
    const failed = new Set<string>()
    for (const candidate of this.ranked(constraint)) {
      const signature = this.signature[candidate] ?? ''
      if (failed.has(signature)) continue
      this.nodes += 1
      if (this.nodes > this.budget) return false
      if (this.take(candidate) && this.descend()) return true
      this.undo(mark, picks)
      failed.add(signature)
    }
    return false
  }
}

/** A solution, `none` when it is proved that there is none, `unknown` when the search gave up. */
export function solve(problem: Problem, random: Random, options: SolveOptions): Solution | 'none' | 'unknown' {
  let nodes = options.nodes ?? FIRST_NODES
  for (let attempt = 0; attempt < (options.restarts ?? RESTARTS); attempt += 1) {
    const greed = attempt === 0 ? 1 : 2 ** Math.min(attempt, 6)
    const { picks, exhausted } = new Search(problem, options.exposure, random, greed, Math.round(nodes)).run()
    if (picks) return { picks }
    if (exhausted) return 'none'
    nodes *= NODE_GROWTH
  }
  return 'unknown'
}
