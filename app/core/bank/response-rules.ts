/**
 * Whether an answer fits its item. Works on the item and on the candidate's view of it, so the browser can ask the same
 * question.
 */
import { assertNever, err, ok, type Result } from '../shared/result.ts'
import { codePointLength, hasForbiddenCharacter } from '../shared/text.ts'
import type { CandidateItem } from './candidate-item.ts'
import type { Response } from './response.ts'
import type { Item } from './schema.ts'

export type ResponseCode =
  | 'response.kind_mismatch'
  | 'response.unknown_option'
  | 'response.duplicate_option'
  | 'response.too_long'
  | 'response.forbidden_character'
  | 'response.wrong_mode'
  | 'response.same_action'
  | 'response.subject_not_asked'
  | 'response.rating_out_of_range'

/** Longest subject line of a mail, in code points. */
export const MAX_SUBJECT = 200
/** Longest typed number, in code points. */
export const MAX_NUMBER = 40

type Checked = Result<Response, ResponseCode>
type AnyItem = Item | CandidateItem

/**
 * Accepts every stage of an answer, also an unfinished one: minimum lengths and completeness are asked at the end
 * (isComplete), never of a draft.
 */
export function validateResponse(item: AnyItem, response: Response): Checked {
  if (item.kind !== response.kind) return err('response.kind_mismatch')
  const known = (ids: readonly string[], list: readonly { id: string }[]): Checked => {
    if (ids.some((id) => !list.some((entry) => entry.id === id))) return err('response.unknown_option')
    return new Set(ids).size === ids.length ? ok(response) : err('response.duplicate_option')
  }
  const fits = (text: string, max: number): Checked => {
    if (hasForbiddenCharacter(text)) return err('response.forbidden_character')
    const length = codePointLength(text)
    return length > max ? err('response.too_long', { length, max }) : ok(response)
  }
  switch (response.kind) {
    case 'single_choice':
      return item.kind === 'single_choice' ? known([response.optionId], item.options) : mismatch()
    case 'multiple_choice':
      return item.kind === 'multiple_choice' ? known(response.optionIds, item.options) : mismatch()
    case 'true_false':
      return ok(response)
    case 'ordering':
      return item.kind === 'ordering' ? known(response.order, item.elements) : mismatch()
    case 'matching': {
      if (item.kind !== 'matching') return mismatch()
      const left = known(Object.keys(response.pairs), item.left)
      // one right entry may serve several left ones
      return left.ok ? known([...new Set(Object.values(response.pairs))], item.right) : left
    }
    case 'cloze': {
      if (item.kind !== 'cloze') return mismatch()
      for (const [id, text] of Object.entries(response.gaps)) {
        const gap = item.gaps.find((g) => g.id === id)
        if (!gap) return err('response.unknown_option')
        const checked =
          gap.type === 'typed' ? fits(text, gap.maxCodePoints) : text === '' ? ok(response) : known([text], gap.options)
        if (!checked.ok) return checked
      }
      return ok(response)
    }
    case 'numeric':
      return fits(response.text, MAX_NUMBER)
    case 'short_text':
      return item.kind === 'short_text' ? fits(response.text, item.maxCodePoints) : mismatch()
    case 'situational_judgement': {
      if (item.kind !== 'situational_judgement') return mismatch()
      const { ratings, best, worst } = response
      if (item.mode === 'rate' ? best !== undefined || worst !== undefined : ratings !== undefined)
        return err('response.wrong_mode')
      if (Object.values(ratings ?? {}).some((r) => !Number.isInteger(r) || r < 1 || r > 5))
        return err('response.rating_out_of_range')
      if (best !== undefined && best === worst) return err('response.same_action')
      return known([...Object.keys(ratings ?? {}), ...[best, worst].filter((id) => id !== undefined)], item.actions)
    }
    case 'behavioural':
      return item.kind === 'behavioural' ? fits(textOf(response), item.limits.maxCodePoints) : mismatch()
    case 'written_reply': {
      if (item.kind !== 'written_reply') return mismatch()
      if (response.subject !== undefined) {
        if (item.replyChannel !== 'mail') return err('response.subject_not_asked')
        const subject = fits(response.subject, MAX_SUBJECT)
        if (!subject.ok) return subject
      }
      return fits(response.text, item.limits.maxCodePoints)
    }
    case 'essay':
      return item.kind === 'essay' ? fits(response.text, item.limits.maxCodePoints) : mismatch()
    default:
      return assertNever(response)
  }
}

const mismatch = (): Checked => err('response.kind_mismatch')

/**
 * The written text of an answer, as its limit counts it: the four parts of a behavioural answer together, a mail
 * without subject.
 */
function textOf(response: Response): string {
  switch (response.kind) {
    case 'behavioural':
      return response.situation + response.task + response.action + response.result
    case 'numeric':
    case 'short_text':
    case 'written_reply':
    case 'essay':
      return response.text
    default:
      return ''
  }
}

/** Code points written; 0 for kinds without text. */
export const responseLength = (response: Response): number => codePointLength(textOf(response))

/** Whether the candidate has answered anything at all. White space is no answer. */
export function isAnswered(response: Response | null): response is Response {
  if (response === null) return false
  switch (response.kind) {
    case 'single_choice':
    case 'true_false':
      return true
    case 'multiple_choice':
      return response.optionIds.length > 0
    case 'ordering':
      return response.order.length > 0
    case 'matching':
      return Object.keys(response.pairs).length > 0
    case 'cloze':
      return Object.values(response.gaps).some((text) => text.trim() !== '')
    case 'situational_judgement':
      return (
        Object.keys(response.ratings ?? {}).length > 0 || response.best !== undefined || response.worst !== undefined
      )
    case 'numeric':
    case 'short_text':
    case 'behavioural':
    case 'written_reply':
    case 'essay':
      return textOf(response).trim() !== ''
    default:
      return assertNever(response)
  }
}

/** Whether nothing is left to answer: every gap, pair, place, rating and part given, the minimum length written. */
export function isComplete(item: AnyItem, response: Response | null): boolean {
  if (!isAnswered(response) || item.kind !== response.kind) return false
  const has = (record: Readonly<Record<string, unknown>>, list: readonly { id: string }[]): boolean =>
    list.every((entry) => Object.hasOwn(record, entry.id))
  if (response.kind === 'ordering') return item.kind === 'ordering' && response.order.length === item.elements.length
  if (response.kind === 'matching') return item.kind === 'matching' && has(response.pairs, item.left)
  if (response.kind === 'cloze')
    return (
      item.kind === 'cloze' &&
      item.gaps.every(
        (gap) => (Object.hasOwn(response.gaps, gap.id) ? (response.gaps[gap.id] ?? '') : '').trim() !== '',
      )
    )
  if (response.kind === 'situational_judgement' && item.kind === 'situational_judgement') {
    return item.mode === 'rate'
      ? has(response.ratings ?? {}, item.actions)
      : response.best !== undefined && response.worst !== undefined
  }
  if (response.kind === 'behavioural' && Object.values(response).some((part) => part.trim() === '')) return false
  if ('limits' in item) return responseLength(response) >= item.limits.minCodePoints
  return true
}
