import { describe, expect, test } from 'vitest'
import { both, item, judgement, multipleChoice, singleChoice } from '#tests/fixtures/bank.ts'
import type { Item } from '../schema.ts'
import { structureRemarks } from './structure.ts'

const codes = (it: Item): string[] => structureRemarks(it).map((r) => `${r.code} ${r.path}`)
const reason = both('理由。', 'Why.')
const named = (id: string) => ({ id, text: both(`条目${id}`, `entry ${id}`) })
const option = (id: string, retired = false) => ({ ...named(id), rationale: reason, retired })

const ordering = (order: string[], ids = ['a', 'b', 'c']): Item =>
  item('ordering', {
    stem: both('排序。', 'Put in order.'),
    elements: ids.map(named),
    order,
    rationale: reason,
  } as never)
const matching = (pairs: Record<string, string>, rationales = ['l1', 'l2']): Item =>
  item('matching', {
    stem: both('配对。', 'Match.'),
    left: ['l1', 'l2'].map(named),
    right: ['r1', 'r2', 'r3'].map(named),
    pairs,
    rationales: Object.fromEntries(rationales.map((id) => [id, reason])),
  } as never)
const cloze = (zh: string, en: string, key = 'a'): Item =>
  item('cloze', {
    stem: both('补全。', 'Complete.'),
    text: both(zh, en),
    gaps: [{ id: 'when', type: 'dropdown', key, options: [option('a'), option('b')] }],
  } as never)

const cases: [title: string, it: Item, expected: string[]][] = [
  ['sound single choice', singleChoice(), []],
  ['key that is not there', singleChoice({}, { key: 'z' }), ['item.key_unknown key']],
  [
    'key that is retired',
    singleChoice({}, { options: [option('a'), option('b'), option('c'), option('d', true)], key: 'd' }),
    ['item.key_retired key'],
  ],
  [
    'too few options left',
    singleChoice({}, { options: [option('a'), option('b'), option('c', true)], key: 'a' }),
    ['item.too_few_options options'],
  ],
  [
    'an id twice',
    singleChoice({}, { options: [option('a'), option('a'), option('b'), option('c')], key: 'b' }),
    ['item.duplicate_option_id options'],
  ],
  ['sound multiple choice', multipleChoice(), []],
  ['a key twice', multipleChoice({ keys: ['a', 'a'] }), ['item.keys_invalid keys']],
  ['every option a key', multipleChoice({ keys: ['a', 'b', 'c', 'd'] }), ['item.keys_invalid keys']],
  ['one of the keys is not there', multipleChoice({ keys: ['a', 'x'] }), ['item.key_unknown keys[1]']],
  ['sound order', ordering(['c', 'a', 'b']), []],
  ['an element left out', ordering(['c', 'a', 'a']), ['item.order_mismatch order']],
  ['an element too many', ordering(['c', 'a', 'b', 'd']), ['item.order_mismatch order']],
  ['sound pairs', matching({ l1: 'r1', l2: 'r3' }), []],
  ['a left entry without partner', matching({ l1: 'r1' }), ['item.pairs_mismatch pairs']],
  ['a partner that is not there', matching({ l1: 'r1', l2: 'r9' }), ['item.pairs_mismatch pairs.l2']],
  ['a rationale missing', matching({ l1: 'r1', l2: 'r2' }, ['l1']), ['item.rationales_mismatch rationales']],
  ['sound gaps', cloze('将在{{when}}回复', 'We reply {{when}}'), []],
  ['gap missing in one language', cloze('将在{{when}}回复', 'We reply soon'), ['item.gap_count text.en']],
  ['gap twice in one language', cloze('{{when}}或{{when}}', 'We reply {{when}}'), ['item.gap_count text.zh-CN']],
  [
    'gap that is not described',
    cloze('将在{{when}}由{{who}}回复', 'We reply {{when}}'),
    ['item.gap_unknown text.zh-CN'],
  ],
  ['key of a gap that is not there', cloze('{{when}}', '{{when}}', 'q'), ['item.key_unknown gaps[0].key']],
  ['sound judgement', judgement([5, 3, 2, 1]), []],
  ['two best actions', judgement([5, 5, 2, 1]), ['item.judgement_extremes actions']],
  ['two worst actions', judgement([5, 3, 1, 1]), ['item.judgement_extremes actions']],
  ['actions all alike', judgement([4, 3.5, 3, 2.5]), ['item.judgement_spread actions']],
  [
    'accepted form that cannot be typed',
    item('short_text', {
      stem: both('叫什么？', 'What is it called?'),
      accepted: { 'zh-CN': ['闭环管理'], en: ['a closed loop'] },
      maxCodePoints: 5,
      rationale: reason,
    } as never),
    ['item.accepted_too_long accepted.en[0]'],
  ],
  [
    'limits crossed',
    item('essay', {
      stem: both('谈谈。', 'Discuss.'),
      rubric: 'empathy',
      expected: [reason, reason],
      limits: { minCodePoints: 400, maxCodePoints: 300 },
    } as never),
    ['item.limits limits'],
  ],
  [
    'policy knowledge without its clause',
    singleChoice({}, { competency: 'policy_knowledge', policy: { id: 'returns', revision: 2 } }),
    ['item.policy_missing policy'],
  ],
  [
    'policy knowledge with its clause',
    singleChoice({}, { competency: 'policy_knowledge', policy: { id: 'returns', revision: 2, clause: '1.1' } }),
    [],
  ],
]

describe('structure', () => {
  test.each(cases)('%s', (_, it, expected) => expect(codes(it)).toEqual(expected))
})
