/**
 * Rows that candidates write about themselves: a request for an accommodation, a wait for the identity check, requests
 * after the result.
 */
import { and, eq, isNull, ne } from 'drizzle-orm'
import type { Reader, Writer } from '../store.server.ts'

/** False when the enrolment has a request already: the unique key settles a second click. */
export async function insertAccommodationRequest(
  w: Writer,
  row: { id: string; enrolmentId: string; reason: string; now: Date },
): Promise<boolean> {
  const [inserted] = await w.q
    .insert(w.t.accommodations)
    .values({ id: row.id, enrolmentId: row.enrolmentId, status: 'requested', requestedAt: row.now })
    .onConflictDoNothing()
    .returning({ id: w.t.accommodations.id })
  if (!inserted) return false
  await w.q.insert(w.t.accommodationReasons).values({ accommodationId: row.id, reason: row.reason })
  return true
}

/** Asks again after a withdrawal or a refusal; false when somebody decided or asked meanwhile. */
export async function reopenAccommodationRequest(
  w: Writer,
  row: { id: string; from: 'withdrawn' | 'declined'; reason: string; now: Date },
): Promise<boolean> {
  const [moved] = await w.q
    .update(w.t.accommodations)
    .set({ status: 'requested', requestedAt: row.now, decidedBy: null, decidedAt: null })
    .where(and(eq(w.t.accommodations.id, row.id), eq(w.t.accommodations.status, row.from)))
    .returning({ id: w.t.accommodations.id })
  if (!moved) return false
  await w.q
    .update(w.t.accommodationReasons)
    .set({ reason: row.reason, answer: null })
    .where(eq(w.t.accommodationReasons.accommodationId, row.id))
  return true
}

/** Takes an undecided request back. */
export async function withdrawAccommodationRequest(w: Writer, id: string): Promise<boolean> {
  const [moved] = await w.q
    .update(w.t.accommodations)
    .set({ status: 'withdrawn' })
    .where(and(eq(w.t.accommodations.id, id), eq(w.t.accommodations.status, 'requested')))
    .returning({ id: w.t.accommodations.id })
  return moved !== undefined
}

/** The candidate's own reason and the officer's answer. */
export async function accommodationReasonOf(r: Reader, accommodationId: string) {
  const [row] = await r.q
    .select()
    .from(r.t.accommodationReasons)
    .where(eq(r.t.accommodationReasons.accommodationId, accommodationId))
  return row ?? null
}

/** Puts the candidate on the supervisor's list for the first time; nothing where they have been on it. */
export async function awaitIdentityCheck(w: Writer, enrolmentId: string): Promise<void> {
  await w.q.insert(w.t.identityChecks).values({ enrolmentId, number: 1, status: 'waiting' }).onConflictDoNothing()
}

/** Puts the candidate on the list again, for another attempt; nothing while a check is open. */
export async function awaitNextIdentityCheck(w: Writer, enrolmentId: string): Promise<void> {
  const rows = await w.q
    .select({ attemptId: w.t.identityChecks.attemptId })
    .from(w.t.identityChecks)
    .where(eq(w.t.identityChecks.enrolmentId, enrolmentId))
  if (rows.some((row) => row.attemptId === null)) return
  await w.q
    .insert(w.t.identityChecks)
    .values({ enrolmentId, number: rows.length + 1, status: 'waiting' })
    .onConflictDoNothing()
}

/** The open confirmation admits to this attempt and to no other. */
export async function spendIdentityCheck(w: Writer, enrolmentId: string, attemptId: string): Promise<void> {
  const c = w.t.identityChecks
  await w.q
    .update(c)
    .set({ attemptId })
    .where(and(eq(c.enrolmentId, enrolmentId), isNull(c.attemptId), ne(c.status, 'waiting')))
}

export async function scoreRow(r: Reader, attemptId: string, number: number) {
  const [row] = await r.q
    .select()
    .from(r.t.scores)
    .where(and(eq(r.t.scores.attemptId, attemptId), eq(r.t.scores.number, number)))
  return row ?? null
}

/** False when the same kind was asked before. */
export async function insertReviewRequest(
  w: Writer,
  row: { id: string; attemptId: string; kind: 'reasons' | 'review'; noteId: string | null; now: Date },
): Promise<boolean> {
  const [inserted] = await w.q
    .insert(w.t.reviewRequests)
    .values({
      id: row.id,
      attemptId: row.attemptId,
      kind: row.kind,
      noteId: row.noteId,
      status: 'open',
      createdAt: row.now,
    })
    .onConflictDoNothing()
    .returning({ id: w.t.reviewRequests.id })
  return inserted !== undefined
}

export async function noteById(r: Reader, id: string) {
  const [row] = await r.q.select().from(r.t.notes).where(eq(r.t.notes.id, id))
  return row ?? null
}
