/**
 * The time ledger: what happened to the clock of an attempt, in order, each row with the deadlines that resulted.
 * Candidate and appeal officer can both read it. What comes about without anybody's act has no event and is derived
 * here: a section's time ends, the allowance of a break runs out, a pause ends with the attempt.
 */
import { earlier, later, type DurationMs, type Instant } from '../shared/time.ts'
import {
  deadlineCause,
  deadlineOf,
  deadlineUnderPause,
  openPauseOf,
  personalLimitMs,
  sectionDeadlineOf,
  sectionLimitMs,
  stoodStillMs,
} from '../timing/deadline.ts'
import type { AttemptEvent, AttemptEventOf, ClosingReason, LateTextDecision } from './events.ts'
import { evolve } from './evolve.ts'
import {
  headDeadlineAt,
  headOf,
  placeOf,
  planOf,
  readyAttempt,
  visitOf,
  type Attempt,
  type AttemptSetup,
} from './state.ts'

type Base = {
  readonly at: Instant
  /** After this row; while paused, as it would be if time went on at once. null: nothing ends the attempt. */
  readonly deadlineAt: Instant | null
  /** The same for the section that is being visited; null where it has no limit of its own. */
  readonly sectionDeadlineAt: Instant | null
}
/** `number`: within the section, from 1. */
type ItemPlace = { readonly itemId: string; readonly sectionId: string | null; readonly number: number | null }

export type LedgerRow = Base &
  (
    | {
        readonly kind: 'started'
        readonly limitMs: DurationMs | null
        /** The window ends before the limit would. */
        readonly cutShort: boolean
      }
    | {
        readonly kind: 'section_entered'
        readonly sectionId: string
        readonly limitMs: DurationMs | null
        /** The attempt ends before the section's limit would. */
        readonly cutShort: boolean
      }
    | { readonly kind: 'section_left'; readonly sectionId: string; readonly spentMs: DurationMs }
    | { readonly kind: 'section_time_up'; readonly sectionId: string }
    | { readonly kind: 'paused'; readonly byId: string | null; readonly reasonId: string | null }
    | {
        readonly kind: 'resumed'
        readonly lengthMs: DurationMs
        /** By how much the deadline moved for it. */
        readonly creditedMs: DurationMs
      }
    | { readonly kind: 'granted'; readonly extraMs: DurationMs; readonly byId: string; readonly reasonId: string }
    | ({ readonly kind: 'late_accepted'; readonly lateMs: DurationMs } & ItemPlace)
    | ({ readonly kind: 'quarantined'; readonly hasText: boolean } & ItemPlace)
    | ({
        readonly kind: 'late_text_decided'
        readonly decision: LateTextDecision
        readonly byId: string
        readonly reasonId: string | null
      } & ItemPlace)
    | {
        readonly kind: 'disconnected'
        readonly lastSeenAt: Instant
        /** No sign of the page since the start. */
        readonly neverSeen: boolean
      }
    | { readonly kind: 'reconnected'; readonly lengthMs: DurationMs }
    | { readonly kind: 'taken_over'; readonly epoch: number }
    | { readonly kind: 'clock_alarm'; readonly stepMs: DurationMs }
    | {
        readonly kind: 'clock_confirmed'
        readonly stepMs: DurationMs
        readonly givenBackMs: DurationMs
        readonly byId: string
      }
    | {
        readonly kind: 'closed'
        readonly reason: ClosingReason
        readonly finishedAt: Instant
        readonly byId: string | null
        readonly reasonId: string | null
      }
  )

/** All rows, from the whole story, as it stands at `now`. */
export function ledgerOf(setup: AttemptSetup, events: readonly AttemptEvent[], now: Instant): LedgerRow[] {
  const story = new Reading(setup)
  for (const event of events) story.take(event)
  story.derive(now)
  return story.rows
}

/** Goes through the events and remembers what has been told. */
class Reading {
  readonly rows: LedgerRow[] = []
  #state: Attempt
  #lastSeenAt: Instant | null = null
  /** The break that is open in the story has run out, and the row that says so is there. */
  #breakOver: Instant | null = null
  #sectionEndTold: Instant | null = null

  constructor(setup: AttemptSetup) {
    this.#state = readyAttempt(setup)
  }

  take(event: AttemptEvent): void {
    this.derive(event.type === 'closed' ? event.finishedAt : event.at)
    const before = this.#state
    if (event.type === 'closed') this.#endPause(event.finishedAt)
    this.#state = evolve(before, event)
    if (event.type === 'disconnected') this.#lastSeenAt = event.lastSeenAt
    const told = event.type === 'resumed' && this.#breakOver !== null
    if (event.type === 'resumed' || event.type === 'paused') this.#breakOver = null
    if (event.type === 'section_entered') this.#sectionEndTold = null
    const row = told ? null : this.#rowOf(before, event)
    if (row) this.rows.push(row)
  }

  /** What has come about by itself up to `until`. */
  derive(until: Instant): void {
    if (this.#state.status !== 'in_progress') return
    const plan = planOf(this.#state)
    const open = openPauseOf(plan, this.#state.pauses)
    if (open && open.endsAt !== null && open.endsAt <= until) this.#endPause(open.endsAt)
    this.#sectionEnd(until)
  }

  #sectionEnd(until: Instant): void {
    const { section, grants, pauses } = this.#state
    const plan = planOf(this.#state)
    const limit = section && sectionLimitMs(plan, timingOf(this.#state, section.id))
    if (!section || limit === null) return
    const endsAt = sectionDeadlineOf(plan, visitOf(section), grants, pauses, until)
    const whole = deadlineOf(plan, grants, pauses, until)
    // Where the attempt ends with it, the closing says so.
    if (endsAt === null || endsAt > until || (whole !== null && endsAt >= whole)) return
    if (this.#sectionEndTold !== null && endsAt <= this.#sectionEndTold) return
    this.#sectionEndTold = endsAt
    this.rows.push({ ...this.#base(endsAt), kind: 'section_time_up', sectionId: section.id })
  }

  /** The open pause ends without an event of its own. */
  #endPause(asked: Instant): void {
    const { pauses, grants } = this.#state
    const open = pauses.find((p) => p.until === null)
    if (!open || this.#breakOver !== null) return
    // A submit that was received before the pause, and decided after it, has no use for it.
    const until = later(asked, open.from)
    const plan = planOf(this.#state)
    const [before, after] = [plan.startedAt, until].map((at) => deadlineOf(plan, grants, pauses, at))
    this.#breakOver = until
    this.rows.push({
      ...this.#base(until),
      kind: 'resumed',
      ...credit(until - open.from, before ?? null, after ?? null),
    })
  }

  #base(at: Instant): Base {
    const { section, grants, pauses, status } = this.#state
    const plan = planOf(this.#state)
    // An open pause has no length yet, unless it is over although the story has not closed it.
    const asOf = this.#breakOver ?? plan.startedAt
    const timed =
      section !== null && status === 'in_progress' && sectionLimitMs(plan, timingOf(this.#state, section.id)) !== null
    return {
      at,
      deadlineAt: deadlineOf(plan, grants, pauses, asOf),
      sectionDeadlineAt: timed ? sectionDeadlineOf(plan, visitOf(section), grants, pauses, asOf) : null,
    }
  }

  #rowOf(before: Attempt, event: AttemptEvent): LedgerRow | null {
    const after = this.#state
    if (after.startedAt === null) return null
    const plan = planOf(after)
    const base = this.#base(event.at)
    switch (event.type) {
      case 'started': {
        const limitMs = personalLimitMs(plan)
        return {
          ...base,
          kind: 'started',
          limitMs,
          cutShort: limitMs !== null && deadlineCause(plan) === 'window_closed',
        }
      }
      case 'section_entered': {
        const limitMs = sectionLimitMs(plan, timingOf(after, event.sectionId))
        return {
          ...base,
          kind: 'section_entered',
          sectionId: event.sectionId,
          limitMs,
          cutShort: limitMs !== null && base.sectionDeadlineAt !== null && base.sectionDeadlineAt < event.at + limitMs,
        }
      }
      case 'section_left': {
        const enteredAt = before.section?.enteredAt ?? event.at
        return {
          ...base,
          kind: 'section_left',
          sectionId: event.sectionId,
          spentMs: Math.max(0, event.at - enteredAt - stoodStillMs(plan, before.pauses, enteredAt, event.at)),
        }
      }
      case 'paused':
        return {
          ...base,
          at: event.from,
          kind: 'paused',
          byId: event.kind === 'break' ? null : event.by,
          reasonId: event.reasonId,
        }
      case 'resumed': {
        const open = before.pauses.find((p) => p.until === null)
        const frozen = deadlineOf(plan, before.grants, before.pauses, plan.startedAt)
        return {
          ...base,
          at: event.until,
          kind: 'resumed',
          ...credit(open ? event.until - open.from : 0, frozen, base.deadlineAt),
        }
      }
      case 'time_granted':
        return { ...base, kind: 'granted', extraMs: event.extraMs, byId: event.by, reasonId: event.reasonId }
      case 'answer_saved':
        return event.late
          ? { ...base, kind: 'late_accepted', ...placeIn(after.setup, event.itemId), lateMs: lateBy(before, event) }
          : null
      case 'answer_quarantined':
        return { ...base, kind: 'quarantined', ...placeIn(after.setup, event.itemId), hasText: event.hasText }
      case 'late_text_decided':
        return {
          ...base,
          kind: 'late_text_decided',
          ...placeIn(after.setup, event.itemId),
          decision: event.decision,
          byId: event.by,
          reasonId: event.reasonId,
        }
      case 'disconnected':
        return {
          ...base,
          kind: 'disconnected',
          lastSeenAt: event.lastSeenAt,
          neverSeen: event.lastSeenAt <= after.startedAt,
        }
      case 'reconnected':
        return {
          ...base,
          kind: 'reconnected',
          lengthMs: this.#lastSeenAt === null ? 0 : Math.max(0, event.at - this.#lastSeenAt),
        }
      case 'taken_over':
        return { ...base, kind: 'taken_over', epoch: event.epoch }
      case 'clock_alarm':
        return { ...base, kind: 'clock_alarm', stepMs: event.stepMs }
      case 'clock_confirmed':
        return {
          ...base,
          kind: 'clock_confirmed',
          stepMs: event.stepMs,
          givenBackMs: event.givenBackMs,
          byId: event.by,
        }
      case 'closed':
        return {
          ...base,
          kind: 'closed',
          reason: event.reason,
          finishedAt: event.finishedAt,
          byId: event.by ?? null,
          reasonId: event.reasonId ?? null,
        }
      default:
        return null
    }
  }
}

const timingOf = (state: Attempt, sectionId: string) =>
  state.setup.timing.sections.find((s) => s.id === sectionId) ?? { id: sectionId, timeLimitMs: null, minimumMs: 0 }

function placeIn(setup: AttemptSetup, itemId: string): ItemPlace {
  const section = setup.sections.find((s) => s.itemIds.includes(itemId))
  return { itemId, sectionId: section?.id ?? null, number: section ? section.itemIds.indexOf(itemId) + 1 : null }
}

/** Without a deadline there is nothing to credit a pause to: it is over, and that is all. */
function credit(
  lengthMs: DurationMs,
  before: Instant | null,
  after: Instant | null,
): { lengthMs: DurationMs; creditedMs: DurationMs } {
  const length = Math.max(0, lengthMs)
  return { lengthMs: length, creditedMs: before === null || after === null ? length : after - before }
}

/** Late for the whole attempt or for the section it stands in. */
function lateBy(before: Attempt, event: AttemptEventOf<'answer_saved'>): DurationMs {
  const head = headOf(before)
  // Of a section that the item does not stand in, the end is not its own.
  const own =
    head.section?.id === placeOf(before.setup, event.itemId)?.sectionId ? (head.section?.deadlineAt ?? null) : null
  const ownAt = deadlineUnderPause(own, head.pause, event.receivedAt)
  const passed = [headDeadlineAt(head, event.receivedAt), ownAt].filter(
    (d): d is Instant => d !== null && d < event.receivedAt,
  )
  return passed.reduce((late, deadline) => Math.max(late, event.receivedAt - earlier(deadline, event.receivedAt)), 0)
}

type Without<R, K extends string> = R extends unknown ? Omit<R, K> : never

/** For the candidate: everything but the names of staff. */
export type CandidateLedgerRow = Without<LedgerRow, 'byId'>

export const candidateLedger = (rows: readonly LedgerRow[]): CandidateLedgerRow[] =>
  rows.map((row) => without(row, ['byId']))

export type StaffLedgerRow =
  Without<Exclude<LedgerRow, { kind: 'paused' }>, 'limitMs' | 'cutShort'> | (Base & { readonly kind: 'paused' })

/**
 * For staff: the same without what would give an accommodation away (docs/decisions/0009). A person's own limit is left
 * out, the deadlines that follow from it stay; a pause does not say whose it was, because a break of the candidate's
 * choice could say nothing.
 */
export const staffLedger = (rows: readonly LedgerRow[]): StaffLedgerRow[] =>
  rows.map(
    (row) =>
      (row.kind === 'paused'
        ? without(row, ['byId', 'reasonId'])
        : without(row, ['limitMs', 'cutShort'])) as StaffLedgerRow,
  )

function without<K extends string>(row: LedgerRow, keys: readonly K[]): Without<LedgerRow, K> {
  return Object.fromEntries(
    Object.entries(row).filter(([key]) => !(keys as readonly string[]).includes(key)),
  ) as Without<LedgerRow, K>
}
