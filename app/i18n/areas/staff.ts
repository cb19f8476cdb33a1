import { staffTexts as english } from '../en/staff.ts'
import { defineMessages } from '../messages.ts'
import { staffTexts as chinese } from '../zh-CN/staff.ts'

export const staffMessages = defineMessages({ 'zh-CN': chinese, en: english })
