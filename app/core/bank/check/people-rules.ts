/** Rules about how people are asked and judged: topics an interview must not touch, and anchors that name traits. */
import { LOCALES, type Locale, type LocalizedText } from '../../shared/locale.ts'
import { codePointLength } from '../../shared/text.ts'
import { remark, type Remark } from '../finding.ts'
import type { Item, Kit, Rubric, Scenario } from '../schema.ts'
import { bare, excerpt, placedTexts, sentencesOf } from '../text.ts'
import { FORBIDDEN_TOPICS, RATING_ONLY, TRAIT, type ForbiddenTopic } from '../words.ts'

const TOPICS = Object.keys(FORBIDDEN_TOPICS) as ForbiddenTopic[]

function topicRemarks(text: string, locale: Locale, path: string): Remark[] {
  return TOPICS.flatMap((topic) => {
    const found = FORBIDDEN_TOPICS[topic][locale].exec(text)
    return found ? [remark('interview.forbidden_topic', path, { topic, word: found[0] })] : []
  })
}
const inText = (text: LocalizedText, path: string): Remark[] =>
  LOCALES.flatMap((locale) => topicRemarks(text[locale], locale, `${path}.${locale}`))

/** What a behavioural item asks of a candidate. */
export const behaviouralRemarks = (item: Item): Remark[] =>
  item.kind === 'behavioural'
    ? [
        ...inText(item.stem, 'stem'),
        ...(item.prompt ? inText(item.prompt, 'prompt') : []),
        ...item.probes.flatMap((probe, i) => inText(probe, `probes[${i}]`)),
      ]
    : []

/** What a kit lets the interviewer say. Its list of topics not to ask names them and is exempt. */
export const kitRemarks = (kit: Kit): Remark[] => [
  ...inText(kit.opening, 'opening'),
  ...inText(kit.closing, 'closing'),
  ...kit.sections.flatMap((section, s) =>
    section.questions.flatMap((question, q) => {
      const at = `sections[${s}].questions[${q}]`
      return [
        ...inText(question.text, `${at}.text`),
        ...question.probes.flatMap((probe, i) => inText(probe, `${at}.probes[${i}]`)),
      ]
    }),
  ),
]

const ASKS_THE_CANDIDATE: Record<Locale, (sentence: string) => boolean> = {
  'zh-CN': (s) => /[？?]|吗/u.test(s) && /[你您]/u.test(s) && !/[你您](?:们)?(?:家|店|公司|平台|商城)/u.test(s),
  en: (s) => /\?/u.test(s) && /\b(?:you|your)\b/iu.test(s),
}

/** A customer may have a child with a birthday. A scenario may not make anybody ask the candidate about theirs. */
export const scenarioRemarks = (scenario: Scenario): Remark[] => [
  ...inText(scenario.brief, 'brief'),
  ...placedTexts(scenario, ['brief', 'title']).flatMap(({ path, locale, text }) =>
    sentencesOf(text)
      .filter(ASKS_THE_CANDIDATE[locale])
      .flatMap((sentence) => topicRemarks(sentence, locale, path)),
  ),
]

// A verb and its object: “States the result.” can be seen, “Good.” cannot.
const MIN_ANCHOR: Record<Locale, (text: string) => boolean> = {
  'zh-CN': (text) => codePointLength(bare(text)) >= 4,
  en: (text) => (text.match(/\p{L}+/gu) ?? []).length >= 2,
}

/** Anchors that name a trait, only rate, or repeat another level. */
export function anchorRemarks(rubric: Rubric): Remark[] {
  return rubric.criteria.flatMap((criterion, c) =>
    LOCALES.flatMap((locale) =>
      criterion.anchors.flatMap((anchor, a) => {
        const text = anchor[locale]
        const path = `criteria[${c}].anchors[${a}].${locale}`
        const trait = TRAIT[locale].exec(text.replace(/“[^”]*”/gu, '“”'))
        const repeats = criterion.anchors.findIndex((other) => bare(other[locale]) === bare(text))
        return [
          ...(trait ? [remark('rubric.anchor_trait', path, { word: trait[0] })] : []),
          ...(!trait && (RATING_ONLY[locale].test(text.trim()) || !MIN_ANCHOR[locale](text))
            ? [remark('rubric.anchor_vague', path, { text: excerpt(text) })]
            : []),
          ...(repeats < a ? [remark('rubric.anchor_repeated', path, { level: repeats + 1 })] : []),
        ]
      }),
    ),
  )
}
