/** Forms of attempts: which items were drawn, and how often each has been. */
import { asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { statement, type Reader, type Writer } from '../store.server.ts'

export async function insertForm(
  w: Writer,
  form: Writer['t']['forms']['$inferInsert'],
  items: Array<Writer['t']['formItems']['$inferInsert']>,
): Promise<void> {
  await w.q.insert(w.t.forms).values(form)
  if (items.length > 0) await w.q.insert(w.t.formItems).values(items)
}

const formByAttempt = statement('form-of-attempt', (q, { forms: t }) =>
  q
    .select()
    .from(t)
    .where(eq(t.attemptId, sql.placeholder('attemptId'))),
)

export async function formOf(r: Reader, attemptId: string) {
  return (await formByAttempt(r, { attemptId }))[0] ?? null
}

const formItemsByAttempt = statement('form-items', (q, t) =>
  q
    .select()
    .from(t.formItems)
    .where(eq(t.formItems.attemptId, sql.placeholder('attemptId')))
    .orderBy(asc(t.formItems.position)),
)

export async function formItemsOf(r: Reader | Writer, attemptId: string) {
  return formItemsByAttempt(r, { attemptId })
}

/** Items that a person has met in any attempt. */
export async function itemsSeenBy(r: Reader, personId: string): Promise<Set<string>> {
  const rows = await r.q
    .selectDistinct({ itemId: r.t.formItems.itemId })
    .from(r.t.formItems)
    .innerJoin(r.t.attempts, eq(r.t.attempts.id, r.t.formItems.attemptId))
    .where(eq(r.t.attempts.personId, personId))
  return new Set(rows.map((row) => row.itemId))
}

/** How often each item stands in the last `window` forms of a blueprint, whatever its version. */
export async function recentExposure(
  r: Reader,
  blueprintId: string,
  window: number,
): Promise<{ forms: number; counts: Map<string, number> }> {
  const forms = await r.q
    .select({ attemptId: r.t.forms.attemptId })
    .from(r.t.forms)
    .innerJoin(r.t.contentVersions, eq(r.t.contentVersions.id, r.t.forms.blueprintVersionId))
    .where(eq(r.t.contentVersions.contentId, blueprintId))
    .orderBy(desc(r.t.forms.createdAt))
    .limit(window)
  const counts = new Map<string, number>()
  if (forms.length === 0) return { forms: 0, counts }
  const items = await r.q
    .select({ itemId: r.t.formItems.itemId })
    .from(r.t.formItems)
    .where(
      inArray(
        r.t.formItems.attemptId,
        forms.map((form) => form.attemptId),
      ),
    )
  for (const { itemId } of items) counts.set(itemId, (counts.get(itemId) ?? 0) + 1)
  return { forms: forms.length, counts }
}
