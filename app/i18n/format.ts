/**
 * Dates, times and numbers as each language writes them. Instants are ISO strings or milliseconds; the zone is always
 * given.
 */
import type { Locale } from '../core/shared/locale.ts'

export type Formats = {
  date(at: string | number | Date): string
  /** 24-hour clock with seconds. */
  time(at: string | number | Date): string
  /** 24-hour clock to the minute. */
  clock(at: string | number | Date): string
  dateTime(at: string | number | Date): string
  /** Name of the zone, to stand wherever a moment is promised. */
  zone(at?: string | number | Date): string
  number(value: number, digits?: number): string
  percent(value: number, digits?: number): string
  /** `41:26`, or `1:05:00` from an hour on. */
  countdown(ms: number): string
  /** Length of time in words: 1 h 30 min, 90 分钟. */
  duration(ms: number): string
}

const pad = (n: number) => String(n).padStart(2, '0')

/**
 * Making an Intl formatter costs more than rendering a page around it; there are few languages and some dozens of
 * zones.
 */
const made = new Map<string, Formats>()
const MAX_MADE = 500

export function localeFormats(locale: Locale, timeZone: string): Formats {
  const key = `${locale} ${timeZone}`
  const known = made.get(key)
  if (known) return known
  const formats = makeFormats(locale, timeZone)
  if (made.size >= MAX_MADE) made.clear()
  made.set(key, formats)
  return formats
}

function makeFormats(locale: Locale, timeZone: string): Formats {
  const tag = locale === 'en' ? 'en-GB' : 'zh-CN'
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, { timeZone, ...options })
  const day = make({ year: 'numeric', month: 'long', day: 'numeric' })
  const seconds = make({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
  const minutes = make({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const when = (at: string | number | Date) => (at instanceof Date ? at : new Date(at))
  const numbers = new Map<number, Intl.NumberFormat>()
  const number = (value: number, digits = 0) => {
    const format =
      numbers.get(digits) ??
      new Intl.NumberFormat(tag, { minimumFractionDigits: digits, maximumFractionDigits: digits })
    numbers.set(digits, format)
    return format.format(value).replace('-', '−')
  }
  return {
    date: (at) => day.format(when(at)),
    time: (at) => seconds.format(when(at)),
    clock: (at) => minutes.format(when(at)),
    dateTime: (at) =>
      locale === 'en'
        ? `${day.format(when(at))}, ${minutes.format(when(at))}`
        : `${day.format(when(at))} ${minutes.format(when(at))}`,
    zone: (at = 0) => {
      if (timeZone === 'UTC') return 'UTC'
      const name = new Intl.DateTimeFormat(tag, { timeZone, timeZoneName: 'longGeneric' })
        .formatToParts(when(at))
        .find((p) => p.type === 'timeZoneName')
      return name?.value ?? timeZone
    },
    number,
    percent: (value, digits = 0) => `${number(value, digits)}%`,
    countdown: (ms) => {
      const total = Math.max(0, Math.ceil(ms / 1000))
      const h = Math.floor(total / 3600)
      const m = Math.floor((total % 3600) / 60)
      return h > 0 ? `${h}:${pad(m)}:${pad(total % 60)}` : `${m}:${pad(total % 60)}`
    },
    duration: (ms) => {
      const total = Math.max(0, Math.round(ms / 1000))
      const h = Math.floor(total / 3600)
      const m = Math.floor((total % 3600) / 60)
      const s = total % 60
      const words: Array<[number, string, string]> = [
        [h, ' h', '小时'],
        [m, ' min', '分钟'],
        [s, ' s', '秒'],
      ]
      const shown = words.filter(([n]) => n > 0)
      if (shown.length === 0) return locale === 'en' ? '0 s' : '0秒'
      return shown.map(([n, en, zh]) => `${n}${locale === 'en' ? en : zh}`).join(locale === 'en' ? ' ' : '')
    },
  }
}
