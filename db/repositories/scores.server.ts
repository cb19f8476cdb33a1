/** Derived scores, releases and requests for reasons or review. */
import { and, asc, desc, eq } from 'drizzle-orm'
import type { Reader, Writer } from '../store.server.ts'

export async function upsertItemScore(w: Writer, row: Writer['t']['itemScores']['$inferInsert']): Promise<void> {
  const { attemptId: _attemptId, itemId: _itemId, ...set } = row
  await w.q.insert(w.t.itemScores).values(row).onConflictDoUpdate({ target: [w.t.itemScores.attemptId, w.t.itemScores.itemId], set })
}

export async function itemScoresOf(r: Reader | Writer, attemptId: string) {
  return r.q.select().from(r.t.itemScores).where(eq(r.t.itemScores.attemptId, attemptId))
}

export async function insertScore(w: Writer, row: Writer['t']['scores']['$inferInsert']): Promise<void> {
  await w.q.insert(w.t.scores).values(row)
}

export async function latestScore(r: Reader | Writer, attemptId: string) {
  const [row] = await r.q.select().from(r.t.scores).where(eq(r.t.scores.attemptId, attemptId)).orderBy(desc(r.t.scores.number)).limit(1)
  return row ?? null
}

export async function releaseOf(r: Reader | Writer, attemptId: string) {
  const [row] = await r.q.select().from(r.t.releases).where(eq(r.t.releases.attemptId, attemptId))
  return row ?? null
}

/** False when somebody released it before. */
export async function insertRelease(w: Writer, row: Writer['t']['releases']['$inferInsert']): Promise<boolean> {
  const [inserted] = await w.q.insert(w.t.releases).values(row).onConflictDoNothing().returning({ id: w.t.releases.attemptId })
  return inserted !== undefined
}

export async function reviewRequestsOf(r: Reader | Writer, attemptId: string) {
  return r.q.select().from(r.t.reviewRequests).where(eq(r.t.reviewRequests.attemptId, attemptId)).orderBy(asc(r.t.reviewRequests.createdAt))
}

export async function openReviewRequests(r: Reader) {
  return r.q.select().from(r.t.reviewRequests).where(eq(r.t.reviewRequests.status, 'open')).orderBy(asc(r.t.reviewRequests.createdAt))
}

/** open → answered, once. */
export async function answerReviewRequest(w: Writer, id: string, set: { answerNoteId: string; answeredBy: string; answeredAt: Date }): Promise<boolean> {
  const [row] = await w.q
    .update(w.t.reviewRequests)
    .set({ ...set, status: 'answered' })
    .where(and(eq(w.t.reviewRequests.id, id), eq(w.t.reviewRequests.status, 'open')))
    .returning({ id: w.t.reviewRequests.id })
  return row !== undefined
}
