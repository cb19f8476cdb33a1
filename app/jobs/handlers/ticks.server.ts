// What happens at intervals, beside the jobs of the table. Each tick may find nothing to do, and may be missed.
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { noteDisconnects, sweepAttempts } from '../../services/attempt/acts.server.ts'
import { eraseExpiredIdentity } from '../../services/enrolment/identity-checks.server.ts'

export type Tick = { name: string; intervalMs: number; work: (deps: Deps) => Promise<unknown> }

export const ticks: readonly Tick[] = [
  // Whether or not anybody asks for the server's health: each second more would be saved into a file that is gone.
  { name: 'verify-place', intervalMs: SECOND_MS, work: async (deps) => deps.store.verifyPlace() },
  { name: 'sweep-attempts', intervalMs: SECOND_MS, work: (deps) => sweepAttempts(deps, deps.clock.now()) },
  { name: 'note-disconnects', intervalMs: MINUTE_MS / 4, work: (deps) => noteDisconnects(deps, deps.clock.now()) },
  {
    name: 'erase-identity-characters',
    intervalMs: HOUR_MS,
    work: (deps) => eraseExpiredIdentity(deps, deps.clock.now()),
  },
]
