/** Rules that compare items: near-duplicates, and items whose text holds the answer to another. */
import { LOCALES, type Locale } from '../../shared/locale.ts'
import { remark, type Remark } from '../finding.ts'
import { bare, containment, excerpt, HAN, likeness, numbersOf } from '../text.ts'
import type { ItemProfile, ProfileText } from './profile.ts'

const NEAR_DUPLICATE = 0.62
const GIVES_AWAY = 0.85
/** Grams of a key below which containment says nothing. */
const MIN_KEY_GRAMS: Record<Locale, number> = { 'zh-CN': 7, en: 5 }

const related = (a: ItemProfile, b: ItemProfile): boolean => a.enemies.has(b.id) || b.enemies.has(a.id)

/** Likeness cannot exceed this; saves comparing texts of very different length. */
const likenessCap = (a: ReadonlySet<string>, b: ReadonlySet<string>): number =>
  (2 * Math.min(a.size, b.size)) / (a.size + b.size || 1)

function duplicateRemark(a: ItemProfile, b: ItemProfile, locale: Locale): Remark[] {
  const [x, y] = [a.text[locale].whole, b.text[locale].whole]
  if (likenessCap(x, y) < NEAR_DUPLICATE) return []
  const score = likeness(x, y)
  return score >= NEAR_DUPLICATE
    ? [remark('item.near_duplicate', `stem.${locale}`, { other: b.id, percent: Math.round(score * 100) })]
    : []
}

/** The answer of `from` as it stands in the stem of `into`, or undefined. */
function givenAnswer(from: ProfileText, into: ProfileText, sameClause: boolean, locale: Locale): string | undefined {
  for (const key of from.keys) {
    if (key.grams.size < MIN_KEY_GRAMS[locale]) continue
    const whole = into.stemBare.includes(key.bare)
    if (whole || (numbersIn(key.text, into.stemBare) && containment(key.grams, into.stem) >= GIVES_AWAY))
      return key.text
  }
  // A short answer or a number is a give-away only where both items test the same clause: 48 stands in many stems.
  if (!sameClause) return undefined
  return from.answers.find((answer) => mentions(into, answer))
}

const numbersIn = (text: string, stemBare: string): boolean =>
  numbersOf(text)
    .split(' ')
    .every((n) => stemBare.includes(n))

function mentions(into: ProfileText, answer: string): boolean {
  const wanted = bare(answer)
  if (wanted === '') return false
  if (HAN.test(wanted)) return [...wanted].length >= 2 && into.stemBare.includes(wanted)
  return into.stem.has(wanted)
}

function givesAwayRemark(a: ItemProfile, b: ItemProfile, locale: Locale): Remark[] {
  const sameClause = a.clause !== '' && a.clause === b.clause
  const [x, y] = [a.text[locale], b.text[locale]]
  const given = givenAnswer(x, y, sameClause, locale)
  if (given !== undefined)
    return [
      remark('item.gives_away', `stem.${locale}`, { other: b.id, source: b.id, target: a.id, text: excerpt(given) }),
    ]
  const back = givenAnswer(y, x, sameClause, locale)
  return back === undefined
    ? []
    : [remark('item.gives_away', `stem.${locale}`, { other: b.id, source: a.id, target: b.id, text: excerpt(back) })]
}

/** What is wrong between two items that are not declared enemies. The remarks belong to `a`. */
export function pairRemarks(a: ItemProfile, b: ItemProfile): Remark[] {
  if (a.id === b.id || related(a, b)) return []
  return LOCALES.flatMap((locale) => {
    const duplicate = duplicateRemark(a, b, locale)
    // A near-duplicate gives its answer away as a matter of course; one finding says it. Practice items are never
    // drawn.
    if (duplicate.length > 0 || a.practice || b.practice) return duplicate
    return givesAwayRemark(a, b, locale)
  })
}
