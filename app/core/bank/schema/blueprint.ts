import { z } from 'zod'
import { LocaleSchema, LocalizedTextSchema } from '../../shared/locale.ts'
import { ItemKindSchema } from '../vocabulary.ts'
import { IdSchema, OptionIdSchema } from './parts.ts'

const BoundSchema = z.strictObject({
  by: z.enum(['competency', 'kind', 'difficulty', 'channel', 'source', 'bank', 'topic']),
  /** For difficulty: `easy` (at least .75), `medium` (.5 to .75), `hard` (below .5). */
  value: z.string(),
  min: z.int().min(0).default(0),
  max: z.int().min(0).optional(),
})
export const BlueprintSchema = z.strictObject({
  id: IdSchema,
  title: LocalizedTextSchema,
  sections: z
    .array(
      z.strictObject({
        id: OptionIdSchema,
        title: LocalizedTextSchema,
        instructions: LocalizedTextSchema.optional(),
        count: z.int().min(1).max(60),
        /** Banks whose items may be drawn. */
        banks: z.array(IdSchema).min(1),
        kinds: z.array(ItemKindSchema).optional(),
        bounds: z.array(BoundSchema).default([]),
        itemsPerPage: z.int().min(1).max(10).default(1),
        /** forward_only: an item that was left cannot be changed; enforced on every write. */
        navigation: z.enum(['free', 'forward_only']).default('free'),
        timeLimitMinutes: z.number().positive().optional(),
        /** The section cannot be left earlier than this. */
        minimumSeconds: z.int().min(0).default(0),
      }),
    )
    .min(1),
  /**
   * Largest share of recent forms in which one item may appear (0 to 1); counted over the last `exposureWindow` forms.
   */
  exposureCap: z.number().min(0.05).max(1).default(1),
  exposureWindow: z.int().min(1).default(50),
  /** Languages in which every drawn item must have a current text. */
  languages: z.array(LocaleSchema).default(['zh-CN', 'en']),
})
export type Blueprint = z.output<typeof BlueprintSchema>
export type BlueprintSection = Blueprint['sections'][number]
