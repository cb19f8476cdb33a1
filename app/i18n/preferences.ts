/** Choices that travel in cookies so that the first byte of a page is already right. */
import { LOCALES, type Locale } from '../core/shared/locale-names.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]
export const TEXT_SIZES = ['normal', 'large', 'larger'] as const
export type TextSize = (typeof TEXT_SIZES)[number]

export type Preferences = {
  locale: Locale
  theme: Theme
  textSize: TextSize
  contrast: 'normal' | 'high'
  shortcuts: boolean
  timeZone: string
}

export const isLocale = (value: unknown): value is Locale => LOCALES.includes(value as Locale)

/** Every Chinese preference is served Simplified Chinese; everything else English. */
export function localeFromAcceptLanguage(header: string | null): Locale {
  const first = (header ?? '')
    .split(',')
    .map((part, index) => {
      const [tag = '', ...rest] = part.trim().split(';')
      const q = rest.map((r) => /^\s*q=([\d.]+)/.exec(r)?.[1]).find(Boolean)
      return { tag: tag.toLowerCase(), q: q === undefined ? 1 : Number(q), index }
    })
    .filter((entry) => entry.tag !== '' && entry.q > 0)
    .sort((a, b) => b.q - a.q || a.index - b.index)
    .find((entry) => entry.tag.startsWith('zh') || entry.tag.startsWith('en'))
  return first?.tag.startsWith('zh') ? 'zh-CN' : 'en'
}
