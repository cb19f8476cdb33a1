/**
 * What differs between two versions of a piece of content, leaf by leaf. Entries with an id are found by it, wherever
 * they stand.
 */
import { canonicalJson } from '../../shared/canonical-json.ts'
import type { Locale } from '../../shared/locale.ts'

export type Difference = {
  /** `options[b].text`, `source.statements`; the order of a list is `options[]`. */
  readonly path: string
  readonly locale: Locale | null
  /** null: not there. */
  readonly before: string | null
  readonly after: string | null
}
type Leaf = { readonly path: string; readonly locale: Locale | null; readonly text: string }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isPlain = (value: unknown): value is string | number | boolean | null =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

function leavesOf(value: unknown, path: string): Leaf[] {
  if (value === undefined) return []
  if (isPlain(value)) return [{ path, locale: null, text: String(value) }]
  if (Array.isArray(value)) {
    if (value.every(isPlain))
      return value.length === 0 ? [] : [{ path, locale: null, text: value.map(String).join(', ') }]
    const nameOf = (entry: unknown): string | null =>
      !isRecord(entry)
        ? null
        : typeof entry.id === 'string'
          ? entry.id
          : typeof entry.rule === 'string'
            ? entry.rule
            : null
    const named = value.every((entry) => nameOf(entry) !== null)
    const entries = value.map((entry: unknown, i) => ({ name: nameOf(entry) ?? String(i + 1), entry }))
    const order: Leaf[] =
      named && value.length > 1
        ? [{ path: `${path}[]`, locale: null, text: entries.map(({ name }) => name).join(', ') }]
        : []
    return [...order, ...entries.flatMap(({ name, entry }) => leavesOf(entry, `${path}[${name}]`))]
  }
  if (!isRecord(value)) return []
  if (typeof value['zh-CN'] === 'string' && typeof value.en === 'string')
    return [
      { path, locale: 'zh-CN', text: value['zh-CN'] },
      { path, locale: 'en', text: value.en },
    ]
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`))
}

const keyOf = (leaf: Leaf): string => `${leaf.path} ${leaf.locale ?? ''}`

/** Differences in the order of the later version; what only the earlier one had comes last. */
export function differencesOf(before: unknown, after: unknown): Difference[] {
  const old = new Map(leavesOf(before, '').map((leaf) => [keyOf(leaf), leaf]))
  const now = leavesOf(after, '')
  const kept = new Set(now.map(keyOf))
  return [
    ...now.flatMap((leaf) => {
      const was = old.get(keyOf(leaf))
      return was?.text === leaf.text
        ? []
        : [{ path: leaf.path, locale: leaf.locale, before: was?.text ?? null, after: leaf.text }]
    }),
    ...[...old.values()].flatMap((leaf) =>
      kept.has(keyOf(leaf)) ? [] : [{ path: leaf.path, locale: leaf.locale, before: leaf.text, after: null }],
    ),
  ]
}

export type ThreeWay = {
  readonly path: string
  readonly locale: Locale | null
  readonly base: string | null
  readonly theirs: string | null
  readonly mine: string | null
}

/** Where two edits of one version differ from each other, each beside what both began with. */
export function threeWay(base: unknown, theirs: unknown, mine: unknown): ThreeWay[] {
  const began = new Map(leavesOf(base, '').map((leaf) => [keyOf(leaf), leaf.text]))
  return differencesOf(theirs, mine).map(({ path, locale, before, after }) => ({
    path,
    locale,
    base: began.get(`${path} ${locale ?? ''}`) ?? null,
    theirs: before,
    mine: after,
  }))
}

export const sameContent = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b)
