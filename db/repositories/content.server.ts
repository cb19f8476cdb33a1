/** Immutable versions of content and the head that points at the one in use. */
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { statement, type Reader, type Writer } from '../store.server.ts'

export type ContentType = Reader['t']['contentHeads']['$inferSelect']['type']

export async function contentVersionsByIds(r: Reader, ids: string[]) {
  return ids.length === 0 ? [] : r.q.select().from(r.t.contentVersions).where(inArray(r.t.contentVersions.id, ids))
}

const headByName = statement('content-head', (q, { contentHeads: h, contentVersions: v }) =>
  q
    .select({ head: h, version: v })
    .from(h)
    .innerJoin(v, eq(v.id, h.versionId))
    .where(and(eq(h.type, sql.placeholder('type')), eq(h.contentId, sql.placeholder('contentId')))),
)

export async function contentHead(r: Reader, type: ContentType, contentId: string) {
  return (await headByName(r, { type, contentId }))[0] ?? null
}

/** All content of one type in use, with its current version. */
export async function activeContent(r: Reader, type: ContentType) {
  return r.q
    .select({ head: r.t.contentHeads, version: r.t.contentVersions })
    .from(r.t.contentHeads)
    .innerJoin(r.t.contentVersions, eq(r.t.contentVersions.id, r.t.contentHeads.versionId))
    .where(and(eq(r.t.contentHeads.type, type), eq(r.t.contentHeads.status, 'active')))
    .orderBy(asc(r.t.contentHeads.contentId))
}

export async function versionHistory(r: Reader, type: ContentType, contentId: string) {
  return r.q
    .select()
    .from(r.t.contentVersions)
    .where(and(eq(r.t.contentVersions.type, type), eq(r.t.contentVersions.contentId, contentId)))
    .orderBy(desc(r.t.contentVersions.number))
}

/** Adds a version unless the same content already has one; returns the row that stands. */
export async function insertVersion(w: Writer, row: Writer['t']['contentVersions']['$inferInsert']) {
  const [inserted] = await w.q.insert(w.t.contentVersions).values(row).onConflictDoNothing().returning()
  if (inserted) return { version: inserted, created: true }
  const [same] = await w.q
    .select()
    .from(w.t.contentVersions)
    .where(
      and(
        eq(w.t.contentVersions.type, row.type),
        eq(w.t.contentVersions.contentId, row.contentId),
        eq(w.t.contentVersions.contentHash, row.contentHash),
      ),
    )
  return same ? { version: same, created: false } : null
}

export async function upsertHead(w: Writer, row: Writer['t']['contentHeads']['$inferInsert']): Promise<void> {
  const { type: _type, contentId: _contentId, ...set } = row
  await w.q
    .insert(w.t.contentHeads)
    .values(row)
    .onConflictDoUpdate({ target: [w.t.contentHeads.type, w.t.contentHeads.contentId], set })
}

/** Moves the head from one version to the next; null when somebody else moved it first. */
export async function moveHead(
  w: Writer,
  input: {
    type: ContentType
    contentId: string
    fromVersionId: string
    set: Partial<Writer['t']['contentHeads']['$inferInsert']>
  },
) {
  const [moved] = await w.q
    .update(w.t.contentHeads)
    .set(input.set)
    .where(
      and(
        eq(w.t.contentHeads.type, input.type),
        eq(w.t.contentHeads.contentId, input.contentId),
        eq(w.t.contentHeads.versionId, input.fromVersionId),
      ),
    )
    .returning()
  return moved ?? null
}
