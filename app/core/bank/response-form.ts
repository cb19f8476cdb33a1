/**
 * Answers as plain form fields, so that an assessment can be taken without JavaScript. `formFields` says which fields a
 * form for the item has and what they hold; `responseFromForm` reads them back. Reading never refuses: validateResponse
 * does.
 */
import { assertNever } from '../shared/result.ts'
import type { CandidateItem, CandidateOption } from './candidate-item.ts'
import { isAnswered, MAX_NUMBER, MAX_SUBJECT } from './response-rules.ts'
import type { Response, ResponseOf } from './response.ts'
import type { Item } from './schema.ts'

export type FormField = {
  readonly name: string
  readonly control: 'radio' | 'checkbox' | 'select' | 'text' | 'textarea'
  /** Current value; for checkboxes all that are ticked. */
  readonly value: string | readonly string[]
  /** What is chosen from, in the order shown. A select also has an empty choice, which the page adds. */
  readonly options?: readonly CandidateOption[]
  /** Content that names the field (an action, a left entry); fields without one are named by the interface. */
  readonly label?: string
  readonly maxCodePoints?: number
}
export type FormValues = Readonly<Record<string, string | string[] | undefined>>

const RATINGS = ['1', '2', '3', '4', '5'] as const
const STAR = ['situation', 'task', 'action', 'result'] as const

/**
 * Field names: choice, choices, position.1…n, match.<left>, gap.<gap>, text, rate.<action>, best, worst, situation…,
 * subject.
 */
export function formFields(item: CandidateItem, response: Response | null): FormField[] {
  const given = response?.kind === item.kind ? response : null
  const as = <K extends Response['kind']>(kind: K): ResponseOf<K> | null =>
    given?.kind === kind ? (given as ResponseOf<K>) : null
  const at = (record: Readonly<Record<string, string | number>> | undefined, id: string): string =>
    record && Object.hasOwn(record, id) ? String(record[id]) : ''
  switch (item.kind) {
    case 'single_choice':
      return [{ name: 'choice', control: 'radio', value: as('single_choice')?.optionId ?? '', options: item.options }]
    case 'multiple_choice':
      return [
        { name: 'choices', control: 'checkbox', value: as('multiple_choice')?.optionIds ?? [], options: item.options },
      ]
    case 'true_false': {
      const value = as('true_false')?.value
      // the interface words these two; the ids stand in where it does not
      return [
        {
          name: 'choice',
          control: 'radio',
          value: value === undefined ? '' : String(value),
          options: ['true', 'false'].map((id) => ({ id, text: id })),
        },
      ]
    }
    case 'ordering':
      return item.elements.map((_, i) => ({
        name: `position.${i + 1}`,
        control: 'select',
        value: as('ordering')?.order[i] ?? '',
        options: item.elements,
      }))
    case 'matching':
      return item.left.map((entry) => ({
        name: `match.${entry.id}`,
        control: 'select',
        value: at(as('matching')?.pairs, entry.id),
        options: item.right,
        label: entry.text,
      }))
    case 'cloze':
      return item.gaps.map((gap) => {
        const base = { name: `gap.${gap.id}`, value: at(as('cloze')?.gaps, gap.id) }
        return gap.type === 'dropdown'
          ? { ...base, control: 'select', options: gap.options }
          : { ...base, control: 'text', maxCodePoints: gap.maxCodePoints }
      })
    case 'numeric':
      return [{ name: 'text', control: 'text', value: as('numeric')?.text ?? '', maxCodePoints: MAX_NUMBER }]
    case 'short_text':
      return [{ name: 'text', control: 'text', value: as('short_text')?.text ?? '', maxCodePoints: item.maxCodePoints }]
    case 'situational_judgement': {
      const sjt = as('situational_judgement')
      if (item.mode === 'best_worst') {
        return (['best', 'worst'] as const).map((name) => ({
          name,
          control: 'radio',
          value: sjt?.[name] ?? '',
          options: item.actions,
        }))
      }
      const scale = RATINGS.map((id) => ({ id, text: id }))
      return item.actions.map((action) => ({
        name: `rate.${action.id}`,
        control: 'radio',
        value: at(sjt?.ratings, action.id),
        options: scale,
        label: action.text,
      }))
    }
    case 'behavioural':
      return STAR.map((name) => ({
        name,
        control: 'textarea',
        value: as('behavioural')?.[name] ?? '',
        maxCodePoints: item.limits.maxCodePoints,
      }))
    case 'written_reply': {
      const reply = as('written_reply')
      const text: FormField = {
        name: 'text',
        control: 'textarea',
        value: reply?.text ?? '',
        maxCodePoints: item.limits.maxCodePoints,
      }
      return item.replyChannel === 'mail'
        ? [{ name: 'subject', control: 'text', value: reply?.subject ?? '', maxCodePoints: MAX_SUBJECT }, text]
        : [text]
    }
    case 'essay':
      return [
        { name: 'text', control: 'textarea', value: as('essay')?.text ?? '', maxCodePoints: item.limits.maxCodePoints },
      ]
    default:
      return assertNever(item)
  }
}

/**
 * The answer in a submitted form; null where nothing is answered. Unknown fields are ignored, unknown ids are kept for
 * validation.
 */
export function responseFromForm(item: Item | CandidateItem, fields: FormValues): Response | null {
  const response = read(item, fields)
  return isAnswered(response) ? response : null
}

function read(item: Item | CandidateItem, fields: FormValues): Response | null {
  const all = (name: string): string[] => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    return value === undefined ? [] : typeof value === 'string' ? [value] : value
  }
  const one = (name: string): string => all(name)[0] ?? ''
  // browsers send line ends as CR LF; the limit counts what the person typed
  const prose = (name: string): string => one(name).replace(/\r\n?/g, '\n')
  const chosen = (prefix: string, list: readonly { id: string }[]): [string, string][] =>
    list.map((entry): [string, string] => [entry.id, one(`${prefix}.${entry.id}`)]).filter(([, value]) => value !== '')
  switch (item.kind) {
    case 'single_choice':
      return one('choice') === '' ? null : { kind: 'single_choice', optionId: one('choice') }
    case 'multiple_choice':
      return { kind: 'multiple_choice', optionIds: all('choices').filter((id) => id !== '') }
    case 'true_false':
      return one('choice') === 'true' || one('choice') === 'false'
        ? { kind: 'true_false', value: one('choice') === 'true' }
        : null
    case 'ordering':
      return {
        kind: 'ordering',
        order: item.elements.map((_, i) => one(`position.${i + 1}`)).filter((id) => id !== ''),
      }
    case 'matching':
      return { kind: 'matching', pairs: Object.fromEntries(chosen('match', item.left)) }
    case 'cloze':
      return { kind: 'cloze', gaps: Object.fromEntries(chosen('gap', item.gaps)) }
    case 'numeric':
      return { kind: 'numeric', text: one('text') }
    case 'short_text':
      return { kind: 'short_text', text: one('text') }
    case 'situational_judgement': {
      if (item.mode === 'rate') {
        const ratings = chosen('rate', item.actions).filter(([, value]) =>
          (RATINGS as readonly string[]).includes(value),
        )
        return {
          kind: 'situational_judgement',
          ratings: Object.fromEntries(ratings.map(([id, value]) => [id, Number(value)])),
        }
      }
      const best = one('best')
      const worst = one('worst')
      return { kind: 'situational_judgement', ...(best === '' ? {} : { best }), ...(worst === '' ? {} : { worst }) }
    }
    case 'behavioural':
      return {
        kind: 'behavioural',
        situation: prose('situation'),
        task: prose('task'),
        action: prose('action'),
        result: prose('result'),
      }
    case 'written_reply': {
      const subject = item.replyChannel === 'mail' ? one('subject') : ''
      return { kind: 'written_reply', ...(subject === '' ? {} : { subject }), text: prose('text') }
    }
    case 'essay':
      return { kind: 'essay', text: prose('text') }
    default:
      return assertNever(item)
  }
}
