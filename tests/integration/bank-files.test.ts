import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findingText } from '#app/i18n/bank-findings.ts'
import { readBankFiles } from '#app/services/content/bank-files.server.ts'
import { bankJsonSchemas } from '#scripts/lib/bank-json-schema.ts'

let root: string
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'poise-banks-'))))
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}
const BANK = `id: service-standard
title: { zh-CN: 标准, en: Standard }
description: { zh-CN: 题库, en: A bank }
sources: [service-standard]
setting: { zh-CN: 汐岸商城, en: Tidewell Market }
`
const STATEMENT = `id: st-regret
kind: true_false
competency: empathy
channel: chat
difficulty: 0.6
source: { document: service-standard }
stem: { zh-CN: 道歉等于担责。, en: Saying sorry admits liability. }
key: false
rationale:
  "true": { zh-CN: 理由, en: Why }
  "false": { zh-CN: 理由, en: Why }
`
const found = async (locale?: 'en' | 'zh-CN') =>
  (await readBankFiles(root, locale ? { locale } : {})).findings.map((f) => ({
    code: f.code,
    file: f.subject.file,
    path: f.path,
    line: f.params.line,
  }))

describe('reading', () => {
  test('puts each file into its list, with bank and file', async () => {
    write('service-standard/bank.yaml', BANK)
    write('service-standard/items/st-regret.yaml', STATEMENT)
    const { set, findings, fileCount } = await readBankFiles(root)
    expect(findings).toEqual([])
    expect(fileCount).toBe(2)
    expect(set.items).toMatchObject([
      {
        bank: 'service-standard',
        file: 'service-standard/items/st-regret.yaml',
        value: { id: 'st-regret', points: 1 },
      },
    ])
  })
  test('keeps dates as the text that stands there', async () => {
    write(
      'shared/notices/n.yaml',
      `id: n\nrevision: 1\neffectiveFrom: 2026-01-12\ntitle: { zh-CN: 告知, en: Notice }\nparagraphs:\n${'  - { zh-CN: 段落, en: Paragraph }\n'.repeat(3)}`,
    )
    const { set, findings } = await readBankFiles(root)
    expect(findings).toEqual([])
    expect(set.notices[0]?.value.effectiveFrom).toBe('2026-01-12')
  })
})

describe('bad content is reported, all of it, and never thrown', () => {
  beforeEach(() => write('service-standard/bank.yaml', BANK))
  test('several problems of several files at once, with lines', async () => {
    write(
      'service-standard/items/st-regret.yaml',
      STATEMENT.replace('difficulty: 0.6', 'difficulty: 7').replace('channel: chat', 'channel: pigeon'),
    )
    write('service-standard/items/st-broken.yaml', 'id: st-broken\nstem: { zh-CN: "open\n')
    const problems = await found()
    expect(problems).toContainEqual({
      code: 'file.schema',
      file: 'service-standard/items/st-regret.yaml',
      path: 'difficulty',
      line: 5,
    })
    expect(problems).toContainEqual({
      code: 'file.schema',
      file: 'service-standard/items/st-regret.yaml',
      path: 'channel',
      line: 4,
    })
    expect(problems.some((p) => p.code === 'file.yaml' && p.file === 'service-standard/items/st-broken.yaml')).toBe(
      true,
    )
  })
  test('a missing language points at the text that lacks it', async () => {
    write('service-standard/items/st-regret.yaml', STATEMENT.replace(', en: Saying sorry admits liability.', ''))
    expect(await found()).toEqual([
      { code: 'file.schema', file: 'service-standard/items/st-regret.yaml', path: 'stem.en', line: 7 },
    ])
  })
  test('a key twice, an unknown field, a wrong kind', async () => {
    write('service-standard/items/st-a.yaml', `${STATEMENT.replace('st-regret', 'st-a')}key: true\n`)
    write('service-standard/items/st-b.yaml', `${STATEMENT.replace('st-regret', 'st-b')}colour: red\n`)
    write('service-standard/items/st-c.yaml', STATEMENT.replace('st-regret', 'st-c').replace('true_false', 'riddle'))
    expect((await found()).map((p) => `${p.code} ${p.file}`)).toEqual([
      'file.yaml service-standard/items/st-a.yaml',
      'file.schema service-standard/items/st-b.yaml',
      'file.schema service-standard/items/st-c.yaml',
    ])
  })
  test('aliases that would unfold without end', async () => {
    const rows = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array<string>(9).fill(`*a${i}`).join(', ')}]`,
    )
    write('service-standard/items/st-bomb.yaml', `a0: &a0 [x, x]\n${rows.join('\n')}\n`)
    expect((await found()).map((p) => p.code)).toEqual(['file.yaml'])
  })
  test('a file name that is not the id, and a file in no place', async () => {
    write('service-standard/items/st-other.yaml', STATEMENT)
    write('service-standard/notes/st-note.yaml', STATEMENT)
    expect((await found()).map((p) => `${p.code} ${p.file}`)).toEqual([
      'file.name service-standard/items/st-other.yaml',
      'file.place service-standard/notes/st-note.yaml',
    ])
  })
  test('a folder without bank.yaml', async () => {
    write('seller-support/items/st-regret.yaml', STATEMENT)
    expect((await found()).map((p) => `${p.code} ${p.file}`)).toEqual(['file.bank_missing seller-support/bank.yaml'])
  })
  test('problems are told in the reader’s language', async () => {
    write('service-standard/items/st-regret.yaml', STATEMENT.replace('key: false', 'key: perhaps'))
    const zh = (await readBankFiles(root, { locale: 'zh-CN' })).findings[0]
    const en = (await readBankFiles(root, { locale: 'en' })).findings[0]
    if (!zh || !en) throw new Error('nothing was found')
    expect(findingText('zh-CN', zh).message).toMatch(/^第8行：无效输入/)
    expect(findingText('en', en).message).toMatch(/^Line 8: Invalid input/)
  })
})

test('the JSON schemas let an author leave out what has a default', () => {
  const item = JSON.parse(bankJsonSchemas().get('item.json') ?? '{}') as {
    oneOf?: { required: string[]; properties: { kind?: { const?: string } } }[]
  }
  const single = item.oneOf?.find((branch) => branch.properties.kind?.const === 'single_choice')
  expect(single?.required).toEqual(expect.arrayContaining(['id', 'stem', 'options', 'key']))
  expect(single?.required).not.toContain('points')
})
