/**
 * Typed dictionaries. Each area has one file per language; a key that is missing in either language does not compile.
 * In a text, `{name}` is filled from the parameters, and `[item|items]` chooses by the parameter `n` (first form for
 * 1).
 */
import { createContext, useContext, useMemo } from 'react'
import type { Locale } from '../core/shared/locale.ts'
import { localeFormats, type Formats } from './format.ts'

export type Dictionary<K extends string = string> = Readonly<Record<Locale, Readonly<Record<K, string>>>>
export type Params = Readonly<Record<string, string | number>>
export type Translate<K extends string> = (key: K, params?: Params) => string

export const defineMessages = <K extends string>(dictionary: {
  'zh-CN': Record<K, string>
  en: Record<NoInfer<K>, string>
}): Dictionary<K> => dictionary

export function fill(template: string, params: Params = {}): string {
  // Most texts have nothing to fill, and a page has hundreds.
  if (!/[[{]/.test(template)) return template
  return template
    .replace(/\[([^|\]]*)\|([^\]]*)\]/g, (_, one: string, other: string) => (Number(params.n) === 1 ? one : other))
    .replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole))
}

export const translator =
  <K extends string>(dictionary: Dictionary<K>, locale: Locale): Translate<K> =>
  (key, params) =>
    fill(dictionary[locale][key], params)

type Language = { locale: Locale; timeZone: string }
export const LanguageContext = createContext<Language>({ locale: 'en', timeZone: 'UTC' })

export const useLocale = (): Locale => useContext(LanguageContext).locale

/** `const t = useMessages(candidateMessages)`; several dictionaries: call it once for each. */
export function useMessages<K extends string>(dictionary: Dictionary<K>): Translate<K> {
  const { locale } = useContext(LanguageContext)
  return useMemo(() => translator(dictionary, locale), [dictionary, locale])
}

export function useFormats(): Formats {
  const { locale, timeZone } = useContext(LanguageContext)
  return useMemo(() => localeFormats(locale, timeZone), [locale, timeZone])
}
