/**
 * The item editor: opening an item with the author's draft, checking what is typed, keeping it, giving it up. A draft
 * is kept as it was typed, finished or not; only publishing (item-editor-publish) asks for a complete item.
 */
import { stringify } from 'yaml'
import { drawsOf, versionAuthors } from '../../../db/queries/content-history.server.ts'
import {
  contentDraft,
  deleteDraft,
  putDraft,
  rebaseDraft,
  type DraftKey,
} from '../../../db/repositories/content-drafts.server.ts'
import { contentHead } from '../../../db/repositories/content.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import { contentCanonical } from '../../core/bank/canonical.ts'
import { checkItem, type Finding } from '../../core/bank/check.ts'
import { sameContent } from '../../core/bank/editing/difference.ts'
import {
  finishItem,
  isProvisional,
  missingOptions,
  optionIdsOf,
  type Compared,
} from '../../core/bank/editing/finish.ts'
import {
  applyListEdit,
  hasForm,
  itemFormSchema,
  readValues,
  valuesOf,
  type ItemValues,
  type ListEdit,
} from '../../core/bank/editing/form-values.ts'
import type {
  CheckReply,
  EditorContent,
  EditorView,
  ItemHeader,
  Problem,
  SaveReply,
} from '../../core/bank/editing/view.ts'
import { findingsOf } from '../../core/bank/finding.ts'
import { ItemSchema, type Item } from '../../core/bank/schema.ts'
import { usesOf } from '../../core/bank/usage.ts'
import type { Locale, LocalizedText } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { hasForbiddenCharacter } from '../../core/shared/text.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { parseContentText } from './bank-files.server.ts'
import { checkContextOf } from './item-editor-context.server.ts'
import { usageSet } from './search.server.ts'
import { allCurrent, readVersion, type Version } from './versions.server.ts'

type ReadDeps = Pick<Deps, 'store'>
/** What a form sends: the version that the edit began with, and either fields or YAML. */
export type EditorInput = { base: string; values: unknown; yaml: string | null; compared: Compared }
type DraftBody = { values: ItemValues } | { yaml: string; compared: Compared }

const MAX_DRAFT = 300_000
const NOT_COMPARED: Compared = { 'zh-CN': false, en: false }
const keyOf = (actor: Actor, itemId: string): DraftKey => ({
  type: 'item',
  contentId: itemId,
  authorId: actor.personId,
})

/**
 * The item as YAML, in the order of its schema (a store may have forgotten the order of keys), what it is first and its
 * record last.
 */
export function yamlOf(item: Item): string {
  const { id, kind, experts, languages, waivers, ...content } = ItemSchema.parse(item)
  return stringify({ id, kind, ...content, experts, languages, waivers }, { lineWidth: 0 })
}

// ---- Reading what was typed

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

export async function checked(deps: ReadDeps, understood: Understood, bankId: string): Promise<CheckReply> {
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

const contentOf = (body: DraftBody, item: Item | null): EditorContent =>
  'yaml' in body
    ? { form: 'yaml', text: body.yaml, compared: body.compared, item }
    : { form: 'fields', values: body.values }
const freshBody = (item: Item): DraftBody =>
  hasForm(item) ? { values: valuesOf(item) } : { yaml: yamlOf(item), compared: NOT_COMPARED }

/** A version of this very item, by an id that came from outside. */
export async function versionOf(deps: ReadDeps, itemId: string, versionId: string): Promise<Version<'item'> | null> {
  const version = await readVersion(deps.store.read, 'item', versionId)
  return version && version.body.id === itemId ? version : null
}

// ---- Opening

const excerptOf = (text: string): string => {
  const line = text.replaceAll('**', '').split('\n')[0] ?? ''
  const chars = [...line]
  return chars.length <= 48 ? line : `${chars.slice(0, 47).join('')}…`
}
export const itemTitle = (item: Item): LocalizedText => ({
  'zh-CN': excerptOf(item.stem['zh-CN']),
  en: excerptOf(item.stem.en),
})

type Head = NonNullable<Awaited<ReturnType<typeof contentHead>>>
async function bankTitle(deps: ReadDeps, bankId: string): Promise<LocalizedText> {
  const banks = await allCurrent(deps.store.read, 'bank')
  return banks.find(({ body }) => body.id === bankId)?.body.title ?? { 'zh-CN': bankId, en: bankId }
}

async function headerOf(deps: ReadDeps, { head, version }: Head, versions: number): Promise<ItemHeader> {
  const item = version.body as unknown as Item
  return {
    itemId: head.contentId,
    kind: item.kind,
    title: itemTitle(item),
    bank: { id: head.bankId, title: await bankTitle(deps, head.bankId) },
    status: head.status,
    number: version.number,
    versions,
    uses: usesOf(await usageSet(deps), 'item', head.contentId).length,
  }
}

const findHead = (deps: ReadDeps, itemId: string) => contentHead(deps.store.read, 'item', itemId)

/** The item with the author's draft, if there is one, else as it is in use. */
export async function openItem(
  deps: ReadDeps,
  actor: Actor,
  itemId: string,
  locale: Locale,
): Promise<Result<EditorView, 'item.not_found'>> {
  const head = can(actor, 'item:edit') ? await findHead(deps, itemId) : null
  if (!head) return err('item.not_found')
  const [draft, history, policies, rubrics] = await Promise.all([
    contentDraft(deps.store.read, keyOf(actor, itemId)),
    versionAuthors(deps.store.read, 'item', itemId),
    allCurrent(deps.store.read, 'policy'),
    allCurrent(deps.store.read, 'rubric'),
  ])
  const headItem = head.version.body as unknown as Item
  const base = draft ? ((await versionOf(deps, itemId, draft.baseVersionId)) ?? null) : null
  const baseItem = base?.body ?? headItem
  const body = draft ? (draft.body as unknown as DraftBody) : freshBody(headItem)
  const understood = understand(body, baseItem, locale)
  const latest = history.find(({ versionId }) => versionId === head.version.id)
  const allOptions = (await Promise.all(history.map(({ versionId }) => versionOf(deps, itemId, versionId)))).flatMap(
    (version) => (version ? optionIdsOf(version.body) : []),
  )
  return ok({
    header: await headerOf(deps, head, history.length),
    base: {
      versionId: base?.versionId ?? head.version.id,
      number: base?.number ?? head.version.number,
      item: baseItem,
    },
    newer:
      base && base.versionId !== head.version.id
        ? {
            versionId: head.version.id,
            number: head.version.number,
            item: headItem,
            author: latest?.author ?? null,
            publishedAt: head.head.updatedAt.toISOString(),
          }
        : null,
    draft: draft ? { savedAt: draft.updatedAt.toISOString() } : null,
    content: contentOf(body, understood.item),
    check: await checked(deps, understood, head.head.bankId),
    provisional: isProvisional(headItem),
    publishedOptions: [...new Set(allOptions)],
    policies: policies.map(({ body: { id, title, revision, clauses } }) => ({
      id,
      title,
      revision,
      clauses: clauses.map((clause) => ({ id: clause.id, title: clause.title })),
    })),
    rubrics: rubrics.map(({ body: { id, title } }) => ({ id, title })),
  })
}

// ---- Drafts

type SaveCode = 'item.not_found' | 'form.malformed' | 'form.too_long' | 'text.forbidden_character'

/** Keeps what is typed. Where it is again the text in use, there is nothing to keep. */
export async function saveDraft(
  deps: Deps,
  actor: Actor,
  itemId: string,
  input: EditorInput,
  locale: Locale,
  now: Instant,
): Promise<Result<SaveReply, SaveCode>> {
  const head = can(actor, 'item:edit') ? await findHead(deps, itemId) : null
  const base = head ? await versionOf(deps, itemId, input.base) : null
  if (!head || !base) return err('item.not_found')
  const body = draftBody(input, base.body)
  if (!body.ok) return body
  const understood = understand(body.value, base.body, locale)
  // The second case: a save that was on its way while the same text was published.
  const unchanged =
    base.versionId === head.version.id
      ? sameContent(body.value, freshBody(base.body))
      : understood.item !== null && deps.secrets.sha256(contentCanonical(understood.item)) === head.version.contentHash
  await storeDraft(deps, keyOf(actor, itemId), base.versionId, unchanged ? null : body.value, now)
  return ok({
    savedAt: new Date(now).toISOString(),
    draft: !unchanged,
    check: await checked(deps, understood, head.head.bankId),
    item: understood.item,
  })
}

async function storeDraft(
  deps: Deps,
  key: DraftKey,
  baseVersionId: string,
  body: DraftBody | null,
  now: Instant,
): Promise<void> {
  await deps.store.transact(async (w) => {
    if (body) await putDraft(w, { ...key, baseVersionId, body, updatedAt: new Date(now) })
    else await deleteDraft(w, key)
  })
}

/** A button of a list, pressed where no script runs: the draft is kept with the list changed. */
export async function editList(
  deps: Deps,
  actor: Actor,
  itemId: string,
  input: EditorInput,
  edit: ListEdit,
  now: Instant,
): Promise<Result<true, SaveCode>> {
  const base = can(actor, 'item:edit') ? await versionOf(deps, itemId, input.base) : null
  if (!base || !hasForm(base.body)) return err('item.not_found')
  const body = draftBody(input, base.body)
  if (!body.ok) return body
  if (!('values' in body.value)) return err('form.malformed')
  const history = await versionAuthors(deps.store.read, 'item', itemId)
  const versions = await Promise.all(history.map(({ versionId }) => versionOf(deps, itemId, versionId)))
  const published = versions.flatMap((version) => (version ? optionIdsOf(version.body) : []))
  await storeDraft(
    deps,
    keyOf(actor, itemId),
    base.versionId,
    { values: applyListEdit(body.value.values, edit, published) },
    now,
  )
  return ok(true)
}

/** Gives the author's draft up; the version in use stays as it is. */
export async function discardDraft(deps: Deps, actor: Actor, itemId: string): Promise<Result<true, 'item.not_found'>> {
  const head = can(actor, 'item:edit') ? await findHead(deps, itemId) : null
  if (!head) return err('item.not_found')
  await deps.store.transact(async (w) => {
    await deleteDraft(w, keyOf(actor, itemId))
  })
  return ok(true)
}

/** After somebody else published: the author has read the new version and goes on from there with their own text. */
export async function continueOnNewer(
  deps: Deps,
  actor: Actor,
  itemId: string,
  versionId: string,
  now: Instant,
): Promise<Result<true, 'item.not_found' | 'item.conflict'>> {
  const head = can(actor, 'item:edit') ? await findHead(deps, itemId) : null
  if (!head) return err('item.not_found')
  // A third version meanwhile: the author has not seen it.
  if (head.version.id !== versionId) return err('item.conflict')
  const moved = await deps.store.transact(async (w) =>
    rebaseDraft(w, keyOf(actor, itemId), { baseVersionId: versionId, updatedAt: new Date(now) }),
  )
  return moved ? ok(true) : err('item.not_found')
}

// ---- Versions and uses

export type VersionRow = {
  versionId: string
  number: number
  origin: 'import' | 'editor'
  createdAt: string
  author: string | null
  draws: number
  inUse: boolean
  scoresAsHead: boolean
}
export type HistoryView = {
  header: ItemHeader
  versions: VersionRow[]
  compared: { from: { number: number; item: Item }; to: { number: number; item: Item } } | null
}

/** All versions, and two of them side by side: the asked ones, else the last two. */
export async function readHistory(
  deps: ReadDeps,
  actor: Actor,
  itemId: string,
  asked: { from: number | null; to: number | null },
): Promise<Result<HistoryView, 'item.not_found'>> {
  const head = can(actor, 'item:view') ? await findHead(deps, itemId) : null
  if (!head) return err('item.not_found')
  const [history, draws] = await Promise.all([
    versionAuthors(deps.store.read, 'item', itemId),
    drawsOf(deps.store.read, itemId),
  ])
  const byNumber = (number: number | null): (typeof history)[number] | undefined =>
    history.find((version) => version.number === number)
  const to = byNumber(asked.to) ?? history[0]
  const from = byNumber(asked.from) ?? history.find((version) => version.number < (to?.number ?? 0))
  const load = async (version: typeof to) => (version ? versionOf(deps, itemId, version.versionId) : null)
  const [older, newer] = await Promise.all([load(from), load(to)])
  return ok({
    header: await headerOf(deps, head, history.length),
    versions: history.map((version) => ({
      versionId: version.versionId,
      number: version.number,
      origin: version.origin,
      createdAt: version.createdAt.toISOString(),
      author: version.author,
      draws: draws.get(version.versionId) ?? 0,
      inUse: version.versionId === head.version.id,
      scoresAsHead: version.scoringHash === head.version.scoringHash,
    })),
    compared:
      older && newer
        ? { from: { number: older.number, item: older.body }, to: { number: newer.number, item: newer.body } }
        : null,
  })
}

export async function readItemUses(deps: ReadDeps, actor: Actor, itemId: string) {
  const head = can(actor, 'item:view') ? await findHead(deps, itemId) : null
  if (!head) return err('item.not_found')
  const [history, draws, set] = await Promise.all([
    versionAuthors(deps.store.read, 'item', itemId),
    drawsOf(deps.store.read, itemId),
    usageSet(deps),
  ])
  const header = await headerOf(deps, head, history.length)
  return ok({ header, uses: usesOf(set, 'item', itemId), draws: [...draws.values()].reduce((sum, n) => sum + n, 0) })
}
