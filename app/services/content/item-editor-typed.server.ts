/** What an author typed, as fields or as YAML: read as an item, checked, and brought into the shape of a draft. */
import { stringify } from 'yaml'
import { checkItem, type Finding } from '../../core/bank/check.ts'
import { finishItem, missingOptions, type Compared } from '../../core/bank/editing/finish.ts'
import { hasForm, itemFormSchema, readValues, valuesOf, type ItemValues } from '../../core/bank/editing/form-values.ts'
import type { CheckReply, Problem } from '../../core/bank/editing/view.ts'
import { findingsOf } from '../../core/bank/finding.ts'
import { ItemSchema, type Item } from '../../core/bank/schema.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { hasForbiddenCharacter } from '../../core/shared/text.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { parseContentText } from './bank-files.server.ts'
import { checkContextOf } from './item-editor-context.server.ts'

/** What a form sends: the version that the edit began with, and either fields or YAML. */
export type EditorInput = { base: string; values: unknown; yaml: string | null; compared: Compared }
export type DraftBody = { values: ItemValues } | { yaml: string; compared: Compared }

const MAX_DRAFT = 300_000
const NOT_COMPARED: Compared = { 'zh-CN': false, en: false }

/**
 * The item as YAML, in the order of its schema (a store may have forgotten the order of keys), what it is first and its
 * record last.
 */
export function yamlOf(item: Item): string {
  const { id, kind, experts, languages, waivers, ...content } = ItemSchema.parse(item)
  return stringify({ id, kind, ...content, experts, languages, waivers }, { lineWidth: 0 })
}

export type Understood = {
  readonly item: Item | null
  readonly problems: readonly Problem[]
  readonly findings: readonly Finding[]
}

function understoodYaml(text: string, compared: Compared, base: Item, locale: Locale): Understood {
  const { value, remarks } = parseContentText(text, ItemSchema, locale)
  if (value === undefined)
    return { item: null, problems: [], findings: findingsOf({ type: 'item', id: base.id }, remarks) }
  // The schema has parsed the value.
  const item = value as Item
  if (item.id !== base.id) return { item: null, problems: [{ path: 'id', code: 'item.id_changed' }], findings: [] }
  if (item.kind !== base.kind)
    return { item: null, problems: [{ path: 'kind', code: 'item.kind_changed' }], findings: [] }
  return { item: finishItem(item, base, compared), problems: [], findings: [] }
}

function understoodValues(values: ItemValues, base: Item): Understood {
  if (!hasForm(base)) return { item: null, problems: [{ path: 'kind', code: 'item.kind_changed' }], findings: [] }
  const parsed = itemFormSchema(base).safeParse(values)
  if (parsed.success) return { item: parsed.data, problems: [], findings: [] }
  return {
    item: null,
    problems: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), code: message })),
    findings: [],
  }
}

/** The item that was typed, or why there is none yet. Published options stay, if only as retired ones. */
export function understand(body: DraftBody, base: Item, locale: Locale): Understood {
  const understood =
    'yaml' in body ? understoodYaml(body.yaml, body.compared, base, locale) : understoodValues(body.values, base)
  if (!understood.item || missingOptions(understood.item, base).length === 0) return understood
  return { ...understood, item: null, problems: [{ path: 'options', code: 'item.option_removed' }] }
}

export async function checked(deps: Pick<Deps, 'store'>, understood: Understood, bankId: string): Promise<CheckReply> {
  if (!understood.item) return { problems: understood.problems, findings: understood.findings }
  const context = await checkContextOf(deps.store)
  return { problems: [], findings: checkItem(understood.item, { ...context, bank: bankId }) }
}

/** The typed content in the shape that is stored, or why it cannot be kept at all. */
export function draftBody(
  input: EditorInput,
  base: Item,
): Result<DraftBody, 'form.malformed' | 'form.too_long' | 'text.forbidden_character'> {
  const body: DraftBody | null = hasForm(base)
    ? { values: readValues(base.kind, input.values) }
    : input.yaml === null
      ? null
      : { yaml: input.yaml.replaceAll('\r\n', '\n'), compared: input.compared }
  if (!body) return err('form.malformed')
  const text = JSON.stringify(body)
  if (text.length > MAX_DRAFT) return err('form.too_long')
  // As JSON a lone surrogate or U+0000 is an escape of plain characters, so the texts themselves are looked at.
  return hasForbiddenCharacter('yaml' in body ? body.yaml : allTexts(body.values))
    ? err('text.forbidden_character')
    : ok(body)
}
const allTexts = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'object' && value !== null
      ? Object.values(value).map(allTexts).join('\n')
      : ''

export const freshBody = (item: Item): DraftBody =>
  hasForm(item) ? { values: valuesOf(item) } : { yaml: yamlOf(item), compared: NOT_COMPARED }
