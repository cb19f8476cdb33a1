import { z } from 'zod'
import { LocalizedTextSchema } from '../../shared/locale.ts'
import { ChannelSchema, CompetencySchema } from '../vocabulary.ts'
import { DateSchema, IdSchema, LanguagesSchema, OptionIdSchema, SourceSchema, WaiverSchema } from './parts.ts'

const OptionSchema = z.strictObject({
  id: OptionIdSchema,
  text: LocalizedTextSchema,
  /** Why it is right or wrong. Staff only until feedback is released. */
  rationale: LocalizedTextSchema,
  /** A retired option stays so that old answers keep their meaning, but is no longer shown. */
  retired: z.boolean().default(false),
})

const LimitsSchema = z.strictObject({
  /** Code points, not bytes: a Chinese character and an emoji count one each. */
  minCodePoints: z.int().min(0).default(0),
  maxCodePoints: z.int().min(1).max(20_000),
})

const baseShape = {
  id: IdSchema,
  competency: CompetencySchema,
  /** Free words for search and coverage, e.g. `stress`, `rain-soaked-book`. */
  topics: z.array(IdSchema).default([]),
  channel: ChannelSchema,
  /**
   * Author's estimate of the share of prepared candidates who earn the credit, 0 to 1. Provisional until experts rate
   * it.
   */
  difficulty: z.number().min(0.05).max(0.98),
  source: SourceSchema,
  /** The policy revision (and clause) that the item tests. Required for policy_knowledge items scored by key. */
  policy: z.strictObject({ id: IdSchema, revision: z.int().min(1), clause: z.string().optional() }).optional(),
  /** Scene or question. Markdown subset: paragraphs, lists, bold. */
  stem: LocalizedTextSchema,
  /** The instruction line under the stem, where the kind's default wording does not fit. */
  prompt: LocalizedTextSchema.optional(),
  /** Whether the candidate may search the policy articles while answering. */
  policySearch: z.boolean().default(false),
  /** Whether the attempt's seed may shuffle the options. */
  shuffle: z.boolean().default(true),
  points: z.number().positive().default(1),
  expectedSeconds: z.int().min(10).max(3600).default(60),
  /** Items that give each other away; never drawn together. Symmetric: naming one side is enough. */
  enemies: z.array(IdSchema).default([]),
  /** Practice items count for nothing and are never drawn into a form. */
  practice: z.boolean().default(false),
  /** Named experts who rated key and difficulty; below five the key is `provisional (author)`. */
  experts: z.array(z.strictObject({ name: z.string(), ratedOn: DateSchema })).default([]),
  languages: LanguagesSchema,
  waivers: z.array(WaiverSchema).default([]),
}

const GapSchema = z.discriminatedUnion('type', [
  z.strictObject({
    id: OptionIdSchema,
    type: z.literal('dropdown'),
    options: z.array(OptionSchema).min(2).max(8),
    key: OptionIdSchema,
  }),
  z.strictObject({
    id: OptionIdSchema,
    type: z.literal('typed'),
    /** Accepted forms, compared after folding (NFKC, case, width). A form of either language is accepted. */
    accepted: z.strictObject({ 'zh-CN': z.array(z.string().min(1)).min(1), en: z.array(z.string().min(1)).min(1) }),
    maxCodePoints: z.int().min(1).max(200).default(40),
    rationale: LocalizedTextSchema,
  }),
])

export const ItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...baseShape,
    kind: z.literal('single_choice'),
    options: z.array(OptionSchema).min(3).max(6),
    key: OptionIdSchema,
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('multiple_choice'),
    options: z.array(OptionSchema).min(4).max(8),
    keys: z.array(OptionIdSchema).min(1),
    /** right_minus_wrong: (keys ticked − others ticked) ÷ keys, not below 0. all_or_nothing: the exact set. */
    credit: z.enum(['right_minus_wrong', 'all_or_nothing']).default('right_minus_wrong'),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('true_false'),
    key: z.boolean(),
    rationale: z.strictObject({ true: LocalizedTextSchema, false: LocalizedTextSchema }),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('ordering'),
    elements: z
      .array(z.strictObject({ id: OptionIdSchema, text: LocalizedTextSchema }))
      .min(3)
      .max(8),
    /** Element ids in the right order. Credit: Kendall's tau, not below 0. */
    order: z.array(OptionIdSchema).min(3),
    rationale: LocalizedTextSchema,
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('matching'),
    left: z
      .array(z.strictObject({ id: OptionIdSchema, text: LocalizedTextSchema }))
      .min(2)
      .max(8),
    right: z
      .array(z.strictObject({ id: OptionIdSchema, text: LocalizedTextSchema }))
      .min(2)
      .max(10),
    /** left id → right id. Credit: share of left entries matched rightly. */
    pairs: z.record(OptionIdSchema, OptionIdSchema),
    /** One per left entry, by its id. */
    rationales: z.record(OptionIdSchema, LocalizedTextSchema),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('cloze'),
    /** Text with gaps written {{gap_id}}; each gap once in each language. */
    text: LocalizedTextSchema,
    gaps: z.array(GapSchema).min(1).max(8),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('numeric'),
    unit: LocalizedTextSchema.optional(),
    key: z.number(),
    /** Largest absolute difference that still earns the credit. */
    tolerance: z.number().min(0).default(0),
    rationale: LocalizedTextSchema,
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('short_text'),
    accepted: z.strictObject({ 'zh-CN': z.array(z.string().min(1)).min(1), en: z.array(z.string().min(1)).min(1) }),
    maxCodePoints: z.int().min(1).max(200).default(60),
    rationale: LocalizedTextSchema,
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('situational_judgement'),
    /** rate: rate each action 1 to 5. best_worst: choose the most and the least effective action. */
    mode: z.enum(['rate', 'best_worst']),
    actions: z
      .array(
        z.strictObject({
          id: OptionIdSchema,
          text: LocalizedTextSchema,
          /** Expert key: effectiveness 1 (harmful) to 5 (best). Staff only. */
          effectiveness: z.number().min(1).max(5),
          rationale: LocalizedTextSchema,
        }),
      )
      .min(4)
      .max(7),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('behavioural'),
    rubric: IdSchema,
    /** Follow-up questions for an interviewer; never shown to the candidate. */
    probes: z.array(LocalizedTextSchema).min(3),
    limits: LimitsSchema.default({ minCodePoints: 0, maxCodePoints: 1500 }),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('written_reply'),
    rubric: IdSchema,
    replyChannel: z.enum(['mail', 'chat']),
    /** The conversation so far, oldest first. */
    thread: z
      .array(
        z.strictObject({
          from: z.enum(['customer', 'agent', 'system', 'colleague']),
          name: LocalizedTextSchema.optional(),
          text: LocalizedTextSchema,
        }),
      )
      .min(1),
    /** Policy articles shown beside the task. */
    policies: z.array(IdSchema).default([]),
    /** What a complete reply covers; for raters only. */
    expected: z.array(LocalizedTextSchema).min(2),
    limits: LimitsSchema.default({ minCodePoints: 0, maxCodePoints: 3000 }),
  }),
  z.strictObject({
    ...baseShape,
    kind: z.literal('essay'),
    rubric: IdSchema,
    expected: z.array(LocalizedTextSchema).min(2),
    limits: LimitsSchema.default({ minCodePoints: 0, maxCodePoints: 4000 }),
  }),
])
export type Item = z.output<typeof ItemSchema>
export type ItemOf<K extends Item['kind']> = Extract<Item, { kind: K }>
