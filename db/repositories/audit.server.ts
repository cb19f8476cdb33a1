/** The audit trail: append-only, chained by hash, holding ids, hashes and numbers only. */
import { asc, desc, gt } from 'drizzle-orm'
import type { Reader, Writer } from '../store.server.ts'
import type { JsonObject } from '../tables.server.ts'

export type AuditEntry = {
  actorId: string | null
  action: string
  subjectType: string
  subjectId: string
  data?: JsonObject
}

export const AUDIT_GENESIS = '0'.repeat(64)

/**
 * Text whose SHA-256 is the entry's hash. Keys are in a fixed order; data must be given in a stable order by the
 * caller.
 */
export const auditText = (entry: Required<AuditEntry> & { seq: number; at: number; previousHash: string }): string =>
  JSON.stringify([
    entry.seq,
    entry.at,
    entry.actorId,
    entry.action,
    entry.subjectType,
    entry.subjectId,
    entry.data,
    entry.previousHash,
  ])

/**
 * Adds an entry in the transaction of what it reports. The primary key decides a race on PostgreSQL (the loser's
 * transaction runs again); SQLite has one writer.
 */
export async function appendAudit(
  w: Writer,
  sha256: (text: string) => string,
  at: Date,
  entry: AuditEntry,
): Promise<void> {
  const [last] = await w.q
    .select({ seq: w.t.auditEvents.seq, hash: w.t.auditEvents.hash })
    .from(w.t.auditEvents)
    .orderBy(desc(w.t.auditEvents.seq))
    .limit(1)
  const seq = (last?.seq ?? 0) + 1
  const previousHash = last?.hash ?? AUDIT_GENESIS
  const data = sortKeys(entry.data ?? {})
  const hash = sha256(auditText({ ...entry, data, seq, at: at.getTime(), previousHash }))
  await w.q.insert(w.t.auditEvents).values({ ...entry, data, seq, at, previousHash, hash })
}

/** jsonb reorders keys; the hash is taken over sorted ones so that it can be checked on either engine. */
function sortKeys(data: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.keys(data)
      .sort()
      .map((key) => [key, data[key] ?? null]),
  )
}

export type AuditRow = Reader['t']['auditEvents']['$inferSelect']

/** Entries after a number, oldest first. */
export async function auditAfter(r: Reader, after: number, limit: number): Promise<AuditRow[]> {
  return r.q
    .select()
    .from(r.t.auditEvents)
    .where(gt(r.t.auditEvents.seq, after))
    .orderBy(asc(r.t.auditEvents.seq))
    .limit(limit)
}

/**
 * First entry of a run whose number, chain or hash does not hold, or null when all do. `before` is the entry that the
 * run follows.
 */
export function brokenAuditEntry(
  rows: readonly AuditRow[],
  sha256: (text: string) => string,
  before: { seq: number; hash: string },
): number | null {
  let { seq, hash: previousHash } = before
  for (const row of rows) {
    // A gap in the numbers is an entry that was taken out together with its successors' hashes.
    if (row.seq !== seq + 1 || row.previousHash !== previousHash) return row.seq
    if (sha256(auditText({ ...row, data: sortKeys(row.data), at: row.at.getTime() })) !== row.hash) return row.seq
    seq = row.seq
    previousHash = row.hash
  }
  return null
}

/** Number of the last entry. */
export async function auditLength(r: Reader): Promise<number> {
  const [row] = await r.q
    .select({ seq: r.t.auditEvents.seq })
    .from(r.t.auditEvents)
    .orderBy(desc(r.t.auditEvents.seq))
    .limit(1)
  return row?.seq ?? 0
}
