/** Reading content: parsed bodies of versions, typed by what they are. */
import { contentHead, contentVersion, contentVersionsByIds, activeContent } from '../../db/repositories/content.server.ts'
import type { Reader } from '../../db/store.server.ts'
import type { Bank, Blueprint, Item, Kit, Notice, Policy, Programme, Rubric, Scenario } from '../core/bank/schema.ts'

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
export type Version<T extends ContentTypeOf> = { versionId: string; number: number; contentHash: string; scoringHash: string | null; bankId: string; body: BodyOf[T] }

type Row = NonNullable<Awaited<ReturnType<typeof contentVersion>>>

const asVersion = <T extends ContentTypeOf>(row: Row): Version<T> => ({
  versionId: row.id,
  number: row.number,
  contentHash: row.contentHash,
  scoringHash: row.scoringHash,
  bankId: row.bankId,
  body: row.body as unknown as BodyOf[T],
})

export async function readVersion<T extends ContentTypeOf>(r: Reader, type: T, versionId: string): Promise<Version<T> | null> {
  const row = await contentVersion(r, versionId)
  return row && row.type === type ? asVersion<T>(row) : null
}

/** Like readVersion, for ids that a foreign key vouches for. */
export async function requireVersion<T extends ContentTypeOf>(r: Reader, type: T, versionId: string): Promise<Version<T>> {
  const version = await readVersion(r, type, versionId)
  if (!version) throw new Error(`content version ${versionId} of type ${type} is missing`)
  return version
}

export async function readVersions<T extends ContentTypeOf>(r: Reader, type: T, versionIds: string[]): Promise<Map<string, Version<T>>> {
  const rows = await contentVersionsByIds(r, [...new Set(versionIds)])
  return new Map(rows.filter((row) => row.type === type).map((row) => [row.id, asVersion<T>(row)]))
}

export async function currentContent<T extends ContentTypeOf>(r: Reader, type: T, contentId: string): Promise<Version<T> | null> {
  const row = await contentHead(r, type, contentId)
  return row && row.head.status === 'active' ? asVersion<T>(row.version) : null
}

export async function allCurrent<T extends ContentTypeOf>(r: Reader, type: T): Promise<Version<T>[]> {
  return (await activeContent(r, type)).map((row) => asVersion<T>(row.version))
}
