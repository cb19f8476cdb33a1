import { describe, expect, test } from 'vitest'
import { behavioural, both, goodAnchors, kit, rubric, scenario } from '#tests/fixtures/bank.ts'
import { anchorRemarks, behaviouralRemarks, kitRemarks, scenarioRemarks } from './people-rules.ts'

const ASK = both('请讲一次你平息客户怒气的经历。', 'Tell me about a time you calmed an angry customer.')
type Case = [topic: string, locale: 'zh-CN' | 'en', text: string]
const forbidden: Case[] = [
  ['marriage', 'zh-CN', '你结婚了吗？'],
  ['marriage', 'en', 'Are you married?'],
  ['children', 'zh-CN', '上夜班时孩子谁照看？'],
  ['children', 'en', 'Who looks after your children at night?'],
  ['pregnancy', 'zh-CN', '近两年有没有备孕的打算？'],
  ['pregnancy', 'en', 'Are you pregnant or planning it?'],
  ['age', 'zh-CN', '你今年多大了？'],
  ['age', 'en', 'How old are you?'],
  ['religion', 'zh-CN', '你有宗教信仰吗？'],
  ['religion', 'en', 'Does your religion keep you from Sunday shifts?'],
  ['health', 'zh-CN', '身体状况怎么样？'],
  ['health', 'en', 'Do you have any medical problem?'],
  ['origin', 'zh-CN', '你老家在哪里？'],
  ['origin', 'en', 'What is your nationality?'],
]
const allowed: [locale: 'zh-CN' | 'en', text: string][] = [
  ['zh-CN', '这些班次你能上吗？'],
  ['en', 'Can you work these shifts?'],
  ['zh-CN', '卖家的账户健康分下降时你怎么做？'],
  ['en', 'What did you do when a seller’s account health fell?'],
  ['en', 'Tell me about a time you managed a difficult race condition in a form.'],
  ['en', 'When did you act in good faith and fail?'],
]
const asked = (locale: 'zh-CN' | 'en', text: string) => ({ ...ASK, [locale]: text })

describe('interview.forbidden_topic', () => {
  test.each(forbidden)('%s (%s): %s', (topic, locale, text) => {
    const expected = [{ code: 'interview.forbidden_topic', params: { topic } }]
    expect(behaviouralRemarks(behavioural(asked(locale, text)))).toMatchObject(expected)
    expect(kitRemarks(kit(asked(locale, text)))).toMatchObject(expected)
    expect(scenarioRemarks(scenario({ brief: asked(locale, text) }))).toMatchObject(expected)
  })
  test.each(allowed)('allowed (%s): %s', (locale, text) => {
    expect(behaviouralRemarks(behavioural(asked(locale, text)))).toEqual([])
    expect(kitRemarks(kit(asked(locale, text)))).toEqual([])
  })
  test('a probe is asked as well', () => {
    const probes = [
      both('当时怎样？', 'And then?'),
      both('你多大年纪？', 'What did you do?'),
      both('结果呢？', 'How did it end?'),
    ]
    expect(behaviouralRemarks(behavioural(ASK, probes)).map((r) => r.path)).toEqual(['probes[1].zh-CN'])
  })
  test('the list of topics not to ask names them and is exempt', () => expect(kitRemarks(kit(ASK))).toEqual([]))
  test('a customer may have a daughter; nobody may ask the candidate for theirs', () => {
    expect(scenarioRemarks(scenario())).toEqual([])
    const base = scenario()
    const nosy = {
      ...base,
      factCard: {
        ...base.factCard,
        behaviour: both('会问客服：“你有孩子吗？”', 'Asks the agent “Do you have children?”'),
      },
    }
    expect(scenarioRemarks(nosy).map((r) => r.path)).toEqual(['factCard.behaviour.zh-CN', 'factCard.behaviour.en'])
  })
})

const withAnchor = (locale: 'zh-CN' | 'en', text: string) =>
  anchorRemarks(
    rubric([...goodAnchors.slice(0, 2), { ...(goodAnchors[2] as (typeof goodAnchors)[number]), [locale]: text }]),
  )

describe('anchors', () => {
  test('observable anchors have no remark', () => expect(anchorRemarks(rubric(goodAnchors))).toEqual([]))
  test.each([
    ['zh-CN', '对客户很有耐心。'],
    ['zh-CN', '表现出同理心。'],
    ['zh-CN', '沟通能力强，能独立处理。'],
    ['zh-CN', '态度良好，回复及时。'],
    ['zh-CN', '缺乏责任心。'],
    ['en', 'Is very empathetic with customers.'],
    ['en', 'Shows real empathy.'],
    ['en', 'Has excellent communication skills.'],
    ['en', 'Remains professional throughout.'],
    ['en', 'Lacks patience with the caller.'],
  ] as const)('rubric.anchor_trait %s: %s', (locale, text) =>
    expect(withAnchor(locale, text).map((r) => r.code)).toEqual(['rubric.anchor_trait']),
  )
  test.each([
    ['zh-CN', '用自己的话复述问题，并问“我理解得对吗”。'],
    ['zh-CN', '让客户把话说完，中途不打断。'],
    ['zh-CN', '只说“我很有耐心”，没有别的回应。'],
    ['en', 'Restates the problem in own words and asks “Did I get that right?”'],
    ['en', 'Lets the customer finish before speaking.'],
    ['en', 'States the result.'],
    ['en', 'Asks one open question, then waits.'],
  ] as const)('observable %s: %s', (locale, text) => expect(withAnchor(locale, text)).toEqual([]))
  test.each([
    ['zh-CN', '表现良好，符合要求。'],
    ['zh-CN', '一般。'],
    ['en', 'Meets expectations.'],
    ['en', 'Good.'],
  ] as const)('rubric.anchor_vague %s: %s', (locale, text) =>
    expect(withAnchor(locale, text).map((r) => r.code)).toEqual(['rubric.anchor_vague']),
  )
  test('two levels with the same anchor', () => {
    expect(withAnchor('en', 'Says one stock line of regret.').map((r) => [r.code, r.params.level])).toEqual([
      ['rubric.anchor_repeated', 2],
    ])
  })
})
