import { enCandidate } from '../en/candidate.ts'
import { defineMessages, type Translate } from '../messages.ts'
import { zhCandidate } from '../zh-CN/candidate.ts'

export const candidateMessages = defineMessages({ 'zh-CN': zhCandidate, en: enCandidate })
export type CandidateKey = keyof typeof zhCandidate
export type CandidateText = Translate<CandidateKey>
