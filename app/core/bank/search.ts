/** Words by which staff find content. Index and query are cut in the same way. */
import { LOCALES } from '../shared/locale.ts'
import { foldText } from '../shared/text.ts'
import { localizedPairs } from './text.ts'

const MAX_CODE_UNITS = 4000

/**
 * The folded texts of both languages with the id in front. Han text stands as written, so that any word of a query is
 * found as a part of it, wherever a segmenter would have cut the whole.
 */
export function searchTextOf(id: string, value: unknown): string {
  const texts = localizedPairs(value, ['waivers', 'rationale', 'rationales']).flatMap(({ text }) =>
    LOCALES.map((locale) => text[locale]),
  )
  return foldText([id, ...texts].join(' '))
    .replace(/[\p{P}\p{S}]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .slice(0, MAX_CODE_UNITS)
}

const segmenter = new Intl.Segmenter('zh-CN', { granularity: 'word' })

/** A query that asks for something, but for nothing that a text is found by: `!!!`. Nothing fits it. */
export const isWordless = (query: string): boolean => query.trim() !== '' && searchWords(query).length === 0

/** Words of a query, each of which must be contained in the search text. */
export function searchWords(query: string): string[] {
  const words = [...segmenter.segment(foldText(query))].flatMap(({ segment, isWordLike }) =>
    isWordLike ? [segment] : [],
  )
  return [...new Set(words)].slice(0, 8)
}
