/**
 * Texts that came too late: staff decide on each once. What was acknowledged stays as it is; a counted text stands
 * beside it.
 */
import { and, asc, count, eq, isNull, sql } from 'drizzle-orm'
import type { LateTextDecision } from '../../app/core/attempt/events.ts'
import type { Response } from '../../app/core/bank/response.ts'
import { statement, type Reader, type Writer } from '../store.server.ts'

export async function quarantinedRow(r: Reader | Writer, attemptId: string, seq: number) {
  const [row] = await r.q
    .select()
    .from(r.t.quarantinedAnswers)
    .where(and(eq(r.t.quarantinedAnswers.attemptId, attemptId), eq(r.t.quarantinedAnswers.seq, seq)))
  return row ?? null
}

/** undecided → decided, once. False when somebody decided before. */
export async function decideQuarantined(
  w: Writer,
  attemptId: string,
  seq: number,
  set: { decision: LateTextDecision; decidedBy: string; decidedAt: Date; noteId: string | null },
): Promise<boolean> {
  const t = w.t.quarantinedAnswers
  const [row] = await w.q
    .update(t)
    .set(set)
    .where(and(eq(t.attemptId, attemptId), eq(t.seq, seq), isNull(t.decision)))
    .returning({ seq: t.seq })
  return row !== undefined
}

const counted = statement('quarantine-counted', (q, { quarantinedAnswers: t }) =>
  q
    .select({ itemId: t.itemId, response: t.response })
    .from(t)
    .where(and(eq(t.attemptId, sql.placeholder('attemptId')), eq(t.decision, 'counted')))
    .orderBy(asc(t.receivedAt)),
)

/** Item id → the late text that staff decided to count instead of the stored answer. */
export async function countedResponses(r: Reader | Writer, attemptId: string): Promise<Map<string, Response>> {
  const rows = await counted(r, { attemptId })
  return new Map(rows.map((row) => [row.itemId, row.response]))
}

export async function insertQuarantined(
  w: Writer,
  row: Writer['t']['quarantinedAnswers']['$inferInsert'],
): Promise<void> {
  await w.q.insert(w.t.quarantinedAnswers).values(row).onConflictDoNothing()
}

export async function quarantinedCount(r: Reader | Writer, attemptId: string): Promise<number> {
  const [row] = await r.q
    .select({ n: count() })
    .from(r.t.quarantinedAnswers)
    .where(eq(r.t.quarantinedAnswers.attemptId, attemptId))
  return row?.n ?? 0
}

/** Open quarantine of an attempt, or of all, oldest first. */
export async function quarantinedOf(r: Reader, attemptId: string) {
  return r.q
    .select()
    .from(r.t.quarantinedAnswers)
    .where(eq(r.t.quarantinedAnswers.attemptId, attemptId))
    .orderBy(asc(r.t.quarantinedAnswers.receivedAt), asc(r.t.quarantinedAnswers.seq))
}
