/**
 * The wire protocol between player and server: JSON, parsed strictly at the server's edge. Times are milliseconds; the
 * client takes differences of `serverTime` only and measures them with a monotonic clock of its own.
 */
import { z } from 'zod'
import { ResponseSchema, type Response } from '../bank/response.ts'
import { LocaleSchema } from '../shared/locale.ts'
import type { Instant } from '../shared/time.ts'
import { deadlineUnderPause, isPausedAt } from '../timing/deadline.ts'
import { ClosingReasonSchema, QuarantineReasonSchema, RefSchema } from './events.ts'
import { MAX_MUTATIONS } from './limits.ts'
import type { Receipt } from './receipt.ts'
import type { SaveCommand, SaveDecision } from './save.ts'
import { headDeadlineAt, headRemainingMs, phaseAt, type AttemptHead } from './state.ts'

export { HEARTBEAT_MS, MAX_MUTATIONS, MAX_SAVE_BYTES, SAVE_DEBOUNCE_MS, SAVE_MAX_WAIT_MS } from './limits.ts'

const CodeSchema = z.string().regex(/^[a-z_]+(\.[a-z_]+)+$/)
const InstantSchema = z.int().min(0)
const EpochSchema = z.int().min(1)

export const MutationSchema = z.strictObject({
  /** Made by the client, unique within the attempt; repeated unchanged when the reply was lost. */
  mutationId: RefSchema,
  itemId: RefSchema,
  /** Revision that the client last had acknowledged; 0 where the item has none. */
  baseRevision: z.int().min(0),
  /** null takes the answer back. */
  response: ResponseSchema.nullable(),
  flagged: z.boolean().optional(),
  /** For the candidate's own display only; no rule reads it. */
  clientSavedAtMs: z.number().optional(),
})
export const SaveRequestSchema = z.strictObject({
  attemptId: RefSchema,
  epoch: EpochSchema,
  mutations: z.array(MutationSchema).max(MAX_MUTATIONS),
  /** Final flush and submit as one idempotent call. */
  final: z.boolean().optional(),
})
export type SaveRequest = z.output<typeof SaveRequestSchema>

const AcceptedSchema = z.strictObject({ result: z.literal('accepted'), revision: z.int().min(1), late: z.boolean() })
const QuarantinedFirstSchema = z.strictObject({ result: z.literal('quarantined') })
const address = { mutationId: RefSchema, itemId: RefSchema }
export const SaveResultSchema = z.discriminatedUnion('result', [
  z.strictObject({ ...address, ...AcceptedSchema.shape }),
  z.strictObject({
    ...address,
    result: z.literal('duplicate'),
    first: z.discriminatedUnion('result', [AcceptedSchema, QuarantinedFirstSchema]),
  }),
  z.strictObject({
    ...address,
    result: z.literal('conflict'),
    serverRevision: z.int().min(0),
    /** The stored answer, so that the candidate can choose; added by the service. */
    serverResponse: ResponseSchema.nullable().optional(),
  }),
  z.strictObject({ ...address, result: z.literal('quarantined'), reason: QuarantineReasonSchema }),
  z.strictObject({ ...address, result: z.literal('refused'), code: CodeSchema }),
])

export const AttemptStatusSchema = z.enum(['ready', 'in_progress', 'closed'])
/** What every reply to a candidate's page tells about the clock. */
const clockShape = {
  serverTime: InstantSchema,
  /** null where nothing ends the attempt. While paused it moves with `serverTime`. */
  deadlineAt: InstantSchema.nullable(),
  remainingMs: z.int().min(0).nullable(),
  paused: z.boolean(),
  /** End of the visited section; null where it has no limit of its own that comes first. */
  sectionDeadlineAt: InstantSchema.nullable(),
  epoch: z.int().min(0),
  status: AttemptStatusSchema,
}
export const ClockReplySchema = z.strictObject(clockShape)
export type ClockReply = z.output<typeof ClockReplySchema>

export const ReceiptSchema = z.strictObject({
  attemptId: RefSchema,
  reason: ClosingReasonSchema,
  finishedAt: InstantSchema,
  answers: z.int().min(0),
  fingerprint: z.string().min(1),
})
export const SaveReplySchema = z.strictObject({
  ...clockShape,
  results: z.array(SaveResultSchema),
  /** Only where `final` was asked. */
  closing: z
    .discriminatedUnion('result', [
      z.strictObject({ result: z.enum(['closed', 'already_closed']) }),
      z.strictObject({ result: z.literal('refused'), code: CodeSchema }),
    ])
    .optional(),
  receipt: ReceiptSchema.optional(),
})
export type SaveReply = z.output<typeof SaveReplySchema>

export const HeartbeatRequestSchema = z.strictObject({
  attemptId: RefSchema,
  epoch: EpochSchema,
  locale: LocaleSchema.optional(),
})
export type HeartbeatRequest = z.output<typeof HeartbeatRequestSchema>
export const HeartbeatReplySchema = ClockReplySchema
export type HeartbeatReply = ClockReply

/**
 * 401 no session · 404 no such attempt, or not yours · 409 `attempt.taken_over` or `attempt.not_open` · 413 too large ·
 * 422 not the protocol · 429 too often · 503 the server cannot now · 507 its disk is full. The last three bear
 * `retryAfterMs`. A 409 to a save bears the reply, so that each mutation is settled all the same.
 */
export const ERROR_STATUS = [401, 404, 409, 413, 422, 429, 503, 507] as const
export type ErrorStatus = (typeof ERROR_STATUS)[number]
export const ErrorReplySchema = z.strictObject({
  status: z.literal(ERROR_STATUS),
  code: CodeSchema,
  params: z.record(z.string().max(40), z.union([z.string(), z.number()])).optional(),
  retryAfterMs: z.int().min(0).optional(),
  reply: SaveReplySchema.optional(),
})
export type ErrorReply = z.output<typeof ErrorReplySchema>

/**
 * Messages of the attempt's event stream. The stream wakes the player; the clock in each message is the truth of that
 * moment.
 */
export const StreamMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('deadline_changed'), clock: ClockReplySchema }),
  z.strictObject({ type: z.literal('paused'), clock: ClockReplySchema }),
  z.strictObject({ type: z.literal('resumed'), clock: ClockReplySchema }),
  z.strictObject({
    type: z.literal('message'),
    messageId: RefSchema,
    text: z.string().max(2000),
    sentAt: InstantSchema,
  }),
  z.strictObject({ type: z.literal('taken_over'), epoch: EpochSchema }),
  z.strictObject({ type: z.literal('closed'), reason: ClosingReasonSchema, finishedAt: InstantSchema }),
])
export type StreamMessage = z.output<typeof StreamMessageSchema>

/**
 * The command in a request. Nothing that the client says about time gets through: `receivedAt` is the server's, and
 * `clientSavedAtMs` is dropped here.
 */
export function saveCommandOf(
  request: SaveRequest,
  receivedAt: Instant,
  facts: (mutation: SaveRequest['mutations'][number]) => { contentHash: string; invalid?: string },
): SaveCommand {
  return {
    epoch: request.epoch,
    receivedAt,
    final: request.final ?? false,
    mutations: request.mutations.map((m) => ({
      mutationId: m.mutationId,
      itemId: m.itemId,
      baseRevision: m.baseRevision,
      ...(m.flagged === undefined ? {} : { flagged: m.flagged }),
      ...(m.response === null ? { empty: true } : {}),
      ...facts(m),
    })),
  }
}

/** The clock as a page sees it at `now`. */
export function clockOf(head: AttemptHead, now: Instant): ClockReply {
  const sectionDeadlineAt = head.section && deadlineUnderPause(head.section.deadlineAt, head.pause, now)
  const deadlineAt = headDeadlineAt(head, now)
  return {
    serverTime: now,
    deadlineAt,
    remainingMs: headRemainingMs(head, now),
    paused: isPausedAt(head.pause, now),
    sectionDeadlineAt: sectionDeadlineAt === deadlineAt ? null : sectionDeadlineAt,
    epoch: head.epoch,
    status: phaseAt(head, now),
  }
}

/**
 * The reply to a save. `stored` gives the stored answer of an item in conflict; `receipt` is set once the attempt is
 * closed.
 */
export function saveReplyOf(
  decision: SaveDecision,
  now: Instant,
  extra: { receipt?: Receipt | null; stored?: (itemId: string) => Response | null } = {},
): SaveReply {
  const { closing } = decision
  return {
    ...clockOf(decision.head, now),
    results: decision.results.map((r) =>
      r.result === 'conflict' && extra.stored ? { ...r, serverResponse: extra.stored(r.itemId) } : { ...r },
    ),
    ...(closing
      ? { closing: closing.ok ? { result: closing.value } : { result: 'refused', code: closing.error.code } }
      : {}),
    ...(extra.receipt ? { receipt: extra.receipt } : {}),
  }
}

/**
 * 409 where no mutation could be taken because the page no longer holds the attempt or the attempt is over; null for
 * 200. A submit that found the attempt closed is a 200: it asked for what is the case.
 */
export function conflictCodeOf(decision: SaveDecision): 'attempt.taken_over' | 'attempt.not_open' | null {
  const { results, closing } = decision
  const takenOver = (code: string): boolean => code === 'attempt.taken_over'
  if (
    results.some((r) => r.result === 'refused' && takenOver(r.code)) ||
    (closing && !closing.ok && takenOver(closing.error.code))
  ) {
    return 'attempt.taken_over'
  }
  // A text that came too late for its section, or in conflict after its end, says nothing about the attempt: that may
  // still run.
  const gone = (reason: string): boolean => reason === 'late' || reason === 'closed'
  const over =
    results.length > 0 &&
    results.every(
      (r) =>
        (r.result === 'quarantined' && gone(r.reason)) || (r.result === 'refused' && r.code === 'attempt.not_started'),
    )
  return over && !closing?.ok ? 'attempt.not_open' : null
}
