import { describe, expect, test } from 'vitest'
import { findingTemplates, findingText } from '#app/i18n/bank-findings.ts'
import {
  behavioural,
  blueprint,
  both,
  goodAnchors,
  kit,
  loaded,
  notice,
  policy,
  programme,
  register,
  rubric,
  scenario,
  singleChoice,
  soundSet,
  trueFalse,
  withItems,
} from '#tests/fixtures/bank.ts'
import { checkBankSet, checkContext, checkItem, RULES, type Finding, type FindingCode } from './check.ts'
import type { Item } from './schema.ts'
import type { BankSet } from './set.ts'

const named = { policy: { id: 'returns', revision: 2, clause: '1.1' } }
const codes = (findings: readonly Finding[]): string[] => findings.map((f) => f.code)
const at = (findings: readonly Finding[], code: FindingCode): string[] =>
  findings.filter((f) => f.code === code).map((f) => `${f.subject.id} ${f.path}`)
const set = (over: Partial<BankSet> = {}): BankSet => ({ ...soundSet(), ...over })
const oneItem = (item: Item, over: Partial<BankSet> = {}): Finding[] =>
  checkBankSet({
    ...withItems(soundSet(), [singleChoice({}, { id: 'st-base', ...named, enemies: [item.id] }), item]),
    ...over,
  })

test('a sound set has no finding', () => {
  expect(checkBankSet(soundSet())).toEqual([])
})

describe('references', () => {
  const cases: [title: string, findings: () => Finding[], code: FindingCode, where: string[]][] = [
    [
      'policy unknown',
      () => oneItem(singleChoice({}, { policy: { id: 'nowhere', revision: 1 } })),
      'ref.policy',
      ['st-kettle policy.id'],
    ],
    [
      'policy revision stale',
      () => oneItem(singleChoice({}, { policy: { id: 'returns', revision: 1 } })),
      'ref.policy_revision',
      ['st-kettle policy.revision'],
    ],
    [
      'clause unknown',
      () => oneItem(singleChoice({}, { policy: { id: 'returns', revision: 2, clause: '9.9' } })),
      'ref.policy_clause',
      ['st-kettle policy.clause'],
    ],
    [
      'policy no longer current',
      () => checkBankSet(set({ policies: [loaded(policy({ status: 'dated' }))] })),
      'ref.policy_not_current',
      ['st-kettle policy.id'],
    ],
    ['enemy unknown', () => oneItem(singleChoice({}, { enemies: ['st-gone'] })), 'ref.enemy', ['st-kettle enemies[0]']],
    ['own enemy', () => oneItem(singleChoice({}, { enemies: ['st-kettle'] })), 'ref.enemy', ['st-kettle enemies[0]']],
    [
      'statement unknown',
      () => oneItem(singleChoice({}, { source: { document: 'service-standard', statements: ['SS-99'] } })),
      'ref.statement',
      ['st-kettle source.statements[0]'],
    ],
    [
      'statement of another document',
      () => oneItem(singleChoice({}, { source: { document: 'service-standard', statements: ['AI-01'] } })),
      'ref.statement_document',
      ['st-kettle source.statements[0]'],
    ],
    [
      'statement left out on purpose',
      () => checkBankSet(set({ registers: [loaded(register('left_out'))] })),
      'source.left_out_cited',
      ['st-kettle source.statements[0]'],
    ],
    [
      'rubric of an item unknown',
      () => oneItem({ ...behavioural(both('请讲一次经历。', 'Tell me about a time.')), rubric: 'gone' } as Item),
      'ref.rubric',
      ['st-behavioural rubric'],
    ],
    [
      'rubric of a scenario unknown',
      () => checkBankSet(set({ scenarios: [loaded(scenario({ rubric: 'gone' }))] })),
      'ref.rubric',
      ['late-parcel rubric'],
    ],
    [
      'policy of a scenario unknown',
      () => checkBankSet(set({ scenarios: [loaded(scenario({ policies: ['gone'] }))] })),
      'ref.policy',
      ['late-parcel policies[0]'],
    ],
    [
      'item of a kit unknown',
      () => {
        const base = kit(both('请讲一次经历。', 'Tell me about a time.'))
        const sections = base.sections.map((s) => ({
          ...s,
          questions: s.questions.map((q) => ({ ...q, item: 'st-gone' })),
        }))
        return checkBankSet(set({ kits: [loaded({ ...base, sections })] }))
      },
      'ref.item',
      ['phone-screen sections[0].questions[0].item'],
    ],
    [
      'bank of a blueprint unknown',
      () =>
        checkBankSet(set({ blueprints: [loaded(blueprint({ sections: [{ banks: ['service-standard', 'gone'] }] }))] })),
      'ref.bank',
      ['certificate sections[0].banks[1]'],
    ],
    [
      'value of a bound unknown',
      () =>
        checkBankSet(
          set({ blueprints: [loaded(blueprint({ sections: [{ bounds: [{ by: 'difficulty', value: 'tricky' }] }] }))] }),
        ),
      'ref.bound_value',
      ['certificate sections[0].bounds[0].value'],
    ],
    [
      'blueprint of a programme unknown',
      () => checkBankSet(set({ programmes: [loaded(programme())] })),
      'ref.blueprint',
      ['standard stages[0].assessment.blueprint'],
    ],
    [
      'notice of a programme unknown',
      () => checkBankSet(set({ blueprints: [loaded(blueprint())], programmes: [loaded(programme())], notices: [] })),
      'ref.notice',
      ['standard notice'],
    ],
    [
      'practice item that counts',
      () =>
        checkBankSet(
          set({ blueprints: [loaded(blueprint())], programmes: [loaded(programme({ practiceItems: ['st-kettle'] }))] }),
        ),
      'ref.programme_practice',
      ['standard practiceItems[0]'],
    ],
    [
      'practice item unknown',
      () =>
        checkBankSet(
          set({ blueprints: [loaded(blueprint())], programmes: [loaded(programme({ practiceItems: ['st-x'] }))] }),
        ),
      'ref.item',
      ['standard practiceItems[0]'],
    ],
    [
      'policy that nothing needs',
      () => checkBankSet(set({ policies: [loaded(policy()), loaded(policy({ id: 'unused' }))] })),
      'policy.unreferenced',
      ['unused id'],
    ],
    [
      'carried statement that nothing carries',
      () => checkBankSet({ ...withItems(soundSet(), []), policies: [] }),
      'source.not_carried',
      ['service-standard statements[0].use'],
    ],
    [
      'an id twice',
      () => checkBankSet(set({ notices: [loaded(notice()), loaded(notice())] })),
      'set.duplicate_id',
      ['candidate-notice id'],
    ],
    [
      'prefix of another bank',
      () => checkBankSet(withItems(soundSet(), [singleChoice({}, { id: 'sh-kettle', ...named })])),
      'item.id_prefix',
      ['sh-kettle id'],
    ],
  ]
  test.each(cases)('%s', (_, run, code, where) => expect(at(run(), code)).toEqual(where))

  test('scenario and kit of a stage', () => {
    const base = programme()
    const stage = base.stages[0]
    if (!stage) throw new Error('the fixture has a stage')
    const stages = [
      {
        ...stage,
        assessment: { kind: 'mock_scenario' as const, scenarios: ['late-parcel', 'gone'], timeLimitMinutes: 20 },
      },
      { ...stage, id: 'talk', assessment: { kind: 'interview' as const, kit: 'gone', timeLimitMinutes: 20 } },
    ]
    const findings = checkBankSet(set({ scenarios: [loaded(scenario())], programmes: [loaded({ ...base, stages })] }))
    expect(at(findings, 'ref.scenario')).toEqual(['standard stages[0].assessment.scenarios[1]'])
    expect(at(findings, 'ref.kit')).toEqual(['standard stages[1].assessment.kit'])
  })
})

describe('names of companies', () => {
  const stem = both('某买家把亚马逊的规定发来，怎样回应？', 'A buyer sends you a rule of Amazon. What do you reply?')
  test('are errors in an item', () =>
    expect(codes(oneItem(singleChoice({ stem }, named)))).toContain('text.company_name'))
  test('are allowed where the policy tested is about them', () => {
    const findings = oneItem(singleChoice({ stem }, named), { policies: [loaded(policy({ namesCompanies: true }))] })
    expect(codes(findings)).not.toContain('text.company_name')
  })
  test('are errors in a policy that does not say so', () => {
    const summary = both('亚马逊2024年的说法。', 'What Amazon said in 2024.')
    expect(codes(checkBankSet(set({ policies: [loaded(policy({ summary }))] })))).toEqual([
      'text.company_name',
      'text.company_name',
    ])
    expect(codes(checkBankSet(set({ policies: [loaded(policy({ summary, namesCompanies: true }))] })))).toEqual([])
  })
  test('are no matter in a source register, which speaks about them', () => {
    const base = register()
    const told = { ...base, title: both('亚马逊客服面试', 'Amazon interview') }
    expect(checkBankSet(set({ registers: [loaded(told)] }))).toEqual([])
  })
})

describe('banks as a whole', () => {
  const keyed = (keys: number[]): Item[] =>
    keys.map((key, i) =>
      singleChoice(
        { key, zh: ['甲', '乙', '丙', '丁'].map((x) => x + '类做法'), en: ['red', 'tan', 'sky', 'jet'] },
        { id: `st-k${i}`, enemies: keys.map((_, j) => `st-k${j}`).filter((id) => id !== `st-k${i}`), ...named },
      ),
    )
  test('bank.key_position: twelve of sixteen keys in one place', () => {
    expect(codes(checkBankSet(withItems(soundSet(), keyed([...Array<number>(12).fill(1), 0, 2, 3, 0]))))).toContain(
      'bank.key_position',
    )
    expect(codes(checkBankSet(withItems(soundSet(), keyed([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]))))).toEqual(
      [],
    )
  })
  test('bank.true_false_balance: eight true, one false', () => {
    const statements = (keys: boolean[]): Item[] =>
      keys.map((key, i) =>
        trueFalse(both(`第${i}条。`, `Number ${i}.`), key, {
          id: `st-t${i}`,
          enemies: keys.map((_, j) => `st-t${j}`).filter((id) => id !== `st-t${i}`),
          ...named,
        }),
      )
    expect(codes(checkBankSet(withItems(soundSet(), statements([...Array<boolean>(8).fill(true), false]))))).toContain(
      'bank.true_false_balance',
    )
    expect(
      codes(checkBankSet(withItems(soundSet(), statements([true, false, true, false, true, false, true, false])))),
    ).toEqual([])
  })
})

describe('blueprints', () => {
  test('one that cannot be met is named with its numbers', () => {
    const findings = checkBankSet(set({ blueprints: [loaded(blueprint({ sections: [{ count: 3 }] }))] }))
    expect(findings.find((f) => f.code === 'blueprint.infeasible')?.params).toEqual({
      rule: 'too_few',
      section: 's1',
      by: 'count',
      value: '',
      need: 3,
      have: 1,
    })
  })
  test('a second attempt needs a second form', () => {
    const over = { blueprints: [loaded(blueprint())] }
    expect(codes(checkBankSet(set({ ...over, programmes: [loaded(programme({}, 2))] })))).toEqual([
      'blueprint.one_form_only',
    ])
    expect(codes(checkBankSet(set({ ...over, programmes: [loaded(programme({}, 1))] })))).toEqual([])
  })
})

describe('waivers', () => {
  const waivers = [{ rule: 'item.absolute_word', reason: 'The wording of the rule itself.' }]
  const absolute = { zh: ['一律退款', '等一等再说', '核对后退款', '转给同事办'] }
  test('a warning is waived with its reason', () => {
    const [finding] = oneItem(singleChoice(absolute, { waivers }))
    expect(finding).toMatchObject({
      code: 'item.absolute_word',
      waived: 'The wording of the rule itself.',
      guideline: 'HDR2002-28a',
    })
  })
  test('an error is not', () => {
    const findings = oneItem(
      singleChoice({}, { key: 'z', waivers: [{ rule: 'item.key_unknown', reason: 'I know better than this.' }] }),
    )
    expect(findings.find((f) => f.code === 'item.key_unknown')?.waived).toBeUndefined()
    expect(codes(findings)).toContain('waiver.unknown_rule')
  })
  test('one that nothing needs is reported', () =>
    expect(codes(oneItem(singleChoice({}, { waivers })))).toEqual(['waiver.unused']))
})

describe('an item in the editor', () => {
  test('is compared with the others but not with itself', () => {
    const context = checkContext(soundSet())
    expect(checkItem(singleChoice({}, named), context)).toEqual([])
    expect(codes(checkItem(singleChoice({}, { id: 'st-copy', ...named }), context))).toEqual([
      'item.near_duplicate',
      'item.near_duplicate',
    ])
  })
  test('knows its bank', () =>
    expect(codes(checkItem(singleChoice({}, named), { ...checkContext(soundSet()), bank: 'seller-support' }))).toEqual([
      'item.id_prefix',
    ]))
})

test('stale texts of rubrics and others are found as well', () => {
  const stale = {
    ...rubric(goodAnchors),
    languages: { 'zh-CN': { revision: 2, checkedAgainst: 1 }, en: { revision: 1, checkedAgainst: 1 } },
  }
  expect(at(checkBankSet(set({ rubrics: [loaded(stale)] })), 'translation.stale')).toEqual([
    'empathy languages.en.checkedAgainst',
  ])
})

describe('sentences', () => {
  const names = (text: string): string[] =>
    [...new Set([...text.matchAll(/\{(\w+)\}/gu)].map((m) => m[1] ?? ''))].sort()
  test.each(Object.keys(RULES) as FindingCode[])('%s says the same in both languages', (code) => {
    const [zh, en] = findingTemplates(code)
    expect(names((zh ?? []).join(' '))).toEqual(names((en ?? []).join(' ')))
  })
  test('are filled with the values, codes put into words', () => {
    const finding = oneItem(singleChoice({ zh: ['1至3天', '3至5天', '7至9天', '10至12天'] })).find(
      (f) => f.code === 'item.option_overlap',
    )
    if (!finding) throw new Error('the overlap was not found')
    expect(findingText('zh-CN', finding).message).toBe('选项a与b重叠（数字范围）')
    expect(findingText('en', finding)).toMatchObject({
      message: 'Options a and b overlap (ranges of numbers)',
      guideline: expect.stringContaining('guideline 22') as string,
    })
  })
})
