/** Reading content: parsed bodies of versions, typed by what they are. */
import { activeContent, contentHead, contentVersionsByIds } from '../../../db/repositories/content.server.ts'
import type { Reader } from '../../../db/store.server.ts'
import type { Bank, Blueprint, Item, Kit, Notice, Policy, Programme, Rubric, Scenario } from '../../core/bank/schema.ts'

/** Bodies were parsed by their schema when they were imported or published; a version never changes afterwards. */
export type BodyOf = {
  item: Item
  rubric: Rubric
  policy: Policy
  scenario: Scenario
  kit: Kit
  blueprint: Blueprint
  programme: Programme
  notice: Notice
  bank: Bank
}
export type ContentTypeOf = keyof BodyOf
export type Version<T extends ContentTypeOf> = {
  versionId: string
  number: number
  contentHash: string
  scoringHash: string | null
  bankId: string
  body: BodyOf[T]
}

type Row = Awaited<ReturnType<typeof contentVersionsByIds>>[number]

const asVersion = <T extends ContentTypeOf>(row: Row): Version<T> => ({
  versionId: row.id,
  number: row.number,
  contentHash: row.contentHash,
  scoringHash: row.scoringHash,
  bankId: row.bankId,
  body: row.body as unknown as BodyOf[T],
})

/**
 * Versions never change, so what was read and parsed once is kept: scoring an attempt would otherwise parse the same
 * thirty items each time. Per reader, because no module holds state of one installation; bounded, oldest out first.
 */
const MAX_KEPT = 4000
const kept = new WeakMap<Reader, Map<string, Row>>()

async function rowsOf(r: Reader, ids: readonly string[]): Promise<Row[]> {
  let rows = kept.get(r)
  if (!rows) {
    rows = new Map()
    kept.set(r, rows)
  }
  const missing = ids.filter((id) => !rows.has(id))
  if (missing.length > 0) {
    for (const row of await contentVersionsByIds(r, missing)) {
      const oldest = rows.size >= MAX_KEPT ? rows.keys().next() : null
      if (oldest && !oldest.done) rows.delete(oldest.value)
      rows.set(row.id, row)
    }
  }
  return ids.flatMap((id) => rows.get(id) ?? [])
}

export async function readVersion<T extends ContentTypeOf>(
  r: Reader,
  type: T,
  versionId: string,
): Promise<Version<T> | null> {
  const [row] = await rowsOf(r, [versionId])
  return row && row.type === type ? asVersion<T>(row) : null
}

/** Like readVersion, for ids that a foreign key vouches for. */
export async function requireVersion<T extends ContentTypeOf>(
  r: Reader,
  type: T,
  versionId: string,
): Promise<Version<T>> {
  const version = await readVersion(r, type, versionId)
  if (!version) throw new Error(`content version ${versionId} of type ${type} is missing`)
  return version
}

export async function readVersions<T extends ContentTypeOf>(
  r: Reader,
  type: T,
  versionIds: string[],
): Promise<Map<string, Version<T>>> {
  const rows = await rowsOf(r, [...new Set(versionIds)])
  return new Map(rows.filter((row) => row.type === type).map((row) => [row.id, asVersion<T>(row)]))
}

export async function currentContent<T extends ContentTypeOf>(
  r: Reader,
  type: T,
  contentId: string,
): Promise<Version<T> | null> {
  const row = await contentHead(r, type, contentId)
  return row && row.head.status === 'active' ? asVersion<T>(row.version) : null
}

export async function allCurrent<T extends ContentTypeOf>(r: Reader, type: T): Promise<Version<T>[]> {
  return (await activeContent(r, type)).map((row) => asVersion<T>(row.version))
}
