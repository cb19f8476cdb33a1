/** Rules about any text of any content: languages, typography, telephone numbers, links, names of companies. */
import { LOCALES, otherLocale, type Locale, type LocalizedText } from '../../shared/locale.ts'
import { remark, type Remark } from '../finding.ts'
import { isCurrentIn, type Languages } from '../set.ts'
import { excerpt, HAN, localizedPairs } from '../text.ts'
import { COMPANIES, COMPANIES_CASED } from '../words.ts'

/**
 * Chinese text without a Han character is fine when it is a number, a code or a name of a tool: nothing to translate.
 */
const needsHan = (text: string): boolean =>
  !HAN.test(text) && (text.match(/\b\p{Ll}[\p{L}’']{2,}\b/gu) ?? []).length > 0
/** A Chinese name may be spelled in Han only; English text is for a reader who cannot read it. */
const untranslated = (text: string, locale: Locale): boolean => (locale === 'en' ? HAN.test(text) : needsHan(text))

// Telephone numbers that are reserved for fiction: 555-01xx in North America, 07700 900xxx in Britain.
const FICTION = /555[-\s.]?01\d\d|07700[-\s]?900\d{3}/u
const PHONE = new RegExp(
  [
    '(?<![\\d-])(?:\\+?86[-\\s]?)?1[3-9]\\d[-\\s]?\\d{4}[-\\s]?\\d{4}(?![\\d-])', // mobile, mainland China
    '(?<![\\d-])(?:400|800)[-\\s]\\d{3}[-\\s]?\\d{4}(?![\\d-])',
    '(?<![\\d-])400\\d{7}(?!\\d)',
    '(?<![\\d-])0\\d{2,3}[-\\s]\\d{7,8}(?![\\d-])',
    '(?<![\\d-])(?:1[-\\s.])?\\(?[2-9]\\d{2}\\)?[-\\s.]\\d{3}[-\\s.]\\d{4}(?![\\d-])',
    '(?<![\\d-])0\\d{2,4}[-\\s]\\d{3,4}[-\\s]\\d{4}(?![\\d-])',
    '\\+\\d{1,3}(?:[-\\s.]?\\d){7,12}(?!\\d)',
    '(?:电话|热线|拨打|致电|call|dial|hotline|phone)\\D{0,6}(?<!\\d)(?:1\\d{4}|9[56]\\d{3})(?!\\d)', // short service numbers
  ].join('|'),
  'giu',
)
const LINK = /\bhttps?:\/\/|\bwww\.|\b[a-z0-9-]+\.(?:com|cn|net|org|io|shop|store)\b(?!\p{L})/iu

const STRAIGHT_QUOTE = /["]|(?<=\p{L})'(?=\p{L})|(?<!\p{L})'(?=\p{L})/u
/** First slip of typography, or undefined. Bold marks and gaps are not text. */
function slip(text: string, locale: Locale): string | undefined {
  const bareText = text.replaceAll('**', '').replace(/\{\{[^{}]*\}\}/gu, '')
  const found =
    locale === 'en'
      ? (STRAIGHT_QUOTE.exec(bareText) ?? /[，。；：？！（）“”]*[，。；：？！（）]/u.exec(bareText))
      : (/"|\p{Script=Han}[,;:?!](?=\p{Script=Han}|$|\s)/u.exec(bareText) ??
        /\p{Script=Han} +[\p{Script=Han}\d]|\d +\p{Script=Han}/u.exec(bareText))
  return found ? excerpt(bareText.slice(Math.max(0, found.index - 4), found.index + 6)) : undefined
}

function oneText(text: string, locale: Locale, path: string, mayNameCompanies: boolean): Remark[] {
  const phone = (text.match(PHONE) ?? []).filter((number) => !FICTION.test(number))
  const companies = mayNameCompanies ? [] : [...(text.match(COMPANIES) ?? []), ...(text.match(COMPANIES_CASED) ?? [])]
  const typo = slip(text, locale)
  return [
    ...(untranslated(text, locale) ? [remark('translation.untranslated', path, { text: excerpt(text) })] : []),
    ...phone.map((number) => remark('text.phone_number', path, { number: number.trim() })),
    ...(LINK.test(text) ? [remark('text.link', path, { text: LINK.exec(text)?.[0] ?? '' })] : []),
    ...[...new Set(companies)].map((name) => remark('text.company_name', path, { name })),
    ...(typo === undefined ? [] : [remark('text.typography', path, { text: typo })]),
  ]
}

const sameLatin = (text: LocalizedText): boolean => text.en === text['zh-CN'] && HAN.test(text.en)

/** Rules that hold for every text inside a piece of content. */
export function textRemarks(
  value: unknown,
  options: { mayNameCompanies: boolean; skip?: readonly string[] },
): Remark[] {
  return localizedPairs(value, options.skip).flatMap(({ path, text }) =>
    sameLatin(text)
      ? [remark('translation.untranslated', `${path}.en`, { text: excerpt(text.en) })]
      : LOCALES.flatMap((locale) => oneText(text[locale], locale, `${path}.${locale}`, options.mayNameCompanies)),
  )
}

/** Accepted answers are lists, not pairs: only what must never stand anywhere is looked for. */
export function listRemarks(texts: readonly string[], path: string, mayNameCompanies: boolean): Remark[] {
  return texts.flatMap((text, i) =>
    oneText(text, HAN.test(text) ? 'zh-CN' : 'en', `${path}[${i}]`, mayNameCompanies).filter(
      (r) => r.code !== 'text.typography' && r.code !== 'translation.untranslated',
    ),
  )
}

/** A language that was not compared with the newest revision of the other. */
export function staleRemarks(languages: Languages): Remark[] {
  return LOCALES.flatMap((locale) =>
    isCurrentIn(languages, locale)
      ? []
      : [
          remark('translation.stale', `languages.${locale}.checkedAgainst`, {
            checked: languages[locale].checkedAgainst,
            revision: languages[otherLocale(locale)].revision,
          }),
        ],
  )
}
