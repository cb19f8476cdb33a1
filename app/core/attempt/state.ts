/** The current state of an attempt, and the slim views of it that the hot path works on. */
import type { Locale } from '../shared/locale.ts'
import type { DurationMs, Instant } from '../shared/time.ts'
import {
  deadlineCause,
  deadlineOf,
  deadlineUnderPause,
  openPauseOf,
  sectionDeadlineOf,
  sectionMinimumUntil,
  type Grant,
  type OpenPause,
  type Pause,
  type SectionVisit,
  type TimingPlan,
  type TimingTerms,
} from '../timing/deadline.ts'
import type { ClosingReason } from './events.ts'

export type AttemptStatus = 'ready' | 'in_progress' | 'closed'

/** What is fixed before the start: the form as far as the rules of writing need it. */
export type AttemptSetup = {
  readonly attemptId: string
  readonly timing: TimingTerms
  readonly sections: readonly SectionSetup[]
  /** Whether the language may be switched during the attempt. */
  readonly switchLanguage: boolean
}
export type SectionSetup = {
  readonly id: string
  readonly navigation: 'free' | 'forward_only'
  readonly itemsPerPage: number
  readonly itemIds: readonly string[]
}

/** The first reply to a mutation, so that a repeated one gets the same. */
export type MutationReply = {
  readonly mutationId: string
  readonly contentHash: string
  readonly outcome: 'accepted' | 'quarantined'
  /** The revision given; 0 for a quarantined one. */
  readonly revision: number
  readonly late: boolean
}
/**
 * Replies remembered per item and outcome. A client has one mutation of an item under way and repeats it until it is
 * answered, so one would do; a copy older than these meets a revision that has moved on and changes nothing. Accepted
 * ones are read and written with every save, so they are few; the revision does not move on with those in quarantine. A
 * service that finds an older one among its events may add it to the head's `replies`.
 */
export const REPLIES_KEPT = { accepted: 3, quarantined: 8 } as const

export type AnswerState = {
  readonly revision: number
  readonly contentHash: string | null
  readonly savedAt: Instant | null
  readonly late: boolean
  readonly flagged: boolean
  readonly replies: readonly MutationReply[]
}
export const EMPTY_ANSWER: AnswerState = {
  revision: 0,
  contentHash: null,
  savedAt: null,
  late: false,
  flagged: false,
  replies: [],
}

export type Attempt = {
  readonly setup: AttemptSetup
  readonly seq: number
  readonly status: AttemptStatus
  readonly startedAt: Instant | null
  /** Raised by each take-over; 0 before the start. */
  readonly epoch: number
  readonly sessionId: string | null
  readonly locale: Locale | null
  readonly grants: readonly Grant[]
  readonly pauses: readonly Pause[]
  readonly section: {
    readonly id: string
    readonly enteredAt: Instant
    readonly grantsBefore: number
    readonly page: number
  } | null
  readonly leftSections: readonly string[]
  readonly answers: Readonly<Record<string, AnswerState>>
  readonly quarantined: number
  readonly connected: boolean
  /** Steps of the server's clock, and confirmations of them, that the story has noted. */
  readonly clockNotes: readonly string[]
  readonly closingReason: ClosingReason | null
  /** When the candidate submitted; null where something else closed the attempt. */
  readonly submittedAt: Instant | null
  /** When the attempt counts as ended: never after its deadline. */
  readonly finishedAt: Instant | null
  readonly scoredAt: Instant | null
  readonly releasedAt: Instant | null
}

export function readyAttempt(setup: AttemptSetup): Attempt {
  return {
    setup,
    seq: 0,
    status: 'ready',
    startedAt: null,
    epoch: 0,
    sessionId: null,
    locale: null,
    grants: [],
    pauses: [],
    section: null,
    leftSections: [],
    answers: {},
    quarantined: 0,
    connected: true,
    clockNotes: [],
    closingReason: null,
    submittedAt: null,
    finishedAt: null,
    scoredAt: null,
    releasedAt: null,
  }
}

/** Names a note about the clock, so that each alarm and each confirmation is noted once. */
export const clockNote = (note: { type: 'clock_alarm' | 'clock_confirmed'; alarmId: string }): string =>
  `${note.type} ${note.alarmId}`

/** The plan of a started attempt. Throws before the start: there is no deadline then. */
export function planOf(state: Pick<Attempt, 'setup' | 'startedAt'>): TimingPlan {
  if (state.startedAt === null) throw new Error('an attempt that has not started has no timing plan')
  return { ...state.setup.timing, startedAt: state.startedAt }
}

type Ordered = Pick<Attempt, 'grants' | 'pauses' | 'section'>
/** As versions stored it that knew grants and pauses by their instants alone. */
type Unordered = {
  readonly grants: readonly (Omit<Grant, 'afterPauses'> & { readonly afterPauses?: number })[]
  readonly section: (Omit<NonNullable<Attempt['section']>, 'grantsBefore'> & { readonly grantsBefore?: number }) | null
}

/**
 * A stored state with the order of its grants. Where it does not say, their instants tell, as they did for the version
 * that stored it.
 */
export function withGrantsInOrder<S extends Ordered>(stored: S): S {
  const { grants, section }: Unordered = stored
  if (
    (section === null || section.grantsBefore !== undefined) &&
    grants.every(({ afterPauses }) => afterPauses !== undefined)
  )
    return stored
  return {
    ...stored,
    grants: grants.map((grant) => ({
      ...grant,
      afterPauses: grant.afterPauses ?? stored.pauses.filter(({ until }) => until !== null && until <= grant.at).length,
    })),
    section: section && {
      ...section,
      grantsBefore: section.grantsBefore ?? grants.filter(({ at }) => at < section.enteredAt).length,
    },
  }
}

export const visitOf = ({ id, enteredAt, grantsBefore }: NonNullable<Attempt['section']>): SectionVisit => ({
  sectionId: id,
  enteredAt,
  grantsBefore,
})

/** A section that must be entered before its items can be written, and that is shut once left. */
export type SectionRule = {
  readonly id: string
  readonly gated: boolean
  readonly forwardOnly: boolean
  readonly left: boolean
}
export type SectionHead = {
  readonly id: string
  /** Page of the section that a forward-only candidate has reached, from 0. */
  readonly page: number
  readonly deadlineAt: Instant | null
  readonly minimumUntil: Instant | null
}

/**
 * All that a save must know of its attempt: one row. `deadlineAt`, `section.deadlineAt` and `section.minimumUntil` are
 * computed as if the open pause had no length, so that the row need not change while time stands still.
 */
export type AttemptHead = {
  readonly attemptId: string
  readonly seq: number
  readonly status: AttemptStatus
  readonly epoch: number
  readonly closingReason: ClosingReason | null
  readonly finishedAt: Instant | null
  readonly scored: boolean
  readonly deadlineAt: Instant | null
  readonly deadlineCause: 'time_up' | 'window_closed'
  readonly latencyAllowanceMs: DurationMs
  readonly pause: OpenPause | null
  readonly section: SectionHead | null
  readonly sections: readonly SectionRule[]
}

/** All that a save must know of an item: where it stands in the form, its revision and the latest replies. */
export type AnswerHead = {
  readonly itemId: string
  readonly sectionId: string
  readonly page: number
  readonly revision: number
  readonly replies: readonly MutationReply[]
}

/**
 * Where an item stands. Attempt ids change, forms do not: keep this per setup where many are asked. Undefined for an
 * item that is not in the form.
 */
export function placeOf(setup: AttemptSetup, itemId: string): { sectionId: string; page: number } | undefined {
  for (const section of setup.sections) {
    const index = section.itemIds.indexOf(itemId)
    if (index >= 0) return { sectionId: section.id, page: Math.floor(index / section.itemsPerPage) }
  }
  return undefined
}

export function sectionRules(state: Pick<Attempt, 'setup' | 'leftSections'>): SectionRule[] {
  return state.setup.sections.map((section) => {
    const timing = state.setup.timing.sections.find((t) => t.id === section.id)
    const forwardOnly = section.navigation === 'forward_only'
    const gated = forwardOnly || (timing !== undefined && (timing.timeLimitMs !== null || timing.minimumMs > 0))
    return { id: section.id, gated, forwardOnly, left: state.leftSections.includes(section.id) }
  })
}

/** The slim view of the whole; what the attempt row holds after every event. */
export function headOf(state: Attempt): AttemptHead {
  const base = {
    attemptId: state.setup.attemptId,
    seq: state.seq,
    status: state.status,
    epoch: state.epoch,
    closingReason: state.closingReason,
    finishedAt: state.finishedAt,
    scored: state.scoredAt !== null,
    latencyAllowanceMs: state.setup.timing.latencyAllowanceMs,
    sections: sectionRules(state),
  }
  if (state.startedAt === null)
    return { ...base, deadlineAt: null, deadlineCause: 'time_up', pause: null, section: null }
  const plan = planOf(state)
  const visit = state.section && visitOf(state.section)
  return {
    ...base,
    deadlineAt: deadlineOf(plan, state.grants, state.pauses, plan.startedAt),
    deadlineCause: deadlineCause(plan),
    pause: openPauseOf(plan, state.pauses),
    section: state.section &&
      visit && {
        id: state.section.id,
        page: state.section.page,
        deadlineAt: sectionDeadlineOf(plan, visit, state.grants, state.pauses, plan.startedAt),
        minimumUntil: sectionMinimumUntil(plan, visit, state.pauses, plan.startedAt),
      },
  }
}

export const answerOf = (state: Pick<Attempt, 'answers'>, itemId: string): AnswerState =>
  (Object.hasOwn(state.answers, itemId) ? state.answers[itemId] : undefined) ?? EMPTY_ANSWER

/** The answer heads of the items that the form has; unknown ids are left out. */
export function answerHeadsOf(state: Attempt, itemIds: readonly string[]): AnswerHead[] {
  return [...new Set(itemIds)].flatMap((itemId) => {
    const place = placeOf(state.setup, itemId)
    const answer = answerOf(state, itemId)
    return place ? [{ itemId, ...place, revision: answer.revision, replies: answer.replies }] : []
  })
}

/** The deadline at `now`; while paused it moves with `now`. */
export const headDeadlineAt = (head: Pick<AttemptHead, 'deadlineAt' | 'pause'>, now: Instant): Instant | null =>
  deadlineUnderPause(head.deadlineAt, head.pause, now)

/** Time left at `now`, in milliseconds, not below 0; null where nothing ends the attempt; 0 once closed. */
export function headRemainingMs(
  head: Pick<AttemptHead, 'deadlineAt' | 'pause' | 'status'>,
  now: Instant,
): DurationMs | null {
  if (head.status === 'closed') return 0
  const deadline = headDeadlineAt(head, now)
  return deadline === null ? null : Math.max(0, deadline - now)
}

/**
 * When the sweep must look at it: after deadline and allowance. null where nothing ends it, once closed, and while
 * staff have paused it.
 */
export function sweepDueAt(
  head: Pick<AttemptHead, 'deadlineAt' | 'pause' | 'status' | 'latencyAllowanceMs'>,
): Instant | null {
  const deadline = headDeadlineAt(head, Infinity)
  return head.status !== 'in_progress' || deadline === null || deadline === Infinity
    ? null
    : deadline + head.latencyAllowanceMs
}

/**
 * What a reader sees at `now`: an attempt past deadline and allowance is over even before the sweep. Reading never
 * closes it.
 */
export function phaseAt(
  head: Pick<AttemptHead, 'status' | 'deadlineAt' | 'pause' | 'latencyAllowanceMs'>,
  now: Instant,
): AttemptStatus {
  if (head.status !== 'in_progress') return head.status
  const deadline = headDeadlineAt(head, now)
  return deadline !== null && now > deadline + head.latencyAllowanceMs ? 'closed' : 'in_progress'
}

/**
 * The first instant at which scoring cannot miss a save. A closing by the clock leaves room for saves that were
 * received within the allowance and are still in our queue; other closings do not.
 */
export function scorableFrom(head: AttemptHead): Instant | null {
  if (head.status !== 'closed' || head.finishedAt === null) return null
  return closedByClock(head) && head.deadlineAt !== null ? head.deadlineAt + head.latencyAllowanceMs : head.finishedAt
}

export const closedByClock = (head: Pick<AttemptHead, 'closingReason'>): boolean =>
  head.closingReason === 'time_up' || head.closingReason === 'window_closed'
