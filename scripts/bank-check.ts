/**
 * Prints every finding about question-banks/, then counts, coverage, balance and what blind rules earn.
 * Usage: bank-check [folder] [--lang en|zh-CN] [--all] [--no-tables]. Exit 1 on errors or warnings without a waiver.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { checkBankSet, type Finding } from '../app/core/bank/check.ts'
import { LocaleSchema, type Locale } from '../app/core/shared/locale.ts'
import { findingText } from '../app/i18n/bank-findings.ts'
import { readBankFiles } from '../app/services/content/bank-files.server.ts'
import { bankTables } from './bank-tables.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lang: { type: 'string', default: 'en' },
    all: { type: 'boolean', default: false },
    'no-tables': { type: 'boolean', default: false },
  },
})
const locale: Locale = LocaleSchema.parse(values.lang)
const root = resolve(positionals[0] ?? 'question-banks')

const WORDS = {
  en: { error: 'error', warning: 'warning', waived: 'waived', hint: 'hint', rule: 'rule', because: 'because' },
  'zh-CN': { error: '错误', warning: '警告', waived: '已豁免', hint: '提示', rule: '依据', because: '理由' },
}[locale]

function lines(finding: Finding): string {
  const { message, hint, guideline } = findingText(locale, finding)
  const state = finding.waived === undefined ? WORDS[finding.severity] : WORDS.waived
  return [
    `${finding.subject.file ?? finding.subject.id}${finding.path === '' ? '' : ` › ${finding.path}`}`,
    `  ${state} ${finding.code}: ${message}`,
    finding.waived === undefined ? `  ${WORDS.hint}: ${hint}` : `  ${WORDS.because}: ${finding.waived}`,
    ...(guideline ? [`  ${WORDS.rule}: ${guideline}`] : []),
  ].join('\n')
}

const { set, findings, fileCount } = await readBankFiles(root, { locale })
const all = [...findings, ...checkBankSet(set)].sort((a, b) =>
  (a.subject.file ?? '').localeCompare(b.subject.file ?? '', 'en'),
)
const open = all.filter((f) => f.waived === undefined)
const errors = open.filter((f) => f.severity === 'error')
const printed = values.all ? all : open
for (const finding of printed) console.log(`${lines(finding)}\n`)
if (!values['no-tables']) console.log(bankTables(set, locale))

const byCode = new Map<string, number>()
for (const f of open) byCode.set(f.code, (byCode.get(f.code) ?? 0) + 1)
for (const [code, n] of [...byCode].sort((a, b) => b[1] - a[1])) console.log(`${String(n).padStart(5)}  ${code}`)
const warnings = open.length - errors.length
console.log(
  locale === 'en'
    ? `\n${fileCount} files, ${set.items.length} items: ${errors.length} errors, ${warnings} warnings, ${all.length - open.length} waived`
    : `\n${fileCount}个文件，${set.items.length}道题：${errors.length}个错误，${warnings}个警告，${all.length - open.length}个已豁免`,
)
process.exitCode = open.length > 0 ? 1 : 0
