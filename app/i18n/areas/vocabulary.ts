import { vocabularyTexts as english } from '../en/vocabulary.ts'
import { defineMessages } from '../messages.ts'
import { vocabularyTexts as chinese } from '../zh-CN/vocabulary.ts'

export const vocabularyMessages = defineMessages({ 'zh-CN': chinese, en: english })
