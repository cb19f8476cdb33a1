import { commonTexts as english } from '../en/common.ts'
import { defineMessages } from '../messages.ts'
import { commonTexts as chinese } from '../zh-CN/common.ts'

export const commonMessages = defineMessages({ 'zh-CN': chinese, en: english })
