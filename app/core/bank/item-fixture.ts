/**
 * One item of each kind for tests. With `secrets`, every field that a candidate must not see carries the token CANARY.
 */
import { ItemSchema, type ItemOf } from './schema.ts'
import type { ItemKind } from './vocabulary.ts'

export const CANARY = 'canary'
const both = (text: string) => ({ 'zh-CN': `${text}（中）`, en: text })
/** A text that only staff may read. */
const secret = both(`secret ${CANARY}`)
const option = (id: string, retired = false) => ({ id, text: both(`text of ${id}`), rationale: secret, retired })
const entry = (id: string) => ({ id, text: both(`text of ${id}`) })

const base = {
  competency: 'policy_knowledge',
  topics: [`topic-${CANARY}`],
  channel: 'chat',
  difficulty: 0.61803,
  source: { document: 'service-standard', statements: [] },
  policy: { id: `policy-${CANARY}`, revision: 1, clause: CANARY },
  stem: both('The stem'),
  prompt: both('The prompt'),
  points: 2,
  enemies: [`enemy-${CANARY}`],
  experts: [{ name: `expert ${CANARY}`, ratedOn: '2026-01-01' }],
  waivers: [{ rule: 'item.negative_stem', reason: `because of ${CANARY}` }],
}
const rated = { rubric: `rubric-${CANARY}` }

const RAW: { readonly [K in ItemKind]: Record<string, unknown> } = {
  single_choice: { options: [option('a'), option('b'), option('c'), option('old', true)], key: 'b' },
  multiple_choice: { options: ['a', 'b', 'c', 'd', 'e'].map((id) => option(id)), keys: ['a', 'b', 'c'] },
  true_false: { key: true, rationale: { true: secret, false: secret } },
  ordering: { elements: ['d', 'b', 'a', 'c'].map(entry), order: ['a', 'b', 'c', 'd'], rationale: secret },
  matching: {
    left: ['l1', 'l2', 'l3', 'l4'].map(entry),
    right: ['r1', 'r2', 'r3', 'r4', 'r5'].map(entry),
    pairs: { l1: 'r1', l2: 'r2', l3: 'r3', l4: 'r1' },
    rationales: { l1: secret },
  },
  cloze: {
    text: both('Refund within {{days}} to the {{card}}'),
    gaps: [
      {
        id: 'days',
        type: 'typed',
        accepted: { 'zh-CN': [`7天`, CANARY], en: ['7 days', 'seven days'] },
        maxCodePoints: 10,
        rationale: secret,
      },
      { id: 'card', type: 'dropdown', options: [option('card_a'), option('card_b'), option('card_c')], key: 'card_b' },
    ],
  },
  numeric: { unit: { 'zh-CN': '元', en: 'yuan' }, key: 1234.5, tolerance: 0.5, rationale: secret },
  short_text: { accepted: { 'zh-CN': ['退货单', CANARY], en: ['Return slip'] }, maxCodePoints: 12, rationale: secret },
  situational_judgement: {
    mode: 'rate',
    actions: [5, 4, 2, 1].map((effectiveness, i) => ({ ...entry(`act${i + 1}`), effectiveness, rationale: secret })),
  },
  behavioural: { ...rated, probes: [secret, secret, secret], limits: { minCodePoints: 4, maxCodePoints: 12 } },
  written_reply: {
    ...rated,
    replyChannel: 'mail',
    thread: [{ from: 'customer', name: both('Ms Lin'), text: both('Where is my order?') }],
    policies: ['returns'],
    expected: [secret, secret],
    limits: { minCodePoints: 2, maxCodePoints: 20 },
  },
  essay: { ...rated, expected: [secret, secret], limits: { minCodePoints: 0, maxCodePoints: 5 } },
}

/** A valid item of the kind; `over` replaces fields. */
export function itemOf<K extends ItemKind>(kind: K, over: Record<string, unknown> = {}): ItemOf<K> {
  return ItemSchema.parse({
    ...base,
    id: `item-${kind.replaceAll('_', '-')}`,
    kind,
    ...RAW[kind],
    ...over,
  }) as ItemOf<K>
}
