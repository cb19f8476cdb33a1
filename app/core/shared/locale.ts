import { z } from 'zod'
import { LOCALES } from './locale-names.ts'

export { LOCALES, otherLocale, type Locale } from './locale-names.ts'
export const LocaleSchema = z.enum(LOCALES)

/** One text in both languages, each written for its own reader. */
export const LocalizedTextSchema = z.strictObject({
  'zh-CN': z.string().trim().min(1),
  en: z.string().trim().min(1),
})
export type LocalizedText = z.infer<typeof LocalizedTextSchema>
