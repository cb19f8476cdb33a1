// Two small tables of our own, so that the contract does not move with the product's tables.
import { eq, is, sql } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { pgKit, sqliteKit, type Kit } from '#db/kit.server.ts'
import { statement, type Reader, type Writer } from '#db/store.server.ts'

export function define(k: Kit) {
  const people = k.table(
    'fx_people',
    { id: k.id('id').primaryKey(), email: k.text('email').notNull(), createdAt: k.instant('created_at').notNull() },
    (t) => [k.uniqueIndex('fx_people_email_uq').on(t.email)],
  )
  const runs = k.table('fx_runs', {
    id: k.id('id').primaryKey(),
    personId: k.text('person_id').references(() => people.id),
    status: k.oneOf('status', ['open', 'closed']).notNull(),
    version: k.int('version').notNull().default(0),
    size: k.big('size'),
    ratio: k.real('ratio'),
    passed: k.bool('passed'),
    form: k.json<{ items: string[]; nested?: { zh: string } }>('form'),
    endedAt: k.instant('ended_at'),
  })
  return { people, runs }
}
const sides = { sqlite: define(sqliteKit), pg: define(pgKit) }
export const fx = (rw: Reader | Writer) => sides[rw.dialect]

export const ddl = {
  sqlite: `
    CREATE TABLE fx_people (id text PRIMARY KEY NOT NULL, email text NOT NULL, created_at integer NOT NULL);
    CREATE UNIQUE INDEX fx_people_email_uq ON fx_people (email);
    CREATE TABLE fx_runs (id text PRIMARY KEY NOT NULL, person_id text REFERENCES fx_people (id), status text NOT NULL,
      version integer DEFAULT 0 NOT NULL, size integer, ratio real, passed integer, form text, ended_at integer);`,
  pg: `
    CREATE TABLE fx_people (id text COLLATE "C" PRIMARY KEY NOT NULL, email text COLLATE "C" NOT NULL, created_at timestamptz(3) NOT NULL);
    CREATE UNIQUE INDEX fx_people_email_uq ON fx_people (email);
    CREATE TABLE fx_runs (id text COLLATE "C" PRIMARY KEY NOT NULL, person_id text COLLATE "C" REFERENCES fx_people (id),
      status text COLLATE "C" NOT NULL, version integer DEFAULT 0 NOT NULL, size bigint, ratio double precision, passed boolean,
      form jsonb, ended_at timestamptz(3));`,
}

export const NOON = new Date('2026-01-02T12:00:00.678Z')

export const addPerson = async (w: Writer, id: string, email = `${id}@example.org`) => {
  await w.q.insert(fx(w).people).values({ id, email, createdAt: NOON })
}
export const personIds = async (rw: Reader | Writer) => {
  const { people } = fx(rw)
  return (await rw.q.select({ id: people.id }).from(people).orderBy(people.id)).map(({ id }) => id)
}

// A statement sees the product's tables only; the fixture's are chosen by the kind of tables it is given.
type Row = typeof sides.sqlite.runs.$inferSelect
type RunArgs = { id: string; size: number | null; passed: boolean | null; form: Row['form']; endedAt: Date | null }
const sideOf = (t: Writer['t']) => (is(Object.values(t)[0], SQLiteTable) ? sides.sqlite : sides.pg)

export const putRun = statement<RunArgs>('test.put-run', (q, t) =>
  q.insert(sideOf(t).runs).values({
    id: sql.placeholder('id'),
    status: 'open',
    size: sql.placeholder('size'),
    passed: sql.placeholder('passed'),
    form: sql.placeholder('form'),
    endedAt: sql.placeholder('endedAt'),
  }),
)
export const getRun = statement<{ id: string }, Row>('test.get-run', (q, t) => {
  const { runs } = sideOf(t)
  return q
    .select()
    .from(runs)
    .where(eq(runs.id, sql.placeholder('id')))
})
export const addPersonPrepared = statement<
  { id: string; email: string; createdAt: Date },
  { id: string; createdAt: Date }
>('test.add-person', (q, t) => {
  const { people } = sideOf(t)
  return q
    .insert(people)
    .values({ id: sql.placeholder('id'), email: sql.placeholder('email'), createdAt: sql.placeholder('createdAt') })
    .returning({ id: people.id, createdAt: people.createdAt })
})
export const runWithPerson = statement<
  { id: string },
  { run: { id: string; status: string }; person: { id: string; email: string } | null }
>('test.run-with-person', (q, t) => {
  const { runs, people } = sideOf(t)
  return q
    .select({ run: { id: runs.id, status: runs.status }, person: { id: people.id, email: people.email } })
    .from(runs)
    .leftJoin(people, eq(people.id, runs.personId))
    .where(eq(runs.id, sql.placeholder('id')))
})

/** A promise and its resolve, to hold a body at a point of the test's choosing. */
export function gate() {
  let open = () => {}
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { passed, open }
}
