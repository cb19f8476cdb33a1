import { describe, expect, test } from 'vitest'
import { both, multipleChoice, singleChoice, trueFalse } from '#tests/fixtures/bank.ts'
import { blindRules, chanceOf, earningRules, expectedByMarks, type Strategy } from './blind-rules.ts'
import type { Item } from './schema.ts'

const of = (items: readonly Item[], strategy: Strategy, locale: 'zh-CN' | 'en' = 'en') => {
  const result = blindRules(items, locale).find((r) => r.strategy === strategy)
  return result && { n: result.n, earned: Number(result.earned.toFixed(6)), chance: Number(result.chance.toFixed(6)) }
}
const options = (...keys: boolean[]) => keys.map((isKey) => ({ text: 'x', isKey }))

describe('expected credit, by hand', () => {
  test('single choice: a tie of two with the key among them is worth one half', () => {
    expect(expectedByMarks(options(true, false, false, false), [2, 2, 1, 0], 1, 'all_or_nothing')).toBe(0.5)
  })
  test('random guess of single choice is 1/k', () => {
    expect(chanceOf(options(true, false, false, false), 1, 'all_or_nothing')).toBe(0.25)
    expect(chanceOf(options(true, false, false), 1, 'all_or_nothing')).toBeCloseTo(1 / 3, 12)
  })
  // Two ticks among four, two keys: 6 pairs; one holds both keys (credit 1), four hold one (1 − 1 = 0), one holds none
  // (0).
  test('random guess of multiple choice, right minus wrong: 1/6', () => {
    expect(chanceOf(options(true, true, false, false), 2, 'right_minus_wrong')).toBeCloseTo(1 / 6, 12)
  })
  // Three ticks among five, three keys: C(5,3) = 10 sets; all three right: 1 (credit 1); two right and one wrong: 3·2 =
  // 6 (credit 1/3); one right and two wrong: 3 (credit 0). (1 + 6/3) / 10 = 0.3.
  test('random guess with three keys of five: 0.3', () => {
    expect(chanceOf(options(true, true, true, false, false), 3, 'right_minus_wrong')).toBeCloseTo(0.3, 12)
  })
  test('all or nothing counts the exact set only: 1/10', () => {
    expect(chanceOf(options(true, true, true, false, false), 3, 'all_or_nothing')).toBeCloseTo(0.1, 12)
  })
  // Marks 3, 2, 2, 0 with two ticks: the first is sure, the second is one of two. Keys a and b: half the time both (1),
  // half one right one wrong (0).
  test('ties among the last tick are shared', () => {
    expect(expectedByMarks(options(true, true, false, false), [3, 2, 2, 0], 2, 'right_minus_wrong')).toBe(0.5)
  })
})

describe('strategies', () => {
  const long = singleChoice({
    en: ['one', 'three', 'the longest of them', 'four'],
    zh: ['甲甲', '乙乙乙', '丙', '丁丁丁'],
    key: 2,
  })
  test('longest and shortest, each language on its own', () => {
    expect(of([long], 'longest')).toEqual({ n: 1, earned: 1, chance: 0.25 })
    expect(of([long], 'shortest')).toEqual({ n: 1, earned: 0, chance: 0.25 })
    expect(of([long], 'longest', 'zh-CN')).toEqual({ n: 1, earned: 0, chance: 0.25 })
    expect(of([long], 'shortest', 'zh-CN')).toEqual({ n: 1, earned: 1, chance: 0.25 })
  })
  test('a fixed place', () => {
    expect(of([long], 'position_3')?.earned).toBe(1)
    expect(of([long], 'position_1')?.earned).toBe(0)
    expect(of([long], 'position_5')).toBeUndefined()
  })
  test('hedges: without any the guess is random', () => {
    expect(of([long], 'most_hedged')?.earned).toBe(0.25)
    const hedged = singleChoice({
      en: ['refund it', 'wait', 'usually check', 'close it'],
      zh: ['退款', '等待', '通常核对', '结束'],
      key: 2,
    })
    expect(of([hedged], 'most_hedged')?.earned).toBe(1)
    expect(of([hedged], 'most_hedged', 'zh-CN')?.earned).toBe(1)
  })
  test('not the absolute one: three left of four', () => {
    const absolute = singleChoice({
      en: ['never refund', 'wait', 'check', 'close it'],
      zh: ['绝不退款', '等待', '核对', '结束'],
      key: 2,
    })
    expect(of([absolute], 'not_absolute')?.earned).toBeCloseTo(1 / 3, 6)
    expect(of([absolute], 'not_absolute', 'zh-CN')?.earned).toBeCloseTo(1 / 3, 6)
  })
  test('words shared with the stem', () => {
    const echo = singleChoice({
      stem: both('水壶有裂纹，怎样回应？', 'The kettle has a crack. What now?'),
      en: ['send a lamp', 'wait a day', 'ask where the crack in the kettle is', 'close it'],
      zh: ['送一盏灯', '等一等', '问水壶裂纹的位置', '结束'],
      key: 2,
    })
    expect(of([echo], 'most_shared')?.earned).toBe(1)
    expect(of([echo], 'most_shared', 'zh-CN')?.earned).toBe(1)
  })
  test('statements: chance is one half; an absolute statement is called false, a hedged one true', () => {
    const items = [
      trueFalse(both('客服绝不道歉。', 'Agents never say sorry.'), false),
      trueFalse(both('退款通常三天到账。', 'Refunds usually take three days.'), true),
      trueFalse(both('道歉等于担责。', 'Saying sorry admits liability.'), false),
    ]
    expect(of(items, 'always_true')).toEqual({ n: 3, earned: 0.333333, chance: 0.5 })
    expect(of(items, 'always_false')).toEqual({ n: 3, earned: 0.666667, chance: 0.5 })
    // 1 for the absolute one, half for each of the others.
    expect(of(items, 'not_absolute')).toEqual({ n: 3, earned: 0.666667, chance: 0.5 })
    expect(of(items, 'most_hedged', 'zh-CN')).toEqual({ n: 3, earned: 0.666667, chance: 0.5 })
  })
  test('multiple choice ticks as many as there are keys', () => {
    const it = multipleChoice({ en: ['a long option here', 'x', 'another long option', 'y'], keys: ['a', 'c'] })
    expect(of([it], 'longest')).toEqual({ n: 1, earned: 1, chance: 0.166667 })
    expect(of([it], 'shortest')).toEqual({ n: 1, earned: 0, chance: 0.166667 })
  })
  test('practice items and broken keys are left out', () => {
    expect(blindRules([singleChoice({}, { practice: true }), singleChoice({}, { key: 'z' })], 'en')).toEqual([])
  })
})

describe('what is too much', () => {
  const bank = (keyIsLongest: number, n: number): Item[] =>
    Array.from({ length: n }, (_, i) =>
      singleChoice(
        { en: ['one', 'two', 'six', 'a very long one'], key: i < keyIsLongest ? 3 : i % 3 },
        { id: `st-${i}` },
      ),
    )
  const earning = (items: Item[]) => earningRules(blindRules(items, 'en')).map((r) => r.strategy)
  test('a quarter is chance, one item more is tolerated, two are not', () => {
    expect(earning(bank(5, 20))).not.toContain('longest')
    expect(earning(bank(6, 20))).not.toContain('longest')
    expect(earning(bank(7, 20))).toContain('longest')
  })
  test('silent below ten items', () => expect(earning(bank(9, 9))).toEqual([]))
})
