import { z } from 'zod'

export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]
export const LocaleSchema = z.enum(LOCALES)

/** One text in both languages, each written for its own reader. */
export const LocalizedTextSchema = z.strictObject({
  'zh-CN': z.string().trim().min(1),
  en: z.string().trim().min(1),
})
export type LocalizedText = z.infer<typeof LocalizedTextSchema>

export const otherLocale = (locale: Locale): Locale => (locale === 'en' ? 'zh-CN' : 'en')
