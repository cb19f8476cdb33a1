/** Read models of the live room. */
import { and, count, desc, eq, gt, gte, inArray, max } from 'drizzle-orm'
import { selectAttempts } from '../repositories/attempts.server.ts'
import type { Reader, Writer } from '../store.server.ts'

/** Attempt id → number of items with a saved answer. */
export async function answeredCounts(r: Reader, attemptIds: string[]): Promise<Map<string, number>> {
  if (attemptIds.length === 0) return new Map()
  const rows = await r.q
    .select({ attemptId: r.t.answers.attemptId, n: count() })
    .from(r.t.answers)
    .where(and(inArray(r.t.answers.attemptId, attemptIds), gt(r.t.answers.revision, 0)))
    .groupBy(r.t.answers.attemptId)
  return new Map(rows.map((row) => [row.attemptId, row.n]))
}

export async function runningAttemptIds(r: Reader | Writer): Promise<string[]> {
  return (
    await r.q.select({ id: r.t.attempts.id }).from(r.t.attempts).where(eq(r.t.attempts.status, 'in_progress'))
  ).map((row) => row.id)
}

/** Tests closed since `since`, newest first. */
export async function recentlyClosed(r: Reader, since: Date) {
  return selectAttempts(r.q, r.t)
    .where(and(eq(r.t.attempts.status, 'closed'), eq(r.t.attempts.kind, 'test'), gte(r.t.attempts.finishedAt, since)))
    .orderBy(desc(r.t.attempts.finishedAt))
    .limit(50)
}

/** Number of a stream's last event; a page that was built now needs only what comes after it. */
export async function lastStreamSeq(r: Reader, streamId: string): Promise<number> {
  const [row] = await r.q
    .select({ seq: max(r.t.streamEvents.seq) })
    .from(r.t.streamEvents)
    .where(eq(r.t.streamEvents.streamId, streamId))
  return row?.seq ?? 0
}
