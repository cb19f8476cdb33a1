/**
 * Finding content by words, bank, kind and competency: heads without bodies, so that a large bank stays cheap to list.
 */
import { and, asc, count, eq } from 'drizzle-orm'
import { containsText } from '../dialect/sql.server.ts'
import type { ContentType } from '../repositories/content.server.ts'
import type { Reader } from '../store.server.ts'

export type HeadFilter = {
  type: ContentType
  /** Folded words, each of which must occur in the search text. */
  words?: readonly string[]
  bank?: string | null
  kind?: string | null
  competency?: string | null
  status?: 'active' | 'retired' | null
}

export async function matchingHeads(r: Reader, filter: HeadFilter) {
  const { contentHeads: h, contentVersions: v } = r.t
  return r.q
    .select({
      contentId: h.contentId,
      bankId: h.bankId,
      versionId: h.versionId,
      status: h.status,
      kind: h.kind,
      competency: h.competency,
      updatedAt: h.updatedAt,
      number: v.number,
      origin: v.origin,
    })
    .from(h)
    .innerJoin(v, eq(v.id, h.versionId))
    .where(
      and(
        eq(h.type, filter.type),
        filter.bank ? eq(h.bankId, filter.bank) : undefined,
        filter.kind ? eq(h.kind, filter.kind) : undefined,
        filter.competency ? eq(h.competency, filter.competency) : undefined,
        filter.status ? eq(h.status, filter.status) : undefined,
        ...(filter.words ?? []).map((word) => containsText(h.searchText, word)),
      ),
    )
    .orderBy(asc(h.bankId), asc(h.contentId))
}

/** How many pieces of each type are in use. */
export async function activeCounts(r: Reader): Promise<Map<ContentType, number>> {
  const { contentHeads: h } = r.t
  const rows = await r.q.select({ type: h.type, n: count() }).from(h).where(eq(h.status, 'active')).groupBy(h.type)
  return new Map(rows.map((row) => [row.type, Number(row.n)]))
}
