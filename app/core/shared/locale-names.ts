/** The two languages, without a schema: what the browser loads must not bring a validator along. */
export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]

export const otherLocale = (locale: Locale): Locale => (locale === 'en' ? 'zh-CN' : 'en')
