/** Finding and reading content: items by words and filters, and the other kinds of content as lists and pages. */
import { activeCounts, matchingHeads } from '../../../db/queries/content-search.server.ts'
import { draftsOf } from '../../../db/repositories/content-drafts.server.ts'
import { contentHead } from '../../../db/repositories/content.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import { isProvisional } from '../../core/bank/editing/finish.ts'
import type { Use } from '../../core/bank/editing/view.ts'
import type { Item } from '../../core/bank/schema.ts'
import { isWordless, searchWords } from '../../core/bank/search.ts'
import { usesOf, type UsageSet, type UsedType } from '../../core/bank/usage.ts'
import type { Competency, ItemKind } from '../../core/bank/vocabulary.ts'
import type { LocalizedText } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { allCurrent, readVersions, type BodyOf } from './versions.server.ts'

type ReadDeps = Pick<Deps, 'store'>
export const PAGE_SIZE = 50

export type ItemFilter = {
  query: string
  bank: string | null
  kind: ItemKind | null
  competency: Competency | null
  status: 'active' | 'retired' | 'draft' | null
  provisional: boolean | null
  page: number
}
export type ItemRow = {
  itemId: string
  stem: LocalizedText
  kind: ItemKind
  competency: Competency
  bankId: string
  difficulty: number
  number: number
  edited: boolean
  status: 'active' | 'retired'
  provisional: boolean
  practice: boolean
  draftAt: string | null
}
export type BankChoice = { id: string; title: LocalizedText }
export type ItemList = {
  rows: ItemRow[]
  wordless: boolean
  found: number
  total: number
  page: number
  pages: number
  banks: BankChoice[]
}

type LightRow = Awaited<ReturnType<typeof matchingHeads>>[number]

/**
 * Content in use of one store does not change between heads: provisional items are told by their bodies, so these are
 * read.
 */
async function provisionalOnly(deps: ReadDeps, rows: readonly LightRow[], wanted: boolean): Promise<LightRow[]> {
  const bodies = await readVersions(
    deps.store.read,
    'item',
    rows.map((row) => row.versionId),
  )
  return rows.filter((row) => {
    const version = bodies.get(row.versionId)
    return version !== undefined && isProvisional(version.body) === wanted
  })
}

function rowOf(light: LightRow, item: Item, draftAt: Date | undefined): ItemRow {
  return {
    itemId: item.id,
    stem: item.stem,
    kind: item.kind,
    competency: item.competency,
    bankId: light.bankId,
    difficulty: item.difficulty,
    number: light.number,
    edited: light.origin === 'editor',
    status: light.status,
    provisional: isProvisional(item),
    practice: item.practice,
    draftAt: draftAt?.toISOString() ?? null,
  }
}

/** Items that hold every word of the query, in either language, and pass the filters. */
export async function findItems(deps: ReadDeps, actor: Actor, filter: ItemFilter): Promise<ItemList> {
  const drafts = new Map(
    (await draftsOf(deps.store.read, 'item', actor.personId)).map((draft) => [draft.contentId, draft.updatedAt]),
  )
  const status = filter.status === 'draft' ? null : filter.status
  const wordless = isWordless(filter.query)
  const [matching, all, banks] = await Promise.all([
    wordless
      ? []
      : matchingHeads(deps.store.read, {
          type: 'item',
          words: searchWords(filter.query),
          bank: filter.bank,
          kind: filter.kind,
          competency: filter.competency,
          status,
        }),
    matchingHeads(deps.store.read, { type: 'item' }),
    allCurrent(deps.store.read, 'bank'),
  ])
  const mine = filter.status === 'draft' ? matching.filter((row) => drafts.has(row.contentId)) : matching
  const rows = filter.provisional === null ? mine : await provisionalOnly(deps, mine, filter.provisional)
  const pages = Math.max(1, Math.ceil(rows.length / PAGE_SIZE))
  const page = Math.min(Math.max(1, filter.page), pages)
  const shown = rows.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
  const bodies = await readVersions(
    deps.store.read,
    'item',
    shown.map((row) => row.versionId),
  )
  return {
    rows: shown.flatMap((row) => {
      const version = bodies.get(row.versionId)
      return version ? [rowOf(row, version.body, drafts.get(row.contentId))] : []
    }),
    wordless,
    found: rows.length,
    total: all.length,
    page,
    pages,
    banks: banks.map(({ body }) => ({ id: body.id, title: body.title })),
  }
}

// ---- Everything else that stands in the banks

/** The lists beside the items, by the word of their address. */
export const SHELVES = {
  policies: 'policy',
  rubrics: 'rubric',
  scenarios: 'scenario',
  kits: 'kit',
  blueprints: 'blueprint',
  programmes: 'programme',
} as const
export type Shelf = keyof typeof SHELVES
export type ShelfType = (typeof SHELVES)[Shelf]
export const isShelf = (word: string | undefined): word is Shelf => word !== undefined && Object.hasOwn(SHELVES, word)

export type ShelfCounts = Record<'items' | Shelf, number>
export async function shelfCounts(deps: ReadDeps): Promise<ShelfCounts> {
  const counts = await activeCounts(deps.store.read)
  const of = (type: ShelfType | 'item'): number => counts.get(type) ?? 0
  return {
    items: of('item'),
    policies: of('policy'),
    rubrics: of('rubric'),
    scenarios: of('scenario'),
    kits: of('kit'),
    blueprints: of('blueprint'),
    programmes: of('programme'),
  }
}

export async function usageSet(deps: ReadDeps): Promise<UsageSet> {
  const r = deps.store.read
  const [items, scenarios, kits, blueprints, programmes] = await Promise.all([
    allCurrent(r, 'item'),
    allCurrent(r, 'scenario'),
    allCurrent(r, 'kit'),
    allCurrent(r, 'blueprint'),
    allCurrent(r, 'programme'),
  ])
  return { items, scenarios, kits, blueprints, programmes }
}

export type ShelfRow = {
  id: string
  title: LocalizedText
  bankId: string
  number: number
  uses: number
  body: BodyOf[ShelfType]
}

/** All content of one kind in use. With a query: what holds every word of it. */
export async function listShelf(
  deps: ReadDeps,
  actor: Actor,
  shelf: Shelf,
  query: string,
): Promise<{ rows: ShelfRow[]; wordless: boolean; total: number }> {
  const wordless = isWordless(query)
  if (!can(actor, 'item:view')) return { rows: [], wordless, total: 0 }
  const type = SHELVES[shelf]
  const [versions, matching, set] = await Promise.all([
    allCurrent(deps.store.read, type),
    wordless ? [] : matchingHeads(deps.store.read, { type, words: searchWords(query), status: 'active' }),
    usageSet(deps),
  ])
  const found = new Set(matching.map((row) => row.contentId))
  const rows = versions
    .filter(({ body }) => found.has(body.id))
    .map(({ body, bankId, number }) => ({
      id: body.id,
      title: body.title,
      bankId,
      number,
      uses: usesOf(set, type, body.id).length,
      body,
    }))
  return { rows, wordless, total: versions.length }
}

export type ShelfPage = { [T in ShelfType]: { type: T; body: BodyOf[T] } }[ShelfType] & {
  id: string
  number: number
  bank: BankChoice
  status: 'active' | 'retired'
  uses: Use[]
  /** Titles of what the body names by id. */
  names: Record<string, LocalizedText>
}

export async function readShelf(
  deps: ReadDeps,
  actor: Actor,
  shelf: Shelf,
  id: string,
): Promise<Result<ShelfPage, 'content.not_found'>> {
  const type: UsedType & ShelfType = SHELVES[shelf]
  const row = can(actor, 'item:view') ? await contentHead(deps.store.read, type, id) : null
  if (!row) return err('content.not_found')
  const r = deps.store.read
  const [set, banks, policies, rubrics] = await Promise.all([
    usageSet(deps),
    allCurrent(r, 'bank'),
    allCurrent(r, 'policy'),
    allCurrent(r, 'rubric'),
  ])
  const titled = [...policies, ...rubrics, ...set.scenarios, ...set.kits, ...set.blueprints, ...banks].map(
    ({ body }) => [body.id, body.title] as const,
  )
  const body = row.version.body as unknown as BodyOf[typeof type]
  return ok({
    type,
    body,
    id,
    number: row.version.number,
    bank: {
      id: row.head.bankId,
      title: banks.find((bank) => bank.body.id === row.head.bankId)?.body.title ?? {
        'zh-CN': row.head.bankId,
        en: row.head.bankId,
      },
    },
    status: row.head.status,
    uses: usesOf(set, type, id),
    names: Object.fromEntries([...titled, ...set.items.map((item) => [item.body.id, item.body.stem] as const)]),
  } as ShelfPage)
}
