import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LocalizedText } from '../shared/locale.ts'
import { alignmentOf, combineSheets, rubricAlignment, sheetAlignment } from './combine.ts'
import {
  blindnessLifted,
  criterionPercent,
  meanOf,
  rateCriterion,
  scoreSheet,
  sheetProblems,
  submitSheet,
  visibleSheets,
  weightedMean,
  type RubricRules,
  type Sheet,
  type SheetEntry,
} from './sheet.ts'

const text: LocalizedText = { 'zh-CN': '文', en: 'text' }
type Criterion = RubricRules['criteria'][number]
const criterion = (id: string, over: Partial<Criterion> = {}): Criterion => ({
  id,
  title: text,
  competency: 'empathy',
  weight: 1,
  notApplicable: false,
  evidence: 'optional',
  anchors: [text, text, text, text, text],
  ...over,
})
const rubric = (criteria: Criterion[], levels = 5): RubricRules => ({ levels, criteria })
const rated = (criterionId: string, level: number, evidenceIds: string[] = []): SheetEntry => ({
  criterionId,
  level,
  notApplicable: false,
  evidenceIds,
})
const notApplicable = (criterionId: string): SheetEntry => ({
  criterionId,
  level: null,
  notApplicable: true,
  evidenceIds: [],
})

describe('the arithmetic that vendors publish', () => {
  test.each([
    [2, [0, 100]],
    [3, [0, 50, 100]],
    [4, [0, 33.3, 66.6, 100]],
    [5, [0, 25, 50, 75, 100]],
  ])('a scale of %i', (levels, expected) => {
    // Zendesk prints 33.3 and 66.6: cut off after one digit, not rounded
    expect(Array.from({ length: levels }, (_, i) => Math.floor(criterionPercent(i + 1, levels) * 10) / 10)).toEqual(
      expected,
    )
  })
  test('internal quality score of five reviews', () => {
    expect(meanOf([100, 9.91, 63.96, 90.99, 0])?.toFixed(2)).toBe('52.97')
  })
  test('weights count over what is rated only', () => {
    expect(
      weightedMean([
        { percent: 100, weight: 2 },
        { percent: 0, weight: 1 },
        { percent: null, weight: 50 },
      ]),
    ).toBeCloseTo(66.6667, 4)
    expect(weightedMean([{ percent: null, weight: 1 }])).toBeNull()
  })
  test('alignment of 10 with 7 of 15 is 80 %, and 15 % of a rubric of 80', () => {
    expect(alignmentOf({ original: 10, benchmark: 7, max: 15 })).toBeCloseTo(0.8, 12)
    // the other 65 points as far apart as can be: what is left is the contribution of this line
    expect(
      rubricAlignment([
        { original: 10, benchmark: 7, max: 15 },
        { original: 65, benchmark: 0, max: 65 },
      ]),
    ).toBeCloseTo(0.15, 12)
  })
  test('equal totals need not agree on any line', () => {
    expect(
      rubricAlignment([
        { original: 10, benchmark: 0, max: 10 },
        { original: 0, benchmark: 10, max: 10 },
      ]),
    ).toBe(0)
  })
})

describe('scoreSheet', () => {
  const card = rubric([
    criterion('privacy', { critical: { failBelow: 3 } }),
    criterion('solution', { weight: 2 }),
    criterion('upsell', { notApplicable: true }),
  ])
  test('weighted mean without what does not apply', () => {
    // (100·1 + 50·2) ÷ 3
    expect(scoreSheet(card, [rated('privacy', 5), rated('solution', 3), notApplicable('upsell')]).total).toBeCloseTo(
      200 / 3,
      12,
    )
  })
  test('a critical criterion below its mark sets the whole to 0 but not the criteria', () => {
    const score = scoreSheet(card, [rated('privacy', 2), rated('solution', 5), rated('upsell', 5)])
    expect(score).toMatchObject({ total: 0, criticalFailures: ['privacy'] })
    expect(score.uncut).toBeCloseTo((25 + 200 + 100) / 4, 12)
    expect(score.criteria.map((c) => c.percent)).toEqual([25, 100, 100])
  })
  test('at its mark it does not fail', () => {
    expect(scoreSheet(card, [rated('privacy', 3), rated('solution', 5)]).criticalFailures).toEqual([])
  })
  test('nothing rated, no total', () => {
    expect(scoreSheet(card, [])).toMatchObject({ total: null, uncut: null })
  })
})

describe('a sheet', () => {
  const card = rubric([criterion('a', { evidence: 'required' }), criterion('b', { notApplicable: true })])
  const draft: Sheet = {
    id: 's1',
    subjectId: 'x',
    raterId: 'r1',
    status: 'draft',
    revision: 0,
    entries: [],
    submittedAt: null,
  }
  test.each([
    ['nothing rated', [], ['sheet.criterion_missing', 'sheet.criterion_missing']],
    ['complete', [rated('a', 3, ['e1']), notApplicable('b')], []],
    ['no evidence', [rated('a', 3), notApplicable('b')], ['sheet.evidence_missing']],
    ['not applicable where it must apply', [notApplicable('a'), rated('b', 1)], ['sheet.not_applicable_not_allowed']],
    [
      'a level off the scale',
      [rated('a', 6, ['e1']), rated('b', 0)],
      ['sheet.level_out_of_range', 'sheet.level_out_of_range'],
    ],
    [
      'unknown and doubled',
      [rated('a', 3, ['e1']), rated('b', 2), rated('b', 3), rated('zz', 1)],
      ['sheet.criterion_twice', 'sheet.criterion_unknown'],
    ],
  ] as [string, SheetEntry[], string[]][])('%s', (_, entries, codes) => {
    expect(sheetProblems(card, entries).map((p) => p.code)).toEqual(codes)
  })
  const rate = (sheet: Sheet, entry: SheetEntry, baseRevision = sheet.revision, raterId = 'r1') => {
    const r = rateCriterion(card, sheet, { raterId, baseRevision, entry })
    return r.ok ? r.value : r.error.code
  }
  test('is rated on its current revision, by its rater, on the scale', () => {
    const one = rate(draft, rated('a', 3)) as Sheet
    expect(one).toMatchObject({ revision: 1, entries: [rated('a', 3)] })
    expect(rate(one, rated('a', 4), 0)).toBe('sheet.stale')
    expect(rate(one, rated('a', 4), 1, 'r2')).toBe('sheet.not_yours')
    expect(rate(one, rated('a', 9))).toBe('sheet.level_out_of_range')
    expect(rate(one, notApplicable('a'))).toBe('sheet.not_applicable_not_allowed')
    expect(rate(one, rated('zz', 1))).toBe('sheet.criterion_unknown')
    expect((rate(one, rated('a', 4)) as Sheet).entries).toEqual([rated('a', 4)])
  })
  test('is handed in once, complete, and then frozen', () => {
    expect(submitSheet(card, draft, { raterId: 'r1', at: 5 })).toMatchObject({
      ok: false,
      error: { code: 'sheet.incomplete', params: { problems: 2 } },
    })
    const full = { ...draft, entries: [rated('a', 3, ['e1']), rated('b', 2)] }
    const done = submitSheet(card, full, { raterId: 'r1', at: 5 })
    expect(done).toMatchObject({ ok: true, value: { status: 'submitted', submittedAt: 5, revision: 1 } })
    if (!done.ok) throw new Error('not submitted')
    expect(submitSheet(card, done.value, { raterId: 'r1', at: 6 })).toMatchObject({
      error: { code: 'sheet.already_submitted' },
    })
    expect(rate(done.value, rated('a', 1))).toBe('sheet.already_submitted')
  })
  test('is hidden from others until all are in', () => {
    const sheets: Sheet[] = [
      { ...draft, status: 'submitted' },
      { ...draft, id: 's2', raterId: 'r2' },
    ]
    const ids = (viewer: string, list: Sheet[], required = 2) => visibleSheets(list, viewer, required).map((s) => s.id)
    expect([ids('r1', sheets), ids('r2', sheets), ids('lead', sheets)]).toEqual([['s1'], ['s2'], []])
    const both = sheets.map((s): Sheet => ({ ...s, status: 'submitted' }))
    expect([ids('r1', both), ids('lead', both)]).toEqual([
      ['s1', 's2'],
      ['s1', 's2'],
    ])
    expect([blindnessLifted(sheets, 2), blindnessLifted(both, 2)]).toEqual([false, true])
    // a third sheet still in draft stays its rater's own
    expect(ids('r1', [...both, { ...draft, id: 's3', raterId: 'r3' }])).toEqual(['s1', 's2'])
  })
})

describe('several sheets', () => {
  const card = rubric([
    criterion('privacy', { critical: { failBelow: 3 } }),
    criterion('tone'),
    criterion('upsell', { notApplicable: true }),
  ])
  test('the mean, with fractions kept', () => {
    const c = combineSheets(card, [
      [rated('privacy', 5), rated('tone', 3), notApplicable('upsell')],
      [rated('privacy', 5), rated('tone', 4), notApplicable('upsell')],
    ])
    expect(c).toMatchObject({ total: (75 + 87.5) / 2, sheets: 2, criticalFailures: [], adjudication: [] })
    expect(c.criteria).toEqual([
      { criterionId: 'privacy', percent: 100, n: 2 },
      { criterionId: 'tone', percent: 62.5, n: 2 },
      { criterionId: 'upsell', percent: null, n: 0 },
    ])
  })
  test.each([
    ['one level', [rated('privacy', 4), rated('tone', 3)], [rated('privacy', 5), rated('tone', 4)], []],
    [
      'two levels',
      [rated('privacy', 5), rated('tone', 2)],
      [rated('privacy', 5), rated('tone', 4)],
      [{ criterionId: 'tone', reason: 'levels_apart' }],
    ],
    [
      'one level across a critical mark',
      [rated('privacy', 2), rated('tone', 3)],
      [rated('privacy', 3), rated('tone', 3)],
      [{ criterionId: 'privacy', reason: 'critical' }],
    ],
    [
      'applicable or not',
      [rated('upsell', 3)],
      [notApplicable('upsell')],
      [{ criterionId: 'upsell', reason: 'applicability' }],
    ],
    ['both critical', [rated('privacy', 1)], [rated('privacy', 2)], []],
  ] as [string, SheetEntry[], SheetEntry[], unknown[]][])('adjudication: %s', (_, a, b, need) => {
    expect(combineSheets(card, [a, b]).adjudication).toEqual(need)
  })
  test('a third opinion takes the place of both, also on a critical criterion', () => {
    const a = [rated('privacy', 2), rated('tone', 5)]
    const b = [rated('privacy', 5), rated('tone', 5)]
    expect(combineSheets(card, [a, b]).total).toBe(50)
    expect(combineSheets(card, [a, b], [rated('privacy', 3)])).toMatchObject({
      total: 75,
      adjudication: [],
      criticalFailures: [],
    })
    expect(combineSheets(card, [a, b], [rated('privacy', 1)])).toMatchObject({
      total: 0,
      adjudication: [],
      criticalFailures: ['privacy'],
    })
  })
  test('no sheets, no total', () =>
    expect(combineSheets(card, [])).toMatchObject({ total: null, criticalFailures: [], adjudication: [] }))
  test('alignment with a benchmark sheet', () => {
    const a = [rated('privacy', 5), rated('tone', 3), notApplicable('upsell')]
    expect(sheetAlignment(card, a, a)).toBe(1)
    // privacy one level of four apart, tone equal, upsell left out
    expect(sheetAlignment(card, a, [rated('privacy', 4), rated('tone', 3), notApplicable('upsell')])).toBeCloseTo(
      0.875,
      12,
    )
    expect(sheetAlignment(card, a, [rated('privacy', 5), rated('tone', 3), rated('upsell', 5)])).toBeCloseTo(2 / 3, 12)
  })
  test('the total lies between the sheets, and order does not matter', () => {
    const sheetArb = fc
      .tuple(fc.integer({ min: 3, max: 5 }), fc.integer({ min: 1, max: 5 }))
      .map(([p, t]) => [rated('privacy', p), rated('tone', t)])
    fc.assert(
      fc.property(fc.array(sheetArb, { minLength: 1, maxLength: 4 }), (sheets) => {
        const totals = sheets.map((s) => scoreSheet(card, s).total ?? 0)
        const { total } = combineSheets(card, sheets)
        expect(total).toBeGreaterThanOrEqual(Math.min(...totals) - 1e-9)
        expect(total).toBeLessThanOrEqual(Math.max(...totals) + 1e-9)
        expect(combineSheets(card, [...sheets].reverse()).total).toBeCloseTo(total ?? 0, 9)
      }),
    )
  })
})
