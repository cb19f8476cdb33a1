import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LOCALES } from '../shared/locale.ts'
import { seededRandom } from '../shared/random.ts'
import {
  candidateItem,
  drawOptionOrder,
  formFields,
  isAnswered,
  isComplete,
  responseFromForm,
  validateResponse,
} from './candidate-view.ts'
import { CANARY, itemOf } from './item-fixture.ts'
import { ResponseSchema, type Response } from './response.ts'
import { ITEM_KINDS, type ItemKind } from './vocabulary.ts'

describe('what a candidate is shown', () => {
  const walk = ITEM_KINDS.flatMap((kind) =>
    LOCALES.map((locale): [ItemKind, (typeof LOCALES)[number]] => [kind, locale]),
  )
  test.each(walk)('%s in %s carries no secret', (kind, locale) => {
    const item = itemOf(kind)
    expect(JSON.stringify(item)).toContain(CANARY)
    const view = JSON.stringify(candidateItem(item, locale))
    expect(view).not.toContain(CANARY)
    expect(view).not.toMatch(/0\.61803|effectiveness|rationale|"keys?"|accepted|"pairs"|"order"|service-standard/)
    expect(view).toContain(locale === 'en' ? 'The stem"' : 'The stem（中）')
  })
  // a field that is added to the schema must be put here by hand before it is shown
  test.each([
    ['single_choice', ['options']],
    ['multiple_choice', ['options']],
    ['true_false', []],
    ['ordering', ['elements']],
    ['matching', ['left', 'right']],
    ['cloze', ['gaps', 'text']],
    ['numeric', ['unit']],
    ['short_text', ['maxCodePoints']],
    ['situational_judgement', ['actions', 'mode']],
    ['behavioural', ['limits']],
    ['written_reply', ['limits', 'policies', 'replyChannel', 'thread']],
    ['essay', ['limits']],
  ] as [ItemKind, string[]][])('%s shows these fields and no others', (kind, fields) => {
    expect(Object.keys(candidateItem(itemOf(kind), 'en')).sort()).toEqual(
      ['id', 'kind', 'locale', 'points', 'policySearch', 'prompt', 'stem', ...fields].sort(),
    )
  })
  test('entries of lists show id and text only, retired ones not at all', () => {
    const view = candidateItem(itemOf('single_choice'), 'en', { options: ['c', 'a', 'b'] })
    expect(view).toMatchObject({ kind: 'single_choice' })
    expect('options' in view && view.options).toEqual(['c', 'a', 'b'].map((id) => ({ id, text: `text of ${id}` })))
  })
  test('limits are the item’s', () => {
    expect(candidateItem(itemOf('essay'), 'en')).toMatchObject({ limits: { minCodePoints: 0, maxCodePoints: 5 } })
    expect(candidateItem(itemOf('cloze'), 'en')).toMatchObject({
      gaps: [{ id: 'days', maxCodePoints: 10 }, { options: [{ id: 'card_a' }, { id: 'card_b' }, { id: 'card_c' }] }],
    })
  })
})

describe('drawn order', () => {
  test('is reproducible, names what is shown, and is the same in both languages', () => {
    const item = itemOf('cloze')
    const order = drawOptionOrder(item, seededRandom('s'))
    expect(drawOptionOrder(item, seededRandom('s'))).toEqual(order)
    expect([...(order['card'] ?? [])].sort()).toEqual(['card_a', 'card_b', 'card_c'])
    const ids = (locale: 'en' | 'zh-CN') => JSON.stringify(candidateItem(item, locale, order)).match(/"id":"card_."/g)
    expect(ids('en')).toEqual(ids('zh-CN'))
  })
  test('elements to sort are shuffled even where shuffling is off', () => {
    const fixed = drawOptionOrder(itemOf('multiple_choice', { shuffle: false }), seededRandom('x'))
    expect(fixed).toEqual({ options: ['a', 'b', 'c', 'd', 'e'] })
    const orders = new Set(
      ['1', '2', '3', '4', '5', '6'].map((seed) =>
        drawOptionOrder(itemOf('ordering', { shuffle: false }), seededRandom(seed))['elements']?.join(),
      ),
    )
    expect(orders.size).toBeGreaterThan(1)
  })
})

describe('validateResponse', () => {
  const code = (kind: ItemKind, response: Response, over = {}): string => {
    const item = itemOf(kind, over)
    const results = [validateResponse(item, response), validateResponse(candidateItem(item, 'en'), response)].map(
      (r) => (r.ok ? 'ok' : r.error.code),
    )
    expect(new Set(results).size, 'item and view agree').toBe(1)
    return results[0] ?? ''
  }
  test.each([
    ['single_choice', { kind: 'single_choice', optionId: 'b' }, 'ok'],
    ['single_choice', { kind: 'single_choice', optionId: 'z' }, 'response.unknown_option'],
    ['single_choice', { kind: 'essay', text: 'b' }, 'response.kind_mismatch'],
    ['multiple_choice', { kind: 'multiple_choice', optionIds: ['a', 'a'] }, 'response.duplicate_option'],
    ['multiple_choice', { kind: 'multiple_choice', optionIds: [] }, 'ok'],
    ['true_false', { kind: 'true_false', value: false }, 'ok'],
    ['ordering', { kind: 'ordering', order: ['d'] }, 'ok'],
    ['ordering', { kind: 'ordering', order: ['d', 'd'] }, 'response.duplicate_option'],
    ['matching', { kind: 'matching', pairs: { l1: 'r1', l2: 'r1' } }, 'ok'],
    ['matching', { kind: 'matching', pairs: { l9: 'r1' } }, 'response.unknown_option'],
    ['matching', { kind: 'matching', pairs: { l1: 'r9' } }, 'response.unknown_option'],
    ['cloze', { kind: 'cloze', gaps: { days: '七天之内到账啊十个字' } }, 'ok'],
    ['cloze', { kind: 'cloze', gaps: { days: '七天之内到账啊十个字了' } }, 'response.too_long'],
    ['cloze', { kind: 'cloze', gaps: { card: 'card_z' } }, 'response.unknown_option'],
    ['cloze', { kind: 'cloze', gaps: { nope: 'x' } }, 'response.unknown_option'],
    ['numeric', { kind: 'numeric', text: '1'.repeat(41) }, 'response.too_long'],
    // twelve emoji: twelve code points, twenty-four UTF-16 units, forty-eight bytes
    ['short_text', { kind: 'short_text', text: '😀'.repeat(12) }, 'ok'],
    ['short_text', { kind: 'short_text', text: '😀'.repeat(13) }, 'response.too_long'],
    ['short_text', { kind: 'short_text', text: 'a\u0000' }, 'response.forbidden_character'],
    ['short_text', { kind: 'short_text', text: '\ud800' }, 'response.forbidden_character'],
    ['situational_judgement', { kind: 'situational_judgement', ratings: { act1: 5 } }, 'ok'],
    ['situational_judgement', { kind: 'situational_judgement', ratings: { act9: 5 } }, 'response.unknown_option'],
    ['situational_judgement', { kind: 'situational_judgement', ratings: { act1: 6 } }, 'response.rating_out_of_range'],
    ['situational_judgement', { kind: 'situational_judgement', best: 'act1' }, 'response.wrong_mode'],
    [
      'behavioural',
      { kind: 'behavioural', situation: '情况', task: '任务', action: '行动行动', result: '结果结果' },
      'ok',
    ],
    [
      'behavioural',
      { kind: 'behavioural', situation: '情况', task: '任务', action: '行动行动', result: '结果结果了' },
      'response.too_long',
    ],
    ['written_reply', { kind: 'written_reply', subject: 's', text: '20 characters or less'.slice(0, 20) }, 'ok'],
    ['written_reply', { kind: 'written_reply', subject: 's'.repeat(201), text: '' }, 'response.too_long'],
    ['essay', { kind: 'essay', text: '五个字而已' }, 'ok'],
    ['essay', { kind: 'essay', text: '五个字而已啊' }, 'response.too_long'],
  ] as [ItemKind, Response, string][])('%s %j: %s', (kind, response, expected) =>
    expect(code(kind, response)).toBe(expected),
  )
  test('best and worst are two actions', () => {
    const over = { mode: 'best_worst' }
    expect(code('situational_judgement', { kind: 'situational_judgement', best: 'act1', worst: 'act1' }, over)).toBe(
      'response.same_action',
    )
    expect(code('situational_judgement', { kind: 'situational_judgement', best: 'act1', worst: 'act4' }, over)).toBe(
      'ok',
    )
    expect(code('situational_judgement', { kind: 'situational_judgement', ratings: {} }, over)).toBe(
      'response.wrong_mode',
    )
  })
  test('a chat has no subject line', () => {
    expect(code('written_reply', { kind: 'written_reply', subject: 's', text: 'x' }, { replyChannel: 'chat' })).toBe(
      'response.subject_not_asked',
    )
  })
  test('an answer that names a retired option keeps its meaning for the item, but is not offered', () => {
    const item = itemOf('single_choice')
    expect(validateResponse(item, { kind: 'single_choice', optionId: 'old' }).ok).toBe(true)
    expect(validateResponse(candidateItem(item, 'en'), { kind: 'single_choice', optionId: 'old' }).ok).toBe(false)
  })
})

test.each([
  [null, false],
  [{ kind: 'true_false', value: false }, true],
  [{ kind: 'multiple_choice', optionIds: [] }, false],
  [{ kind: 'ordering', order: [] }, false],
  [{ kind: 'matching', pairs: {} }, false],
  [{ kind: 'cloze', gaps: { days: ' ' } }, false],
  [{ kind: 'essay', text: '\n\u3000 ' }, false],
  [{ kind: 'situational_judgement' }, false],
  [{ kind: 'situational_judgement', worst: 'act1' }, true],
  [{ kind: 'behavioural', situation: '', task: '', action: '', result: 'x' }, true],
] as [Response | null, boolean][])('isAnswered %j: %s', (response, expected) =>
  expect(isAnswered(response)).toBe(expected),
)

test.each([
  ['ordering', { kind: 'ordering', order: ['a', 'b', 'c'] }, false],
  ['ordering', { kind: 'ordering', order: ['a', 'b', 'c', 'd'] }, true],
  ['matching', { kind: 'matching', pairs: { l1: 'r1', l2: 'r1', l3: 'r1' } }, false],
  ['cloze', { kind: 'cloze', gaps: { days: '7', card: '' } }, false],
  ['cloze', { kind: 'cloze', gaps: { days: '7', card: 'card_a' } }, true],
  ['situational_judgement', { kind: 'situational_judgement', ratings: { act1: 1, act2: 1, act3: 1 } }, false],
  ['behavioural', { kind: 'behavioural', situation: 'a', task: 'b', action: 'c', result: '' }, false],
  ['behavioural', { kind: 'behavioural', situation: 'a', task: 'b', action: 'c', result: 'd' }, true],
] as [ItemKind, Response, boolean][])('isComplete %s %j: %s', (kind, response, expected) =>
  expect(isComplete(itemOf(kind), response)).toBe(expected),
)

describe('forms without JavaScript', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 8 }).map((s) => s.replace(/[\u0000\r]/g, ''))
  const pick = (ids: string[]) => fc.constantFrom(...ids)
  const ABC = ['a', 'b', 'c', 'd', 'e']
  const subset = (ids: string[], min = 0) => fc.subarray(ids, { minLength: min })
  const record = (ids: string[], value: fc.Arbitrary<string | number>) =>
    fc
      .subarray(ids, { minLength: 1 })
      .chain((keys) =>
        fc.tuple(...keys.map(() => value)).map((values) => Object.fromEntries(keys.map((k, i) => [k, values[i]]))),
      )
  const answers: Record<ItemKind, fc.Arbitrary<unknown>> = {
    single_choice: pick(['a', 'b', 'c']).map((optionId) => ({ kind: 'single_choice', optionId })),
    multiple_choice: subset(ABC, 1).map((optionIds) => ({ kind: 'multiple_choice', optionIds })),
    true_false: fc.boolean().map((value) => ({ kind: 'true_false', value })),
    ordering: fc.shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 1 }).map((order) => ({ kind: 'ordering', order })),
    matching: record(['l1', 'l2', 'l3', 'l4'], pick(['r1', 'r2', 'r5'])).map((pairs) => ({ kind: 'matching', pairs })),
    cloze: fc
      .record({ days: text.filter((s) => s.trim() !== ''), card: pick(['card_a', 'card_b']) })
      .map((gaps) => ({ kind: 'cloze', gaps })),
    numeric: fc.integer().map((n) => ({ kind: 'numeric', text: String(n) })),
    short_text: text.filter((s) => s.trim() !== '').map((t) => ({ kind: 'short_text', text: t })),
    situational_judgement: record(['act1', 'act2', 'act4'], fc.integer({ min: 1, max: 5 })).map((ratings) => ({
      kind: 'situational_judgement',
      ratings,
    })),
    behavioural: fc
      .tuple(text, text, text)
      .map(([situation, task, action]) => ({ kind: 'behavioural', situation, task, action, result: 'r\nr' })),
    written_reply: fc
      .tuple(
        text.filter((s) => s !== ''),
        text,
      )
      .map(([subject, t]) => ({ kind: 'written_reply', subject, text: `${t}x` })),
    essay: text.map((t) => ({ kind: 'essay', text: `${t}x` })),
  }
  test.each(ITEM_KINDS)('%s: what the form shows is what comes back', (kind) => {
    const item = itemOf(kind)
    const view = candidateItem(item, 'zh-CN', drawOptionOrder(item, seededRandom('form')))
    fc.assert(
      fc.property(answers[kind], (raw) => {
        const response = ResponseSchema.parse(raw)
        const fields = Object.fromEntries(
          formFields(view, response).map((f) => [
            f.name,
            typeof f.value === 'string' ? f.value.replace(/\n/g, '\r\n') : [...f.value],
          ]),
        )
        expect(responseFromForm(item, fields)).toEqual(response)
        expect(responseFromForm(view, fields)).toEqual(response)
      }),
    )
    const empty = Object.fromEntries(formFields(view, null).map((f) => [f.name, '']))
    expect(responseFromForm(view, empty)).toBeNull()
    expect(responseFromForm(view, {})).toBeNull()
  })
  test('best and worst', () => {
    const view = candidateItem(itemOf('situational_judgement', { mode: 'best_worst' }), 'en')
    expect(formFields(view, null).map((f) => [f.name, f.control])).toEqual([
      ['best', 'radio'],
      ['worst', 'radio'],
    ])
    expect(responseFromForm(view, { best: 'act1', worst: '' })).toEqual({ kind: 'situational_judgement', best: 'act1' })
  })
  test('places left empty close up, and a doubled one is left to validation', () => {
    const item = itemOf('ordering')
    expect(responseFromForm(item, { 'position.1': 'c', 'position.3': 'a' })).toEqual({
      kind: 'ordering',
      order: ['c', 'a'],
    })
    const doubled = responseFromForm(item, { 'position.1': 'c', 'position.2': 'c' })
    expect(doubled && validateResponse(item, doubled)).toMatchObject({ error: { code: 'response.duplicate_option' } })
  })
  test('a rating off the scale is no rating', () => {
    expect(responseFromForm(itemOf('situational_judgement'), { 'rate.act1': '9', 'rate.act2': '2' })).toEqual({
      kind: 'situational_judgement',
      ratings: { act2: 2 },
    })
  })
  test('controls: selects for places and pairs, radio grids for judgement', () => {
    const shape = (kind: ItemKind) =>
      formFields(candidateItem(itemOf(kind), 'en'), null).map((f) => `${f.name}:${f.control}:${f.options?.length ?? 0}`)
    expect(shape('ordering')).toEqual([
      'position.1:select:4',
      'position.2:select:4',
      'position.3:select:4',
      'position.4:select:4',
    ])
    expect(shape('matching')).toEqual([
      'match.l1:select:5',
      'match.l2:select:5',
      'match.l3:select:5',
      'match.l4:select:5',
    ])
    expect(shape('situational_judgement')).toEqual([
      'rate.act1:radio:5',
      'rate.act2:radio:5',
      'rate.act3:radio:5',
      'rate.act4:radio:5',
    ])
    expect(shape('written_reply')).toEqual(['subject:text:0', 'text:textarea:0'])
  })
})
