/** What a candidate asks for before a start: an accommodation, and the identity check of another attempt. */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import * as requests from '../../../db/repositories/candidate-requests.server.ts'
import * as enrolments from '../../../db/repositories/enrolments.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { codePointLength } from '../../core/shared/text.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { openEnrolment, stageContext } from '../enrolment/enrolment.server.ts'
import { readiness } from '../enrolment/readiness.server.ts'
import { termsOf } from './stage-summary.server.ts'

/** Asks for the check of another attempt. The first one waits for the supervisor as soon as the notice is read. */
export async function requestIdentityCheck(
  deps: Deps,
  actor: Actor,
  stageId: string,
  now: Instant,
): Promise<Result<true, string>> {
  const context = await stageContext(deps, actor, stageId)
  if (!context) return err('stage.not_found')
  const { terms } = await termsOf(deps, context)
  const ready = await readiness(deps, context, terms, now)
  if (ready.ok) return ready
  if (ready.error.code !== 'start.identity_first') return ready
  await deps.store.transact((w) => requests.awaitNextIdentityCheck(w, context.enrolment.id))
  return ok(true)
}

/** Longest reason of a request, in code points. */
export const MAX_REASON = 2000

/** Asks for an accommodation. The reason goes into a row that only the candidate and the accommodation officer read. */
export async function requestAccommodation(
  deps: Deps,
  actor: Actor,
  reason: string,
  now: Instant,
): Promise<
  Result<true, 'enrolment.not_found' | 'accommodation.already_asked' | 'accommodation.too_late' | 'form.too_long'>
> {
  const open = await openEnrolment(deps, actor)
  if (!open) return err('enrolment.not_found')
  if (codePointLength(reason) > MAX_REASON) return err('form.too_long')
  const enrolmentId = open.enrolment.id
  const running = (await attempts.attemptsOfEnrolment(deps.store.read, enrolmentId)).some(
    (row) => row.status === 'in_progress',
  )
  if (running) return err('accommodation.too_late')
  const before = await enrolments.accommodationOf(deps.store.read, enrolmentId)
  if (before && before.status !== 'withdrawn' && before.status !== 'declined') return err('accommodation.already_asked')
  const from = before?.status === 'declined' ? 'declined' : 'withdrawn'
  const id = before?.id ?? deps.ids.id('ac')
  return deps.store.transact(async (w) => {
    const row = { id, reason, now: new Date(now) }
    const done = before
      ? await requests.reopenAccommodationRequest(w, { ...row, from })
      : await requests.insertAccommodationRequest(w, { ...row, enrolmentId })
    if (!done) return err('accommodation.already_asked')
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'accommodation.requested',
      subjectType: 'accommodation',
      subjectId: id,
      data: {},
    })
    return ok(true)
  })
}

/** Takes an undecided request back; the start is open again. */
export async function withdrawAccommodation(
  deps: Deps,
  actor: Actor,
  now: Instant,
): Promise<Result<true, 'enrolment.not_found' | 'accommodation.already_decided'>> {
  const open = await openEnrolment(deps, actor)
  const row = open ? await enrolments.accommodationOf(deps.store.read, open.enrolment.id) : null
  if (!row) return err('enrolment.not_found')
  return deps.store.transact(async (w) => {
    if (!(await requests.withdrawAccommodationRequest(w, row.id))) return err('accommodation.already_decided')
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'accommodation.withdrawn',
      subjectType: 'accommodation',
      subjectId: row.id,
      data: {},
    })
    return ok(true)
  })
}
