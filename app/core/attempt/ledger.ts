/**
 * The time ledger: what happened to the clock of an attempt, in order, each row with the deadline that resulted. Candidate and
 * appeal officer can both read it. Neither view discloses an accommodation: the limit shown is the person's own, a break looks
 * like any pause without a reason.
 */
import type { DurationMs, Instant } from '../shared/time.ts'
import { deadlineOf, personalLimitMs } from '../timing/deadline.ts'
import type { AttemptEvent, ClosingReason } from './events.ts'
import { evolve } from './evolve.ts'
import { headDeadlineAt, headOf, planOf, readyAttempt, type Attempt, type AttemptSetup } from './state.ts'

type Base = {
  readonly at: Instant
  /** After this row; while paused, as it would be if time went on at once. null: nothing ends the attempt. */
  readonly deadlineAt: Instant | null
}
export type LedgerRow = Base &
  (
    | { readonly kind: 'started'; readonly limitMs: DurationMs | null }
    | { readonly kind: 'paused'; readonly byId: string | null; readonly reasonId: string | null }
    | { readonly kind: 'resumed'; readonly lengthMs: DurationMs }
    | { readonly kind: 'granted'; readonly extraMs: DurationMs; readonly byId: string; readonly reasonId: string }
    | { readonly kind: 'late_accepted'; readonly itemId: string; readonly lateMs: DurationMs }
    | { readonly kind: 'quarantined'; readonly itemId: string }
    | { readonly kind: 'disconnected' }
    | { readonly kind: 'reconnected'; readonly lengthMs: DurationMs }
    | { readonly kind: 'taken_over'; readonly epoch: number }
    | { readonly kind: 'clock_alarm'; readonly wallDeltaMs: DurationMs; readonly monotonicDeltaMs: DurationMs }
    | { readonly kind: 'closed'; readonly reason: ClosingReason; readonly finishedAt: Instant; readonly byId: string | null; readonly reasonId: string | null }
  )

/** All rows, from the whole story. */
export function ledgerOf(setup: AttemptSetup, events: readonly AttemptEvent[]): LedgerRow[] {
  const rows: LedgerRow[] = []
  let state = readyAttempt(setup)
  let disconnectedAt: Instant | null = null
  for (const event of events) {
    const before = state
    state = evolve(state, event)
    if (event.type === 'disconnected') disconnectedAt = event.at
    const row = rowOf(before, state, event, disconnectedAt)
    if (row) rows.push(row)
  }
  return rows
}

function rowOf(before: Attempt, after: Attempt, event: AttemptEvent, disconnectedAt: Instant | null): LedgerRow | null {
  if (after.startedAt === null) return null
  const plan = planOf(after)
  const base: Base = { at: event.at, deadlineAt: deadlineOf(plan, after.grants, after.pauses, plan.startedAt) }
  switch (event.type) {
    case 'started':
      return { ...base, kind: 'started', limitMs: personalLimitMs(plan) }
    case 'paused':
      return { ...base, at: event.from, kind: 'paused', byId: event.kind === 'break' ? null : event.by, reasonId: event.reasonId }
    case 'resumed': {
      const open = before.pauses.find((p) => p.until === null)
      return { ...base, at: event.until, kind: 'resumed', lengthMs: open ? Math.max(0, event.until - open.from) : 0 }
    }
    case 'time_granted':
      return { ...base, kind: 'granted', extraMs: event.extraMs, byId: event.by, reasonId: event.reasonId }
    case 'answer_saved': {
      if (!event.late) return null
      // late for the whole attempt or for the section it stands in
      const deadlines = [headDeadlineAt(headOf(before), event.receivedAt), headOf(before).section?.deadlineAt ?? null]
      const passed = deadlines.filter((d): d is Instant => d !== null && d < event.receivedAt)
      return { ...base, kind: 'late_accepted', itemId: event.itemId, lateMs: event.receivedAt - Math.min(event.receivedAt, ...passed) }
    }
    case 'answer_quarantined':
      return { ...base, kind: 'quarantined', itemId: event.itemId }
    case 'disconnected':
      return { ...base, kind: 'disconnected' }
    case 'reconnected':
      return { ...base, kind: 'reconnected', lengthMs: disconnectedAt === null ? 0 : Math.max(0, event.at - disconnectedAt) }
    case 'taken_over':
      return { ...base, kind: 'taken_over', epoch: event.epoch }
    case 'clock_alarm':
      return { ...base, kind: 'clock_alarm', wallDeltaMs: event.wallDeltaMs, monotonicDeltaMs: event.monotonicDeltaMs }
    case 'closed':
      return { ...base, kind: 'closed', reason: event.reason, finishedAt: event.finishedAt, byId: event.by ?? null, reasonId: event.reasonId ?? null }
    default:
      return null
  }
}

/** For the appeal officer: everything that is in the ledger. */
export const staffLedger = (rows: readonly LedgerRow[]): LedgerRow[] => [...rows]

type Nameless<R> = R extends unknown ? Omit<R, 'byId'> : never
export type CandidateLedgerRow = Nameless<Exclude<LedgerRow, { kind: 'clock_alarm' }>>

/** For the candidate: the same times and reasons, without the names of staff and without alarms about our own clock. */
export function candidateLedger(rows: readonly LedgerRow[]): CandidateLedgerRow[] {
  return rows.flatMap((row): CandidateLedgerRow[] => {
    if (row.kind === 'clock_alarm') return []
    if (!('byId' in row)) return [row]
    const { byId: _, ...rest } = row
    return [rest]
  })
}
