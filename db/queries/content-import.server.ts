/**
 * What an import compares files with: each head with the hash of its version, and the last version number of each
 * content.
 */
import { eq, max } from 'drizzle-orm'
import type { Reader, Writer } from '../store.server.ts'

export async function headsWithHash(r: Reader | Writer) {
  const { contentHeads: h, contentVersions: v } = r.t
  return r.q
    .select({
      type: h.type,
      contentId: h.contentId,
      bankId: h.bankId,
      versionId: h.versionId,
      status: h.status,
      lastImportedHash: h.lastImportedHash,
      contentHash: v.contentHash,
      origin: v.origin,
    })
    .from(h)
    .innerJoin(v, eq(v.id, h.versionId))
}

/** `type id` → highest version number. */
export async function contentNumbers(r: Reader | Writer): Promise<Map<string, number>> {
  const { contentVersions: v } = r.t
  const rows = await r.q
    .select({ type: v.type, contentId: v.contentId, number: max(v.number) })
    .from(v)
    .groupBy(v.type, v.contentId)
  return new Map(rows.map((row) => [`${row.type} ${row.contentId}`, Number(row.number ?? 0)]))
}
