// What happens at intervals, in the process that runs the jobs.
import { noteDisconnects, sweepAttempts } from '../../services/attempts.server.ts'
import type { Deps } from '../../services/deps.server.ts'

export type Tick = { name: string; intervalMs: number; work(deps: Deps): Promise<unknown> }

export const ticks: readonly Tick[] = [
  // Each second, so that staff see an attempt closed when its time is up. The finish time is the deadline in any case.
  { name: 'sweep-attempts', intervalMs: 1_000, work: (deps) => sweepAttempts(deps, deps.clock.now()) },
  { name: 'note-disconnects', intervalMs: 15_000, work: (deps) => noteDisconnects(deps, deps.clock.now()) },
]
