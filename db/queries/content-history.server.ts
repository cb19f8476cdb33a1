/** Who made the versions of a piece of content, and how often each was drawn. */
import { and, count, desc, eq, max } from 'drizzle-orm'
import type { ContentType } from '../repositories/content.server.ts'
import type { Reader, Writer } from '../store.server.ts'

export async function versionAuthors(r: Reader, type: ContentType, contentId: string) {
  const { contentVersions: v, personIdentities: p } = r.t
  return r.q
    .select({
      versionId: v.id,
      number: v.number,
      origin: v.origin,
      createdAt: v.createdAt,
      contentHash: v.contentHash,
      scoringHash: v.scoringHash,
      author: p.displayName,
    })
    .from(v)
    .leftJoin(p, eq(p.personId, v.createdBy))
    .where(and(eq(v.type, type), eq(v.contentId, contentId)))
    .orderBy(desc(v.number))
}

/** Version id → forms in which it stands. */
export async function drawsOf(r: Reader, itemId: string): Promise<Map<string, number>> {
  const { formItems: f } = r.t
  const rows = await r.q
    .select({ versionId: f.itemVersionId, n: count() })
    .from(f)
    .where(eq(f.itemId, itemId))
    .groupBy(f.itemVersionId)
  return new Map(rows.map((row) => [row.versionId, Number(row.n)]))
}

/** Highest version number of one piece of content; 0 where it has none. */
export async function lastNumber(r: Reader | Writer, type: ContentType, contentId: string): Promise<number> {
  const { contentVersions: v } = r.t
  const [row] = await r.q
    .select({ number: max(v.number) })
    .from(v)
    .where(and(eq(v.type, type), eq(v.contentId, contentId)))
  return Number(row?.number ?? 0)
}
