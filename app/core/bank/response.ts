/** What a candidate may answer, per item kind. Answers refer to option ids, never to positions or texts. */
import { z } from 'zod'
import { hasForbiddenCharacter } from '../shared/text.ts'
import { OptionIdSchema } from './schema.ts'

const text = (max: number) =>
  z
    .string()
    .max(max * 2) // UTF-16 units: an upper bound that costs nothing; the limit in code points is checked against the item
    .refine((value) => !hasForbiddenCharacter(value), { message: 'text.forbidden_character' })

export const ResponseSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('single_choice'), optionId: OptionIdSchema }),
  z.strictObject({ kind: z.literal('multiple_choice'), optionIds: z.array(OptionIdSchema).max(8) }),
  z.strictObject({ kind: z.literal('true_false'), value: z.boolean() }),
  z.strictObject({ kind: z.literal('ordering'), order: z.array(OptionIdSchema).max(8) }),
  z.strictObject({ kind: z.literal('matching'), pairs: z.record(OptionIdSchema, OptionIdSchema) }),
  z.strictObject({ kind: z.literal('cloze'), gaps: z.record(OptionIdSchema, text(200)) }),
  z.strictObject({ kind: z.literal('numeric'), text: text(40) }),
  z.strictObject({ kind: z.literal('short_text'), text: text(200) }),
  z.strictObject({
    kind: z.literal('situational_judgement'),
    /** rate mode: action id → 1…5 */
    ratings: z.record(OptionIdSchema, z.int().min(1).max(5)).optional(),
    /** best_worst mode */
    best: OptionIdSchema.optional(),
    worst: OptionIdSchema.optional(),
  }),
  z.strictObject({ kind: z.literal('behavioural'), situation: text(20_000), task: text(20_000), action: text(20_000), result: text(20_000) }),
  z.strictObject({ kind: z.literal('written_reply'), subject: text(300).optional(), text: text(20_000) }),
  z.strictObject({ kind: z.literal('essay'), text: text(20_000) }),
])
export type Response = z.output<typeof ResponseSchema>
export type ResponseOf<K extends Response['kind']> = Extract<Response, { kind: K }>
