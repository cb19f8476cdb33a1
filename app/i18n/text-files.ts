/**
 * A page in one language loads the texts of that language only. The pages' code imports both; each area and language is a
 * file of its own, and an import map sends the request for the other language to the page's own. A browser without
 * import maps loads both, and shows the same.
 */
import { LOCALES, otherLocale } from '../core/shared/locale-names.ts'
import type { Locale } from '../core/shared/locale.ts'

const SOURCE = /\/app\/i18n\/(en|zh-CN)\/(common|public|candidate|player|player-errors|errors|charts|vocabulary)\.ts$/
const FILE = /\/(texts-[a-z-]+)\.(en|zh-CN)-[\w-]+\.js$/

/** The name of the file that a source of texts goes into; undefined for every other source. */
export function textFileOf(source: string): string | undefined {
  const [, locale, area] = SOURCE.exec(source) ?? []
  return locale && area ? `texts-${area}.${locale}` : undefined
}

/** Whether a built file holds the texts of a language other than this one. Null: a page that speaks both. */
export const isOtherLanguage = (path: string, only: Locale | null): boolean =>
  only !== null && FILE.exec(path)?.[2] === otherLocale(only)

/** The import map of a page in one language, from all files that its routes may load. Null: a page that speaks both. */
export function importMapFor(paths: Iterable<string>, only: Locale | null): string {
  if (only === null) return '{}'
  const areas = new Map<string, Partial<Record<Locale, string>>>()
  for (const path of paths) {
    const [, area, name] = FILE.exec(path) ?? []
    const locale = LOCALES.find((one) => one === name)
    if (area && locale) areas.set(area, { ...areas.get(area), [locale]: path })
  }
  const pairs = [...areas.values()].flatMap((files) => {
    const [own, other] = [files[only], files[otherLocale(only)]]
    return own && other ? [[other, own]] : []
  })
  return JSON.stringify({ imports: Object.fromEntries(pairs) as Record<string, string> })
}
