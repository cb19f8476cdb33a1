import { candidateTexts as english } from '../en/candidate.ts'
import { defineMessages, type Translate } from '../messages.ts'
import { candidateTexts as chinese } from '../zh-CN/candidate.ts'

export const candidateMessages = defineMessages({ 'zh-CN': chinese, en: english })
export type CandidateKey = keyof typeof chinese
export type CandidateText = Translate<CandidateKey>
