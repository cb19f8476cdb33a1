import { enMail } from '../en/mail.ts'
import { defineMessages } from '../messages.ts'
import { zhMail } from '../zh-CN/mail.ts'

export const mailMessages = defineMessages({ 'zh-CN': zhMail, en: enMail })
