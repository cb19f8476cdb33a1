/**
 * What a candidate is shown of an item, built field by field from an allow-list: a field that is added to the schema
 * stays hidden until somebody names it here. Keys, rationales, effectiveness, accepted forms, rubrics, probes, expected
 * points, difficulty, sources, enemies and experts never pass.
 */
import type { Locale, LocalizedText } from '../shared/locale.ts'
import type { Random } from '../shared/random.ts'
import { assertNever } from '../shared/result.ts'
import type { CandidateItem, CandidateItemBase, CandidateLimits, CandidateOption } from './candidate-item.ts'
import type { Item } from './schema.ts'

export { isAnswered, isComplete, responseLength, validateResponse, type ResponseCode } from './response-rules.ts'
export { formFields, responseFromForm, type FormField } from './response-form.ts'

/**
 * The order in which an attempt shows an item's lists, as recorded with the form. Lists are named `options`,
 * `elements`, `right`, `actions`, and for a dropdown by its gap's id.
 */
export type OptionOrder = Readonly<Record<string, readonly string[]>>

/**
 * Draws the order for one attempt. What would betray the key in the author's order (elements to sort, the right side of
 * a matching) is always shuffled; the rest where the item allows.
 */
export function drawOptionOrder(item: Item, random: Random): OptionOrder {
  const ids = (list: readonly { id: string }[]): string[] => list.map((entry) => entry.id)
  const free = (list: readonly { id: string }[]): string[] => (item.shuffle ? random.shuffle(ids(list)) : ids(list))
  switch (item.kind) {
    case 'single_choice':
    case 'multiple_choice':
      return { options: free(item.options) }
    case 'ordering':
      return { elements: random.shuffle(ids(item.elements)) }
    case 'matching':
      return { right: random.shuffle(ids(item.right)) }
    case 'cloze':
      return Object.fromEntries(
        item.gaps.flatMap((gap) => (gap.type === 'dropdown' ? [[gap.id, free(gap.options)]] : [])),
      )
    case 'situational_judgement':
      return { actions: free(item.actions) }
    case 'true_false':
    case 'numeric':
    case 'short_text':
    case 'behavioural':
    case 'written_reply':
    case 'essay':
      return {}
    default:
      return assertNever(item)
  }
}

/**
 * The item as a candidate sees it in one language. Retired options are left out; what the order does not name comes
 * last.
 */
export function candidateItem(item: Item, locale: Locale, order: OptionOrder = {}): CandidateItem {
  const say = (text: LocalizedText): string => text[locale]
  const list = (
    entries: readonly { id: string; text: LocalizedText; retired?: boolean }[],
    name: string,
  ): CandidateOption[] => {
    const wanted = Object.hasOwn(order, name) ? (order[name] ?? []) : []
    const rank = (id: string): number => (wanted.includes(id) ? wanted.indexOf(id) : wanted.length)
    return entries
      .filter((entry) => !entry.retired)
      .map((entry) => ({ id: entry.id, text: say(entry.text) }))
      .sort((a, b) => rank(a.id) - rank(b.id))
  }
  const base: CandidateItemBase = {
    id: item.id,
    locale,
    stem: say(item.stem),
    prompt: item.prompt ? say(item.prompt) : null,
    points: item.points,
    policySearch: item.policySearch,
  }
  const limitsOf = (limits: CandidateLimits): CandidateLimits => ({
    minCodePoints: limits.minCodePoints,
    maxCodePoints: limits.maxCodePoints,
  })
  switch (item.kind) {
    case 'single_choice':
      return { ...base, kind: 'single_choice', options: list(item.options, 'options') }
    case 'multiple_choice':
      return { ...base, kind: 'multiple_choice', options: list(item.options, 'options') }
    case 'true_false':
      return { ...base, kind: 'true_false' }
    case 'ordering':
      return { ...base, kind: 'ordering', elements: list(item.elements, 'elements') }
    case 'matching':
      return { ...base, kind: 'matching', left: list(item.left, 'left'), right: list(item.right, 'right') }
    case 'cloze':
      return {
        ...base,
        kind: 'cloze',
        text: say(item.text),
        gaps: item.gaps.map((gap) =>
          gap.type === 'dropdown'
            ? { id: gap.id, type: 'dropdown', options: list(gap.options, gap.id) }
            : { id: gap.id, type: 'typed', maxCodePoints: gap.maxCodePoints },
        ),
      }
    case 'numeric':
      return { ...base, kind: 'numeric', unit: item.unit ? say(item.unit) : null }
    case 'short_text':
      return { ...base, kind: 'short_text', maxCodePoints: item.maxCodePoints }
    case 'situational_judgement':
      return { ...base, kind: 'situational_judgement', mode: item.mode, actions: list(item.actions, 'actions') }
    case 'behavioural':
      return { ...base, kind: 'behavioural', limits: limitsOf(item.limits) }
    case 'written_reply':
      return {
        ...base,
        kind: 'written_reply',
        replyChannel: item.replyChannel,
        thread: item.thread.map((turn) => ({
          from: turn.from,
          name: turn.name ? say(turn.name) : null,
          text: say(turn.text),
        })),
        policies: [...item.policies],
        limits: limitsOf(item.limits),
      }
    case 'essay':
      return { ...base, kind: 'essay', limits: limitsOf(item.limits) }
    default:
      return assertNever(item)
  }
}
