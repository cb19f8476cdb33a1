import { describe, expect, test } from 'vitest'
import {
  both,
  goodAnchors,
  item,
  judgement,
  multipleChoice,
  rubric,
  singleChoice,
  trueFalse,
} from '#tests/fixtures/bank.ts'
import { contentCanonical, rubricScoringCanonical, scoringCanonical } from './canonical.ts'
import type { Item } from './schema.ts'

const reversedKeys = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(reversedKeys)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([k, v]) => [k, reversedKeys(v)]),
        )
      : value

describe('content', () => {
  test('does not depend on the order of keys', () => {
    const it = multipleChoice()
    expect(contentCanonical(reversedKeys(it) as Item)).toBe(contentCanonical(it))
  })
  test('does not depend on the order of lists that are sets', () => {
    expect(contentCanonical(multipleChoice({ keys: ['c', 'a'] }, { topics: ['x', 'y'] }))).toBe(
      contentCanonical(multipleChoice({ keys: ['a', 'c'] }, { topics: ['y', 'x'] })),
    )
  })
  test('depends on the order of options, which the candidate sees', () => {
    const it = singleChoice()
    expect(contentCanonical({ ...it, options: [...it.options].reverse() })).not.toBe(contentCanonical(it))
  })
  test.each([
    ['a wording', singleChoice({ stem: both('换一种问法？', 'Put another way?') })],
    ['the key', singleChoice({ key: 0 })],
    ['the estimate of difficulty', singleChoice({}, { difficulty: 0.5 })],
    ['the enemies', singleChoice({}, { enemies: ['st-other'] })],
  ])('changes with %s', (_, changed) => expect(contentCanonical(changed)).not.toBe(contentCanonical(singleChoice())))
})

describe('scoring', () => {
  const retired = (() => {
    const it = singleChoice()
    return { ...it, options: it.options.map((o) => ({ ...o, retired: o.id === 'a' })) }
  })()
  const reason = both('理由。', 'Why.')
  const number = (tolerance: number) =>
    item('numeric', { stem: both('几天？', 'How many days?'), key: 30, tolerance, rationale: reason } as never)

  test('a wording fix keeps it, as do order of options, difficulty and topics', () => {
    const base = singleChoice()
    const reworded = singleChoice(
      { stem: both('换一种问法？', 'Put another way?'), en: ['one', 'two', 'three', 'four'] },
      { difficulty: 0.4, topics: ['new'] },
    )
    expect(scoringCanonical(reworded)).toBe(scoringCanonical(base))
    expect(scoringCanonical({ ...base, options: [...base.options].reverse() })).toBe(scoringCanonical(base))
  })
  test.each([
    ['the key', singleChoice(), singleChoice({ key: 1 })],
    ['a retired option', singleChoice(), retired],
    ['the points', singleChoice(), singleChoice({}, { points: 2 })],
    ['the competency', singleChoice(), singleChoice({}, { competency: 'clarity' })],
    ['the credit rule', multipleChoice(), multipleChoice({}, { credit: 'all_or_nothing' })],
    ['a truth', trueFalse(reason, true), trueFalse(reason, false)],
    ['an effectiveness', judgement([5, 3, 2, 1]), judgement([5, 2, 3, 1])],
    ['a tolerance', number(0), number(1)],
  ])('changes with %s', (_, a, b) => expect(scoringCanonical(a)).not.toBe(scoringCanonical(b)))
  test('holds no wording', () => {
    expect(scoringCanonical(singleChoice())).toBe(
      '{"competency":"empathy","key":"c","kind":"single_choice","options":["a","b","c","d"],"points":1}',
    )
  })
  test('of a rubric survives a new anchor but not a new weight', () => {
    const base = rubric(goodAnchors)
    const worded = rubric([...goodAnchors.slice(0, 2), both('先说出感受。', 'Names the feeling first.')])
    expect(rubricScoringCanonical(worded)).toBe(rubricScoringCanonical(base))
    expect(rubricScoringCanonical({ ...base, criteria: base.criteria.map((c) => ({ ...c, weight: 2 })) })).not.toBe(
      rubricScoringCanonical(base),
    )
  })
})
