/**
 * The hot path: what becomes of a batch of saves, decided from one attempt row and the answer rows touched. The full
 * attempt decides through the same functions (decide.ts), so the two cannot differ.
 *
 * Order of the questions, for each mutation: have we answered it already (then the same reply) · is the sender still
 * the holder of the attempt · has it begun · is there time · may this item be written from here · is its base the
 * current revision.
 *
 * Saves after closing. A closed attempt does not change, with one exception: where the *clock* closed it (time_up or
 * window_closed), a save that was received up to deadline + allowance and found the attempt closed only because the
 * sweep overtook it in our own queue is treated as if the sweep had come later, unless the attempt has been scored.
 * Without it the order of two jobs of ours would decide whether an answer counts. After 'submitted' or 'staff_closed' a
 * person has ended the attempt and nothing is accepted. Whatever is not accepted for reasons of time goes to quarantine
 * for staff.
 */
import { err, ok, type Result } from '../shared/result.ts'
import type { Instant } from '../shared/time.ts'
import { classifySave, deadlineUnderPause, isPausedAt, mayLeaveAt } from '../timing/deadline.ts'
import { numbered, type AttemptEvent, type ClosingReason, type EventBody, type QuarantineReason } from './events.ts'
import { withReply } from './evolve.ts'
import { closedByClock, headDeadlineAt, type AnswerHead, type AttemptHead, type MutationReply } from './state.ts'

export type SaveMutation = {
  readonly mutationId: string
  readonly itemId: string
  /** The revision that the sender last knew; 0 for none. */
  readonly baseRevision: number
  /** Hash of the canonical response (receipt.ts), computed by the service. */
  readonly contentHash: string
  readonly flagged?: boolean
  /** Takes the answer back. */
  readonly empty?: boolean
  /** Set by the service where the response does not fit the item: the code to refuse it with. */
  readonly invalid?: string
  /** Set by the service where an earlier version of the answer was this very text. */
  readonly storedBefore?: boolean
}
export type SaveCommand = {
  readonly epoch: number
  /** When the request's headers arrived; the only instant that counts. */
  readonly receivedAt: Instant
  readonly mutations: readonly SaveMutation[]
  /** Final flush and submit in one idempotent call. */
  readonly final?: boolean
}

export type FirstReply =
  | { readonly result: 'accepted'; readonly revision: number; readonly late: boolean }
  | { readonly result: 'quarantined' }
export type SaveResult = { readonly mutationId: string; readonly itemId: string } & (
  | { readonly result: 'accepted'; readonly revision: number; readonly late: boolean }
  | { readonly result: 'duplicate'; readonly first: FirstReply }
  | { readonly result: 'conflict'; readonly serverRevision: number }
  | { readonly result: 'quarantined'; readonly reason: QuarantineReason }
  | { readonly result: 'refused'; readonly code: string }
)

export type CloseCode =
  | 'attempt.not_open'
  | 'attempt.taken_over'
  | 'attempt.has_time_left'
  | 'attempt.unsettled_answers'
  | 'section.minimum_time'
export type SaveDecision = {
  readonly results: readonly SaveResult[]
  readonly events: readonly AttemptEvent[]
  /** The attempt row after the events. */
  readonly head: AttemptHead
  /** The answer rows after the events, only those that changed. */
  readonly answers: readonly AnswerHead[]
  /** What became of the request to submit; null where `final` was not set. */
  readonly closing: Result<'closed' | 'already_closed', CloseCode> | null
}

type Verdict =
  | {
      kind: 'result'
      result:
        | { result: 'duplicate'; first: FirstReply }
        | { result: 'conflict'; serverRevision: number }
        | { result: 'refused'; code: string }
    }
  | { kind: 'accept'; late: boolean }
  | { kind: 'quarantine'; reason: QuarantineReason }

/** Decides a batch. Mutations are taken in their order, each on top of the former. */
export function decideSave(head: AttemptHead, answers: readonly AnswerHead[], cmd: SaveCommand): SaveDecision {
  const current = new Map(answers.map((a) => [a.itemId, a]))
  const changed = new Map<string, AnswerHead>()
  const results: SaveResult[] = []
  /** `<item> <hash>` of what this very batch has stored. */
  const stored = new Set<string>()
  const bodies: EventBody[] = []
  let unsettled = false

  for (const m of cmd.mutations) {
    const answer = current.get(m.itemId)
    const verdict: Verdict = answer ? judge(head, answer, m, cmd) : refused('answer.unknown_item')
    const { mutationId, itemId, contentHash } = m
    if (verdict.kind === 'result' || !answer) {
      if (verdict.kind === 'result') {
        results.push({ mutationId, itemId, ...verdict.result })
        unsettled ||= blocksSubmit(verdict.result)
      }
      continue
    }
    const stamp = { itemId, mutationId, contentHash, epoch: cmd.epoch, receivedAt: cmd.receivedAt }
    let next: AnswerHead
    if (verdict.kind === 'accept') {
      const revision = answer.revision + 1
      const { late } = verdict
      results.push({ mutationId, itemId, result: 'accepted', revision, late })
      stored.add(`${itemId} ${contentHash}`)
      bodies.push({
        type: 'answer_saved',
        ...stamp,
        revision,
        late,
        ...(m.flagged === undefined ? {} : { flagged: m.flagged }),
      })
      next = {
        ...answer,
        revision,
        replies: withReply(answer.replies, { mutationId, contentHash, outcome: 'accepted', revision, late }),
      }
    } else {
      results.push({ mutationId, itemId, result: 'quarantined', reason: verdict.reason })
      bodies.push({
        type: 'answer_quarantined',
        ...stamp,
        reason: verdict.reason,
        hasText: !stored.has(`${itemId} ${contentHash}`) && hasNewText(answer, m),
      })
      next = {
        ...answer,
        replies: withReply(answer.replies, {
          mutationId,
          contentHash,
          outcome: 'quarantined',
          revision: 0,
          late: false,
        }),
      }
    }
    current.set(itemId, next)
    changed.set(itemId, next)
  }

  let after = head
  let closing: SaveDecision['closing'] = null
  if (cmd.final) {
    const ending = decideSubmit(head, cmd, unsettled)
    closing = ending.ok ? ok(ending.value ? 'closed' : 'already_closed') : ending
    if (ending.ok && ending.value) {
      bodies.push(ending.value)
      after = closedHead(head, ending.value)
    }
  }
  const events = numbered(head.seq, cmd.receivedAt, bodies)
  return { results, events, head: { ...after, seq: head.seq + events.length }, answers: [...changed.values()], closing }
}

/**
 * Can the candidate still resolve it: choose between two texts, shorten one, wait for the pause to end? Then submitting
 * would lose a text. Refusals for navigation are final and hold nothing up.
 */
const blocksSubmit = (r: { result: string; code?: string }): boolean =>
  r.result === 'conflict' ||
  (r.result === 'refused' && r.code !== 'answer.unknown_item' && !r.code?.startsWith('navigation.'))

/**
 * A late mark on an answer that is stored already, an answer taken back, or a copy of an earlier version leaves nothing
 * to decide on.
 */
const hasNewText = (answer: AnswerHead, m: SaveMutation): boolean =>
  !m.empty &&
  !m.storedBefore &&
  answer.replies.findLast((reply) => reply.outcome === 'accepted')?.contentHash !== m.contentHash

const refused = (code: string): Verdict => ({ kind: 'result', result: { result: 'refused', code } })

function judge(head: AttemptHead, answer: AnswerHead, m: SaveMutation, cmd: SaveCommand): Verdict {
  const known = answer.replies.find((r) => r.mutationId === m.mutationId)
  if (known) {
    // an id used twice for different texts must not acknowledge a text that was never stored
    if (known.contentHash !== m.contentHash) return refused('answer.mutation_reused')
    return { kind: 'result', result: { result: 'duplicate', first: firstReply(known) } }
  }
  if (head.status === 'ready') return refused('attempt.not_started')
  if (cmd.epoch !== head.epoch) return refused('attempt.taken_over')
  if (m.invalid !== undefined) return judgeInvalid(head, answer, m.invalid, cmd.receivedAt)

  const time = judgeTime(head, cmd.receivedAt)
  if (time.kind !== 'accept') return time
  const place = judgePlace(head, answer, cmd.receivedAt)
  if (place.kind !== 'accept') return place
  const late = time.late || place.late
  if (m.baseRevision !== answer.revision) {
    // after the deadline nobody can choose between two texts any more: the other one is kept for staff
    return late
      ? { kind: 'quarantine', reason: 'conflict' }
      : { kind: 'result', result: { result: 'conflict', serverRevision: answer.revision } }
  }
  return { kind: 'accept', late }
}

/**
 * These hold what the candidate wrote, but too much of it, or with a character that cannot be stored. Other invalid
 * responses are no answers at all.
 */
const KEPT_WHEN_LATE = new Set(['response.too_long', 'response.forbidden_character'])

/**
 * While there is time, the candidate is told and can correct it. Afterwards nobody can, so the text goes to staff as it
 * is.
 */
function judgeInvalid(head: AttemptHead, answer: AnswerHead, code: string, receivedAt: Instant): Verdict {
  if (!KEPT_WHEN_LATE.has(code)) return refused(code)
  const time = judgeTime(head, receivedAt)
  if (time.kind === 'quarantine') return time
  const place = judgePlace(head, answer, receivedAt)
  if (place.kind === 'quarantine') return place
  const late = (time.kind === 'accept' && time.late) || (place.kind === 'accept' && place.late)
  return late ? { kind: 'quarantine', reason: 'late' } : refused(code)
}

const firstReply = (reply: MutationReply): FirstReply =>
  reply.outcome === 'accepted'
    ? { result: 'accepted', revision: reply.revision, late: reply.late }
    : { result: 'quarantined' }

function judgeTime(head: AttemptHead, receivedAt: Instant): Verdict {
  if (head.status === 'closed' && (!closedByClock(head) || head.scored)) return { kind: 'quarantine', reason: 'closed' }
  const deadlineAt = headDeadlineAt(head, receivedAt)
  const time = classifySave({ receivedAt, deadlineAt, latencyAllowanceMs: head.latencyAllowanceMs })
  if (time === 'quarantined') return { kind: 'quarantine', reason: head.status === 'closed' ? 'closed' : 'late' }
  // what was under way when the pause began still counts; what is written during it waits in the browser until it ends
  if (
    head.status === 'in_progress' &&
    head.pause &&
    isPausedAt(head.pause, receivedAt) &&
    receivedAt > head.pause.from + head.latencyAllowanceMs
  ) {
    return refused('attempt.paused')
  }
  return { kind: 'accept', late: time === 'late_accepted' }
}

function judgePlace(head: AttemptHead, answer: AnswerHead, receivedAt: Instant): Verdict {
  const rule = head.sections.find((s) => s.id === answer.sectionId)
  if (!rule?.gated) return { kind: 'accept', late: false }
  if (head.section?.id !== rule.id)
    return refused(rule.left ? 'navigation.section_left' : 'navigation.section_not_entered')
  if (rule.forwardOnly && answer.page < head.section.page) return refused('navigation.item_left')
  if (rule.forwardOnly && answer.page > head.section.page) return refused('navigation.not_reached')
  const deadlineAt = deadlineUnderPause(head.section.deadlineAt, head.pause, receivedAt)
  const time = classifySave({ receivedAt, deadlineAt, latencyAllowanceMs: head.latencyAllowanceMs })
  return time === 'quarantined'
    ? { kind: 'quarantine', reason: 'section_late' }
    : { kind: 'accept', late: time === 'late_accepted' }
}

type ClosedBody = Extract<EventBody, { type: 'closed' }>

/**
 * The one closing path: submit, time-up, sweep and staff all end here. Whoever asks, past the deadline it is the clock
 * that has closed the attempt, at its deadline; so every way of ending gives the same outcome.
 */
export function closeAttempt(
  head: AttemptHead,
  ask: { reason: 'submitted' | 'staff_closed' | 'clock'; at: Instant; by?: string; reasonId?: string },
): Result<ClosedBody, 'attempt.not_open'> {
  if (head.status !== 'in_progress') return err('attempt.not_open')
  const deadlineAt = headDeadlineAt(head, ask.at)
  if (deadlineAt !== null && (ask.at > deadlineAt || ask.reason === 'clock')) {
    return ok({ type: 'closed', reason: head.deadlineCause, finishedAt: deadlineAt })
  }
  if (ask.reason === 'clock') return err('attempt.not_open')
  const staff = ask.reason === 'staff_closed' ? { by: ask.by, reasonId: ask.reasonId } : {}
  return ok({ type: 'closed', reason: ask.reason satisfies ClosingReason, finishedAt: ask.at, ...staff })
}

/** The candidate's request to submit. null: it was closed before, and the receipt is the same. */
export function decideSubmit(
  head: AttemptHead,
  cmd: { epoch: number; receivedAt: Instant },
  unsettled: boolean,
): Result<ClosedBody | null, CloseCode> {
  if (head.status === 'closed') return ok(null)
  if (head.status === 'ready') return err('attempt.not_open')
  if (cmd.epoch !== head.epoch) return err('attempt.taken_over')
  const deadlineAt = headDeadlineAt(head, cmd.receivedAt)
  if (deadlineAt === null || cmd.receivedAt <= deadlineAt) {
    if (unsettled) return err('attempt.unsettled_answers')
    if (head.section) {
      const { minimumUntil, deadlineAt: sectionEnd } = head.section
      const shifted = deadlineUnderPause(minimumUntil, head.pause, cmd.receivedAt)
      const leave = mayLeaveAt(shifted, deadlineUnderPause(sectionEnd, head.pause, cmd.receivedAt), cmd.receivedAt)
      if (!leave.ok) return leave
    }
  }
  return closeAttempt(head, { reason: 'submitted', at: cmd.receivedAt })
}

/** The attempt row after closing. The deadline stays: it still decides about saves that wait in the queue. */
export function closedHead(head: AttemptHead, body: ClosedBody): AttemptHead {
  const shift = (at: Instant | null): Instant | null => deadlineUnderPause(at, head.pause, body.finishedAt)
  return {
    ...head,
    status: 'closed',
    closingReason: body.reason,
    finishedAt: body.finishedAt,
    deadlineAt: shift(head.deadlineAt),
    section: head.section && {
      ...head.section,
      deadlineAt: shift(head.section.deadlineAt),
      minimumUntil: shift(head.section.minimumUntil),
    },
    pause: null,
  }
}
