/** What the content check says, in both languages. A code without a sentence does not compile. */
import type { Finding, FindingCode } from '../core/bank/check.ts'
import { LOCALES, type Locale } from '../core/shared/locale.ts'
import { enFindings, enGuidelines, enTerms } from './bank-findings/en.ts'
import type { FindingSentence, FindingSentences, GuidelineNames } from './bank-findings/sentences.ts'
import { zhFindings, zhGuidelines, zhTerms } from './bank-findings/zh-CN.ts'

const SENTENCES: Readonly<Record<Locale, FindingSentences>> = { 'zh-CN': zhFindings, en: enFindings }
const NAMES: Readonly<Record<Locale, GuidelineNames>> = { 'zh-CN': zhGuidelines, en: enGuidelines }
const TERMS: Readonly<Record<Locale, Readonly<Record<string, string>>>> = { 'zh-CN': zhTerms, en: enTerms }

// Only these parameters hold codes; the others hold words of the content, which may look like one.
const CODED: readonly string[] = ['form', 'how', 'rule', 'strategy', 'topic', 'by', 'status']

const shown = (locale: Locale, name: string, value: string | number): string => {
  const text = String(value)
  return CODED.includes(name) ? (TERMS[locale][text] ?? text) : text
}
const filled = (locale: Locale, template: string, params: Finding['params']): string =>
  template
    .replace(/\{(\w+)\}/gu, (whole, name: string) =>
      Object.hasOwn(params, name) ? shown(locale, name, params[name] ?? '') : whole,
    )
    .replace(/ {2,}/gu, ' ')
    .trim()

/** The sentence, the hint and the name of the guideline, where the rule follows one. */
export function findingText(
  locale: Locale,
  finding: Pick<Finding, 'code' | 'params' | 'guideline'>,
): { message: string; hint: string; guideline?: string } {
  const [message, hint] = SENTENCES[locale][finding.code]
  return {
    message: filled(locale, message, finding.params),
    hint: filled(locale, hint, finding.params),
    ...(finding.guideline ? { guideline: NAMES[locale][finding.guideline] } : {}),
  }
}

/** For the test that compares the two languages. */
export const findingTemplates = (code: FindingCode): readonly FindingSentence[] =>
  LOCALES.map((locale) => SENTENCES[locale][code])
