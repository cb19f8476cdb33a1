import { describe, expect, test } from 'vitest'
import { itemOf } from '../item-fixture.ts'
import type { ItemOf } from '../schema.ts'
import { differencesOf, threeWay } from './difference.ts'
import { finishItem, isProvisional, missingOptions } from './finish.ts'
import {
  applyListEdit,
  itemFormSchema,
  nextOptionId,
  parseListEdit,
  readValues,
  valuesOf,
  type ItemValues,
  type SingleChoiceValues,
} from './form-values.ts'

const NOT_COMPARED = { 'zh-CN': false, en: false }
const choice = itemOf('single_choice')
const reply = itemOf('written_reply', { policy: undefined, prompt: undefined })

/** The values as a browser without JavaScript would send them. */
function posted(value: unknown, name: string[] = []): [string, string][] {
  if (typeof value === 'string') return [[name.join('.'), value]]
  if (typeof value === 'boolean') return value ? [[name.join('.'), 'on']] : []
  return Object.entries(value as object).flatMap(([key, inner]) => posted(inner, [...name, key]))
}
function nested(pairs: [string, string][]): object {
  const root: Record<string, unknown> = {}
  for (const [name, value] of pairs) {
    const path = name.split('.')
    let node = root
    for (const part of path.slice(0, -1)) node = (node[part] ??= {}) as Record<string, unknown>
    node[path.at(-1) as string] = value
  }
  return root
}

describe('the form of an item', () => {
  test.each([choice, reply])('gives back the same item when nothing was changed: $kind', (item) => {
    expect(itemFormSchema(item).parse(valuesOf(item))).toEqual(item)
  })
  test.each([choice, reply])('reads a plain form like the values of the browser: $kind', (item) => {
    expect(readValues(item.kind, nested(posted(valuesOf(item))))).toEqual(valuesOf(item))
  })
  test('says by code what is missing and where', () => {
    const values = valuesOf(choice) as SingleChoiceValues
    const broken: ItemValues = {
      ...values,
      stem: { ...values.stem, en: ' ' },
      difficulty: 'easy',
      points: 'two',
      enemies: 'Not An Id',
      key: '',
      competency: 'kindness',
    }
    const parsed = itemFormSchema(choice).safeParse(broken)
    expect(
      Object.fromEntries(parsed.error?.issues.map((issue) => [issue.path.join('.'), issue.message]) ?? []),
    ).toEqual({
      'stem.en': 'form.required',
      difficulty: 'item.difficulty_range',
      points: 'form.number',
      enemies: 'item.id_format',
      key: 'item.key_missing',
      competency: 'form.choose',
    })
  })
  test('ends lines as files do, whatever the browser sends', () => {
    expect(readValues('single_choice', { stem: { en: 'one\r\ntwo' } }).stem.en).toBe('one\ntwo')
  })
  test('takes nothing that it does not know', () => {
    expect(
      readValues('single_choice', { key: 'a', evil: 'x', options: { 0: { id: 'a', hidden: 'y' }, x: { id: 'b' } } }),
    ).not.toHaveProperty('evil')
    expect(
      (readValues('single_choice', { options: { 0: { id: 'a', hidden: 'y' }, x: { id: 'b' } } }) as SingleChoiceValues)
        .options,
    ).toEqual([{ id: 'a', text: { 'zh-CN': '', en: '' }, rationale: { 'zh-CN': '', en: '' }, retired: false }])
  })
})

describe('lists of the form', () => {
  test('grow, move and shrink by the name of a button', () => {
    const values = valuesOf(choice) as SingleChoiceValues
    const order = (intent: string, kept: string[] = []): string[] => {
      const edit = parseListEdit(intent)
      return edit ? (applyListEdit(values, edit, kept) as SingleChoiceValues).options.map((o) => o.id) : []
    }
    expect(order('options.up.2')).toEqual(['a', 'c', 'b', 'old'])
    expect(order('options.up.0')).toEqual(['a', 'b', 'c', 'old'])
    expect(order('options.add.0')).toEqual(['a', 'b', 'c', 'old', 'd'])
    expect(order('options.add.0', ['d', 'e'])).toEqual(['a', 'b', 'c', 'old', 'f'])
    expect(order('options.remove.1')).toEqual(['a', 'c', 'old'])
    expect(order('options.remove.1', ['b'])).toEqual(['a', 'b', 'c', 'old'])
    expect(parseListEdit('options.explode.1')).toBeNull()
  })
  test('never run out of option ids', () => {
    expect(nextOptionId([...'abcdefghijklmnopqrstuvwxyz'])).toBe('a2')
  })
})

describe('finishing an edit', () => {
  const changed = (over: Partial<ItemOf<'single_choice'>>): ItemOf<'single_choice'> => ({ ...choice, ...over })
  test('raises the revision of a language whose text changed, and leaves the other stale until compared', () => {
    const next = changed({ stem: { ...choice.stem, en: 'Another stem' } })
    expect(finishItem(next, choice, NOT_COMPARED).languages).toEqual({
      'zh-CN': { revision: 1, checkedAgainst: 1 },
      en: { revision: 2, checkedAgainst: 1 },
    })
    expect(finishItem(next, choice, { 'zh-CN': true, en: false }).languages['zh-CN']).toEqual({
      revision: 1,
      checkedAgainst: 2,
    })
  })
  test('translates nothing when options only move', () => {
    expect(finishItem(changed({ options: [...choice.options].reverse() }), choice, NOT_COMPARED).languages).toEqual(
      choice.languages,
    )
  })
  test('ends the experts’ ratings with the key that they rated, not with a comma', () => {
    expect(finishItem(changed({ key: 'a' }), choice, NOT_COMPARED).experts).toEqual([])
    expect(finishItem(changed({ stem: { ...choice.stem, en: 'Stem' } }), choice, NOT_COMPARED).experts).toEqual(
      choice.experts,
    )
    expect(isProvisional(choice)).toBe(true)
  })
  test('names published options that are gone', () => {
    expect(missingOptions(changed({ options: choice.options.slice(1) }), choice)).toEqual(['a'])
    expect(missingOptions(choice, choice)).toEqual([])
  })
})

describe('differences', () => {
  const moved = {
    ...choice,
    key: 'a',
    options: [
      choice.options[1],
      { ...choice.options[0], text: { 'zh-CN': '新', en: 'text of a' } },
      ...choice.options.slice(2),
    ],
  }
  test('find an entry by its id wherever it stands', () => {
    expect(differencesOf(choice, moved)).toEqual([
      { path: 'options[]', locale: null, before: 'a, b, c, old', after: 'b, a, c, old' },
      { path: 'options[a].text', locale: 'zh-CN', before: 'text of a（中）', after: '新' },
      { path: 'key', locale: null, before: 'b', after: 'a' },
    ])
  })
  test('of two edits stand beside what both began with', () => {
    expect(threeWay(choice, { ...choice, key: 'c' }, moved).find(({ path }) => path === 'key')).toEqual({
      path: 'key',
      locale: null,
      base: 'b',
      theirs: 'c',
      mine: 'a',
    })
  })
})
