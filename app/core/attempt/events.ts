/**
 * What can happen to an attempt. Events are kept for ever, so they hold ids, hashes and numbers only: what a person
 * wrote (answers, messages, reasons) stands in erasable rows that an id refers to.
 */
import { z } from 'zod'
import { LocaleSchema } from '../shared/locale.ts'

/** An opaque reference. The pattern leaves no room for a sentence. */
export const RefSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]*$/)
  .max(120)
/** Milliseconds since the epoch. */
const InstantSchema = z.int()
const HashSchema = z.string().regex(/^[A-Za-z0-9_-]{1,88}={0,2}$/)
const DurationSchema = z.int()

export const CLOSING_REASONS = ['submitted', 'time_up', 'staff_closed', 'window_closed'] as const
export type ClosingReason = (typeof CLOSING_REASONS)[number]
export const ClosingReasonSchema = z.enum(CLOSING_REASONS)

export const QUARANTINE_REASONS = ['late', 'closed', 'section_late', 'conflict'] as const
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number]
export const LATE_TEXT_DECISIONS = ['counted', 'not_counted'] as const
export type LateTextDecision = (typeof LATE_TEXT_DECISIONS)[number]
export const QuarantineReasonSchema = z.enum(QUARANTINE_REASONS)

const head = { seq: z.int().min(1), at: InstantSchema }

export const AttemptEventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...head,
    type: z.literal('started'),
    epoch: z.int().min(1),
    sessionId: RefSchema,
    locale: LocaleSchema,
  }),
  z.strictObject({
    ...head,
    type: z.literal('answer_saved'),
    itemId: RefSchema,
    revision: z.int().min(1),
    mutationId: RefSchema,
    contentHash: HashSchema,
    epoch: z.int().min(1),
    receivedAt: InstantSchema,
    /** Received after the deadline, within the latency allowance. */
    late: z.boolean(),
    flagged: z.boolean().optional(),
  }),
  z.strictObject({
    ...head,
    type: z.literal('answer_quarantined'),
    itemId: RefSchema,
    mutationId: RefSchema,
    contentHash: HashSchema,
    epoch: z.int().min(1),
    receivedAt: InstantSchema,
    reason: QuarantineReasonSchema,
    /** There is a text for staff to decide on. Without: a mark alone, or an answer taken back. */
    hasText: z.boolean(),
  }),
  z.strictObject({
    ...head,
    type: z.literal('late_text_decided'),
    itemId: RefSchema,
    mutationId: RefSchema,
    contentHash: HashSchema,
    decision: z.enum(LATE_TEXT_DECISIONS),
    by: RefSchema,
    reasonId: RefSchema.nullable(),
  }),
  z.strictObject({ ...head, type: z.literal('flagged'), itemId: RefSchema, flagged: z.boolean() }),
  z.strictObject({ ...head, type: z.literal('section_entered'), sectionId: RefSchema }),
  z.strictObject({ ...head, type: z.literal('section_left'), sectionId: RefSchema }),
  z.strictObject({ ...head, type: z.literal('item_left'), itemId: RefSchema }),
  z.strictObject({
    ...head,
    type: z.literal('paused'),
    from: InstantSchema,
    by: RefSchema,
    reasonId: RefSchema.nullable(),
    kind: z.enum(['staff', 'break']),
  }),
  z.strictObject({ ...head, type: z.literal('resumed'), until: InstantSchema, by: RefSchema }),
  z.strictObject({
    ...head,
    type: z.literal('time_granted'),
    extraMs: DurationSchema.min(1),
    by: RefSchema,
    reasonId: RefSchema,
    requestId: RefSchema.optional(),
  }),
  z.strictObject({ ...head, type: z.literal('taken_over'), epoch: z.int().min(2), sessionId: RefSchema }),
  z.strictObject({ ...head, type: z.literal('language_switched'), locale: LocaleSchema }),
  /** `lastSeenAt`: the page's last sign. */
  z.strictObject({ ...head, type: z.literal('disconnected'), lastSeenAt: InstantSchema }),
  z.strictObject({ ...head, type: z.literal('reconnected') }),
  /**
   * The server's wall clock stepped; `at` is the instant by the clock that goes on in monotonic time. Negative:
   * backwards.
   */
  z.strictObject({ ...head, type: z.literal('clock_alarm'), alarmId: RefSchema, stepMs: DurationSchema }),
  /**
   * Staff accept the machine's time: instants after this one are `stepMs` ahead of those before; `givenBackMs` moves
   * the deadline along.
   */
  z.strictObject({
    ...head,
    type: z.literal('clock_confirmed'),
    alarmId: RefSchema,
    stepMs: DurationSchema,
    givenBackMs: DurationSchema.min(0),
    by: RefSchema,
  }),
  z.strictObject({ ...head, type: z.literal('message_sent'), messageId: RefSchema, by: RefSchema }),
  z.strictObject({
    ...head,
    type: z.literal('closed'),
    reason: ClosingReasonSchema,
    finishedAt: InstantSchema,
    /** Set where a member of staff closed it. */
    by: RefSchema.optional(),
    reasonId: RefSchema.optional(),
  }),
  z.strictObject({ ...head, type: z.literal('scored'), scoringHash: HashSchema }),
  z.strictObject({ ...head, type: z.literal('released'), by: RefSchema }),
])
export type AttemptEvent = z.output<typeof AttemptEventSchema>
export type AttemptEventOf<T extends AttemptEvent['type']> = Extract<AttemptEvent, { type: T }>

type WithoutHead<E> = E extends unknown ? Omit<E, 'seq' | 'at'> : never
/** An event before it has its place in the story. */
export type EventBody = WithoutHead<AttemptEvent>

/** Numbers events after `seq`, all at one instant. */
export function numbered(seq: number, at: number, bodies: readonly EventBody[]): AttemptEvent[] {
  return bodies.map((body, i) => ({ ...body, seq: seq + 1 + i, at }))
}
