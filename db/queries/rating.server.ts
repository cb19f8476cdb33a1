/** What the interviewers' room reads: waiting work, a rater's own sheets, comments; and the freeing of places. */
import { and, asc, desc, eq, inArray, ne } from 'drizzle-orm'
import type { SheetRow } from '../repositories/ratings.server.ts'
import type { Reader, Writer } from '../store.server.ts'

const taskColumns = (r: Reader | Writer) => ({
  id: r.t.ratingTasks.id,
  attemptId: r.t.ratingTasks.attemptId,
  itemId: r.t.ratingTasks.subjectId,
  itemVersionId: r.t.formItems.itemVersionId,
  rubricVersionId: r.t.ratingTasks.rubricVersionId,
  sheetsWanted: r.t.ratingTasks.sheetsWanted,
  orderKey: r.t.ratingTasks.orderKey,
  createdAt: r.t.ratingTasks.createdAt,
  locale: r.t.attempts.locale,
})

/**
 * Open tasks about answers of other people, in their stable pseudo-random order. A contact is rated by whoever played
 * it.
 */
export async function openAnswerTasks(r: Reader | Writer, raterId: string, itemId?: string) {
  return r.q
    .select(taskColumns(r))
    .from(r.t.ratingTasks)
    .innerJoin(r.t.attempts, eq(r.t.attempts.id, r.t.ratingTasks.attemptId))
    .innerJoin(
      r.t.formItems,
      and(eq(r.t.formItems.attemptId, r.t.ratingTasks.attemptId), eq(r.t.formItems.itemId, r.t.ratingTasks.subjectId)),
    )
    .where(
      and(
        eq(r.t.ratingTasks.status, 'open'),
        eq(r.t.ratingTasks.subjectType, 'answer'),
        ne(r.t.attempts.personId, raterId),
        ...(itemId === undefined ? [] : [eq(r.t.ratingTasks.subjectId, itemId)]),
      ),
    )
    .orderBy(asc(r.t.ratingTasks.orderKey), asc(r.t.ratingTasks.id))
}
export type AnswerTask = Awaited<ReturnType<typeof openAnswerTasks>>[number]

/** Every sheet of the tasks, returned ones included: their slots are numbers that no new one may take. */
export async function allSheetsOfTasks(r: Reader | Writer, taskIds: string[]): Promise<SheetRow[]> {
  return taskIds.length === 0
    ? []
    : r.q.select().from(r.t.ratingSheets).where(inArray(r.t.ratingSheets.taskId, taskIds))
}

/** The sheets that a rater holds or has submitted, with their tasks, the latest first. */
export async function sheetsWithTasks(r: Reader, raterId: string) {
  return r.q
    .select({ sheet: r.t.ratingSheets, task: r.t.ratingTasks, itemVersionId: r.t.formItems.itemVersionId })
    .from(r.t.ratingSheets)
    .innerJoin(r.t.ratingTasks, eq(r.t.ratingTasks.id, r.t.ratingSheets.taskId))
    .leftJoin(
      r.t.formItems,
      and(eq(r.t.formItems.attemptId, r.t.ratingTasks.attemptId), eq(r.t.formItems.itemId, r.t.ratingTasks.subjectId)),
    )
    .where(and(eq(r.t.ratingSheets.raterId, raterId), ne(r.t.ratingSheets.status, 'returned')))
    .orderBy(desc(r.t.ratingSheets.claimedAt), desc(r.t.ratingSheets.id))
    .limit(300)
}

/**
 * Gives a claimed place back. A place is a positive number; a returned sheet keeps one below all numbers that the task
 * has, or two returned sheets of one task would meet in the unique key. Null when the sheet is not claimed any more.
 */
export async function vacateSheet(
  w: Writer,
  sheet: Pick<SheetRow, 'id' | 'seq'>,
  slots: readonly number[],
): Promise<SheetRow | null> {
  const [row] = await w.q
    .update(w.t.ratingSheets)
    .set({ status: 'returned', slot: Math.min(0, ...slots) - 1, seq: sheet.seq + 1 })
    .where(
      and(
        eq(w.t.ratingSheets.id, sheet.id),
        eq(w.t.ratingSheets.status, 'claimed'),
        eq(w.t.ratingSheets.seq, sheet.seq),
      ),
    )
    .returning()
  return row ?? null
}

/** When the sheet last changed. */
export async function lastEventAt(r: Reader, sheetId: string): Promise<Date | null> {
  const [row] = await r.q
    .select({ at: r.t.ratingEvents.at })
    .from(r.t.ratingEvents)
    .where(eq(r.t.ratingEvents.sheetId, sheetId))
    .orderBy(desc(r.t.ratingEvents.seq))
    .limit(1)
  return row?.at ?? null
}

/** The latest text of each subject: a comment that was written anew leaves the older one as it was. */
export async function latestNotes(r: Reader, subjectType: string, subjectIds: string[]): Promise<Map<string, string>> {
  if (subjectIds.length === 0) return new Map()
  const rows = await r.q
    .select({ subjectId: r.t.notes.subjectId, text: r.t.notes.text })
    .from(r.t.notes)
    .where(and(eq(r.t.notes.subjectType, subjectType), inArray(r.t.notes.subjectId, subjectIds)))
    .orderBy(asc(r.t.notes.createdAt), asc(r.t.notes.id))
  return new Map(rows.map((row) => [row.subjectId, row.text ?? '']))
}

/**
 * One answer, without its attempt's others: as it is scored, so with the late text that staff decided to count in its
 * place.
 */
export async function answerOf(r: Reader | Writer, attemptId: string, itemId: string) {
  const [row] = await r.q
    .select()
    .from(r.t.answers)
    .where(and(eq(r.t.answers.attemptId, attemptId), eq(r.t.answers.itemId, itemId)))
  if (!row) return null
  const late = r.t.quarantinedAnswers
  const [counted] = await r.q
    .select({ response: late.response, contentHash: late.contentHash })
    .from(late)
    .where(and(eq(late.attemptId, attemptId), eq(late.itemId, itemId), eq(late.decision, 'counted')))
  return counted ? { ...row, ...counted } : row
}

/** The version of an item that an attempt was given. */
export async function itemVersionOf(r: Reader, attemptId: string, itemId: string): Promise<string | null> {
  const [row] = await r.q
    .select({ id: r.t.formItems.itemVersionId })
    .from(r.t.formItems)
    .where(and(eq(r.t.formItems.attemptId, attemptId), eq(r.t.formItems.itemId, itemId)))
  return row?.id ?? null
}
