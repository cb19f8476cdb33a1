/**
 * The notice and the consents. The notice is told and acknowledged; each consent is a choice of its own, with an equal
 * way without it.
 */
import { eraseIdentityOf } from '../../../db/repositories/accommodations.server.ts'
import * as enrolments from '../../../db/repositories/enrolments.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { currentContent } from '../content/versions.server.ts'
import { openEnrolment } from './enrolment.server.ts'
import { IDENTITY_CONSENT } from './identity-checks.server.ts'

/** The notice that a candidate of this enrolment is shown, with what they said of it and of each consent. */
export async function noticeFor(deps: Pick<Deps, 'store'>, actor: Actor) {
  const open = await openEnrolment(deps, actor)
  if (!open) return null
  const notice = await currentContent(deps.store.read, 'notice', open.programme.body.notice)
  if (!notice) return null
  const given = await enrolments.consentsOf(deps.store.read, open.enrolment.id)
  const acknowledged = given.get('notice')
  return {
    notice,
    acknowledgedAt: acknowledged?.given && acknowledged.noticeHash === notice.contentHash ? acknowledged.at : null,
    consents: notice.body.consents.map((consent) => ({
      ...consent,
      given: given.get(consent.id)?.given ?? false,
      answered: given.has(consent.id),
    })),
    enrolmentId: open.enrolment.id,
  }
}

async function record(
  deps: Deps,
  actor: Actor,
  consentId: string,
  given: boolean,
  now: Instant,
): Promise<Result<true, 'notice.not_found'>> {
  const shown = await noticeFor(deps, actor)
  if (!shown || (consentId !== 'notice' && !shown.consents.some((consent) => consent.id === consentId)))
    return err('notice.not_found')
  await deps.store.transact(async (w) => {
    await enrolments.insertConsent(w, {
      id: deps.ids.id('co'),
      enrolmentId: shown.enrolmentId,
      consentId,
      noticeVersionId: shown.notice.versionId,
      noticeHash: shown.notice.contentHash,
      given,
      at: new Date(now),
    })
    // What was noted with the consent does not outlast it.
    if (consentId === IDENTITY_CONSENT && !given && (await eraseIdentityOf(w, shown.enrolmentId))) {
      await audit(w, deps, now, {
        actorId: actor.personId,
        action: 'identity.erased',
        subjectType: 'enrolment',
        subjectId: shown.enrolmentId,
        data: { because: 'consent_withdrawn' },
      })
    }
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'consent.recorded',
      subjectType: 'enrolment',
      subjectId: shown.enrolmentId,
      data: { consentId, given, noticeHash: shown.notice.contentHash },
    })
  })
  return ok(true)
}

/** The candidate has read the notice in its present version. */
export const acknowledgeNotice = (deps: Deps, actor: Actor, now: Instant) => record(deps, actor, 'notice', true, now)

/** The candidate gives or takes back one consent; the latest word counts. */
export const giveConsent = (deps: Deps, actor: Actor, consentId: string, given: boolean, now: Instant) =>
  consentId === 'notice' ? Promise.resolve(err('notice.not_found')) : record(deps, actor, consentId, given, now)
