/** The live room's form as the server reads it. */
import { z } from 'zod'

export const ACTS = ['grant', 'pause', 'resume', 'message', 'close'] as const
export type Act = (typeof ACTS)[number]
const MAX_MINUTES = 600
const MINUTE_MS = 60_000

const typed = {
  act: z.enum(ACTS, 'form.choose'),
  minutes: z.string().trim().max(10, 'grant.invalid').default(''),
  text: z.string().trim().max(1000, 'form.too_long').default(''),
}
const needs = (input: { act: Act; minutes: string; text: string }, ctx: z.RefinementCtx): void => {
  const minutes = /^\d{1,3}$/.test(input.minutes) ? Number(input.minutes) : 0
  if (input.act === 'grant' && (minutes < 1 || minutes > MAX_MINUTES))
    ctx.addIssue({ code: 'custom', path: ['minutes'], message: 'grant.invalid' })
  if (input.act !== 'resume' && input.text === '')
    ctx.addIssue({ code: 'custom', path: ['text'], message: 'form.required' })
}
/** What is typed or chosen; the boxes travel with the form. */
export const TypedActSchema = z.object(typed).superRefine(needs)

const id = z.string().min(1).max(100)
const ids = z.union([id.transform((value) => [value]), z.array(id).max(500)]).default([])
export const ActSchema = z
  .strictObject({
    intent: z.literal('act'),
    ...typed,
    requestId: id,
    attempts: ids,
    /** Those whom a closing may end although they have time left; they need no second tick elsewhere. */
    confirmed: ids,
  })
  .superRefine(needs)
  .superRefine((input, ctx) => {
    if (input.attempts.length + input.confirmed.length === 0)
      ctx.addIssue({ code: 'custom', path: ['attempts'], message: 'room.nobody' })
  })
  .transform((input) => ({ ...input, attempts: [...new Set([...input.attempts, ...input.confirmed])] }))
export const RoomFormSchema = z.discriminatedUnion('intent', [
  ActSchema,
  z.strictObject({
    intent: z.literal('confirm-clock'),
    alarmId: id,
    aheadMs: z
      .string()
      .regex(/^-?\d{1,15}$/)
      .transform(Number),
  }),
])

/** The act as the service takes it. */
export function roomAct(input: z.output<typeof ActSchema>) {
  switch (input.act) {
    case 'grant':
      return {
        type: 'grant' as const,
        extraMs: Number(input.minutes) * MINUTE_MS,
        reason: input.text,
        requestId: input.requestId,
      }
    case 'pause':
      return { type: 'pause' as const, reason: input.text }
    case 'resume':
      return { type: 'resume' as const }
    case 'message':
      return { type: 'message' as const, text: input.text, requestId: input.requestId }
    case 'close':
      return { type: 'close' as const, reason: input.text, confirmed: input.confirmed }
  }
}
