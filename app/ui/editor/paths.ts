/** Where a finding or a difference stands, in the words of the editor. */
import type { TrainerText } from '../../i18n/areas/trainer.ts'

/** `options[1].text.en` → `options.1.text.en`, the name of its field. */
export const fieldName = (path: string): string => path.replace(/\[(\d+)\]/g, '.$1')
export const fieldId = (name: string): string => `f-${name}`

const LETTERS = 'ABCDEFGHIJKLMNOP'
export const letterAt = (index: number): string => LETTERS[index] ?? String(index + 1)

const WORDS = {
  stem: 'field.stem',
  prompt: 'field.prompt',
  options: 'field.options',
  key: 'field.key',
  rationale: 'field.rationale',
  competency: 'field.competency',
  channel: 'field.channel',
  difficulty: 'field.difficulty',
  points: 'field.points',
  expectedSeconds: 'field.seconds',
  document: 'field.document',
  statements: 'field.statements',
  enemies: 'field.enemies',
  topics: 'field.topics',
  rubric: 'field.rubric',
  replyChannel: 'field.reply_channel',
  policies: 'field.policies',
  thread: 'field.thread',
  expected: 'field.expected',
  clause: 'field.policy.clause',
  minCodePoints: 'field.limits.min',
  maxCodePoints: 'field.limits.max',
  reason: 'check.reason',
  retired: 'field.option.retired',
  name: 'field.name',
  from: 'field.from',
  policy: 'field.policy',
  policySearch: 'field.policy_search',
  shuffle: 'field.shuffle',
  practice: 'field.practice',
  languages: 'diff.languages',
  revision: 'diff.revision',
  checkedAgainst: 'diff.compared_with',
  waivers: 'diff.waivers',
  rule: 'diff.rule',
  experts: 'diff.experts',
  'zh-CN': 'check.zh-CN',
  en: 'check.en',
} as const
const isWord = (part: string): part is keyof typeof WORDS => Object.hasOwn(WORDS, part)

/** `options[1].text.en` → “Option B, English”. What has no word of its own is shown as the path it is. */
export function placeName(t: TrainerText, path: string): string {
  const locale = /(^|\.)(zh-CN|en)$/.exec(path)?.[2] as 'zh-CN' | 'en' | undefined
  const bare = locale ? path.slice(0, -locale.length).replace(/\.$/, '') : path
  // A rule's code has dots of its own.
  const parts = bare
    .replace(/\[([^\]]*)\]/g, (_, name: string) => `.${name.replaceAll('.', '\u0000')}`)
    .split('.')
    .map((part) => part.replaceAll('\u0000', '.'))
  const words: string[] = []
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] ?? ''
    const next = parts[i + 1]
    const place =
      next === undefined || next === '' ? null : /^\d+$/.test(next) ? letterAt(Number(next)) : next.toUpperCase()
    if (part === 'options' && place !== null) words.push(t('field.option', { letter: place }))
    else if ((part === 'thread' || part === 'expected') && next !== undefined && /^\d+$/.test(next))
      words.push(t(part === 'thread' ? 'field.turn' : 'field.point', { n: Number(next) + 1 }))
    else if (part === 'text' && words.length > 0) continue
    else if (isWord(part)) words.push(t(WORDS[part]))
    else if (part === '') words.push(t('diff.order'))
    else words.push(part)
    if (['options', 'thread', 'expected'].includes(part) && next !== undefined && next !== '') i += 1
  }
  return [...words, ...(locale ? [t(`check.${locale}`)] : [])].join(' · ')
}
