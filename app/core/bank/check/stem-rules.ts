/** Item-writing rules about stems: negation that the reader may miss, and absolute words of a false statement. */
import { LOCALES, type Locale } from '../../shared/locale.ts'
import { remark, type Remark } from '../finding.ts'
import type { Item } from '../schema.ts'
import { sentencesOf } from '../text.ts'
import type { ItemKind } from '../vocabulary.ts'
import { ABSOLUTE, NEGATIVE } from '../words.ts'
import { wordsIn } from './option-rules.ts'

const ASKING: readonly ItemKind[] = ['single_choice', 'multiple_choice', 'numeric', 'short_text']

const isQuestion: Record<Locale, (sentence: string) => boolean> = {
  'zh-CN': (s) => /[？?]$|[:：]$|的是[。（(_]*$/u.test(s) || /(?:哪|下列|以下|选出|指出)/u.test(s),
  en: (s) => /[?:]$/u.test(s) || /^\s*(?:choose|select|tick|identify|name)\b/iu.test(s),
}
const ASKS: Record<Locale, RegExp> = {
  'zh-CN': /哪|什么|怎么|怎样|如何|多少|几|谁|下列|以下|下面|选出|指出|的是|这些/u,
  en: /\b(?:which|what|who|whom|how|when|where|choose|select|tick|identify|name|these|following)\b/iu,
}
// A negation behind one of these words belongs to what is asked about ("the buyer who has not had the parcel").
const SUBORDINATE =
  /[^?]*?\b(?:which|what|whom?|how|choose|select|tick|identify|name)\b.*?\b(?:who|that|whose|if|when|whether|because|where|after|before|although|while|since|until|having|has|have|had)\b/iu

// “Except” turns the whole question round, wherever it stands.
const EXCEPT = /\bexcept\b/iu

const withoutBold = (text: string): string => text.replace(/\*\*.+?\*\*/gsu, ' ')

/** The clauses of a stem that put the question. */
function askingClauses(stem: string, locale: Locale): string[] {
  return sentencesOf(stem.replace(/“[^”]*”|"[^"]*"/gu, '“”'))
    .filter(isQuestion[locale])
    .flatMap((sentence) => sentence.split(locale === 'en' ? /[,;:](?=\s(?!except))/u : /[，；,;：:](?=.)/u))
    .filter((clause) => ASKS[locale].test(clause))
    .flatMap((clause) =>
      locale === 'en' ? [SUBORDINATE.exec(clause)?.[0] ?? clause, ...(EXCEPT.exec(clause) ?? [])] : [clause],
    )
}

// "对不满意的买家" names a person; "不合适的做法是哪一项" asks for what does not hold.
const ATTRIBUTE_OF_A_PERSON =
  /(?:不[^，。？]{1,6}|没有?[^，。？]{1,12})的(?:买家|卖家|客户|顾客|订单|包裹|商品|人|同事|商家|来电者|工单|问题|情况|要求)/gu
const IDIOMS =
  /不(?:同|足|良|明|利|仅|论|管|妨|断|久|过|必要|是)?(?:的)?(?=顾客之间)|是不是|能不能|可不可以|要不要|该不该|会不会|对不对|行不行|不会写|不在线/gu

function negativeWords(stem: string, locale: Locale): string[] {
  return askingClauses(withoutBold(stem), locale)
    .flatMap((clause) => {
      const text = locale === 'zh-CN' ? clause.replace(ATTRIBUTE_OF_A_PERSON, '').replace(IDIOMS, '') : clause
      return [...text.matchAll(NEGATIVE[locale])].map((m) => m[0])
    })
    .filter((word, i, all) => all.indexOf(word) === i)
}

/** Negative questions without emphasis; absolute words that give a false statement away. */
export function stemRemarks(item: Item): Remark[] {
  return LOCALES.flatMap((locale) => {
    if (item.kind === 'true_false') {
      const words = item.key ? [] : wordsIn(item.stem[locale], ABSOLUTE, locale)
      return words.length > 0 ? [remark('item.absolute_word', `stem.${locale}`, { words: words.join(', ') })] : []
    }
    if (!ASKING.includes(item.kind)) return []
    const words = negativeWords(item.stem[locale], locale)
    return words.length > 0 ? [remark('item.negative_stem', `stem.${locale}`, { words: words.join(', ') })] : []
  })
}
