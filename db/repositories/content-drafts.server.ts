/** Unfinished edits: one row for each piece of content and author. */
import { and, desc, eq } from 'drizzle-orm'
import type { Reader, Writer } from '../store.server.ts'
import type { ContentType } from './content.server.ts'

export type DraftKey = { type: ContentType; contentId: string; authorId: string }

export async function contentDraft(r: Reader | Writer, key: DraftKey) {
  const { contentDrafts: d } = r.t
  const [row] = await r.q
    .select()
    .from(d)
    .where(and(eq(d.type, key.type), eq(d.contentId, key.contentId), eq(d.authorId, key.authorId)))
  return row ?? null
}

/** The author's drafts, the latest first, without their bodies. */
export async function draftsOf(r: Reader, type: ContentType, authorId: string) {
  const { contentDrafts: d } = r.t
  return r.q
    .select({ contentId: d.contentId, updatedAt: d.updatedAt })
    .from(d)
    .where(and(eq(d.type, type), eq(d.authorId, authorId)))
    .orderBy(desc(d.updatedAt))
}

export async function putDraft(w: Writer, row: Writer['t']['contentDrafts']['$inferInsert']): Promise<void> {
  const { type: _type, contentId: _contentId, authorId: _authorId, ...set } = row
  const { contentDrafts: d } = w.t
  await w.q
    .insert(d)
    .values(row)
    .onConflictDoUpdate({ target: [d.type, d.contentId, d.authorId], set })
}

/** Moves a draft to another base; false where there is none. */
export async function rebaseDraft(
  w: Writer,
  key: DraftKey,
  set: { baseVersionId: string; updatedAt: Date },
): Promise<boolean> {
  const { contentDrafts: d } = w.t
  const moved = await w.q
    .update(d)
    .set(set)
    .where(and(eq(d.type, key.type), eq(d.contentId, key.contentId), eq(d.authorId, key.authorId)))
    .returning({ contentId: d.contentId })
  return moved.length > 0
}

export async function deleteDraft(w: Writer, key: DraftKey): Promise<boolean> {
  const { contentDrafts: d } = w.t
  const gone = await w.q
    .delete(d)
    .where(and(eq(d.type, key.type), eq(d.contentId, key.contentId), eq(d.authorId, key.authorId)))
    .returning({ contentId: d.contentId })
  return gone.length > 0
}
