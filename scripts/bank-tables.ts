/** Tables of the content check: what there is, how it is spread, and what blind rules earn. */
import { BLIND_MIN_ITEMS, blindRules, blindTolerance } from '../app/core/bank/blind-rules.ts'
import { keyPositions, trueFalseCounts } from '../app/core/bank/check/balance-rules.ts'
import type { Item } from '../app/core/bank/schema.ts'
import type { BankSet } from '../app/core/bank/set.ts'
import { COMPETENCIES, ITEM_KINDS, SOURCE_DOCUMENTS } from '../app/core/bank/vocabulary.ts'
import { difficultyBand } from '../app/core/blueprint/draw.ts'
import { LOCALES, type Locale } from '../app/core/shared/locale.ts'
import { findingText } from '../app/i18n/bank-findings.ts'

type Row = readonly (string | number)[]

const width = (text: string): number => [...text].reduce((n, c) => n + (/[\u1100-\u{1faff}]/u.test(c) ? 2 : 1), 0)
const pad = (text: string, to: number, right: boolean): string =>
  right ? ' '.repeat(Math.max(0, to - width(text))) + text : text + ' '.repeat(Math.max(0, to - width(text)))

function table(title: string, head: Row, rows: readonly Row[]): string {
  const all = [head, ...rows].map((row) => row.map(String))
  const widths = head.map((_, c) => Math.max(...all.map((row) => width(row[c] ?? ''))))
  return [
    `${title}`,
    ...all.map((row) => `  ${row.map((cell, c) => pad(cell, widths[c] ?? 0, c > 0)).join('  ')}`),
  ].join('\n')
}

const TITLES = {
  en: {
    items: 'Items',
    of: 'by',
    bank: 'bank',
    competency: 'competency',
    kind: 'kind',
    source: 'source',
    difficulty: 'difficulty',
    all: 'all',
    other: 'Other content',
    balance: 'Place of the key',
    blind: 'What blind rules earn (percent; chance in brackets; ! more than chance)',
    right: 'true',
    wrong: 'false',
    options: 'options',
    rule: 'rule',
  },
  'zh-CN': {
    items: '题目',
    of: '按',
    bank: '题库',
    competency: '能力',
    kind: '题型',
    source: '来源',
    difficulty: '难度',
    all: '合计',
    other: '其他内容',
    balance: '答案位置',
    blind: '各种猜法的得分（百分比；括号内为随机；!表示高于随机）',
    right: '对',
    wrong: '错',
    options: '个选项',
    rule: '猜法',
  },
} as const

/** All tables as text. */
export function bankTables(set: BankSet, locale: Locale): string {
  const words = TITLES[locale]
  const banks = set.banks.map(({ value }) => value.id)
  const of = (bank: string): Item[] => set.items.filter((i) => i.bank === bank && !i.value.practice).map((i) => i.value)
  const cross = (title: string, values: readonly string[], pick: (item: Item) => string): string =>
    table(
      `${words.items} ${words.of} ${title}`,
      [title, ...banks, words.all],
      values.map((value) => {
        const counts = banks.map((bank) => of(bank).filter((item) => pick(item) === value).length)
        return [value, ...counts, counts.reduce((a, b) => a + b, 0)]
      }),
    )
  const sum = (list: readonly { bank: string }[]): Row =>
    [...banks, 'shared'].map((bank) => list.filter((x) => x.bank === bank).length)
  const other = table(
    words.other,
    [words.kind, ...banks, 'shared'],
    (['policies', 'rubrics', 'scenarios', 'kits', 'blueprints', 'programmes', 'notices'] as const).map((list) => [
      list,
      ...sum(set[list]),
    ]),
  )
  const balance = table(
    words.balance,
    [words.bank, `3 ${words.options}`, `4 ${words.options}`, `5 ${words.options}`, `${words.right}/${words.wrong}`],
    banks.map((bank) => {
      const { right, wrong } = trueFalseCounts(of(bank))
      return [bank, ...[3, 4, 5].map((n) => keyPositions(of(bank), n).join('/')), `${right}/${wrong}`]
    }),
  )
  return [
    cross(words.competency, COMPETENCIES, (i) => i.competency),
    cross(words.kind, ITEM_KINDS, (i) => i.kind),
    cross(words.difficulty, ['easy', 'medium', 'hard'], (i) => difficultyBand(i.difficulty)),
    cross(words.source, SOURCE_DOCUMENTS, (i) => i.source.document),
    other,
    balance,
    blindTable(banks, of, locale),
    '',
  ].join('\n\n')
}

function blindTable(banks: readonly string[], of: (bank: string) => Item[], locale: Locale): string {
  const words = TITLES[locale]
  const columns = banks.flatMap((bank) =>
    LOCALES.map((language) => ({ bank, language, results: blindRules(of(bank), language) })),
  )
  const strategies = [...new Set(columns.flatMap((c) => c.results.map((r) => r.strategy)))]
  const cell = (x: number): string => (x * 100).toFixed(1)
  const name = (strategy: string): string =>
    findingText(locale, { code: 'bank.blind_rule', params: { strategy } }).message.split(/ earns|可得/u)[0] ?? strategy
  return table(
    words.blind,
    [words.rule, ...columns.map((c) => `${c.bank} ${c.language}`)],
    strategies.map((strategy) => [
      name(strategy),
      ...columns.map((c) => {
        const r = c.results.find((x) => x.strategy === strategy)
        if (!r) return '–'
        const over = r.n >= BLIND_MIN_ITEMS && r.earned - r.chance > blindTolerance(r.n)
        return `${cell(r.earned)} (${cell(r.chance)})${over ? '!' : ''}`
      }),
    ]),
  )
}
