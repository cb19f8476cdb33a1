/** Item-writing rules about the options of a choice, in each language on its own. */
import { LOCALES, type Locale } from '../../shared/locale.ts'
import { remark, type Remark } from '../finding.ts'
import type { Item } from '../schema.ts'
import { bare, excerpt, gramsOf, HAN, likeness, numbersOf, plain, visibleLength } from '../text.ts'
import { ABSOLUTE, ALL_ABOVE, HEDGE, NEGATIVE, NONE_ABOVE, TYPE_K } from '../words.ts'
import { choicesOf, type Choice, type ChoiceOption } from './options.ts'

const matches = (text: string, pattern: RegExp): string[] => [...plain(text).matchAll(pattern)].map((m) => m[0])
/** Words of a global pattern found in a text. */
export const wordsIn = (text: string, list: Record<Locale, RegExp>, locale: Locale): string[] =>
  matches(text, list[locale])

const LONGER = 1.3
// A short key is less of a clue than a long one: guessers look for the qualified answer.
const SHORTER = 1.4
const LENGTH_GAP: Record<Locale, number> = { 'zh-CN': 4, en: 12 }

/**
 * The key stands out when it is longer than the next longest option, or shorter than the next shortest, by about a
 * third.
 */
function keyLength(choice: Choice, locale: Locale): Remark[] {
  const lengthOf = (o: ChoiceOption): number => visibleLength(o.text[locale])
  const keys = choice.options.filter((o) => o.isKey)
  const others = choice.options.filter((o) => !o.isKey).map(lengthOf)
  if (keys.length === 0 || others.length < 2) return []
  const lengths = keys.map(lengthOf)
  const [shortKey, longKey, shortOther, longOther] = [
    Math.min(...lengths),
    Math.max(...lengths),
    Math.min(...others),
    Math.max(...others),
  ]
  const gap = LENGTH_GAP[locale]
  const long = shortKey >= longOther * LONGER && shortKey - longOther >= gap
  const short = longKey * SHORTER <= shortOther && shortOther - longKey >= gap
  if (!long && !short) return []
  const path = `${keys[0]?.path}.${locale}`
  return [remark('item.key_length', path, { key: long ? shortKey : longKey, other: long ? longOther : shortOther })]
}

const firstWord = (text: string, locale: Locale): string =>
  locale === 'en'
    ? (/^[\p{P}\s]*([\p{L}’']+)/u.exec(text)?.[1] ?? '').toLowerCase()
    : [...bare(text)].slice(0, 2).join('')

// Articles and the like open many options by chance.
const COLOURLESS: ReadonlySet<string> = new Set(['the', 'a', 'an', 'that', 'this', 'to', 'it'])

type Form = {
  readonly name: 'end_mark' | 'case' | 'gerund' | 'opening' | 'clauses' | 'article'
  readonly of: (text: string, stem: string, locale: Locale) => string
}
const FORMS: readonly Form[] = [
  { name: 'end_mark', of: (text) => (/[.。！!？?；;]$/u.test(text.trim()) ? 'mark' : 'none') },
  {
    name: 'case',
    of: (text, _stem, locale) =>
      locale === 'en' && /^\p{L}/u.test(text) ? (/^\p{Lu}/u.test(text) ? 'upper' : 'lower') : '',
  },
  {
    name: 'gerund',
    of: (text, _stem, locale) => (locale === 'en' ? (/ing$/u.test(firstWord(text, locale)) ? 'gerund' : 'other') : ''),
  },
  {
    name: 'opening',
    of: (text, _stem, locale) => (COLOURLESS.has(firstWord(text, locale)) ? '' : firstWord(text, locale)),
  },
  {
    name: 'clauses',
    of: (text) =>
      /[；;]|[。！？].|(?<!\b(?:Mr|Ms|Mrs|Dr|No|e\.g|i\.e|a\.m|p\.m))[.!?][”’]?\s+[“‘]?\p{Lu}/u.test(
        text.trim().replace(/[”’]$/u, ''),
      )
        ? 'several'
        : 'one',
  },
  { name: 'article', of: (text, stem, locale) => (locale === 'en' ? articleFit(text, stem) : '') },
]

function articleFit(text: string, stem: string): string {
  const article = /\b(an?)[\s_….:]*$/iu.exec(stem.trim())?.[1]?.toLowerCase()
  if (!article) return ''
  return /^[aeiou]/iu.test(text.trim()) === (article === 'an') ? 'fits' : 'does not fit'
}

/** The key stands out by form when all other options share a form that the key does not have. */
function keyGrammar(choice: Choice, locale: Locale): Remark[] {
  const keys = choice.options.filter((o) => o.isKey)
  const others = choice.options.filter((o) => !o.isKey)
  const [key] = keys
  if (!key || keys.length !== 1 || others.length < 2) return []
  return FORMS.flatMap((form) => {
    const values = new Set(others.map((o) => form.of(o.text[locale], choice.stem[locale], locale)))
    const [shared] = values
    const own = form.of(key.text[locale], choice.stem[locale], locale)
    if (values.size !== 1 || shared === undefined || shared === '' || own === '' || own === shared) return []
    return [remark('item.key_grammar', `${key.path}.${locale}`, { form: form.name, key: own, others: shared })]
  })
}

/** Absolute words that point: found in wrong options only, or in the keys only. */
function absoluteWords(choice: Choice, locale: Locale): Remark[] {
  const found = choice.options.map((o) => ({ o, words: wordsIn(o.text[locale], ABSOLUTE, locale) }))
  const withWord = found.filter(({ words }) => words.length > 0)
  const inKeys = withWord.some(({ o }) => o.isKey)
  const inOthers = withWord.some(({ o }) => !o.isKey)
  if (inKeys === inOthers) return []
  return withWord.map(({ o, words }) =>
    remark('item.absolute_word', `${o.path}.${locale}`, { words: words.join(', ') }),
  )
}

function hedgedKey(choice: Choice, locale: Locale): Remark[] {
  const hedged = choice.options.filter((o) => wordsIn(o.text[locale], HEDGE, locale).length > 0)
  if (hedged.length === 0 || !hedged.every((o) => o.isKey)) return []
  return hedged.map((o) =>
    remark('item.hedged_key', `${o.path}.${locale}`, { words: wordsIn(o.text[locale], HEDGE, locale).join(', ') }),
  )
}

function metaOptions(choice: Choice, locale: Locale): Remark[] {
  return choice.options.flatMap((o) => {
    const text = plain(o.text[locale]).trim()
    const path = `${o.path}.${locale}`
    if (NONE_ABOVE[locale].test(text)) return [remark('item.none_of_the_above', path, { text: excerpt(text) })]
    if (ALL_ABOVE[locale].test(text)) return [remark('item.all_of_the_above', path, { text: excerpt(text) })]
    return TYPE_K[locale].test(text) ? [remark('item.type_k', path, { text: excerpt(text) })] : []
  })
}

const RANGE: Record<Locale, RegExp> = {
  'zh-CN': /^\D*?(\d+(?:\.\d+)?)\s*(?:[至到~～—–-]+)\s*(\d+(?:\.\d+)?)/u,
  en: /^\D*?(\d+(?:\.\d+)?)\s*(?:to|[~–—-])\s*(\d+(?:\.\d+)?)/iu,
}
const rangeOf = (text: string, locale: Locale): readonly [number, number] | undefined => {
  const found = RANGE[locale].exec(text)
  return found ? [Number(found[1]), Number(found[2])] : undefined
}
// What follows the numbers tells whether two ranges measure the same thing.
const unitOf = (text: string, locale: Locale): string => bare(text.replace(RANGE[locale], ''))

const NEAR_DUPLICATE_OPTION = 0.9
const negations = (text: string, locale: Locale): number =>
  [...text.matchAll(locale === 'en' ? NEGATIVE.en : /[不没无未勿非]/gu)].length

/** Why two options overlap, or undefined. */
function overlapOf(a: string, b: string, locale: Locale): 'range' | 'same' | 'contained' | undefined {
  const [ra, rb] = [rangeOf(a, locale), rangeOf(b, locale)]
  // Ranges that only share an end (1–3, 3–5) overlap too: the answer 3 has two places.
  if (ra && rb && unitOf(a, locale) === unitOf(b, locale) && Math.max(ra[0], rb[0]) <= Math.min(ra[1], rb[1]))
    return 'range'
  if (numbersOf(a) !== numbersOf(b) || negations(a, locale) !== negations(b, locale)) return undefined
  const [na, nb] = [bare(a), bare(b)]
  if (na === nb) return 'same'
  if (sameOrder(na, nb) && likeness(gramsOf(a), gramsOf(b)) >= NEAR_DUPLICATE_OPTION) return 'same'
  const [short, long] = na.length <= nb.length ? [na, nb] : [nb, na]
  const enough = HAN.test(short) ? [...short].length >= 5 : short.length >= 14
  return enough && long.includes(short) ? 'contained' : undefined
}

// Options that differ in the order of their steps have the same words and are not the same.
const sameOrder = (a: string, b: string): boolean => {
  const [x, y] = [[...a], [...b]]
  let head = 0
  while (head < x.length && x[head] === y[head]) head += 1
  let tail = 0
  while (tail < x.length - head && tail < y.length - head && x[x.length - 1 - tail] === y[y.length - 1 - tail])
    tail += 1
  return head + tail >= Math.min(x.length, y.length) * 0.8
}

function overlaps(choice: Choice, locale: Locale): Remark[] {
  return choice.options.flatMap((a, i) =>
    choice.options.slice(i + 1).flatMap((b) => {
      const why = overlapOf(a.text[locale], b.text[locale], locale)
      return why ? [remark('item.option_overlap', `${b.path}.${locale}`, { first: a.id, second: b.id, how: why })] : []
    }),
  )
}

const HAN_RUN_MIN = 5
const WORD_RUN_MIN = 3

/** Units of a text that a run is made of: Han characters one by one, other words whole. */
const unitsOf = (text: string, locale: Locale): string[] =>
  locale === 'en'
    ? (plain(text)
        .toLowerCase()
        .match(/[\p{L}\p{N}’']+/gu) ?? [])
    : (plain(text).match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? [])

/** Longest run of units that opens or closes every option. */
function sharedEdge(texts: readonly string[], locale: Locale): string {
  const lists = texts.map((text) => unitsOf(text, locale))
  const edge = (all: readonly string[][]): string[] => {
    const [first, ...rest] = all
    let n = 0
    while (first && n < first.length && rest.every((list) => n < list.length && list[n] === first[n])) n += 1
    return first?.slice(0, n) ?? []
  }
  const head = edge(lists)
  const tail = edge(lists.map((list) => [...list].reverse())).reverse()
  const best = head.length >= tail.length ? head : tail
  return best.length >= (locale === 'en' ? WORD_RUN_MIN : HAN_RUN_MIN) ? best.join(locale === 'en' ? ' ' : '') : ''
}

function repeatedWords(choice: Choice, locale: Locale): Remark[] {
  if (choice.options.length < 3) return []
  const words = sharedEdge(
    choice.options.map((o) => o.text[locale]),
    locale,
  )
  return words === '' ? [] : [remark('item.repeated_words', `${choice.options[0]?.path}.${locale}`, { words })]
}

/** Rules about the options of an item. */
export function optionRemarks(item: Item): Remark[] {
  return choicesOf(item).flatMap((choice) =>
    LOCALES.flatMap((locale) => [
      ...(choice.keyed
        ? [...keyGrammar(choice, locale), ...absoluteWords(choice, locale), ...hedgedKey(choice, locale)]
        : []),
      ...keyLength(choice, locale),
      ...metaOptions(choice, locale),
      ...overlaps(choice, locale),
      ...repeatedWords(choice, locale),
    ]),
  )
}
