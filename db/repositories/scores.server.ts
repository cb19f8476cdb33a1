/** Derived scores, releases and requests for reasons or review. */
import { and, asc, desc, eq, sql } from 'drizzle-orm'
import { statement, type Reader, type Writer } from '../store.server.ts'
import type { ScoredItem } from '../tables.server.ts'

const putScore = statement('score-insert', (q, { scores: t }) =>
  q.insert(t).values({
    attemptId: sql.placeholder('attemptId'),
    number: sql.placeholder('number'),
    percent: sql.placeholder('percent'),
    profile: sql.placeholder('profile'),
    items: sql.placeholder('items'),
    complete: sql.placeholder('complete'),
    computedAt: sql.placeholder('computedAt'),
  }),
)
const lastScore = statement('score-latest', (q, { scores: t }) =>
  q
    .select()
    .from(t)
    .where(eq(t.attemptId, sql.placeholder('attemptId')))
    .orderBy(desc(t.number))
    .limit(1),
)

export async function insertScore(w: Writer, row: Writer['t']['scores']['$inferInsert']): Promise<void> {
  await putScore(w, { percent: null, ...row })
}

export async function latestScore(r: Reader | Writer, attemptId: string) {
  return (await lastScore(r, { attemptId }))[0] ?? null
}

/** Item by item, as last computed. */
export async function itemScoresOf(r: Reader | Writer, attemptId: string): Promise<ScoredItem[]> {
  return (await latestScore(r, attemptId))?.items ?? []
}

export async function releaseOf(r: Reader | Writer, attemptId: string) {
  const [row] = await r.q.select().from(r.t.releases).where(eq(r.t.releases.attemptId, attemptId))
  return row ?? null
}

/** False when somebody released it before. */
export async function insertRelease(w: Writer, row: Writer['t']['releases']['$inferInsert']): Promise<boolean> {
  const [inserted] = await w.q
    .insert(w.t.releases)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: w.t.releases.attemptId })
  return inserted !== undefined
}

export async function reviewRequestsOf(r: Reader | Writer, attemptId: string) {
  return r.q
    .select()
    .from(r.t.reviewRequests)
    .where(eq(r.t.reviewRequests.attemptId, attemptId))
    .orderBy(asc(r.t.reviewRequests.createdAt))
}

export async function openReviewRequests(r: Reader) {
  return r.q
    .select()
    .from(r.t.reviewRequests)
    .where(eq(r.t.reviewRequests.status, 'open'))
    .orderBy(asc(r.t.reviewRequests.createdAt))
}

/** open → answered, once. */
export async function answerReviewRequest(
  w: Writer,
  id: string,
  set: { answerNoteId: string; answeredBy: string; answeredAt: Date },
): Promise<boolean> {
  const [row] = await w.q
    .update(w.t.reviewRequests)
    .set({ ...set, status: 'answered' })
    .where(and(eq(w.t.reviewRequests.id, id), eq(w.t.reviewRequests.status, 'open')))
    .returning({ id: w.t.reviewRequests.id })
  return row !== undefined
}
