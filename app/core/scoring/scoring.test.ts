import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { itemOf } from '../bank/item-fixture.ts'
import type { Response } from '../bank/response.ts'
import type { Competency, ItemKind } from '../bank/vocabulary.ts'
import { decideOutcome, type PassRule } from './outcome.ts'
import { numberIn } from './parse-number.ts'
import { scoreForm, wilson90 } from './score-form.ts'
import { scoreItem, type ItemScore } from './score-item.ts'

const credit = (kind: ItemKind, response: unknown, over: Record<string, unknown> = {}) =>
  scoreItem(itemOf(kind, over), response as Response).credit
const ticks = (...optionIds: string[]) => ({ kind: 'multiple_choice', optionIds })
const sorted = (...order: string[]) => ({ kind: 'ordering', order })
const rates = (ratings: Record<string, number>) => ({ kind: 'situational_judgement', ratings })
const chosen = (best?: string, worst?: string) => ({ kind: 'situational_judgement', best, worst })

describe('credit', () => {
  test.each([
    ['single_choice', 'right', { kind: 'single_choice', optionId: 'b' }, 1],
    ['single_choice', 'wrong', { kind: 'single_choice', optionId: 'a' }, 0],
    ['single_choice', 'a retired distractor', { kind: 'single_choice', optionId: 'old' }, 0],
    ['true_false', 'right', { kind: 'true_false', value: true }, 1],
    ['true_false', 'wrong', { kind: 'true_false', value: false }, 0],
    ['multiple_choice', 'all keys', ticks('a', 'b', 'c'), 1],
    ['multiple_choice', 'two of three', ticks('a', 'b'), 2 / 3],
    ['multiple_choice', 'two right, one wrong', ticks('a', 'b', 'd'), 1 / 3],
    ['multiple_choice', 'everything ticked', ticks('a', 'b', 'c', 'd', 'e'), 1 / 3],
    ['multiple_choice', 'not below 0', ticks('d', 'e', 'a'), 0],
    // pairs of a b c d: 6; one neighbour swapped: 5 − 1; reversed: −6
    ['ordering', 'right', sorted('a', 'b', 'c', 'd'), 1],
    ['ordering', 'one swap', sorted('b', 'a', 'c', 'd'), 4 / 6],
    ['ordering', 'last first', sorted('d', 'a', 'b', 'c'), 0],
    ['ordering', 'reversed, not below 0', sorted('d', 'c', 'b', 'a'), 0],
    ['ordering', 'only two placed', sorted('a', 'd'), 1 / 6],
    ['matching', 'half', { kind: 'matching', pairs: { l1: 'r1', l2: 'r3', l3: 'r3' } }, 0.5],
    ['cloze', 'both, in the other language', { kind: 'cloze', gaps: { days: '７ 天', card: 'card_b' } }, 1],
    ['cloze', 'one of two', { kind: 'cloze', gaps: { days: 'Seven  Days', card: 'card_a' } }, 0.5],
    ['cloze', 'one left empty', { kind: 'cloze', gaps: { card: 'card_b' } }, 0.5],
    ['numeric', 'exact, with separator', { kind: 'numeric', text: '1,234.5' }, 1],
    ['numeric', 'at the tolerance, with unit', { kind: 'numeric', text: '１２３５ 元' }, 1],
    ['numeric', 'beyond it', { kind: 'numeric', text: '1235.01' }, 0],
    ['numeric', 'no number', { kind: 'numeric', text: 'many' }, 0],
    ['short_text', 'folded', { kind: 'short_text', text: ' ｒｅｔｕｒｎ　SLIP ' }, 1],
    ['short_text', 'Chinese form', { kind: 'short_text', text: '退 货 单' }, 1],
    ['short_text', 'something else', { kind: 'short_text', text: 'return' }, 0],
    // keys 5 4 2 1; largest distances 4 3 3 4
    ['situational_judgement', 'as the experts', rates({ act1: 5, act2: 4, act3: 2, act4: 1 }), 1],
    [
      'situational_judgement',
      'all in the middle',
      rates({ act1: 3, act2: 3, act3: 3, act4: 3 }),
      (1 / 2 + 2 / 3 + 2 / 3 + 1 / 2) / 4,
    ],
    ['situational_judgement', 'upside down', rates({ act1: 1, act2: 1, act3: 5, act4: 5 }), 0],
    ['situational_judgement', 'one unanswered earns 0', rates({ act1: 5, act2: 4, act3: 2 }), 3 / 4],
  ] as [ItemKind, string, unknown, number][])('%s, %s', (kind, _, response, expected) =>
    expect(credit(kind, response)).toBeCloseTo(expected, 12),
  )

  test.each([
    ['exact set', ticks('a', 'b', 'c'), 1],
    ['one missing', ticks('a', 'b'), 0],
    ['one too many', ticks('a', 'b', 'c', 'd'), 0],
  ])('all or nothing: %s', (_, response, expected) =>
    expect(credit('multiple_choice', response, { credit: 'all_or_nothing' })).toBe(expected),
  )

  test.each([
    ['both extremes', chosen('act1', 'act4'), 1],
    // effectiveness 5 4 2 1, range 4: best act2 3/4, worst act3 3/4
    ['both next to them', chosen('act2', 'act3'), 0.75],
    ['swapped', chosen('act4', 'act1'), 0],
    ['only the best', chosen('act1'), 0.5],
  ])('best and worst: %s', (_, response, expected) =>
    expect(credit('situational_judgement', response, { mode: 'best_worst' })).toBeCloseTo(expected, 12),
  )

  test('a fractional key has its own largest distance', () => {
    const actions = itemOf('situational_judgement').actions.map((a) => ({ ...a, effectiveness: 3.5 }))
    // |1 − 3.5| is the largest there is: 0; |5 − 3.5| = 1.5 of 2.5: 0.4
    expect(credit('situational_judgement', rates({ act1: 1, act2: 5, act3: 1, act4: 1 }), { actions })).toBeCloseTo(
      0.1,
      12,
    )
  })
  test('a retired key is not asked for, but one that was ticked still earns', () => {
    const options = itemOf('multiple_choice').options.map((o) => ({ ...o, retired: o.id === 'c' }))
    expect(credit('multiple_choice', ticks('a', 'b'), { options })).toBe(1)
    expect(credit('multiple_choice', ticks('a', 'c'), { options })).toBeCloseTo(2 / 3, 12)
  })
  test('points are credit times the points of the item', () => {
    expect(scoreItem(itemOf('multiple_choice'), ticks('a', 'b') as Response)).toMatchObject({
      status: 'scored',
      points: 4 / 3,
      maxPoints: 2,
    })
  })
})

describe('status', () => {
  const essay = { kind: 'essay', text: 'some' } as Response
  test('no answer earns 0 and says so, also where a person would rate', () => {
    expect(scoreItem(itemOf('single_choice'), null)).toMatchObject({
      status: 'not_answered',
      credit: 0,
      points: 0,
      maxPoints: 2,
    })
    expect(scoreItem(itemOf('essay'), { kind: 'essay', text: ' ' })).toMatchObject({
      status: 'not_answered',
      credit: 0,
    })
  })
  test('rated kinds wait for their rating', () => {
    expect(scoreItem(itemOf('essay'), essay)).toMatchObject({ status: 'awaiting_rating', credit: null, points: null })
    expect(scoreItem(itemOf('essay'), essay, 62.5)).toMatchObject({ status: 'scored', credit: 0.625, points: 1.25 })
  })
  test('practice counts for nothing', () => {
    expect(scoreItem(itemOf('essay', { practice: true }), essay)).toMatchObject({
      status: 'excluded',
      credit: null,
      maxPoints: 0,
    })
  })
  test('an answer of another kind is a surprise', () => {
    expect(() => scoreItem(itemOf('single_choice'), essay)).toThrow('essay')
  })
})

describe('explanation', () => {
  test('names what was right, wrong and missed', () => {
    const { parts } = scoreItem(itemOf('multiple_choice'), ticks('a', 'd') as Response)
    expect(parts.map((p) => [p.id, p.mark, p.credit])).toEqual([
      ['a', 'right', 1 / 3],
      ['b', 'missed', 0],
      ['c', 'missed', 0],
      ['d', 'wrong', -1 / 3],
    ])
  })
  test('of an order shows places from 1', () => {
    const { parts } = scoreItem(itemOf('ordering'), sorted('b', 'a', 'c') as Response)
    expect(parts.map((p) => [p.id, p.mark, p.given, p.expected])).toEqual([
      ['a', 'wrong', '2', '1'],
      ['b', 'wrong', '1', '2'],
      ['c', 'right', '3', '3'],
      ['d', 'not_answered', undefined, '4'],
    ])
  })
  test('repeats nothing that a person typed', () => {
    for (const [kind, response] of [
      ['short_text', { kind: 'short_text', text: 'my phone is 555' }],
      ['cloze', { kind: 'cloze', gaps: { days: 'phone 555' } }],
      ['numeric', { kind: 'numeric', text: '555' }],
    ] as [ItemKind, Response][]) {
      expect(JSON.stringify(scoreItem(itemOf(kind), response))).not.toContain('555')
    }
  })
  test('parts add up to the credit before it is cut off at 0', () => {
    const responses: [ItemKind, fc.Arbitrary<unknown>][] = [
      ['multiple_choice', fc.subarray(['a', 'b', 'c', 'd', 'e'], { minLength: 1 }).map((l) => ticks(...l))],
      ['ordering', fc.shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 1 }).map((l) => sorted(...l))],
      [
        'situational_judgement',
        fc
          .dictionary(fc.constantFrom('act1', 'act2', 'act3', 'act4'), fc.integer({ min: 1, max: 5 }), { minKeys: 1 })
          .map((r) => rates(r as Record<string, number>)),
      ],
    ]
    for (const [kind, arb] of responses) {
      fc.assert(
        fc.property(arb, (response) => {
          const score = scoreItem(itemOf(kind), response as Response)
          expect(
            Math.max(
              0,
              score.parts.reduce((sum, p) => sum + p.credit, 0),
            ),
          ).toBeCloseTo(score.credit ?? NaN, 9)
          expect(score.credit).toBeGreaterThanOrEqual(0)
          expect(score.credit).toBeLessThanOrEqual(1)
        }),
      )
    }
  })
})

test.each([
  ['42', 42],
  [' ＋４２．５ ', 42.5],
  ['-3', -3],
  ['−3', -3],
  ['－3', -3],
  ['负3', -3],
  ['– 3', -3],
  ['1,234,567', 1234567],
  ['1，234', 1234],
  ['1 234', 1234],
  ["1'234", 1234],
  ['3。5', 3.5],
  ['.5', 0.5],
  ['5.', 5],
  ['-0', 0],
  ['￥30', 30],
  ['30 %', 30],
  ['3,5', null],
  ['12,34', null],
  ['1,2345', null],
  ['1e3', null],
  ['3-5', null],
  ['5 6', null],
  ['--5', null],
  ['', null],
  ['.', null],
  ['-', null],
  ['Infinity', null],
  ['0x10', null],
  ['三十', null],
])('number in %j: %s', (text, expected) => expect(numberIn(text, ['¥', '%'])).toBe(expected))
test('a unit that is not the item’s is not guessed at', () =>
  expect(numberIn('30 minutes', ['秒', 'seconds'])).toBeNull())

/** An item score of a given credit. */
const scored = (value: number | null, over: Partial<ItemScore> = {}): ItemScore => ({
  itemId: `i${Math.round((value ?? 0) * 100)}`,
  kind: 'single_choice',
  competency: 'empathy',
  status: value === null ? 'awaiting_rating' : 'scored',
  credit: value,
  points: value === null ? null : value * (over.maxPoints ?? 1),
  maxPoints: 1,
  parts: [],
  ...over,
})

describe('form', () => {
  test('Wilson interval: values worked out by hand', () => {
    // z² = 2.705543; p = ½, n = 10: ½ ± 1.644854·√(0.025 + 0.00676386) ÷ 1.2705543
    expect(wilson90(0.5, 10)?.low).toBeCloseTo(26.927, 2)
    expect(wilson90(0.5, 10)?.high).toBeCloseTo(73.073, 2)
    // p = 0: 0 to z² ÷ (n + z²)
    expect(wilson90(0, 10)).toMatchObject({ low: 0 })
    expect(wilson90(0, 10)?.high).toBeCloseTo(21.294, 2)
    expect(wilson90(0.5, 0)).toBeNull()
  })
  test('percent is of points; unequal weights widen the interval', () => {
    const form = scoreForm([scored(1, { maxPoints: 3 }), scored(0), scored(1), scored(0.5)])
    // 3 + 0 + 1 + 0.5 of 6; effective n = 36 ÷ 12 = 3
    expect(form).toMatchObject({ n: 4, points: 4.5, maxPoints: 6, percent: 75 })
    expect(form.interval).toEqual(wilson90(0.75, 3))
  })
  test('competencies keep silent below three items but say how many there are', () => {
    const form = scoreForm([
      scored(1),
      scored(0),
      scored(1),
      scored(1, { competency: 'clarity' }),
      scored(0, { competency: 'clarity' }),
    ])
    expect(form.byCompetency).toMatchObject([
      { competency: 'empathy', n: 3, percent: 200 / 3 },
      { competency: 'clarity', n: 2, points: 1, maxPoints: 2, percent: null, interval: null },
    ])
    expect(scoreForm([scored(1), scored(0)])).toMatchObject({ percent: 50, interval: null })
  })
  test('what awaits a rating counts neither as right nor as wrong; practice counts for nothing', () => {
    const form = scoreForm([
      scored(1),
      scored(null, { itemId: 'essay-1', competency: 'clarity' }),
      scored(0, { status: 'excluded', maxPoints: 0 }),
    ])
    expect(form).toMatchObject({ n: 1, percent: 100, awaiting: ['essay-1'] })
    expect(form.byCompetency[1]).toMatchObject({ competency: 'clarity', n: 0, percent: null })
  })
  test('an empty form has no percent', () =>
    expect(scoreForm([])).toMatchObject({ n: 0, percent: null, interval: null, byCompetency: [] }))
})

describe('outcome', () => {
  const rule: PassRule = { cutPercent: 80, competencyCuts: [], experts: 5 }
  const at = (percent: number) => scoreForm([scored(percent / 100, { maxPoints: 100 })])
  const codes = (o: ReturnType<typeof decideOutcome>) => o.reasons.map((r) => r.code)
  test('80.0 passes 80, 79.9 does not', () => {
    expect(decideOutcome(at(80), rule)).toMatchObject({
      proposal: 'pass',
      release: 'by_rule_or_person',
      provisional: false,
    })
    expect(decideOutcome(at(79.9), rule)).toMatchObject({ proposal: 'fail', release: 'by_person' })
  })
  test('sums of fractions do not fail anybody', () => {
    expect(
      decideOutcome(scoreForm([scored(0.1), scored(0.2), scored(0.3, { maxPoints: 1 })]), { ...rule, cutPercent: 20 })
        .proposal,
    ).toBe('pass')
  })
  const profile = (c: Competency, values: number[]) => values.map((v) => scored(v, { competency: c }))
  test('a competency below its cut fails whatever the sum', () => {
    const form = scoreForm([
      ...profile('empathy', [1, 1, 1, 1, 1, 1, 1, 1, 1]),
      ...profile('identity_privacy', [1, 0, 0]),
    ])
    const outcome = decideOutcome(form, {
      ...rule,
      cutPercent: 60,
      competencyCuts: [{ competency: 'identity_privacy', percent: 60 }],
    })
    expect(outcome.proposal).toBe('fail')
    expect(outcome.reasons).toContainEqual({
      code: 'outcome.competency_cut',
      met: false,
      competency: 'identity_privacy',
      percent: 100 / 3,
      cut: 60,
      n: 3,
    })
  })
  test('a competency with too few items is left to a person', () => {
    const outcome = decideOutcome(scoreForm(profile('empathy', [1, 1, 1])), {
      ...rule,
      competencyCuts: [{ competency: 'clarity', percent: 60 }],
    })
    expect(outcome).toMatchObject({ proposal: 'undecided', release: 'by_person' })
    expect(codes(outcome)).toContain('outcome.competency_too_few')
  })
  test('a critical failure fails, and missing ratings leave it undecided', () => {
    expect(decideOutcome(at(100), rule, ['privacy'])).toMatchObject({ proposal: 'fail', release: 'by_person' })
    const waiting = scoreForm([scored(1), scored(null)])
    expect(decideOutcome(waiting, rule, ['privacy'])).toMatchObject({ proposal: 'undecided', release: 'by_person' })
    expect(decideOutcome(scoreForm([]), rule).proposal).toBe('undecided')
  })
  test('fewer than five experts make it provisional, and a person releases it', () => {
    expect(decideOutcome(at(100), { ...rule, experts: 4 })).toMatchObject({
      proposal: 'pass',
      release: 'by_person',
      provisional: true,
    })
  })
  test('a cut inside the interval is said', () => {
    expect(codes(decideOutcome(scoreForm(profile('empathy', [1, 1, 1, 0])), { ...rule, cutPercent: 70 }))).toContain(
      'outcome.near_cut',
    )
  })
  test('no fail is ever released by rule', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }), { maxLength: 6 }),
        fc.nat(100),
        fc.nat(7),
        fc.boolean(),
        (credits, cutPercent, experts, critical) => {
          const outcome = decideOutcome(
            scoreForm(credits.map((c) => scored(c))),
            { cutPercent, competencyCuts: [], experts },
            critical ? ['c'] : [],
          )
          if (outcome.proposal !== 'pass') expect(outcome.release).toBe('by_person')
        },
      ),
    )
  })
})
