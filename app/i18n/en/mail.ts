import type { mailTexts as chinese } from '../zh-CN/mail.ts'

export const mailTexts: Record<keyof typeof chinese, string> = {
  'invitation.subject': '{programme}: your invitation',
  'invitation.text':
    'Hello {name},\n\nYou are invited to “{programme}”. Open this link to enter; you do not need a password:\n\n{url}\n\nIt is valid until {closes}. Use the same link if you change devices. Do not pass it on: whoever opens it answers in your name.\n\nBefore you start you can read what to expect and ask for an accommodation, such as extra time.',
}
