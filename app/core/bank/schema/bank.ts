/** What describes a bank as a whole, and what its candidates are told. */
import { z } from 'zod'
import { LocalizedTextSchema } from '../../shared/locale.ts'
import { CompetencySchema, SourceDocumentSchema } from '../vocabulary.ts'
import { DateSchema, IdSchema, OptionIdSchema, StatementIdSchema } from './parts.ts'

/** What a candidate is told about their data and rights before the start; kept by hash with the attempt. */
export const NoticeSchema = z.strictObject({
  id: IdSchema,
  revision: z.int().min(1),
  effectiveFrom: DateSchema,
  title: LocalizedTextSchema,
  paragraphs: z.array(LocalizedTextSchema).min(3),
  /** Consents asked apart from the notice, each optional with an equal way without it. */
  consents: z
    .array(
      z.strictObject({
        id: OptionIdSchema,
        text: LocalizedTextSchema,
        without: LocalizedTextSchema,
        retentionDays: z.int().min(0),
      }),
    )
    .default([]),
})
export type Notice = z.output<typeof NoticeSchema>

export const BankSchema = z.strictObject({
  id: IdSchema,
  title: LocalizedTextSchema,
  description: LocalizedTextSchema,
  sources: z.array(SourceDocumentSchema).min(1),
  /** The fictional shop or marketplace that the bank's stems are set in. */
  setting: LocalizedTextSchema,
})
export type Bank = z.output<typeof BankSchema>

export const CompetenciesSchema = z.strictObject({
  competencies: z.array(
    z.strictObject({
      id: CompetencySchema,
      name: LocalizedTextSchema,
      definition: LocalizedTextSchema,
      positive: LocalizedTextSchema,
      negative: LocalizedTextSchema,
    }),
  ),
})

/** question-banks/sources/<document>.yaml: every statement of a source, judged. SOURCES.md is generated from these. */
export const SourceRegisterSchema = z.strictObject({
  document: SourceDocumentSchema,
  title: LocalizedTextSchema,
  /** Date that the document bears, as far as it does. */
  dated: z.string(),
  statements: z.array(
    z.strictObject({
      id: StatementIdSchema,
      /** The statement in our own words, one fact each. */
      says: LocalizedTextSchema,
      status: z.enum(['current', 'dated', 'unverified', 'unsafe']),
      /** What Poise does with it and why. */
      decision: LocalizedTextSchema,
      /**
       * carried: an item, policy, rubric or scenario must name it. left_out: deliberately not carried, the decision
       * says why.
       */
      use: z.enum(['carried', 'left_out']),
    }),
  ),
})
export type SourceRegister = z.output<typeof SourceRegisterSchema>
