// Mistakes that must not compile. `tsc` is the judge: an unused @ts-expect-error is an error.
import { eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { statement, type Reader, type Store, type Writer } from '#db/store.server.ts'
import { fx, NOON, personIds } from './fixture-tables.ts'

async function addRun(w: Writer) {
  const { runs } = fx(w)
  await w.q.insert(runs).values({ id: 'r', status: 'open', endedAt: NOON })
  // @ts-expect-error status is a closed list
  await w.q.insert(runs).values({ id: 'r', status: 'nope' })
  // @ts-expect-error the status is required
  await w.q.insert(runs).values({ id: 'r' })
  // @ts-expect-error a time is a Date
  await w.q.insert(runs).values({ id: 'r', status: 'open', endedAt: 5 })
}
const runById = statement<{ id: string }, { id: string; size: number | null }>('types.run-by-id', (q, t) =>
  q
    .select({ id: t.people.id, size: sql<number | null>`null` })
    .from(t.people)
    .where(eq(t.people.id, sql.placeholder('id'))),
)
const wrong = statement<{ id: string }, { id: number }>('types.wrong', (q, t) =>
  // @ts-expect-error the rows of a statement are what its query gives
  q.select({ id: t.people.id }).from(t.people),
)
const silent = statement<{ id: string }>('types.silent', (q, t) =>
  q.delete(t.people).where(eq(t.people.id, sql.placeholder('id'))),
)

export async function check(store: Store, reader: Reader) {
  // @ts-expect-error a Reader cannot write
  await addRun(store.read)
  // @ts-expect-error nor has it the verbs
  reader.q.insert(fx(reader).runs)
  // @ts-expect-error nor after with()
  reader.q.with().delete(fx(reader).runs)
  await store.transact(async (w) => {
    await personIds(w) // a Writer can read
    // @ts-expect-error transactions do not nest
    w.q.transaction(async () => {})
    // @ts-expect-error no synchronous verbs
    w.q.run(sql`select 1`)
    // @ts-expect-error no relational queries
    void w.q.query
    // @ts-expect-error arguments are checked
    await runById(w, { id: 5 })
    const none: never[] = await silent(w, { id: 'x' })
    void none
  })
  const { runs } = fx(reader)
  const rows = await reader.q.select().from(runs)
  const items: string[] | undefined = rows[0]?.form?.items
  const ended: Date | null | undefined = rows[0]?.endedAt
  const passed: boolean | null | undefined = rows[0]?.passed
  const size: number | null | undefined = rows[0]?.size
  return [items, ended, passed, size, wrong]
}

describe('types', () => {
  it('are checked by the compiler; here only that the module loads', () => {
    expect(check).toBeTypeOf('function')
  })
})
