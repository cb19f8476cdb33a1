/**
 * Commands on an attempt: what is asked, who may, and which events follow. Pure: the state and all instants are given.
 * A refusal is a value with a code; it never leaves a trace in the story.
 */
import type { Locale } from '../shared/locale.ts'
import { assertNever, err, ok, type Result } from '../shared/result.ts'
import { later, type DurationMs, type Instant } from '../shared/time.ts'
import { breakUsedMs, canLeaveSection, isPausedAt, openPauseOf, type Pause } from '../timing/deadline.ts'
import { canStart, type StartCode, type StartGate } from '../timing/start.ts'
import { numbered, type AttemptEvent, type EventBody, type LateTextDecision } from './events.ts'
import { closeAttempt, decideSave, decideSubmit, type CloseCode, type SaveCommand, type SaveDecision } from './save.ts'
import {
  answerHeadsOf,
  answerOf,
  clockNote,
  headDeadlineAt,
  headOf,
  headRemainingMs,
  placeOf,
  planOf,
  sectionRules,
  visitOf,
  type Attempt,
} from './state.ts'

export { closeAttempt, decideSave, decideSubmit } from './save.ts'

type Asked = { readonly receivedAt: Instant }
/** A command of the candidate carries the epoch of the page that sends it. */
type ByHolder = Asked & { readonly epoch: number }
type ByStaff = Asked & { readonly by: string }

export type AttemptCommand =
  | (Asked & { readonly type: 'start'; readonly sessionId: string; readonly locale: Locale; readonly gate: StartGate })
  | ({ readonly type: 'saveAnswers' } & SaveCommand)
  | (Asked & {
      readonly type: 'takeOver'
      readonly sessionId: string
      /** The epoch that the confirming page was shown: of two that confirm at once only one takes over. */
      readonly fromEpoch: number
      readonly confirmed: boolean
    })
  | (ByHolder & { readonly type: 'flag'; readonly itemId: string; readonly flagged: boolean })
  | (ByHolder & { readonly type: 'enterSection'; readonly sectionId: string })
  | (ByHolder & { readonly type: 'leaveSection'; readonly sectionId: string })
  | (ByHolder & { readonly type: 'moveTo'; readonly itemId: string })
  | (ByHolder & { readonly type: 'switchLanguage'; readonly locale: Locale })
  | (ByHolder & { readonly type: 'takeBreak'; readonly by: string })
  | (ByHolder & { readonly type: 'endBreak'; readonly by: string })
  | (ByHolder & { readonly type: 'submit' })
  | (ByStaff & {
      readonly type: 'grant'
      readonly extraMs: DurationMs
      readonly reasonId: string
      readonly requestId?: string
    })
  | (ByStaff & { readonly type: 'pause'; readonly reasonId: string })
  | (ByStaff & { readonly type: 'resume' })
  | (ByStaff & { readonly type: 'message'; readonly messageId: string })
  | (ByStaff & { readonly type: 'staffClose'; readonly reasonId: string; readonly evenWithTimeLeft: boolean })
  | (ByStaff & {
      readonly type: 'decideLateText'
      readonly itemId: string
      readonly mutationId: string
      readonly contentHash: string
      readonly decision: LateTextDecision
      readonly reasonId: string | null
    })
  | (Asked & { readonly type: 'connection'; readonly connected: true })
  | (Asked & { readonly type: 'connection'; readonly connected: false; readonly lastSeenAt: Instant })
  | (Asked & { readonly type: 'clockAlarm'; readonly alarmId: string; readonly stepMs: DurationMs })
  | (ByStaff & { readonly type: 'clockConfirmed'; readonly alarmId: string; readonly stepMs: DurationMs })
  /** The clock's own look at the attempt; `receivedAt` is the sweep's now. */
  | (Asked & { readonly type: 'sweep' })
  | (Asked & { readonly type: 'score'; readonly scoringHash: string })
  | (ByStaff & { readonly type: 'release' })

export type AttemptCode =
  | StartCode
  | CloseCode
  | 'attempt.already_started'
  | 'attempt.not_started'
  | 'attempt.take_over_unconfirmed'
  | 'attempt.paused'
  | 'attempt.already_paused'
  | 'attempt.not_paused'
  | 'attempt.no_break_left'
  | 'attempt.language_fixed'
  | 'attempt.not_closed'
  | 'attempt.not_scored'
  | 'attempt.already_released'
  | 'grant.invalid'
  | 'answer.unknown_item'
  | 'navigation.section_unknown'
  | 'navigation.section_left'
  | 'navigation.section_not_entered'
  | 'navigation.forward_only'

/** Why an answer of one mutation may be refused: AttemptCode or one of these, or the code of an invalid response. */
export type Decision = Result<AttemptEvent[], AttemptCode>

/** Decides a command. For `saveAnswers` the events alone; the reply to each mutation comes from `saveAnswers`. */
export function decide(state: Attempt, cmd: AttemptCommand): Decision {
  if (cmd.type === 'saveAnswers') return ok([...saveAnswers(state, cmd).events])
  const bodies = bodiesOf(state, cmd)
  return bodies.ok ? ok(numbered(state.seq, cmd.receivedAt, bodies.value)) : bodies
}

/** The full state's way into the slim decision. */
export function saveAnswers(state: Attempt, cmd: SaveCommand): SaveDecision {
  return decideSave(
    headOf(state),
    answerHeadsOf(
      state,
      cmd.mutations.map((m) => m.itemId),
    ),
    cmd,
  )
}

type Bodies = Result<EventBody[], AttemptCode>

function bodiesOf(state: Attempt, cmd: Exclude<AttemptCommand, { type: 'saveAnswers' }>): Bodies {
  switch (cmd.type) {
    case 'start': {
      if (state.status !== 'ready') return err('attempt.already_started')
      const admitted = canStart({ ...cmd.gate, now: cmd.receivedAt })
      return admitted.ok ? ok([{ type: 'started', epoch: 1, sessionId: cmd.sessionId, locale: cmd.locale }]) : admitted
    }
    case 'takeOver':
      return whileOpen(state, cmd.receivedAt, () => {
        if (!cmd.confirmed) return err('attempt.take_over_unconfirmed')
        if (cmd.fromEpoch !== state.epoch) return err('attempt.taken_over')
        return ok([{ type: 'taken_over', epoch: state.epoch + 1, sessionId: cmd.sessionId }])
      })
    case 'submit': {
      const ending = decideSubmit(headOf(state), cmd, false)
      return ending.ok ? ok(ending.value ? [ending.value] : []) : ending
    }
    case 'flag':
    case 'enterSection':
    case 'leaveSection':
    case 'moveTo':
    case 'switchLanguage':
    case 'takeBreak':
    case 'endBreak':
      return whileOpen(state, cmd.receivedAt, () =>
        cmd.epoch === state.epoch ? byHolder(state, cmd) : err('attempt.taken_over'),
      )
    case 'grant':
      return whileOpen(state, cmd.receivedAt, () => {
        if (!Number.isSafeInteger(cmd.extraMs) || cmd.extraMs <= 0) return err('grant.invalid')
        if (cmd.requestId !== undefined && state.grants.some((g) => g.requestId === cmd.requestId)) return ok([])
        const request = cmd.requestId === undefined ? {} : { requestId: cmd.requestId }
        return ok([
          ...endBreakThatRanOut(state, cmd.receivedAt),
          { type: 'time_granted', extraMs: cmd.extraMs, by: cmd.by, reasonId: cmd.reasonId, ...request },
        ])
      })
    case 'pause':
      return whileOpen(state, cmd.receivedAt, () => {
        const open = openPauseOf(planOf(state), state.pauses)
        if (open?.kind === 'staff') return err('attempt.already_paused')
        const ended = endOpenBreak(state, cmd.receivedAt, 'clock')
        return ok([
          ...ended,
          {
            type: 'paused',
            from: pauseStart(state.pauses, cmd.receivedAt),
            by: cmd.by,
            reasonId: cmd.reasonId,
            kind: 'staff',
          },
        ])
      })
    case 'resume':
      return whileOpen(state, cmd.receivedAt, () => {
        const open = openPauseOf(planOf(state), state.pauses)
        if (!open) return err('attempt.not_paused')
        return ok(
          open.kind === 'break'
            ? endOpenBreak(state, cmd.receivedAt, cmd.by)
            : [{ type: 'resumed', until: cmd.receivedAt, by: cmd.by }],
        )
      })
    case 'message':
      return whileOpen(state, cmd.receivedAt, () =>
        ok([{ type: 'message_sent', messageId: cmd.messageId, by: cmd.by }]),
      )
    case 'staffClose': {
      const head = headOf(state)
      const deadlineAt = headDeadlineAt(head, cmd.receivedAt)
      const timeLeft = deadlineAt === null || cmd.receivedAt < deadlineAt
      if (head.status === 'in_progress' && timeLeft && !cmd.evenWithTimeLeft) return err('attempt.has_time_left')
      const ending = closeAttempt(head, {
        reason: 'staff_closed',
        at: cmd.receivedAt,
        by: cmd.by,
        reasonId: cmd.reasonId,
      })
      return ending.ok ? ok([ending.value]) : ending
    }
    case 'connection':
      if (state.status !== 'in_progress' || state.connected === cmd.connected) return ok([])
      return ok([cmd.connected ? { type: 'reconnected' } : { type: 'disconnected', lastSeenAt: cmd.lastSeenAt }])
    case 'decideLateText':
      if (state.status === 'ready') return err('attempt.not_started')
      return ok([
        {
          type: 'late_text_decided',
          itemId: cmd.itemId,
          mutationId: cmd.mutationId,
          contentHash: cmd.contentHash,
          decision: cmd.decision,
          by: cmd.by,
          reasonId: cmd.reasonId,
        },
      ])
    case 'clockAlarm':
      return noteClock(state, cmd.receivedAt, { type: 'clock_alarm', alarmId: cmd.alarmId, stepMs: cmd.stepMs })
    case 'clockConfirmed':
      return noteClock(state, cmd.receivedAt, {
        type: 'clock_confirmed',
        alarmId: cmd.alarmId,
        stepMs: cmd.stepMs,
        givenBackMs: givenBackMs(state, cmd.stepMs, cmd.receivedAt),
        by: cmd.by,
      })
    case 'sweep':
      return sweep(state, cmd.receivedAt)
    case 'score':
      return state.status === 'closed'
        ? ok([{ type: 'scored', scoringHash: cmd.scoringHash }])
        : err('attempt.not_closed')
    case 'release':
      if (state.scoredAt === null) return err('attempt.not_scored')
      return state.releasedAt === null ? ok([{ type: 'released', by: cmd.by }]) : err('attempt.already_released')
    default:
      return assertNever(cmd)
  }
}

/** Past its deadline an attempt is over, swept or not: only saves within the allowance still reach it. */
function whileOpen(state: Attempt, now: Instant, then: () => Bodies): Bodies {
  if (state.status === 'ready') return err('attempt.not_started')
  if (state.status === 'closed') return err('attempt.not_open')
  const deadlineAt = headDeadlineAt(headOf(state), now)
  return deadlineAt !== null && now > deadlineAt ? err('attempt.not_open') : then()
}

/**
 * Closes for time, at the deadline. Waits for the allowance, so that saves under way are in before the closing where
 * possible.
 */
function sweep(state: Attempt, now: Instant): Bodies {
  const head = headOf(state)
  if (head.status !== 'in_progress') return ok([])
  const deadlineAt = headDeadlineAt(head, now)
  if (deadlineAt === null || now <= deadlineAt + head.latencyAllowanceMs) return ok([])
  const ending = closeAttempt(head, { reason: 'clock', at: now })
  return ending.ok ? ok([ending.value]) : ending
}

/**
 * Once an alarm and once its confirmation. An attempt that has closed meanwhile was running when it happened, so it is
 * noted there too.
 */
function noteClock(
  state: Attempt,
  now: Instant,
  note: Extract<EventBody, { type: 'clock_alarm' | 'clock_confirmed' }>,
): Bodies {
  if (state.status === 'ready') return err('attempt.not_started')
  if (state.clockNotes.includes(clockNote(note))) return ok([])
  return ok([...(note.type === 'clock_confirmed' ? endBreakThatRanOut(state, now) : []), note])
}

/**
 * What a clock that is set ahead would take from an attempt that has time left. Time that staff let stand still is not
 * among it: their pause gets longer by the step and gives it back itself. A step back takes nothing.
 */
function givenBackMs(state: Attempt, stepMs: DurationMs, now: Instant): DurationMs {
  if (state.status !== 'in_progress' || stepMs <= 0) return 0
  const head = headOf(state)
  return headRemainingMs(head, now) === 0 || head.pause?.kind === 'staff' ? 0 : stepMs
}

type HolderCommand = Extract<
  AttemptCommand,
  { type: 'flag' | 'enterSection' | 'leaveSection' | 'moveTo' | 'switchLanguage' | 'takeBreak' | 'endBreak' }
>

function byHolder(state: Attempt, cmd: HolderCommand): Bodies {
  const plan = planOf(state)
  const now = cmd.receivedAt
  const open = openPauseOf(plan, state.pauses)
  switch (cmd.type) {
    case 'flag':
      if (!placeOf(state.setup, cmd.itemId)) return err('answer.unknown_item')
      return ok(
        answerOf(state, cmd.itemId).flagged === cmd.flagged
          ? []
          : [{ type: 'flagged', itemId: cmd.itemId, flagged: cmd.flagged }],
      )
    case 'switchLanguage':
      if (!state.setup.switchLanguage) return err('attempt.language_fixed')
      return ok(state.locale === cmd.locale ? [] : [{ type: 'language_switched', locale: cmd.locale }])
    case 'takeBreak': {
      // Two requests may be decided in the other order than they were received: a break that begins a moment later is
      // one already.
      if (open && isPausedAt(open, later(now, open.from))) return err('attempt.already_paused')
      if (breakUsedMs(state.pauses, now) >= plan.accommodation.breaks.allowanceMs) return err('attempt.no_break_left')
      return ok([{ type: 'paused', from: pauseStart(state.pauses, now), by: cmd.by, reasonId: null, kind: 'break' }])
    }
    case 'endBreak':
      return open?.kind === 'break' ? ok(endOpenBreak(state, now, cmd.by)) : err('attempt.not_paused')
    case 'enterSection': {
      const rule = sectionRules(state).find((s) => s.id === cmd.sectionId)
      if (!rule) return err('navigation.section_unknown')
      if (isPausedAt(open, now)) return err('attempt.paused')
      if (state.section?.id === cmd.sectionId) return ok([])
      if (rule.gated && rule.left) return err('navigation.section_left')
      const leaving = state.section ? leave(state, now) : ok([])
      if (!leaving.ok) return leaving
      return ok([
        ...endBreakThatRanOut(state, now),
        ...leaving.value,
        { type: 'section_entered', sectionId: cmd.sectionId },
      ])
    }
    case 'leaveSection':
      if (state.section?.id !== cmd.sectionId) return err('navigation.section_not_entered')
      return isPausedAt(open, now) ? err('attempt.paused') : leave(state, now)
    case 'moveTo':
      return isPausedAt(open, now) ? err('attempt.paused') : moveTo(state, cmd.itemId)
    default:
      return assertNever(cmd)
  }
}

function leave(state: Attempt, now: Instant): Bodies {
  if (!state.section) return ok([])
  const visit = visitOf(state.section)
  const allowed = canLeaveSection(planOf(state), visit, state.grants, state.pauses, now)
  return allowed.ok ? ok([{ type: 'section_left', sectionId: visit.sectionId }]) : allowed
}

/** Going forward in a forward-only section leaves every item of the pages passed; elsewhere moving leaves no trace. */
function moveTo(state: Attempt, itemId: string): Bodies {
  const place = placeOf(state.setup, itemId)
  const section = state.setup.sections.find((s) => s.id === place?.sectionId)
  if (!place || !section) return err('answer.unknown_item')
  const rule = sectionRules(state).find((s) => s.id === section.id)
  if (!rule?.gated) return ok([])
  if (state.section?.id !== section.id)
    return err(rule.left ? 'navigation.section_left' : 'navigation.section_not_entered')
  if (!rule.forwardOnly) return ok([])
  const { page } = state.section
  if (place.page < page) return err('navigation.forward_only')
  return ok(
    section.itemIds
      .slice(page * section.itemsPerPage, place.page * section.itemsPerPage)
      .map((id) => ({ type: 'item_left', itemId: id })),
  )
}

/** Ends the open break, at the latest when its allowance ran out. Nothing where no break is open. */
function endOpenBreak(state: Attempt, now: Instant, by: string): EventBody[] {
  const open = openPauseOf(planOf(state), state.pauses)
  if (open?.kind !== 'break') return []
  return [{ type: 'resumed', until: Math.max(open.from, Math.min(now, open.endsAt ?? now)), by }]
}

/**
 * A break whose allowance has run out, over in the record too: before a section is entered, which would be credited
 * with it, and before time is granted, which would count as granted within it.
 */
function endBreakThatRanOut(state: Attempt, now: Instant): EventBody[] {
  const endsAt = openPauseOf(planOf(state), state.pauses)?.endsAt ?? null
  return endsAt !== null && endsAt <= now ? endOpenBreak(state, endsAt, 'clock') : []
}

/** A pause begins when it is asked for, but never within a former one. */
const pauseStart = (pauses: readonly Pause[], now: Instant): Instant =>
  pauses.reduce((from, p) => later(from, p.until ?? from), now)
