import { enStaff } from '../en/staff.ts'
import { defineMessages } from '../messages.ts'
import { zhStaff } from '../zh-CN/staff.ts'

export const staffMessages = defineMessages({ 'zh-CN': zhStaff, en: enStaff })
