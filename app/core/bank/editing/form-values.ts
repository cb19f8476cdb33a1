/**
 * An item as a form holds it: every field a text or a tick, named by the path that the schema uses. A submitted form, a
 * stored draft and the values of react-hook-form are all read by `readValues`, so that an unfinished text is kept as it
 * was typed.
 */
import { z } from 'zod'
import type { Locale } from '../../shared/locale.ts'
import { ItemSchema, type Item, type ItemOf } from '../schema.ts'
import { finishItem } from './finish.ts'

export type BothTexts = Record<Locale, string>
export type OptionValues = { id: string; text: BothTexts; rationale: BothTexts; retired: boolean }
export type TurnValues = { from: string; name: BothTexts; text: BothTexts }
type CommonValues = {
  stem: BothTexts
  prompt: BothTexts
  competency: string
  topics: string
  channel: string
  difficulty: string
  source: { document: string; statements: string }
  policy: { id: string; revision: string; clause: string }
  policySearch: boolean
  practice: boolean
  points: string
  expectedSeconds: string
  enemies: string
  waivers: { rule: string; reason: string }[]
  compared: Record<Locale, boolean>
}
export type SingleChoiceValues = CommonValues & {
  kind: 'single_choice'
  options: OptionValues[]
  key: string
  shuffle: boolean
}
export type WrittenReplyValues = CommonValues & {
  kind: 'written_reply'
  rubric: string
  replyChannel: string
  thread: TurnValues[]
  policies: string
  expected: BothTexts[]
  limits: { minCodePoints: string; maxCodePoints: string }
}
export type ItemValues = SingleChoiceValues | WrittenReplyValues

export const FORM_KINDS = ['single_choice', 'written_reply'] as const
export type FormKind = (typeof FORM_KINDS)[number]
export type FormItem = ItemOf<FormKind>
export const hasForm = (item: Item): item is FormItem => (FORM_KINDS as readonly string[]).includes(item.kind)

// ---- Reading: whatever comes from outside becomes texts and ticks of the known shape, and nothing else.

type Raw = Record<string, unknown>
const record = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {})
/** A submitted form ends its lines as mail does; content ends them as files do. */
const text = (value: unknown): string =>
  typeof value === 'string' ? value.replaceAll('\r\n', '\n') : Array.isArray(value) ? text(value.at(-1)) : ''
const tick = (value: unknown): boolean => value === true || text(value) === 'on' || text(value) === 'true'
const both = (value: unknown): BothTexts => ({ 'zh-CN': text(record(value)['zh-CN']), en: text(record(value).en) })
const MAX_ENTRIES = 60
/** A list, or an object keyed by places as a submitted form gives it. */
const list = (value: unknown): unknown[] =>
  (Array.isArray(value)
    ? value
    : Object.entries(record(value))
        .filter(([key]) => /^\d{1,3}$/.test(key))
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([, entry]) => entry)
  ).slice(0, MAX_ENTRIES)

function commonValues(raw: Raw): CommonValues {
  const [source, policy, compared] = [record(raw.source), record(raw.policy), record(raw.compared)]
  return {
    stem: both(raw.stem),
    prompt: both(raw.prompt),
    competency: text(raw.competency),
    topics: text(raw.topics),
    channel: text(raw.channel),
    difficulty: text(raw.difficulty),
    source: { document: text(source.document), statements: text(source.statements) },
    policy: { id: text(policy.id), revision: text(policy.revision), clause: text(policy.clause) },
    policySearch: tick(raw.policySearch),
    practice: tick(raw.practice),
    points: text(raw.points),
    expectedSeconds: text(raw.expectedSeconds),
    enemies: text(raw.enemies),
    waivers: list(raw.waivers).map((entry) => ({ rule: text(record(entry).rule), reason: text(record(entry).reason) })),
    compared: { 'zh-CN': tick(compared['zh-CN']), en: tick(compared.en) },
  }
}

const optionValues = (value: unknown): OptionValues => {
  const raw = record(value)
  return { id: text(raw.id), text: both(raw.text), rationale: both(raw.rationale), retired: tick(raw.retired) }
}
const turnValues = (value: unknown): TurnValues => {
  const raw = record(value)
  return { from: text(raw.from), name: both(raw.name), text: both(raw.text) }
}

export function readValues(kind: FormKind, value: unknown): ItemValues {
  const raw = record(value)
  if (kind === 'single_choice')
    return {
      kind,
      ...commonValues(raw),
      options: list(raw.options).map(optionValues),
      key: text(raw.key),
      shuffle: tick(raw.shuffle),
    }
  const limits = record(raw.limits)
  return {
    kind,
    ...commonValues(raw),
    rubric: text(raw.rubric),
    replyChannel: text(raw.replyChannel),
    thread: list(raw.thread).map(turnValues),
    policies: text(raw.policies),
    expected: list(raw.expected).map(both),
    limits: { minCodePoints: text(limits.minCodePoints), maxCodePoints: text(limits.maxCodePoints) },
  }
}

// ---- From an item to the form

const NO_TEXT: BothTexts = { 'zh-CN': '', en: '' }
const words = (entries: readonly string[]): string => entries.join(', ')

/** The form that shows an item as it stands. */
export function valuesOf(item: FormItem): ItemValues {
  const common: CommonValues = {
    stem: { ...item.stem },
    prompt: { ...(item.prompt ?? NO_TEXT) },
    competency: item.competency,
    topics: words(item.topics),
    channel: item.channel,
    difficulty: String(item.difficulty),
    source: { document: item.source.document, statements: words(item.source.statements) },
    policy: item.policy
      ? { id: item.policy.id, revision: String(item.policy.revision), clause: item.policy.clause ?? '' }
      : { id: '', revision: '', clause: '' },
    policySearch: item.policySearch,
    practice: item.practice,
    points: String(item.points),
    expectedSeconds: String(item.expectedSeconds),
    enemies: words(item.enemies),
    waivers: item.waivers.map(({ rule, reason }) => ({ rule, reason })),
    compared: { 'zh-CN': false, en: false },
  }
  if (item.kind === 'single_choice')
    return {
      ...common,
      kind: 'single_choice',
      options: item.options.map(({ id, text: shown, rationale, retired }) => ({
        id,
        text: { ...shown },
        rationale: { ...rationale },
        retired,
      })),
      key: item.key,
      shuffle: item.shuffle,
    }
  return {
    ...common,
    kind: 'written_reply',
    rubric: item.rubric,
    replyChannel: item.replyChannel,
    thread: item.thread.map((turn) => ({
      from: turn.from,
      name: { ...(turn.name ?? NO_TEXT) },
      text: { ...turn.text },
    })),
    policies: words(item.policies),
    expected: item.expected.map((point) => ({ ...point })),
    limits: { minCodePoints: String(item.limits.minCodePoints), maxCodePoints: String(item.limits.maxCodePoints) },
  }
}

// ---- From the form to an item

/** A text that is not a number stays a text, and the schema says so. */
const numeric = (typed: string): number | string =>
  /^-?\d+(\.\d+)?$/.test(typed.trim()) ? Number(typed) : typed.trim()
const ids = (typed: string): string[] => typed.split(/[\s,，、;；]+/u).filter((id) => id !== '')
const isBlank = (pair: BothTexts): boolean => pair['zh-CN'].trim() === '' && pair.en.trim() === ''

function policyOf({ id, revision, clause }: CommonValues['policy']): object {
  if (id === '') return {}
  return { policy: { id, revision: numeric(revision), ...(clause.trim() === '' ? {} : { clause: clause.trim() }) } }
}

/** What the schema is asked about. Fields without a control keep the value of the version that the edit began with. */
export function rawItemOf(values: ItemValues, base: FormItem): Raw {
  const { policy: _policy, prompt: _prompt, ...kept } = base
  const common = {
    ...kept,
    stem: values.stem,
    ...(isBlank(values.prompt) ? {} : { prompt: values.prompt }),
    competency: values.competency,
    topics: ids(values.topics),
    channel: values.channel,
    difficulty: numeric(values.difficulty),
    source: { document: values.source.document, statements: ids(values.source.statements) },
    ...policyOf(values.policy),
    policySearch: values.policySearch,
    practice: values.practice,
    points: numeric(values.points),
    expectedSeconds: numeric(values.expectedSeconds),
    enemies: ids(values.enemies),
    waivers: values.waivers
      .filter(({ reason }) => reason.trim() !== '')
      .map(({ rule, reason }) => ({ rule, reason: reason.trim() })),
  }
  if (values.kind === 'single_choice')
    return { ...common, options: values.options, key: values.key, shuffle: values.shuffle }
  return {
    ...common,
    rubric: values.rubric,
    replyChannel: values.replyChannel,
    thread: values.thread.map(({ from, name, text: said }) => ({
      from,
      ...(isBlank(name) ? {} : { name }),
      text: said,
    })),
    policies: ids(values.policies),
    expected: values.expected,
    limits: {
      minCodePoints: numeric(values.limits.minCodePoints),
      maxCodePoints: numeric(values.limits.maxCodePoints),
    },
  }
}

// ---- The schema of the form: the item's own, with codes for sentences instead of Zod's English

type Issue = z.core.$ZodIssue
const LISTS_IN_ONE_FIELD = ['topics', 'enemies', 'statements', 'policies']

/**
 * The field that a problem is shown at: the entries of a list that is typed in one field have no field of their own.
 */
function fieldOf(path: readonly PropertyKey[]): PropertyKey[] {
  const at = path.findIndex((part) => LISTS_IN_ONE_FIELD.includes(String(part)))
  return at < 0 ? [...path] : path.slice(0, at + 1)
}

const BY_FIELD: Readonly<Record<string, string>> = {
  difficulty: 'item.difficulty_range',
  reason: 'item.reason_short',
  key: 'item.key_missing',
}
export function codeOf(issue: Issue): string {
  const field = String(fieldOf(issue.path).at(-1) ?? '')
  const known = BY_FIELD[field]
  if (known) return known
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'string'
        ? 'form.required'
        : issue.origin === 'array'
          ? 'item.too_few'
          : 'item.number_range'
    case 'too_big':
      return issue.origin === 'string'
        ? 'form.too_long'
        : issue.origin === 'array'
          ? 'item.too_many'
          : 'item.number_range'
    case 'invalid_type':
      return issue.expected === 'number' || issue.expected === 'int' ? 'form.number' : 'form.required'
    case 'invalid_format':
      return 'item.id_format'
    case 'invalid_value':
      return 'form.choose'
    default:
      return 'item.field_invalid'
  }
}

/**
 * One schema for the browser, the draft and the publishing: what is typed, checked against the item's schema, and
 * finished.
 */
export const itemFormSchema = (base: FormItem): z.ZodType<FormItem, ItemValues> =>
  z.custom<ItemValues>().transform((values, ctx): FormItem => {
    const parsed = ItemSchema.safeParse(rawItemOf(readValues(base.kind, values), base))
    if (parsed.success && hasForm(parsed.data))
      return finishItem(parsed.data, base, readValues(base.kind, values).compared)
    for (const issue of parsed.error?.issues ?? [])
      ctx.issues.push({ code: 'custom', path: fieldOf(issue.path), message: codeOf(issue), input: values })
    return z.NEVER
  })

// ---- Lists without a script: each button is an edit of the values

export const LIST_NAMES = ['options', 'thread', 'expected'] as const
export type ListName = (typeof LIST_NAMES)[number]
export type ListEdit = {
  readonly list: ListName
  readonly op: 'add' | 'up' | 'down' | 'remove'
  readonly index: number
}

/** `options.up.2`, as the value of a button. */
export const listEditName = ({ list: name, op, index }: ListEdit): string => `${name}.${op}.${index}`
export function parseListEdit(intent: string): ListEdit | null {
  const found = /^(options|thread|expected)\.(add|up|down|remove)\.(\d{1,2})$/.exec(intent)
  return found ? { list: found[1] as ListName, op: found[2] as ListEdit['op'], index: Number(found[3]) } : null
}

/** The first free letter. An id that was ever used is not given again: old answers refer to it. */
export function nextOptionId(used: readonly string[]): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  for (let n = 1; ; n += 1)
    for (const letter of letters) {
      const id = n === 1 ? letter : `${letter}${n}`
      if (!used.includes(id)) return id
    }
}

export const emptyOption = (id: string): OptionValues => ({
  id,
  text: { ...NO_TEXT },
  rationale: { ...NO_TEXT },
  retired: false,
})
export const emptyTurn = (): TurnValues => ({ from: 'customer', name: { ...NO_TEXT }, text: { ...NO_TEXT } })
export const emptyPoint = (): BothTexts => ({ ...NO_TEXT })

function edited<T>(entries: readonly T[], { op, index }: ListEdit, make: () => T): T[] {
  const out = [...entries]
  if (op === 'add') return [...out, make()]
  if (op === 'remove') return out.filter((_, i) => i !== index)
  const to = op === 'up' ? index - 1 : index + 1
  const [moved] = out.splice(index, 1)
  if (moved === undefined || to < 0 || to > out.length) return [...entries]
  out.splice(to, 0, moved)
  return out
}

/** `kept`: ids of published options, which are retired but never removed. */
export function applyListEdit(values: ItemValues, edit: ListEdit, kept: readonly string[]): ItemValues {
  if (values.kind === 'single_choice') {
    if (edit.list !== 'options') return values
    if (edit.op === 'remove' && kept.includes(values.options[edit.index]?.id ?? '')) return values
    return {
      ...values,
      options: edited(values.options, edit, () =>
        emptyOption(nextOptionId([...kept, ...values.options.map((o) => o.id)])),
      ),
    }
  }
  if (edit.list === 'thread') return { ...values, thread: edited(values.thread, edit, emptyTurn) }
  if (edit.list === 'expected') return { ...values, expected: edited(values.expected, edit, emptyPoint) }
  return values
}
