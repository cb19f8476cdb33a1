/** The outbox: sending what is queued, and showing admins what waits. Bodies are never shown: a copied link is a new link. */
import * as mails from '../../db/repositories/mails.server.ts'
import * as people from '../../db/repositories/people.server.ts'
import type { Deps, MailMessage } from './deps.server.ts'

/** Sends one queued mail. Sent twice only if the process dies between the mail server's answer and our COMMIT. */
export async function sendQueuedMail(deps: Deps, mailId: string): Promise<void> {
  const mail = await mails.mailById(deps.store.read, mailId)
  if (!mail || mail.status !== 'queued' || mail.sealedBody === null) return
  await deps.mail.send(JSON.parse(deps.secrets.open(mail.sealedBody, `mail:${mail.id}`)) as MailMessage)
  await deps.store.transact((w) => mails.markMailSent(w, mailId, new Date(deps.clock.now())))
}

/** The latest mails with their recipients, newest first. */
export async function outbox(deps: Pick<Deps, 'store'>) {
  const rows = await mails.recentMails(deps.store.read, 200)
  const names = new Map((await people.peopleByIds(deps.store.read, [...new Set(rows.map((row) => row.personId))])).map((person) => [person.id, person]))
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    status: row.status,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    recipient: names.get(row.personId)?.displayName ?? '',
    email: names.get(row.personId)?.email ?? '',
    invitationId: row.invitationId,
  }))
}
