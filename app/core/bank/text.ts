/** How texts of both languages are cut up and compared. Pure string work, shared by the rules. */
import { LOCALES, type Locale, type LocalizedText } from '../shared/locale.ts'
import { codePointLength, foldText } from '../shared/text.ts'
import { formatPath, type PathPart } from './finding.ts'
import { STOP_WORDS } from './words.ts'

export const HAN = /\p{Script=Han}/u
const HAN_RUN = /\p{Script=Han}+/gu

/** Text as a reader sees it: without the marks of bold and lists. */
export const plain = (text: string): string => text.replaceAll('**', '').replace(/^\s*(?:[-*]|\d+\.)\s+/gmu, '')

/** Length as a guesser sees it: code points without white space. */
export const visibleLength = (text: string): number => codePointLength(plain(text).replace(/\s+/gu, ''))

/** Folded text without punctuation, symbols and space; digits stay. */
export const bare = (text: string): string => foldText(plain(text)).replace(/[^\p{L}\p{N}]+/gu, '')

// A rough English stem is enough: the question is whether two texts speak of the same thing.
const stemOf = (word: string): string => word.replace(/(?:’s|'s)$/u, '').replace(/(?<=\w{3})(?:ing|ed|es|s)$/u, '')

/** Content words in order: English words without stop words, roughly stemmed; numbers as they stand. */
export function contentWords(text: string): string[] {
  const words = foldText(plain(text)).match(/[\p{Script=Latin}\p{N}][\p{Script=Latin}\p{N}’']*/gu) ?? []
  return words.filter((word) => !STOP_WORDS.has(word)).map(stemOf)
}

/** What two texts are compared by: Han bigrams, and content words of the Latin script. */
export function gramsOf(text: string): Set<string> {
  const grams = new Set(contentWords(text))
  for (const run of foldText(plain(text))
    .replace(/[\p{P}\p{S}\s]+/gu, ' ')
    .match(HAN_RUN) ?? []) {
    const chars = [...run]
    if (chars.length === 1 && chars[0]) grams.add(chars[0])
    for (let i = 0; i + 1 < chars.length; i += 1) grams.add(`${chars[i]}${chars[i + 1]}`)
  }
  return grams
}

export function sharedCount(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a]
  let n = 0
  for (const gram of small) if (large.has(gram)) n += 1
  return n
}

/** Dice coefficient of two sets of grams, 0 to 1. */
export const likeness = (a: ReadonlySet<string>, b: ReadonlySet<string>): number =>
  a.size + b.size === 0 ? 0 : (2 * sharedCount(a, b)) / (a.size + b.size)

/** Share of `part` that is found in `whole`, 0 to 1. */
export const containment = (part: ReadonlySet<string>, whole: ReadonlySet<string>): number =>
  part.size === 0 ? 0 : sharedCount(part, whole) / part.size

/** Numbers of a text, in order of size, as one string: two texts that differ here say different things. */
export const numbersOf = (text: string): string =>
  (
    foldText(text)
      .replaceAll(',', '')
      .match(/\d+(?:\.\d+)?/gu) ?? []
  )
    .sort()
    .join(' ')

/** Sentences of a text with their closing mark. */
export const sentencesOf = (text: string): string[] =>
  (text.match(/[^。！？!?.\n]+(?:\.(?=\d)[^。！？!?.\n]+)*[。！？!?.\n]*/gu) ?? [])
    .map((s) => s.trim())
    .filter((s) => s !== '')

/** First 24 characters, for a message. */
export const excerpt = (text: string): string => {
  const chars = [...text.replace(/\s+/gu, ' ')]
  return chars.length <= 24 ? chars.join('') : `${chars.slice(0, 23).join('')}…`
}

export type PlacedText = { readonly path: string; readonly locale: Locale; readonly text: string }
export type PlacedPair = { readonly path: string; readonly text: LocalizedText }

const isLocalized = (value: object): value is LocalizedText =>
  'zh-CN' in value && 'en' in value && typeof value['zh-CN'] === 'string' && typeof value.en === 'string'

/** Every localized text inside a piece of content with its path. `skip` names the keys that are not walked into. */
export function localizedPairs(
  value: unknown,
  skip: readonly string[] = [],
  path: readonly PathPart[] = [],
): PlacedPair[] {
  if (Array.isArray(value)) return value.flatMap((entry, i) => localizedPairs(entry, skip, [...path, i]))
  if (typeof value !== 'object' || value === null) return []
  if (isLocalized(value)) return [{ path: formatPath(path), text: value }]
  return Object.entries(value).flatMap(([key, entry]) =>
    skip.includes(key) ? [] : localizedPairs(entry, skip, [...path, key]),
  )
}

/** The same, one entry a language. */
export const placedTexts = (value: unknown, skip: readonly string[] = []): PlacedText[] =>
  localizedPairs(value, skip).flatMap(({ path, text }) =>
    LOCALES.map((locale) => ({ path: `${path}.${locale}`, locale, text: text[locale] })),
  )
