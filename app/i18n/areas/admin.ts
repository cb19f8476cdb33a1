import { enAdmin } from '../en/admin.ts'
import { defineMessages } from '../messages.ts'
import { zhAdmin } from '../zh-CN/admin.ts'

export const adminMessages = defineMessages({ 'zh-CN': zhAdmin, en: enAdmin })
export type AdminKey = keyof typeof zhAdmin
