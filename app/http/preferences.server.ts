import {
  isLocale,
  localeFromAcceptLanguage,
  TEXT_SIZES,
  THEMES,
  type Preferences,
  type TextSize,
  type Theme,
} from '../i18n/preferences.ts'
import { readCookie } from './cookies.server.ts'

/** Zones that were tried and exist: trying costs as much as rendering a small page. There are some four hundred. */
const known = new Set<string>()
const MAX_KNOWN = 600

function validTimeZone(value: string | null): string | null {
  const zone = value?.replaceAll('~', '/') ?? null
  if (!zone) return null
  if (known.has(zone)) return zone
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    if (known.size < MAX_KNOWN) known.add(zone)
    return zone
  } catch {
    return null
  }
}

/** Reads language, theme and reading aids of a request: cookie first, then the browser's languages. */
export function readPreferences(headers: Headers): Preferences {
  const cookie = headers.get('cookie')
  const lang = readCookie(cookie, 'lang')
  const theme = readCookie(cookie, 'theme')
  const size = readCookie(cookie, 'size')
  return {
    locale: isLocale(lang) ? lang : localeFromAcceptLanguage(headers.get('accept-language')),
    theme: THEMES.includes(theme as Theme) ? (theme as Theme) : 'system',
    textSize: TEXT_SIZES.includes(size as TextSize) ? (size as TextSize) : 'normal',
    contrast: readCookie(cookie, 'contrast') === 'high' ? 'high' : 'normal',
    shortcuts: readCookie(cookie, 'keys') !== 'off',
    // The browser tells its zone once by a cookie (slashes as ~); until then times are shown in UTC and say so.
    timeZone: validTimeZone(readCookie(cookie, 'tz')) ?? 'UTC',
  }
}
