import { enPublic } from '../en/public.ts'
import { defineMessages } from '../messages.ts'
import { zhPublic } from '../zh-CN/public.ts'

export const publicMessages = defineMessages({ 'zh-CN': zhPublic, en: enPublic })
