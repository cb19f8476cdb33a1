import { adminTexts as english } from '../en/admin.ts'
import { defineMessages } from '../messages.ts'
import { adminTexts as chinese } from '../zh-CN/admin.ts'

export const adminMessages = defineMessages({ 'zh-CN': chinese, en: english })
export type AdminKey = keyof typeof chinese
