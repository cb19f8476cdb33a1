/** The notice as its candidate accepts it, with the answer to each consent. */
import * as requests from '../../../db/repositories/candidate-requests.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { acknowledgeNotice, giveConsent, noticeFor } from '../enrolment/consents.server.ts'
import { openEnrolment } from '../enrolment/enrolment.server.ts'

/** Records that the notice was read and the answer to each consent; an empty box means no. */
export async function acceptNotice(
  deps: Deps,
  actor: Actor,
  input: { noticeHash: string; consents: readonly string[] },
  now: Instant,
): Promise<Result<true, 'notice.not_found' | 'notice.stale'>> {
  const shown = await noticeFor(deps, actor)
  if (!shown) return err('notice.not_found')
  // A notice that changed while the page was open must be read in its new version.
  if (shown.notice.contentHash !== input.noticeHash) return err('notice.stale')
  const acknowledged = await acknowledgeNotice(deps, actor, now)
  if (!acknowledged.ok) return acknowledged
  return chooseConsents(deps, actor, input.consents, now)
}

/** Records each consent whose answer is new or differs from the last one. */
export async function chooseConsents(
  deps: Deps,
  actor: Actor,
  given: readonly string[],
  now: Instant,
): Promise<Result<true, 'notice.not_found'>> {
  const shown = await noticeFor(deps, actor)
  const open = await openEnrolment(deps, actor)
  if (!shown || !open) return err('notice.not_found')
  for (const consent of shown.consents) {
    if (consent.id === 'identity_check' && !open.programme.body.identityCheck) continue
    const yes = given.includes(consent.id)
    if (consent.answered && consent.given === yes) continue
    const said = await giveConsent(deps, actor, consent.id, yes, now)
    if (!said.ok) return err('notice.not_found')
  }
  if (open.programme.body.identityCheck)
    await deps.store.transact((w) => requests.awaitIdentityCheck(w, open.enrolment.id))
  return ok(true)
}
