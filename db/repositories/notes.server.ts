/** Erasable texts that people wrote: reasons, messages, remarks. Histories refer to them by id. */
import { and, asc, eq } from 'drizzle-orm'
import type { Reader, Writer } from '../store.server.ts'

export async function insertNote(
  w: Writer,
  input: { id: string; subjectType: string; subjectId: string; authorId: string; text: string; now: Date },
): Promise<string> {
  await w.q.insert(w.t.notes).values({ id: input.id, subjectType: input.subjectType, subjectId: input.subjectId, authorId: input.authorId, text: input.text, createdAt: input.now })
  return input.id
}

export async function notesOf(r: Reader, subjectType: string, subjectId: string) {
  return r.q
    .select()
    .from(r.t.notes)
    .where(and(eq(r.t.notes.subjectType, subjectType), eq(r.t.notes.subjectId, subjectId)))
    .orderBy(asc(r.t.notes.createdAt), asc(r.t.notes.id))
}
