/** Rules about the inner consistency of an item: what a schema cannot say. All of them are errors but one. */
import { LOCALES } from '../../shared/locale.ts'
import { codePointLength } from '../../shared/text.ts'
import { remark, type Remark } from '../finding.ts'
import type { Item, ItemOf } from '../schema.ts'
import { excerpt } from '../text.ts'
import { isRatedKind, type ItemKind } from '../vocabulary.ts'

type Entry = { id: string; retired?: boolean }

const duplicates = (ids: readonly string[]): string[] => [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))]
const duplicateRemarks = (entries: readonly Entry[], path: string): Remark[] =>
  duplicates(entries.map((e) => e.id)).map((id) => remark('item.duplicate_option_id', path, { id }))

function keyRemarks(entries: readonly Entry[], key: string, path: string): Remark[] {
  const entry = entries.find((e) => e.id === key)
  if (!entry) return [remark('item.key_unknown', path, { key })]
  return entry.retired ? [remark('item.key_retired', path, { key })] : []
}

const minimumLive = (entries: readonly Entry[], path: string, min: number): Remark[] => {
  const n = entries.filter((e) => !e.retired).length
  return n < min ? [remark('item.too_few_options', path, { n, min })] : []
}

function multipleChoice(item: ItemOf<'multiple_choice'>): Remark[] {
  const repeated = duplicates(item.keys)
  const shown = item.options.filter((o) => !o.retired)
  const allKeys = shown.length > 0 && shown.every((o) => item.keys.includes(o.id))
  return [
    ...duplicateRemarks(item.options, 'options'),
    ...minimumLive(item.options, 'options', 4),
    ...item.keys.flatMap((key, i) => keyRemarks(item.options, key, `keys[${i}]`)),
    ...repeated.map((key) => remark('item.keys_invalid', 'keys', { key })),
    ...(allKeys ? [remark('item.keys_invalid', 'keys', { key: item.keys.join(' ') })] : []),
  ]
}

const sameMembers = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && new Set(a).size === a.length && a.every((id) => b.includes(id))

function ordering(item: ItemOf<'ordering'>): Remark[] {
  const ids = item.elements.map((e) => e.id)
  return [
    ...duplicateRemarks(item.elements, 'elements'),
    ...(sameMembers(item.order, ids)
      ? []
      : [remark('item.order_mismatch', 'order', { order: item.order.join(' '), elements: ids.join(' ') })]),
  ]
}

function matching(item: ItemOf<'matching'>): Remark[] {
  const left = item.left.map((e) => e.id)
  const right = item.right.map((e) => e.id)
  const unpaired = left.filter((id) => !(id in item.pairs))
  return [
    ...duplicateRemarks(item.left, 'left'),
    ...duplicateRemarks(item.right, 'right'),
    ...unpaired.map((id) => remark('item.pairs_mismatch', 'pairs', { id })),
    ...Object.entries(item.pairs).flatMap(([l, r]) => [
      ...(left.includes(l) ? [] : [remark('item.pairs_mismatch', `pairs.${l}`, { id: l })]),
      ...(right.includes(r) ? [] : [remark('item.pairs_mismatch', `pairs.${l}`, { id: r })]),
    ]),
    ...left
      .filter((id) => !(id in item.rationales))
      .map((id) => remark('item.rationales_mismatch', 'rationales', { id })),
    ...Object.keys(item.rationales)
      .filter((id) => !left.includes(id))
      .map((id) => remark('item.rationales_mismatch', `rationales.${id}`, { id })),
  ]
}

const tooLong = (accepted: Record<(typeof LOCALES)[number], string[]>, max: number, path: string): Remark[] =>
  LOCALES.flatMap((locale) =>
    accepted[locale].flatMap((text, i) =>
      codePointLength(text) > max
        ? [remark('item.accepted_too_long', `${path}.${locale}[${i}]`, { text: excerpt(text), max })]
        : [],
    ),
  )

function cloze(item: ItemOf<'cloze'>): Remark[] {
  const ids = item.gaps.map((g) => g.id)
  const inText = (text: string): string[] => [...text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/gu)].map((m) => m[1] ?? '')
  return [
    ...duplicateRemarks(item.gaps, 'gaps'),
    ...LOCALES.flatMap((locale) => {
      const named = inText(item.text[locale])
      return [
        ...ids.flatMap((id) => {
          const n = named.filter((name) => name === id).length
          return n === 1 ? [] : [remark('item.gap_count', `text.${locale}`, { id, n })]
        }),
        ...[...new Set(named)]
          .filter((name) => !ids.includes(name))
          .map((id) => remark('item.gap_unknown', `text.${locale}`, { id })),
      ]
    }),
    ...item.gaps.flatMap((gap, g) =>
      gap.type === 'typed'
        ? tooLong(gap.accepted, gap.maxCodePoints, `gaps[${g}].accepted`)
        : [
            ...duplicateRemarks(gap.options, `gaps[${g}].options`),
            ...keyRemarks(gap.options, gap.key, `gaps[${g}].key`),
            ...minimumLive(gap.options, `gaps[${g}].options`, 2),
          ],
    ),
  ]
}

function judgement(item: ItemOf<'situational_judgement'>): Remark[] {
  const values = item.actions.map((a) => a.effectiveness)
  const best = Math.max(...values)
  const worst = Math.min(...values)
  const count = (value: number): number => values.filter((v) => v === value).length
  return [
    ...duplicateRemarks(item.actions, 'actions'),
    ...(count(best) > 1 || count(worst) > 1 || best === worst
      ? [remark('item.judgement_extremes', 'actions', { best: count(best), worst: count(worst) })]
      : []),
    ...(best - worst < 2.5 ? [remark('item.judgement_spread', 'actions', { lowest: worst, highest: best })] : []),
  ]
}

function ofKind(item: Item): Remark[] {
  switch (item.kind) {
    case 'single_choice':
      return [
        ...duplicateRemarks(item.options, 'options'),
        ...minimumLive(item.options, 'options', 3),
        ...keyRemarks(item.options, item.key, 'key'),
      ]
    case 'multiple_choice':
      return multipleChoice(item)
    case 'ordering':
      return ordering(item)
    case 'matching':
      return matching(item)
    case 'cloze':
      return cloze(item)
    case 'situational_judgement':
      return judgement(item)
    case 'short_text':
      return tooLong(item.accepted, item.maxCodePoints, 'accepted')
    case 'behavioural':
    case 'written_reply':
    case 'essay':
      return item.limits.minCodePoints >= item.limits.maxCodePoints
        ? [remark('item.limits', 'limits', { min: item.limits.minCodePoints, max: item.limits.maxCodePoints })]
        : []
    case 'true_false':
    case 'numeric':
      return []
  }
}

const JUDGED_KINDS: readonly ItemKind[] = ['situational_judgement']

/** Rules about one item's own consistency. */
export function structureRemarks(item: Item): Remark[] {
  const keyed = !isRatedKind(item.kind) && !JUDGED_KINDS.includes(item.kind)
  const unnamed = item.competency === 'policy_knowledge' && keyed && !(item.policy && item.policy.clause)
  return [...ofKind(item), ...(unnamed ? [remark('item.policy_missing', 'policy')] : [])]
}
