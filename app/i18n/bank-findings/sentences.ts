import type { FindingCode, Guideline } from '../../core/bank/check.ts'

/** What is wrong, and what to do about it. `{name}` stands for a parameter of the finding. */
export type FindingSentence = readonly [message: string, hint: string]
export type FindingSentences = Readonly<Record<FindingCode, FindingSentence>>
export type GuidelineNames = Readonly<Record<Guideline, string>>
