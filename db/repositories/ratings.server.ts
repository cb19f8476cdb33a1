/** Work to be rated, the sheets of raters, their marks and evidence. Unique keys decide who gets a place. */
import { and, asc, eq, inArray, ne, sql } from 'drizzle-orm'
import { statement, type Reader, type Writer } from '../store.server.ts'
import type { JsonObject } from '../tables.server.ts'

export type TaskRow = Reader['t']['ratingTasks']['$inferSelect']
export type SheetRow = Reader['t']['ratingSheets']['$inferSelect']
export type MarkRow = Reader['t']['ratingMarks']['$inferSelect']
export type EvidenceRow = Reader['t']['ratingEvidence']['$inferSelect']

/** Makes a task unless the subject has one. */
export async function insertTask(w: Writer, row: Writer['t']['ratingTasks']['$inferInsert']): Promise<void> {
  await w.q.insert(w.t.ratingTasks).values(row).onConflictDoNothing()
}

export async function taskById(r: Reader | Writer, id: string): Promise<TaskRow | null> {
  const [row] = await r.q.select().from(r.t.ratingTasks).where(eq(r.t.ratingTasks.id, id))
  return row ?? null
}

const tasksByAttempt = statement('rating-tasks-of-attempt', (q, { ratingTasks: t }) =>
  q
    .select()
    .from(t)
    .where(eq(t.attemptId, sql.placeholder('attemptId'))),
)

export async function tasksOfAttempt(r: Reader | Writer, attemptId: string): Promise<TaskRow[]> {
  return tasksByAttempt(r, { attemptId })
}

export async function finishTask(w: Writer, id: string): Promise<void> {
  await w.q
    .update(w.t.ratingTasks)
    .set({ status: 'done' })
    .where(and(eq(w.t.ratingTasks.id, id), eq(w.t.ratingTasks.status, 'open')))
}

export async function sheetsOfTasks(r: Reader | Writer, taskIds: string[]): Promise<SheetRow[]> {
  if (taskIds.length === 0) return []
  return r.q
    .select()
    .from(r.t.ratingSheets)
    .where(and(inArray(r.t.ratingSheets.taskId, taskIds), ne(r.t.ratingSheets.status, 'returned')))
}

export async function sheetById(r: Reader | Writer, id: string): Promise<SheetRow | null> {
  const [row] = await r.q.select().from(r.t.ratingSheets).where(eq(r.t.ratingSheets.id, id))
  return row ?? null
}

/** Takes place `slot` of a task; false when another rater has it, or this rater has a sheet there already. */
export async function insertSheet(w: Writer, row: Writer['t']['ratingSheets']['$inferInsert']): Promise<boolean> {
  const [inserted] = await w.q
    .insert(w.t.ratingSheets)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: w.t.ratingSheets.id })
  return inserted !== undefined
}

/** Conditional change of a claimed sheet; null when it is no longer claimed. Each change raises `seq`. */
export async function updateClaimedSheet(
  w: Writer,
  id: string,
  set: Partial<Writer['t']['ratingSheets']['$inferInsert']>,
): Promise<SheetRow | null> {
  const [row] = await w.q
    .update(w.t.ratingSheets)
    .set({ ...set, seq: sql`${w.t.ratingSheets.seq} + 1` })
    .where(and(eq(w.t.ratingSheets.id, id), eq(w.t.ratingSheets.status, 'claimed')))
    .returning()
  return row ?? null
}

/** Takes a returned sheet up again at place `slot`, with the marks it had; null where the place is taken. */
export async function reclaimSheet(
  w: Writer,
  id: string,
  set: { slot: number; leaseUntil: Date; claimedAt: Date },
): Promise<SheetRow | null> {
  const [row] = await w.q
    .update(w.t.ratingSheets)
    .set({ ...set, status: 'claimed', seq: sql`${w.t.ratingSheets.seq} + 1` })
    .where(and(eq(w.t.ratingSheets.id, id), eq(w.t.ratingSheets.status, 'returned')))
    .returning()
  return row ?? null
}

export async function marksOfSheets(r: Reader | Writer, sheetIds: string[]): Promise<MarkRow[]> {
  return sheetIds.length === 0
    ? []
    : r.q.select().from(r.t.ratingMarks).where(inArray(r.t.ratingMarks.sheetId, sheetIds))
}

export async function upsertMark(w: Writer, row: MarkRow): Promise<void> {
  await w.q
    .insert(w.t.ratingMarks)
    .values(row)
    .onConflictDoUpdate({
      target: [w.t.ratingMarks.sheetId, w.t.ratingMarks.criterionId],
      set: { level: row.level, notApplicable: row.notApplicable, updatedAt: row.updatedAt },
    })
}

export async function evidenceOfSheets(r: Reader | Writer, sheetIds: string[]): Promise<EvidenceRow[]> {
  return sheetIds.length === 0
    ? []
    : r.q
        .select()
        .from(r.t.ratingEvidence)
        .where(inArray(r.t.ratingEvidence.sheetId, sheetIds))
        .orderBy(asc(r.t.ratingEvidence.createdAt), asc(r.t.ratingEvidence.id))
}

export async function insertEvidence(w: Writer, row: Writer['t']['ratingEvidence']['$inferInsert']): Promise<void> {
  await w.q.insert(w.t.ratingEvidence).values(row)
}

export async function deleteEvidence(w: Writer, sheetId: string, id: string): Promise<boolean> {
  const [gone] = await w.q
    .delete(w.t.ratingEvidence)
    .where(and(eq(w.t.ratingEvidence.sheetId, sheetId), eq(w.t.ratingEvidence.id, id)))
    .returning({ id: w.t.ratingEvidence.id })
  return gone !== undefined
}

export async function insertRatingEvent(
  w: Writer,
  row: { sheetId: string; seq: number; type: string; at: Date; data: JsonObject },
): Promise<void> {
  await w.q.insert(w.t.ratingEvents).values(row)
}

// ---- Contacts ----

export async function contactOfAttempt(r: Reader | Writer, attemptId: string) {
  const [row] = await r.q.select().from(r.t.contacts).where(eq(r.t.contacts.attemptId, attemptId))
  return row ?? null
}

export async function contactById(r: Reader | Writer, id: string) {
  const [row] = await r.q.select().from(r.t.contacts).where(eq(r.t.contacts.id, id))
  return row ?? null
}

export async function insertContact(w: Writer, row: Writer['t']['contacts']['$inferInsert']): Promise<void> {
  await w.q.insert(w.t.contacts).values(row)
}

export async function updateContact(
  w: Writer,
  id: string,
  set: Partial<Writer['t']['contacts']['$inferInsert']>,
): Promise<void> {
  await w.q.update(w.t.contacts).set(set).where(eq(w.t.contacts.id, id))
}
