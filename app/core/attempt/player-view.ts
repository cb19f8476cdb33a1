/**
 * What the player's pages are given: types only, shared by the service that builds them and the components that show
 * them.
 */
import type { CandidateItem } from '../bank/candidate-item.ts'
import type { Response } from '../bank/response.ts'
import type { Locale } from '../shared/locale.ts'
import type { Failure } from '../shared/result.ts'
import type { Instant } from '../shared/time.ts'
import type { LateTextDecision } from './events.ts'
import type { Progress } from './item-state.ts'
import type { CandidateLedgerRow } from './ledger.ts'
import type { ClockReply } from './protocol.ts'

export type PolicyView = {
  id: string
  title: string
  revision: number
  effectiveFrom: string
  summary: string
  clauses: Array<{ id: string; title: string; text: string }>
  background: Array<{ text: string; asOf: string }>
}

export type PlayerSlot = {
  id: string
  /** Within the section, from 1. */
  number: number
  page: number
  progress: Progress
  flagged: boolean
  revision: number
}
export type SectionState = 'open' | 'to_enter' | 'current' | 'left'
export type PlayerSection = {
  id: string
  title: string
  instructions: string | null
  state: SectionState
  /** Must be entered by a step of its own, and is shut once left. */
  gated: boolean
  forwardOnly: boolean
  itemsPerPage: number
  /** Page that a forward-only candidate has reached. */
  reachedPage: number
  limitMs: number | null
  minimumMs: number
  items: PlayerSlot[]
}
export type PlayerContent = { item: CandidateItem; response: Response | null }
export type StaffMessage = { id: string; text: string; sentAt: string }

export type PlayerPage = {
  attemptId: string
  programmeTitle: string
  stageTitle: string
  clock: ClockReply
  /** The visited section cannot be left before this. */
  minimumUntil: number | null
  lastSavedAt: string | null
  contentLocale: Locale
  switchLanguage: boolean
  /** Time for breaks of the candidate's own choice that is left. */
  breakLeftMs: number
  onBreak: boolean
  sections: PlayerSection[]
  content: Record<string, PlayerContent>
  policies: PolicyView[]
  at: { sectionId: string; page: number; itemId: string }
  search: { query: string; results: PolicyView[] } | null
  messages: StaffMessage[]
}

export type Elsewhere = { attemptId: string; programmeTitle: string; stageTitle: string; clock: ClockReply }

export type PlayerView =
  | { phase: 'play'; page: PlayerPage }
  | { phase: 'elsewhere'; elsewhere: Elsewhere }
  | { phase: 'over'; attemptId: string }

export type Conflict = { itemId: string; mine: Response | null; stored: Response | null; storedRevision: number }

export type UnsentText = { itemId: string; response: Response | null }

/** What the plain form's action answers where it does not go elsewhere. */
export type PlayerNotice =
  /** `values`: what has not been stored. */
  | { kind: 'refused'; failure: Failure; values: Record<string, Response | null> }
  | { kind: 'conflict'; conflicts: Conflict[]; values: Record<string, Response | null> }
  /** Too late for its section or its time: with staff, and here to be copied. */
  | { kind: 'late'; texts: UnsentText[] }
  | { kind: 'taken_over'; unsent: UnsentText[] }
  | { kind: 'confirm_next'; unanswered: number }
  | { kind: 'confirm_leave'; sectionId: string; unanswered: number }

// ---- After the end ----

/** What became of a text that came too late. `lapsed`: the result was released before anybody had decided. */
export type LateTextFate = {
  section: string | null
  /** Within the section, from 1. */
  number: number | null
  receivedAt: string
  fate: LateTextDecision | 'undecided' | 'lapsed'
  decidedAt: string | null
  why: string | null
}

export type LedgerPage = {
  attemptId: string
  programmeTitle: string
  stageTitle: string
  /** `section`: title in the reader's language. */
  rows: Array<CandidateLedgerRow & { why: string | null; section: string | null }>
  now: Instant
  finished: boolean
  /** Time that the clock ran for the candidate: from start to end without pauses. */
  workedMs: number
}
