/** The released result as its candidate is given it: types only. */
import type { LedgerPage } from '../attempt/player-view.ts'
import type { Competency } from '../bank/vocabulary.ts'
import type { OutcomeReason } from './outcome.ts'

export type ReportRequest = {
  kind: 'reasons' | 'review'
  createdAt: string
  text: string
  answer: { text: string; at: string } | null
}
export type Report = {
  attemptId: string
  name: string
  programmeTitle: string
  stageTitle: string
  takenAt: string
  releasedAt: string
  releasedBy: string
  outcome: 'passed' | 'not_passed'
  hiring: boolean
  provisional: boolean
  /** What the releasing person wrote for the candidate. */
  explanation: string | null
  reasons: OutcomeReason[]
  profile: Array<{
    competency: Competency | null
    percent: number | null
    low: number | null
    high: number | null
    n: number
    cut: number | null
  }>
  ledger: LedgerPage | null
  again: { left: number; from: string | null }
  requestsUntil: string
  mayRequest: boolean
  requests: ReportRequest[]
  scoreNumber: number
}
export type ReportView =
  { released: true; report: Report } | { released: false; programmeTitle: string; stageTitle: string }
