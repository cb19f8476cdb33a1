import { z } from 'zod'
import { LocalizedTextSchema } from '../../shared/locale.ts'
import { CompetencySchema } from '../vocabulary.ts'
import { DateSchema, IdSchema, LanguagesSchema, OptionIdSchema } from './parts.ts'

const CutScoreSchema = z.strictObject({
  /** Percent of the points, 0 to 100. */
  percent: z.number().min(0).max(100),
  reason: LocalizedTextSchema,
  experts: z.array(z.strictObject({ name: z.string(), ratedOn: DateSchema })).default([]),
})

const AssessmentSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('test'),
    blueprint: IdSchema,
    timeLimitMinutes: z.number().positive(),
    /** Saves received this long after the deadline are accepted and marked; later ones go to quarantine. */
    latencyAllowanceSeconds: z.int().min(0).max(60).default(10),
    /** Whether the language may be switched during the attempt. */
    switchLanguage: z.boolean().default(true),
  }),
  z.strictObject({
    kind: z.literal('mock_scenario'),
    /** One is drawn for each candidate. */
    scenarios: z.array(IdSchema).min(1),
    timeLimitMinutes: z.number().positive(),
  }),
  z.strictObject({ kind: z.literal('interview'), kit: IdSchema, timeLimitMinutes: z.number().positive() }),
])

export const ProgrammeSchema = z.strictObject({
  id: IdSchema,
  title: LocalizedTextSchema,
  summary: LocalizedTextSchema,
  outcome: z.enum(['hiring_decision', 'credential']),
  /** Why the role needs the language, where one is required. */
  languageRequirement: LocalizedTextSchema.optional(),
  stages: z
    .array(
      z.strictObject({
        id: OptionIdSchema,
        title: LocalizedTextSchema,
        whatToExpect: LocalizedTextSchema,
        assessment: AssessmentSchema,
        attempts: z.strictObject({ max: z.int().min(1), cooldownDays: z.number().min(0) }),
        cutScore: CutScoreSchema,
        /** Lowest percent per competency that the profile must reach. */
        competencyCuts: z
          .array(z.strictObject({ competency: CompetencySchema, percent: z.number().min(0).max(100) }))
          .default([]),
      }),
    )
    .min(1),
  /** start: only the start must fall into the window. end: the window's end also closes running attempts. */
  window: z.enum(['start', 'end']).default('start'),
  windowDays: z.int().min(1).max(365).default(30),
  identityCheck: z.boolean().default(false),
  /** Items shown on the practice page. */
  practiceItems: z.array(IdSchema).default([]),
  notice: IdSchema,
  retentionDays: z.int().min(30),
  languages: LanguagesSchema,
})
export type Programme = z.output<typeof ProgrammeSchema>
export type Stage = Programme['stages'][number]
