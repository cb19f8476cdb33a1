/** What several kinds of content are made of. */
import { z } from 'zod'
import { SourceDocumentSchema } from '../vocabulary.ts'

/** Ids are kebab-case, never reused, and say nothing about the key. */
export const IdSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(80)
/** Option ids are short letters or words; they are stable and never say which one is right. */
export const OptionIdSchema = z
  .string()
  .regex(/^[a-z0-9]+(_[a-z0-9]+)*$/)
  .max(24)
export const DateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
export const StatementIdSchema = z.string().regex(/^(AI|SC|CC|TC|SS)-\d{2,3}$/)

/** Where a fact comes from: the document and the numbered statements of question-banks/sources/<document>.yaml. */
export const SourceSchema = z.strictObject({
  document: SourceDocumentSchema,
  statements: z.array(StatementIdSchema).default([]),
})

const LanguageRevisionSchema = z.strictObject({
  /** Raised whenever the text in this language changes. */
  revision: z.int().min(1).default(1),
  /** The revision of the other language that this text was last compared with. */
  checkedAgainst: z.int().min(1).default(1),
})
export const LanguagesSchema = z
  .strictObject({ 'zh-CN': LanguageRevisionSchema, en: LanguageRevisionSchema })
  .default({ 'zh-CN': { revision: 1, checkedAgainst: 1 }, en: { revision: 1, checkedAgainst: 1 } })

export const WaiverSchema = z.strictObject({
  /** Rule code of the item check, e.g. `item.negative_stem`. */
  rule: z.string().regex(/^[a-z_]+(\.[a-z_]+)+$/),
  reason: z.string().min(10),
})
