// Marks everything in the content that a candidate must not see, so that a search for the marks finds every leak.
import type { BankSet, Loaded } from '#app/core/bank/set.ts'
import type { Content } from './matrix-world.ts'

/** A mark: letters that no text has by itself. */
const MARK = /cnry[0-9a-z]{4}q/g
/** Numbers are marked far behind the point; this is what such a number looks like when it is printed. */
const NUMBER = /\d+\.\d{6,}/g

/**
 * What of each kind of content a candidate may see; `*` stands for one name or index. Whatever is not named here is
 * marked.
 */
const VISIBLE: Record<string, readonly string[]> = {
  item: [
    'stem',
    'prompt',
    'unit',
    'text',
    'options.*.text',
    'elements.*.text',
    'left.*.text',
    'right.*.text',
    'actions.*.text',
    'gaps.*.options.*.text',
    'thread.*.text',
    'thread.*.name',
  ],
  rubric: [],
  kit: [],
  scenario: ['title', 'brief'],
  policy: ['title', 'summary', 'clauses.*.title', 'clauses.*.text', 'background.*.text'],
  programme: ['title', 'summary', 'languageRequirement', 'stages.*.title', 'stages.*.whatToExpect'],
  blueprint: ['sections.*.title', 'sections.*.instructions'],
  notice: ['title', 'paragraphs.*', 'consents.*.text', 'consents.*.without'],
  bank: ['title', 'description', 'setting'],
  competencies: ['competencies.*.name', 'competencies.*.definition'],
}
/** Numbers that only staff may know. */
const SECRET_NUMBERS = /(^|\.)(effectiveness|difficulty|tolerance|key)$/
/** Plain strings that people wrote for staff; every other plain string is an id or a word of a list. */
const SECRET_STRINGS = /(^|\.)(accepted\.(zh-CN|en)\.\d+|experts\.\d+\.name|waivers\.\d+\.reason)$/

export type Canary = {
  /** Makes a mark and remembers what it stands for. */
  mark(what: string): string
  number(base: number, what: string): number
  /** What of it stands in the text. */
  found(text: string): string[]
  marked(set: BankSet): Content[]
  readonly size: number
}

export function createCanary(): Canary {
  const known = new Map<string, string>()
  let n = 0
  const mark = (what: string): string => {
    n += 1
    const made = `cnry${(n + 46_656).toString(36)}q`
    known.set(made, what)
    return made
  }
  const number = (base: number, what: string): number => {
    n += 1
    // Downwards, so that the largest value that is allowed stays the largest; too little to move a score or a class of
    // difficulty.
    const made = Number((base - n * 1e-7).toFixed(7))
    known.set(String(made), what)
    return made
  }
  const isVisible = (type: string, path: string): boolean =>
    (VISIBLE[type] ?? []).some((pattern) =>
      new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`).test(path),
    )
  const isLocalized = (value: object): value is { 'zh-CN': string; en: string } =>
    'zh-CN' in value && 'en' in value && typeof value['zh-CN'] === 'string'

  function walk(type: string, id: string, value: unknown, path: string): unknown {
    const what = `${type} ${id} ${path}`
    if (typeof value === 'number' && type === 'item' && SECRET_NUMBERS.test(path)) return number(value, what)
    if (typeof value === 'string') return SECRET_STRINGS.test(path) ? `${value} ${mark(what)}` : value
    if (Array.isArray(value))
      return value.map((entry, index) => walk(type, id, entry, path ? `${path}.${index}` : String(index)))
    if (typeof value !== 'object' || value === null) return value
    if (isLocalized(value))
      return isVisible(type, path)
        ? value
        : { 'zh-CN': `${value['zh-CN']} ${mark(`${what} (zh-CN)`)}`, en: `${value.en} ${mark(`${what} (en)`)}` }
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [name, walk(type, id, entry, path ? `${path}.${name}` : name)]),
    )
  }
  const all = <T extends object>(
    type: Content['type'],
    list: readonly Loaded<T>[],
    idOf: (value: T) => string,
  ): Content[] =>
    list.map(({ value, bank }) => ({
      type,
      bank,
      body: { ...(walk(type, idOf(value), value, '') as T), id: idOf(value) },
    }))

  return {
    mark,
    number,
    found: (text) =>
      [...new Set([...(text.match(MARK) ?? []), ...(text.match(NUMBER) ?? [])])].flatMap((one) =>
        known.has(one) ? [`${one}: ${known.get(one)}`] : [],
      ),
    marked: (set) => [
      ...all('bank', set.banks, (one) => one.id),
      ...all('competencies', set.competencies, () => 'competencies'),
      ...all('rubric', set.rubrics, (one) => one.id),
      ...all('policy', set.policies, (one) => one.id),
      ...all('item', set.items, (one) => one.id),
      ...all('scenario', set.scenarios, (one) => one.id),
      ...all('kit', set.kits, (one) => one.id),
      ...all('blueprint', set.blueprints, (one) => one.id),
      ...all('notice', set.notices, (one) => one.id),
      ...all('programme', set.programmes, (one) => one.id),
    ],
    get size() {
      return known.size
    },
  }
}
