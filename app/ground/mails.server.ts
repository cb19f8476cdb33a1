import * as mails from '../../db/repositories/mails.server.ts'
import type { Deps, MailMessage } from './deps.server.ts'

/** Sends one queued mail. Sent twice only if the process dies between the mail server's answer and our COMMIT. */
export async function sendQueuedMail(deps: Deps, mailId: string): Promise<void> {
  const mail = await mails.mailById(deps.store.read, mailId)
  if (!mail || mail.status !== 'queued' || mail.sealedBody === null) return
  await deps.mail.send(JSON.parse(deps.secrets.open(mail.sealedBody, `mail:${mail.id}`)) as MailMessage)
  await deps.store.transact((w) => mails.markMailSent(w, mailId, new Date(deps.clock.now())))
}
