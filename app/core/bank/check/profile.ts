/** Texts of an item prepared once for comparison with every other item. */
import { LOCALES, type Locale } from '../../shared/locale.ts'
import type { Item } from '../schema.ts'
import { bare, gramsOf } from '../text.ts'
import { choicesOf } from './options.ts'

export type ItemProfile = {
  readonly id: string
  readonly kind: Item['kind']
  readonly enemies: ReadonlySet<string>
  readonly practice: boolean
  /** policy id + clause, or empty. */
  readonly clause: string
  readonly text: Record<Locale, ProfileText>
}
export type ProfileText = {
  /** Stem and options. */
  readonly whole: ReadonlySet<string>
  readonly stem: ReadonlySet<string>
  readonly stemBare: string
  /** Each key with its grams; a true statement is its own key. */
  readonly keys: readonly { readonly text: string; readonly bare: string; readonly grams: ReadonlySet<string> }[]
  /** Exact answers that a candidate has to produce: accepted texts and the number. */
  readonly answers: readonly string[]
}

const stemText = (item: Item, locale: Locale): string =>
  item.kind === 'cloze' ? `${item.stem[locale]}\n${item.text[locale]}` : item.stem[locale]

function answersOf(item: Item, locale: Locale): string[] {
  if (item.kind === 'short_text') return item.accepted[locale]
  if (item.kind === 'cloze') return item.gaps.flatMap((gap) => (gap.type === 'typed' ? gap.accepted[locale] : []))
  return item.kind === 'numeric' ? [String(item.key)] : []
}

function textProfile(item: Item, locale: Locale): ProfileText {
  const choices = choicesOf(item)
  const stem = stemText(item, locale)
  const keyTexts =
    item.kind === 'true_false' && item.key
      ? [stem]
      : item.kind === 'situational_judgement'
        ? []
        : choices.flatMap((choice) => choice.options.filter((o) => o.isKey).map((o) => o.text[locale]))
  const others = [
    ...choices.flatMap((choice) => choice.options.map((o) => o.text[locale])),
    ...(item.kind === 'ordering' ? item.elements.map((e) => e.text[locale]) : []),
    ...(item.kind === 'matching' ? [...item.left, ...item.right].map((e) => e.text[locale]) : []),
    ...(item.kind === 'written_reply' ? item.thread.map((t) => t.text[locale]) : []),
  ]
  return {
    whole: gramsOf([stem, ...others].join('\n')),
    stem: gramsOf(stem),
    stemBare: bare(stem),
    keys: keyTexts.map((text) => ({ text, bare: bare(text), grams: gramsOf(text) })),
    answers: answersOf(item, locale),
  }
}

/** Prepares an item for the rules that compare items. */
export function profileOf(item: Item): ItemProfile {
  return {
    id: item.id,
    kind: item.kind,
    enemies: new Set(item.enemies),
    practice: item.practice,
    clause: item.policy ? `${item.policy.id} ${item.policy.clause ?? ''}` : '',
    text: Object.fromEntries(LOCALES.map((locale) => [locale, textProfile(item, locale)])) as Record<
      Locale,
      ProfileText
    >,
  }
}
