/** Erasable texts that people wrote: reasons, messages, remarks. Histories refer to them by id. */
import { and, asc, eq, sql } from 'drizzle-orm'
import { statement, type Reader, type Writer } from '../store.server.ts'

export async function insertNote(
  w: Writer,
  input: { id: string; subjectType: string; subjectId: string; authorId: string; text: string; now: Date },
): Promise<string> {
  await w.q.insert(w.t.notes).values({
    id: input.id,
    subjectType: input.subjectType,
    subjectId: input.subjectId,
    authorId: input.authorId,
    text: input.text,
    createdAt: input.now,
  })
  return input.id
}

export async function noteExists(r: Reader | Writer, id: string): Promise<boolean> {
  const rows = await r.q.select({ id: r.t.notes.id }).from(r.t.notes).where(eq(r.t.notes.id, id))
  return rows.length > 0
}

const bySubject = statement('notes-of-subject', (q, { notes: t }) =>
  q
    .select()
    .from(t)
    .where(and(eq(t.subjectType, sql.placeholder('subjectType')), eq(t.subjectId, sql.placeholder('subjectId'))))
    .orderBy(asc(t.createdAt), asc(t.id)),
)

export async function notesOf(r: Reader, subjectType: string, subjectId: string) {
  return bySubject(r, { subjectType, subjectId })
}
