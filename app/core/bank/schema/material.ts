/** What items are answered and judged with, and what interviewers work from. */
import { z } from 'zod'
import { LocalizedTextSchema } from '../../shared/locale.ts'
import { CompetencySchema } from '../vocabulary.ts'
import { DateSchema, IdSchema, LanguagesSchema, OptionIdSchema, SourceSchema, WaiverSchema } from './parts.ts'

/** A rubric: criteria with weights, each level with an anchor that an observer could see or read. */
export const RubricSchema = z
  .strictObject({
    id: IdSchema,
    title: LocalizedTextSchema,
    /** What the rubric judges. */
    appliesTo: z.array(z.enum(['answer', 'contact', 'interview'])).min(1),
    /** Levels run from 1 to this number. */
    levels: z.int().min(3).max(5),
    criteria: z
      .array(
        z.strictObject({
          id: OptionIdSchema,
          title: LocalizedTextSchema,
          competency: CompetencySchema,
          weight: z.number().positive().default(1),
          /** A level below `failBelow` fails the whole, whatever the rest earned. */
          critical: z.strictObject({ failBelow: z.int().min(2).max(5) }).optional(),
          notApplicable: z.boolean().default(false),
          evidence: z.enum(['required', 'optional']).default('required'),
          /** Anchor of level 1 first. */
          anchors: z.array(LocalizedTextSchema).min(3).max(5),
        }),
      )
      .min(1)
      .max(10),
    source: SourceSchema.optional(),
    languages: LanguagesSchema,
    waivers: z.array(WaiverSchema).default([]),
  })
  .refine((r) => r.criteria.every((c) => c.anchors.length === r.levels), {
    message: 'every criterion needs one anchor for each level',
  })
export type Rubric = z.output<typeof RubricSchema>

/** A knowledge-base article. A change of substance is a new revision; items that test the old one turn stale. */
export const PolicySchema = z.strictObject({
  id: IdSchema,
  title: LocalizedTextSchema,
  revision: z.int().min(1),
  effectiveFrom: DateSchema,
  status: z.enum(['current', 'dated', 'withdrawn']),
  summary: LocalizedTextSchema,
  clauses: z
    .array(
      z.strictObject({ id: z.string().regex(/^\d+(\.\d+)?$/), title: LocalizedTextSchema, text: LocalizedTextSchema }),
    )
    .min(1),
  /** Dated figures and claims, shown apart and marked as background; never the basis of a key. */
  background: z
    .array(z.strictObject({ text: LocalizedTextSchema, asOf: z.string().regex(/^\d{4}(-\d{2})?(-\d{2})?$/) }))
    .default([]),
  /** Set where the article names a real company: Poise has no tie to it. */
  namesCompanies: z.boolean().default(false),
  sources: z.array(SourceSchema).default([]),
  languages: LanguagesSchema,
  waivers: z.array(WaiverSchema).default([]),
})
export type Policy = z.output<typeof PolicySchema>

/** A mock scenario that an interviewer plays. The fact card is staff only. */
export const ScenarioSchema = z.strictObject({
  id: IdSchema,
  title: LocalizedTextSchema,
  channel: z.enum(['chat', 'mail', 'phone']),
  durationMinutes: z.int().min(3).max(60),
  competencies: z.array(CompetencySchema).min(1),
  /** What the candidate is told before it begins. */
  brief: LocalizedTextSchema,
  persona: z.strictObject({ name: LocalizedTextSchema, description: LocalizedTextSchema }),
  factCard: z.strictObject({
    opening: LocalizedTextSchema,
    knows: z
      .array(
        z.strictObject({
          id: OptionIdSchema,
          fact: LocalizedTextSchema,
          /** When the customer says it. */
          disclose: LocalizedTextSchema,
        }),
      )
      .min(2),
    doesNotKnow: z.array(LocalizedTextSchema).min(1),
    wants: LocalizedTextSchema,
    behaviour: LocalizedTextSchema,
    givesInWhen: LocalizedTextSchema,
    neverAgreesTo: LocalizedTextSchema.optional(),
  }),
  policies: z.array(IdSchema).default([]),
  rubric: IdSchema,
  source: SourceSchema,
  languages: LanguagesSchema,
  waivers: z.array(WaiverSchema).default([]),
})
export type Scenario = z.output<typeof ScenarioSchema>

/** A structured-interview kit: the same questions in the same order for every candidate. */
export const KitSchema = z.strictObject({
  id: IdSchema,
  title: LocalizedTextSchema,
  purpose: z.enum(['phone_screen', 'behavioural', 'simulation_debrief']),
  totalMinutes: z.int().min(5).max(120),
  opening: LocalizedTextSchema,
  sections: z
    .array(
      z.strictObject({
        id: OptionIdSchema,
        title: LocalizedTextSchema,
        minutes: z.int().min(1).max(60),
        questions: z
          .array(
            z.strictObject({
              id: OptionIdSchema,
              competency: CompetencySchema.optional(),
              /** Either an item of a bank or a question of its own. */
              item: IdSchema.optional(),
              text: LocalizedTextSchema,
              probes: z.array(LocalizedTextSchema).default([]),
              listenFor: LocalizedTextSchema.optional(),
            }),
          )
          .min(1),
        notes: z.array(LocalizedTextSchema).default([]),
      }),
    )
    .min(1),
  closing: LocalizedTextSchema,
  /** Topics that must not be asked, with the lawful question to ask instead where there is one. */
  doNotAsk: z.array(z.strictObject({ topic: LocalizedTextSchema, instead: LocalizedTextSchema.optional() })).min(7),
  rubric: IdSchema,
  source: SourceSchema,
  languages: LanguagesSchema,
  waivers: z.array(WaiverSchema).default([]),
})
export type Kit = z.output<typeof KitSchema>
