import { publicTexts as english } from '../en/public.ts'
import { defineMessages } from '../messages.ts'
import { publicTexts as chinese } from '../zh-CN/public.ts'

export const publicMessages = defineMessages({ 'zh-CN': chinese, en: english })
