/** What has to be done in a database that was brought back from a copy. */
import { revokePasswordSessions } from '../../../db/repositories/sessions.server.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'

/**
 * Writes the restore to the trail, and ends the sessions of staff: the copy may hold some that were ended after it was
 * made. Candidates keep theirs, so that a running attempt goes on. Gives the number of sessions that were ended.
 */
export function recordRestore(
  deps: Pick<Deps, 'store' | 'secrets'>,
  { copyHash }: { copyHash: string },
  at: Instant,
): Promise<number> {
  return deps.store.transact(async (w) => {
    const sessionsEnded = await revokePasswordSessions(w, new Date(at))
    await audit(w, deps, at, {
      actorId: null,
      action: 'installation.restored',
      subjectType: 'installation',
      subjectId: 'database',
      data: { copyHash, sessionsEnded },
    })
    return sessionsEnded
  })
}
