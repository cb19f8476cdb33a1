/** The outbox. Bodies are sealed: a stolen database gives no links away. */
import { and, eq } from 'drizzle-orm'
import type { Reader, Writer } from '../store.server.ts'

export async function insertMail(w: Writer, row: Writer['t']['mails']['$inferInsert']): Promise<void> {
  await w.q.insert(w.t.mails).values(row)
}

export async function mailById(r: Reader, id: string) {
  const [row] = await r.q.select().from(r.t.mails).where(eq(r.t.mails.id, id))
  return row ?? null
}

/** queued → sent, once. False when somebody else already sent it. */
export async function markMailSent(w: Writer, id: string, now: Date): Promise<boolean> {
  const [row] = await w.q
    .update(w.t.mails)
    .set({ status: 'sent', sentAt: now, sealedBody: null })
    .where(and(eq(w.t.mails.id, id), eq(w.t.mails.status, 'queued')))
    .returning({ id: w.t.mails.id })
  return row !== undefined
}
