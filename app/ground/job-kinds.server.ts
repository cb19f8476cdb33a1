// Every kind of job and what it carries: ids only, because a job outlives the erasure of a person.
import { z } from 'zod'

const id = z.string().min(1).max(200)

export const JOB_KINDS = {
  'note-clock': z.strictObject({
    attemptId: id,
    type: z.enum(['clock_alarm', 'clock_confirmed']),
    alarmId: id,
    stepMs: z.int(),
    at: z.int(),
    by: id.nullable(),
  }),
  'score-attempt': z.strictObject({ attemptId: id }),
  'send-mail': z.strictObject({ mailId: id }),
} as const satisfies Record<string, z.ZodType<Record<string, string | number | boolean | null>>>

export type JobKind = keyof typeof JOB_KINDS
export type JobPayload<K extends JobKind> = z.infer<(typeof JOB_KINDS)[K]>

export const isJobKind = (kind: string): kind is JobKind => Object.hasOwn(JOB_KINDS, kind)
