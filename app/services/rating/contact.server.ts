/**
 * A mock contact as its interviewer sees it, who plays the customer over any phone or video system, keeps the time, and
 * rates live.
 */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { headDeadlineAt, headRemainingMs, phaseAt, type Attempt } from '../../core/attempt/state.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { earlier, type DurationMs, type Instant } from '../../core/shared/time.ts'
import { isPausedAt, stoodStillMs } from '../../core/timing/deadline.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { requireVersion } from '../content/versions.server.ts'
import { referenceOf } from '../people/reference.server.ts'
import { cardView, scenarioPolicies } from './fact-card.server.ts'
import { readSheet } from './sheet.server.ts'

/** Time played up to `at`: the clock without what was spent in pauses. */
export function playedMs(
  attempt: Pick<Attempt, 'setup' | 'startedAt' | 'pauses' | 'finishedAt'>,
  at: Instant,
): DurationMs {
  if (attempt.startedAt === null) return 0
  const until = attempt.finishedAt === null ? at : earlier(at, attempt.finishedAt)
  return Math.max(
    0,
    until - attempt.startedAt - stoodStillMs(attempt.setup.timing, attempt.pauses, attempt.startedAt, until),
  )
}

export type ContactRow = NonNullable<Awaited<ReturnType<typeof ratings.contactById>>>

export const plays = (actor: Actor, contact: ContactRow | null): contact is ContactRow =>
  contact !== null && contact.interviewerId === actor.personId

export async function openContact(
  deps: Pick<Deps, 'store' | 'secrets' | 'clock'>,
  actor: Actor,
  contactId: string,
  locale: Locale,
  now: Instant,
) {
  const r = deps.store.read
  const contact = await ratings.contactById(r, contactId)
  if (!plays(actor, contact)) return null
  const [scenario, loaded, sheetId] = await Promise.all([
    requireVersion(r, 'scenario', contact.scenarioVersionId),
    attempts.loadAttempt(r, contact.attemptId),
    sheetOfContact(deps, actor, contactId),
  ])
  const sheet = sheetId === null ? null : await readSheet(deps, actor, sheetId, locale)
  if (!loaded || !sheet) return null
  const { row, attempt } = loaded
  const deadlineAt = headDeadlineAt(row.head, now)
  return {
    contactId: contact.id,
    subjectHash: contact.id,
    reference: referenceOf(deps, row.enrolmentId),
    card: cardView(scenario.body, contact.disclosed, locale),
    policies: await scenarioPolicies(deps, scenario.body, locale),
    startedAt: (contact.startedAt ?? contact.createdAt).toISOString(),
    endedAt: contact.endedAt?.toISOString() ?? null,
    clock: {
      serverNow: deps.clock.now(),
      playedMs: playedMs(attempt, now),
      /** Of the deadline alone: the limit would be the person's own, and give an accommodation away. */
      remainingMs: contact.endedAt ? null : headRemainingMs(row.head, now),
      held: attempt.status === 'in_progress' && row.head.pause !== null && isPausedAt(row.head.pause, now),
      /** The attempt's own time is over, whether the sweep has been there or not. */
      over: phaseAt(row.head, now) === 'closed' || (deadlineAt !== null && now > deadlineAt),
    },
    ...sheet.view,
    // Each note carries the moment of the conversation at which it was written.
    evidence: sheet.view.evidence.map((entry) => ({ ...entry, playedMs: playedMs(attempt, entry.at) })),
  }
}

/** The actor's own sheet of a contact that they play. */
export async function sheetOfContact(
  deps: Pick<Deps, 'store'>,
  actor: Actor,
  contactId: string,
): Promise<string | null> {
  const contact = await ratings.contactById(deps.store.read, contactId)
  if (!plays(actor, contact)) return null
  const task = (await ratings.tasksOfAttempt(deps.store.read, contact.attemptId)).find(
    (entry) => entry.subjectId === contact.id,
  )
  return task
    ? ((await ratings.sheetsOfTasks(deps.store.read, [task.id])).find((sheet) => sheet.raterId === actor.personId)
        ?.id ?? null)
    : null
}
