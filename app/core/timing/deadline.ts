/**
 * When an attempt ends. All instants are given, in milliseconds since the epoch; all lengths are milliseconds. Nothing
 * that a client sends enters any of these functions: the deadline is a function of start, limit, accommodation, window,
 * grants and pauses, and is computed anew at each request.
 */
import { err, ok, type Result } from '../shared/result.ts'
import { earlier, later, type DurationMs, type Instant } from '../shared/time.ts'

export type Accommodation = {
  /** Multiplies the time limit, e.g. 1.25. */
  readonly factor: number
  /** Added after the multiplication. */
  readonly extraMs: DurationMs
  /** No limit at all: neither the person's own time nor the window's end closes the attempt. */
  readonly unlimited: boolean
  /** Time the person may spend on breaks of their own choice while the clock stands still. */
  readonly breaks: { readonly allowanceMs: DurationMs }
}
export const NO_ACCOMMODATION: Accommodation = { factor: 1, extraMs: 0, unlimited: false, breaks: { allowanceMs: 0 } }

export type SectionTiming = {
  readonly id: string
  readonly timeLimitMs: DurationMs | null
  readonly minimumMs: DurationMs
}

export type TimingPlan = {
  readonly startedAt: Instant
  /** The assessment's limit before accommodation; null means none. */
  readonly timeLimitMs: DurationMs | null
  readonly accommodation: Accommodation
  readonly windowEndsAt: Instant | null
  /** start: only the start must fall into the window. end: the window's end also closes a running attempt. */
  readonly windowGates: 'start' | 'end'
  readonly latencyAllowanceMs: DurationMs
  readonly sections: readonly SectionTiming[]
}
export type TimingTerms = Omit<TimingPlan, 'startedAt'>

export type Grant = {
  readonly at: Instant
  readonly extraMs: DurationMs
  readonly by: string
  readonly reasonId: string
  /**
   * How many pauses were over when it was given. Instants alone do not tell: two may be the same, and a clock may be
   * set back.
   */
  readonly afterPauses: number
  /** Names the request, so that a form sent twice grants once. */
  readonly requestId?: string
}
export type Pause = {
  readonly from: Instant
  /** null while the pause lasts. */
  readonly until: Instant | null
  readonly by: string
  readonly reasonId: string | null
  /** break: taken by the candidate, counted against the allowance. staff: unlimited, e.g. a fire alarm. */
  readonly kind: 'staff' | 'break'
}
/**
 * The pause that lasts now. `endsAt` is set for a break: when the allowance is spent the clock runs again by itself.
 */
export type OpenPause = { readonly from: Instant; readonly endsAt: Instant | null; readonly kind: 'staff' | 'break' }
export type SectionVisit = {
  readonly sectionId: string
  readonly enteredAt: Instant
  /** How many grants had been given when it was entered: those are none of its own. */
  readonly grantsBefore: number
}
export type SaveClass = 'in_time' | 'late_accepted' | 'quarantined'

/**
 * The person's own limit: (limit × factor) + extra; null when there is none. This is the only limit that anyone is
 * shown.
 */
export function personalLimitMs(terms: Pick<TimingTerms, 'timeLimitMs' | 'accommodation'>): DurationMs | null {
  const { factor, extraMs, unlimited } = terms.accommodation
  return unlimited || terms.timeLimitMs === null ? null : Math.round(terms.timeLimitMs * factor) + extraMs
}

/**
 * The window's end as it closes this attempt, or null where it does not. The accommodation moves it by as much as it
 * lengthens the limit: otherwise a late starter would lose the very time that was granted (Canvas #1769).
 */
export function personalWindowEnd(terms: TimingTerms): Instant | null {
  if (terms.windowGates === 'start' || terms.windowEndsAt === null || terms.accommodation.unlimited) return null
  const own = personalLimitMs(terms)
  const shift = own === null || terms.timeLimitMs === null ? terms.accommodation.extraMs : own - terms.timeLimitMs
  return terms.windowEndsAt + shift
}

/** Which of the two ends this attempt: the reason that a closing by the clock bears. */
export function deadlineCause(plan: TimingPlan): 'time_up' | 'window_closed' {
  const own = personalLimitMs(plan)
  const windowEnd = personalWindowEnd(plan)
  return windowEnd !== null && (own === null || windowEnd < plan.startedAt + own) ? 'window_closed' : 'time_up'
}

type Standstill = { readonly from: Instant; readonly until: Instant }

/**
 * One stretch for each pause, in the order of the story; time that two share is the first one's. A break counts only as
 * far as the allowance reaches. The open pause reaches to `now`; pauses that have ended count in full whatever `now`
 * is.
 */
function standstills(plan: Pick<TimingPlan, 'accommodation'>, pauses: readonly Pause[], now: Instant): Standstill[] {
  let breakLeftMs = plan.accommodation.breaks.allowanceMs
  let told = -Infinity
  return pauses.map((pause) => {
    let until = later(pause.until ?? now, pause.from)
    if (pause.kind === 'break') {
      until = earlier(until, pause.from + breakLeftMs)
      breakLeftMs -= until - pause.from
    }
    const from = later(pause.from, told)
    told = later(told, until)
    return { from, until: later(from, until) }
  })
}

/** How long the clock stood still between two instants. */
export function stoodStillMs(
  plan: Pick<TimingPlan, 'accommodation'>,
  pauses: readonly Pause[],
  from: Instant,
  until: Instant,
): DurationMs {
  return standstills(plan, pauses, until).reduce(
    (sum, still) => sum + Math.max(0, earlier(still.until, until) - later(still.from, from)),
    0,
  )
}

const extraOf = (grants: readonly Grant[]): DurationMs => grants.reduce((sum, grant) => sum + grant.extraMs, 0)

/**
 * An end as grants and pauses move it. A pause moves it by its length, or not at all where it began when the time was
 * up: time that is over cannot stand still. What had been granted before the pause was over decides on that, since no
 * time passes within it; what is granted later does not, and moves the end by itself alone. So the rows of the ledger
 * add up.
 */
function movedEnd(base: Instant, since: Instant, grants: readonly Grant[], still: readonly Standstill[]): Instant {
  return still.reduce(
    (end, { from, until }, index) => {
      const begins = later(from, since)
      const grantedLater = extraOf(grants.filter((grant) => grant.afterPauses > index))
      return begins < end - grantedLater && until > begins ? end + until - begins : end
    },
    base + extraOf(grants),
  )
}

/**
 * The instant at which the attempt ends, or null where nothing ends it. Grants and pauses also move the window's end of
 * a running attempt: a person decided on them for this attempt, and they would be void otherwise.
 */
export function deadlineOf(
  plan: TimingPlan,
  grants: readonly Grant[],
  pauses: readonly Pause[],
  now: Instant,
): Instant | null {
  const own = personalLimitMs(plan)
  const windowEnd = personalWindowEnd(plan)
  const ownEnd = own === null ? null : plan.startedAt + own
  const base = ownEnd === null ? windowEnd : windowEnd === null ? ownEnd : earlier(ownEnd, windowEnd)
  if (base === null) return null
  return movedEnd(base, plan.startedAt, grants, standstills(plan, pauses, now))
}

/** Time left, not below 0; null where nothing ends the attempt. Constant while a pause lasts. */
export function remainingMs(
  plan: TimingPlan,
  grants: readonly Grant[],
  pauses: readonly Pause[],
  now: Instant,
): DurationMs | null {
  const deadline = deadlineOf(plan, grants, pauses, now)
  return deadline === null ? null : Math.max(0, deadline - now)
}

/**
 * A section's own limit. An accommodation lengthens it in the proportion in which it lengthens the whole, so that extra
 * time can be spent where it is needed and the sections still add up.
 */
export function sectionLimitMs(terms: TimingTerms, section: SectionTiming): DurationMs | null {
  if (terms.accommodation.unlimited || section.timeLimitMs === null) return null
  const own = personalLimitMs(terms)
  const ratio =
    own === null || terms.timeLimitMs === null || terms.timeLimitMs === 0
      ? terms.accommodation.factor
      : own / terms.timeLimitMs
  return Math.round(section.timeLimitMs * ratio)
}

const sectionOf = (plan: Pick<TimingTerms, 'sections'>, visit: SectionVisit): SectionTiming =>
  plan.sections.find((s) => s.id === visit.sectionId) ?? { id: visit.sectionId, timeLimitMs: null, minimumMs: 0 }

/**
 * When the visited section ends: its own limit from entering, with grants and pauses since then, never after the
 * attempt's end.
 */
export function sectionDeadlineOf(
  plan: TimingPlan,
  visit: SectionVisit,
  grants: readonly Grant[],
  pauses: readonly Pause[],
  now: Instant,
): Instant | null {
  const whole = deadlineOf(plan, grants, pauses, now)
  const limit = sectionLimitMs(plan, sectionOf(plan, visit))
  if (limit === null) return whole
  const own = movedEnd(
    visit.enteredAt + limit,
    visit.enteredAt,
    grants.slice(visit.grantsBefore),
    standstills(plan, pauses, now),
  )
  return whole === null ? own : earlier(own, whole)
}

/**
 * The first instant at which the section may be left; null where it has no minimum time. Pauses do not count as time
 * spent.
 */
export function sectionMinimumUntil(
  plan: TimingPlan,
  visit: SectionVisit,
  pauses: readonly Pause[],
  now: Instant,
): Instant | null {
  const { minimumMs } = sectionOf(plan, visit)
  return minimumMs === 0
    ? null
    : movedEnd(visit.enteredAt + minimumMs, visit.enteredAt, [], standstills(plan, pauses, now))
}

/** Whether the section may be left. Once its time is up it may be left whatever its minimum. */
export function canLeaveSection(
  plan: TimingPlan,
  visit: SectionVisit,
  grants: readonly Grant[],
  pauses: readonly Pause[],
  now: Instant,
): Result<true, 'section.minimum_time'> {
  const earliest = sectionMinimumUntil(plan, visit, pauses, now)
  const deadline = sectionDeadlineOf(plan, visit, grants, pauses, now)
  return mayLeaveAt(earliest, deadline, now)
}

/** The same from instants that are already known, for the path that has no plan at hand. */
export function mayLeaveAt(
  minimumUntil: Instant | null,
  deadlineAt: Instant | null,
  now: Instant,
): Result<true, 'section.minimum_time'> {
  if (minimumUntil === null || now >= minimumUntil || (deadlineAt !== null && now >= deadlineAt)) return ok(true)
  return err('section.minimum_time', { waitMs: minimumUntil - now })
}

/**
 * A save received up to the allowance after the deadline is accepted and marked; a later one is kept for staff. Both
 * ends included.
 */
export function classifySave(save: {
  receivedAt: Instant
  deadlineAt: Instant | null
  latencyAllowanceMs: DurationMs
}): SaveClass {
  if (save.deadlineAt === null || save.receivedAt <= save.deadlineAt) return 'in_time'
  return save.receivedAt <= save.deadlineAt + save.latencyAllowanceMs ? 'late_accepted' : 'quarantined'
}

/** The pause that has not been ended, with the instant at which a break's allowance runs out. */
export function openPauseOf(plan: Pick<TimingPlan, 'accommodation'>, pauses: readonly Pause[]): OpenPause | null {
  const open = pauses.find((p) => p.until === null)
  if (!open) return null
  if (open.kind === 'staff') return { from: open.from, endsAt: null, kind: 'staff' }
  const left = Math.max(0, plan.accommodation.breaks.allowanceMs - breakUsedMs(pauses, open.from))
  return { from: open.from, endsAt: open.from + left, kind: 'break' }
}

/** Allowance spent on breaks up to `now`. */
export function breakUsedMs(pauses: readonly Pause[], now: Instant): DurationMs {
  return pauses.reduce(
    (sum, p) => (p.kind === 'break' ? sum + Math.max(0, (p.until ?? later(now, p.from)) - p.from) : sum),
    0,
  )
}

export const isPausedAt = (pause: OpenPause | null, now: Instant): boolean =>
  pause !== null && now >= pause.from && (pause.endsAt === null || now < pause.endsAt)

/**
 * Moves a deadline that was computed as if the open pause had no length (`deadlineOf(…, plan.startedAt)`) to what it is
 * at `now`. So a row can hold one deadline while time stands still.
 */
export function deadlineUnderPause(frozenAt: Instant | null, pause: OpenPause | null, now: Instant): Instant | null {
  if (frozenAt === null || pause === null || pause.from >= frozenAt) return frozenAt
  return frozenAt + Math.max(0, earlier(now, pause.endsAt ?? now) - pause.from)
}
