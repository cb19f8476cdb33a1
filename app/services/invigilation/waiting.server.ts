/** What waits for somebody in the admin's room, counted; each figure only for the roles that act on it. */
import { heldMails } from '../../../db/queries/people.server.ts'
import { waitingAccommodations, waitingIdentityChecks } from '../../../db/queries/requests.server.ts'
import { latestScores, ownersOf, readyForRelease, undecidedQuarantine } from '../../../db/queries/results.server.ts'
import { runningAttempts } from '../../../db/repositories/attempts.server.ts'
import { openReviewRequests } from '../../../db/repositories/scores.server.ts'
import { readClockAlarm } from '../../../db/repositories/settings.server.ts'
import { hasRole, type Actor } from '../../core/access/actor.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'

export type Waiting = {
  ready: number | null
  requests: number | null
  accommodations: number | null
  identity: number | null
  mails: number | null
  lateTexts: number | null
  running: number | null
  clockAlarm: { raisedAt: number; stepMs: number } | null
  mailSends: boolean
}

/** null: not this person's business. Nobody counts what is about themselves. */
export async function waitingFor(deps: Deps, actor: Actor, now: Instant): Promise<Waiting> {
  const r = deps.store.read
  const admin = hasRole(actor, 'admin')
  const watches = admin || hasRole(actor, 'supervisor')
  const others = (row: { personId: string }) => row.personId !== actor.personId
  const onlyIf = async <T>(allowed: boolean, count: () => Promise<T>): Promise<T | null> => (allowed ? count() : null)
  const [ready, requests, accommodations, identity, mails, lateTexts, running, clockAlarm] = await Promise.all([
    onlyIf(admin, async () => {
      const rows = (await readyForRelease(r)).filter((row) => row.ownerId !== actor.personId)
      const latest = await latestScores(
        r,
        rows.map((row) => row.attemptId),
      )
      return rows.filter((row) => latest.get(row.attemptId)?.complete === true).length
    }),
    onlyIf(admin, async () => {
      const rows = await openReviewRequests(r)
      const owners = await ownersOf(r, [...new Set(rows.map((row) => row.attemptId))])
      return rows.filter((row) => owners.get(row.attemptId) !== actor.personId).length
    }),
    onlyIf(hasRole(actor, 'accommodation_officer'), () => waitingAccommodations(r, actor.personId)),
    onlyIf(watches, () => waitingIdentityChecks(r, actor.personId)),
    onlyIf(admin, () => heldMails(r, new Date(now))),
    onlyIf(watches, async () => [...(await undecidedQuarantine(r)).values()].reduce((sum, n) => sum + n, 0)),
    onlyIf(watches, async () => (await runningAttempts(r)).filter((row) => row.kind === 'test' && others(row)).length),
    onlyIf(watches, () => readClockAlarm(r)),
  ])
  return {
    ready,
    requests,
    accommodations,
    identity,
    mails,
    lateTexts,
    running,
    clockAlarm,
    mailSends: deps.mail.sends,
  }
}
