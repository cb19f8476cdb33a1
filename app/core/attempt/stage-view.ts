/**
 * What the candidate's pages before an attempt are given of a stage: types only, shared by the service that builds them
 * and the components that show them.
 */
import type { Stage } from '../bank/schema.ts'
import type { Failure } from '../shared/result.ts'

export type StageState = 'locked' | 'waiting' | 'open' | 'running' | 'handed_in' | 'released' | 'over'
export type StageSummary = {
  id: string
  number: number
  title: string
  kind: Stage['assessment']['kind']
  /** The candidate's own limit; null where there is none. */
  limitMs: number | null
  /** The window's end as it is for this candidate at this stage; null where nothing ends it. */
  closesAt: string | null
  state: StageState
  /** Why it cannot be started now; null where it can, or where it has been. */
  blocked: Failure | null
  attempt: { id: string; ordinal: number; finishedAt: string | null; released: boolean } | null
  attemptsLeft: number
  maxAttempts: number
}

export type StagePage = {
  programmeTitle: string
  stage: StageSummary & {
    whatToExpect: string
    switchLanguage: boolean
    latencyAllowanceSeconds: number
    cooldownDays: number
  }
  sections: Array<{
    id: string
    title: string
    instructions: string | null
    count: number
    limitMs: number | null
    minimumMs: number
    forwardOnly: boolean
  }>
  /** When a start at this moment would end; null where nothing ends it. */
  wouldEndAt: string | null
  shortenedByWindow: boolean
  /** Time for breaks of the candidate's own choice, while the clock stands still. */
  breaksMs: number
  opensAt: string
  windowGates: 'start' | 'end'
  retentionDays: number
  provisional: boolean
  hasPractice: boolean
  languageRequirement: string | null
  notice: {
    title: string
    revision: number
    effectiveFrom: string
    hash: string
    paragraphs: string[]
    acknowledgedAt: string | null
  } | null
  consents: Array<{
    id: string
    text: string
    without: string
    retentionDays: number
    given: boolean
    answered: boolean
  }>
  accommodation: {
    status: 'requested' | 'granted' | 'declined' | 'withdrawn'
    reason: string
    answer: string | null
  } | null
  /** For the next attempt. `erased`: confirmed by document, and what was recorded of it has been erased. */
  identity: 'not_asked' | 'needed' | 'waiting' | 'confirmed' | 'erased'
  /** Nothing stands between the candidate and the start. */
  ready: Failure | null
}
