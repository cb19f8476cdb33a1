/** The outbox: what waits, as admins see it. Bodies are never shown: a copied link is a new link. */
import { mailsWithInvitations } from '../../../db/queries/people.server.ts'
import * as enrolments from '../../../db/repositories/enrolments.server.ts'
import * as mails from '../../../db/repositories/mails.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { reissueInvitation } from './invitations.server.ts'

/**
 * held: waits for somebody to hand the link over. replaced: a newer link took its place. used: the candidate has
 * entered by it.
 */
export type MailState = 'held' | 'queued' | 'sent' | 'failed' | 'replaced' | 'expired' | 'used'

/** The latest mails with their recipients and what became of their links, newest first. */
export async function outbox(deps: Pick<Deps, 'store' | 'mail'>, now: Instant) {
  const rows = await mailsWithInvitations(deps.store.read, 200)
  const names = new Map(
    (await people.peopleByIds(deps.store.read, [...new Set(rows.map((row) => row.mail.personId))])).map((person) => [
      person.id,
      person,
    ]),
  )
  const seen = new Set<string>()
  return {
    sends: deps.mail.sends,
    mails: rows.map(({ mail, invitation }) => {
      const expired = invitation !== null && invitation.expiresAt.getTime() <= now
      // An enrolment has one link, so only its newest mail has the button.
      const newest = invitation !== null && !seen.has(invitation.enrolmentId)
      if (invitation) seen.add(invitation.enrolmentId)
      const state: MailState =
        invitation && invitation.useCount > 0
          ? 'used'
          : invitation?.endedAt
            ? 'replaced'
            : expired
              ? 'expired'
              : mail.status
      return {
        id: mail.id,
        kind: mail.kind,
        state,
        createdAt: mail.createdAt.toISOString(),
        sentAt: mail.sentAt?.toISOString() ?? null,
        personId: mail.personId,
        recipient: names.get(mail.personId)?.displayName ?? '',
        email: names.get(mail.personId)?.email ?? '',
        canCopy: newest && !expired,
      }
    }),
  }
}

/** A new link in place of the one in a mail, to be handed over by an admin. The link in the mail ends. */
export async function linkForMail(
  deps: Deps,
  actor: Actor,
  input: { mailId: string; locale: Locale },
  now: Instant,
): Promise<Result<{ url: string; name: string }, 'mail.not_found' | 'enrolment.not_found' | 'enrolment.closed'>> {
  const mail = await mails.mailById(deps.store.read, input.mailId)
  const invitation = mail?.invitationId ? await enrolments.invitationById(deps.store.read, mail.invitationId) : null
  if (!invitation) return err('mail.not_found')
  return reissueInvitation(
    deps,
    actor,
    { enrolmentId: invitation.enrolmentId, locale: input.locale, deliver: 'by_hand' },
    now,
  )
}
