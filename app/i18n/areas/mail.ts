import { mailTexts as english } from '../en/mail.ts'
import { defineMessages } from '../messages.ts'
import { mailTexts as chinese } from '../zh-CN/mail.ts'

export const mailMessages = defineMessages({ 'zh-CN': chinese, en: english })
