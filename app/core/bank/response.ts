/** What a candidate may answer, per item kind. Answers refer to option ids, never to positions or texts. */
import { z } from 'zod'
import { OptionIdSchema } from './schema/parts.ts'

/**
 * Any text. What it may hold and how long it may be is asked of the item, mutation by mutation (response-rules.ts): a
 * shape that refused it here would turn the whole batch away, and the candidate could not be told which answer to
 * shorten.
 */
const text = z.string()

export const ResponseSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('single_choice'), optionId: OptionIdSchema }),
  z.strictObject({ kind: z.literal('multiple_choice'), optionIds: z.array(OptionIdSchema).max(8) }),
  z.strictObject({ kind: z.literal('true_false'), value: z.boolean() }),
  z.strictObject({ kind: z.literal('ordering'), order: z.array(OptionIdSchema).max(8) }),
  z.strictObject({ kind: z.literal('matching'), pairs: z.record(OptionIdSchema, OptionIdSchema) }),
  z.strictObject({ kind: z.literal('cloze'), gaps: z.record(OptionIdSchema, text) }),
  z.strictObject({ kind: z.literal('numeric'), text }),
  z.strictObject({ kind: z.literal('short_text'), text }),
  z.strictObject({
    kind: z.literal('situational_judgement'),
    /** rate mode: action id → 1…5 */
    ratings: z.record(OptionIdSchema, z.int().min(1).max(5)).optional(),
    /** best_worst mode */
    best: OptionIdSchema.optional(),
    worst: OptionIdSchema.optional(),
  }),
  z.strictObject({ kind: z.literal('behavioural'), situation: text, task: text, action: text, result: text }),
  z.strictObject({ kind: z.literal('written_reply'), subject: text.optional(), text }),
  z.strictObject({ kind: z.literal('essay'), text }),
])
export type Response = z.output<typeof ResponseSchema>
export type ResponseOf<K extends Response['kind']> = Extract<Response, { kind: K }>
