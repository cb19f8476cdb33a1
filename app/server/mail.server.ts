import { createTransport } from 'nodemailer'
import type { Mailer } from '../ground/deps.server.ts'

/** Without SMTP_URL nothing is sent: messages wait in the outbox for an admin to copy the link. */
export function createMailer({
  smtpUrl,
  mailFrom,
}: {
  smtpUrl: string | null
  mailFrom: string
}): Mailer & { close(): void } {
  if (smtpUrl === null) {
    return {
      sends: false,
      send: () => Promise.reject(new Error('mail is off: SMTP_URL is not set')),
      close: () => {},
    }
  }
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  })
  return {
    sends: true,
    async send({ to, subject, text }) {
      // An object, not a string: an address is never parsed as a list of addresses.
      await transport.sendMail({
        from: mailFrom,
        to: { name: '', address: to },
        subject,
        text,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
    },
    close: () => transport.close(),
  }
}
