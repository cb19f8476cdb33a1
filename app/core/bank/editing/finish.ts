/**
 * What follows from an edit without the author's doing: revisions of the two languages, and experts who have not seen
 * the new key.
 */
import { otherLocale, type Locale } from '../../shared/locale.ts'
import { scoringCanonical } from '../canonical.ts'
import type { Item } from '../schema.ts'
import type { Languages } from '../set.ts'
import { localizedPairs } from '../text.ts'

/** Ticked by the author: this language was compared with the present text of the other. */
export type Compared = Readonly<Record<Locale, boolean>>

/** All texts of one language, whatever their order: moving an option translates nothing. */
const textsIn = (item: Item, locale: Locale): string =>
  JSON.stringify(
    localizedPairs(item, ['waivers'])
      .map(({ text }) => text[locale])
      .sort(),
  )

function languagesOf(next: Item, base: Item, compared: Compared): Languages {
  const revision = (locale: Locale): number =>
    Math.max(
      next.languages[locale].revision,
      base.languages[locale].revision + (textsIn(next, locale) === textsIn(base, locale) ? 0 : 1),
    )
  const one = (locale: Locale): Languages[Locale] => ({
    revision: revision(locale),
    checkedAgainst: compared[locale] ? revision(otherLocale(locale)) : next.languages[locale].checkedAgainst,
  })
  return { 'zh-CN': one('zh-CN'), en: one('en') }
}

const ratingsOf = (item: Item): string => `${scoringCanonical(item)} ${item.difficulty}`

/**
 * The item as it is published: a language whose text changed has a higher revision, so that the other turns stale until
 * somebody compares them; ratings by experts end with the key or difficulty that they rated.
 */
export function finishItem<I extends Item>(next: I, base: Item, compared: Compared): I {
  const sameExperts = JSON.stringify(next.experts) === JSON.stringify(base.experts)
  return {
    ...next,
    languages: languagesOf(next, base, compared),
    experts: sameExperts && ratingsOf(next) !== ratingsOf(base) ? [] : next.experts,
  }
}

type WithOptions = { readonly name: string; readonly ids: readonly string[] }
function optionLists(item: Item): WithOptions[] {
  if (item.kind === 'single_choice' || item.kind === 'multiple_choice')
    return [{ name: 'options', ids: item.options.map((o) => o.id) }]
  if (item.kind !== 'cloze') return []
  return item.gaps.flatMap((gap) =>
    gap.type === 'dropdown' ? [{ name: gap.id, ids: gap.options.map((o) => o.id) }] : [],
  )
}

/** Options that were published and are gone: old answers would refer to nothing. They are retired instead. */
export function missingOptions(next: Item, base: Item): string[] {
  const lists = new Map(optionLists(next).map(({ name, ids }) => [name, ids]))
  return optionLists(base).flatMap(({ name, ids }) => ids.filter((id) => !lists.get(name)?.includes(id)))
}

/** Every option id that a version ever had; none of them is given to another option. */
export const optionIdsOf = (item: Item): string[] => optionLists(item).flatMap(({ ids }) => [...ids])

/** Fewer than five named experts: key and difficulty are the author's estimate. */
export const EXPERTS_WANTED = 5
export const isProvisional = (item: Pick<Item, 'experts'>): boolean => item.experts.length < EXPERTS_WANTED
