import { enVocabulary } from '../en/vocabulary.ts'
import { defineMessages } from '../messages.ts'
import { zhVocabulary } from '../zh-CN/vocabulary.ts'

export const vocabularyMessages = defineMessages({ 'zh-CN': zhVocabulary, en: enVocabulary })
