// Saves a second through the SQLite store, three prepared statements each: read the attempt, upsert the answer, keep
// the mutation. Run with `npx tsx tests/bench/store.bench.ts [seconds]`.
import BetterSqlite3 from 'better-sqlite3'
import { eq, sql } from 'drizzle-orm'
import { excluded } from '#db/dialect/sql.server.ts'
import { sqliteKit } from '#db/kit.server.ts'
import { statement } from '#db/store.server.ts'
import { sqliteTestFile, sqliteTestStore } from '#tests/setup/test-store.ts'

const seconds = Number(process.argv[2] ?? 2)
const NOW = new Date('2026-01-02T12:00:00Z')
const CANDIDATES = 256

// Tables like the product's, but the bench's own: its figures stay comparable while the product's tables change.
const k = sqliteKit
const attempts = k.table('bx_attempts', {
  id: k.id('id').primaryKey(),
  status: k.text('status').notNull(),
  epoch: k.int('epoch').notNull(),
  deadlineAt: k.instant('deadline_at'),
})
const answers = k.table(
  'bx_answers',
  {
    attemptId: k
      .text('attempt_id')
      .notNull()
      .references(() => attempts.id),
    itemId: k.text('item_id').notNull(),
    revision: k.int('revision').notNull(),
    mutationId: k.text('mutation_id').notNull(),
    response: k.json<object>('response'),
    receivedAt: k.instant('received_at').notNull(),
  },
  (t) => [k.primaryKey({ columns: [t.attemptId, t.itemId] })],
)
const mutations = k.table(
  'bx_mutations',
  {
    attemptId: k
      .text('attempt_id')
      .notNull()
      .references(() => attempts.id),
    mutationId: k.text('mutation_id').notNull(),
    itemId: k.text('item_id').notNull(),
    revision: k.int('revision').notNull(),
  },
  (t) => [k.primaryKey({ columns: [t.attemptId, t.mutationId] })],
)
const DDL = `
  CREATE TABLE bx_attempts (id text PRIMARY KEY NOT NULL, status text NOT NULL, epoch integer NOT NULL, deadline_at integer);
  CREATE TABLE bx_answers (attempt_id text NOT NULL REFERENCES bx_attempts (id), item_id text NOT NULL, revision integer NOT NULL,
    mutation_id text NOT NULL, response text, received_at integer NOT NULL, PRIMARY KEY (attempt_id, item_id));
  CREATE TABLE bx_mutations (attempt_id text NOT NULL REFERENCES bx_attempts (id), mutation_id text NOT NULL, item_id text NOT NULL,
    revision integer NOT NULL, PRIMARY KEY (attempt_id, mutation_id));`

const attemptForSave = statement<{ id: string }, { status: string; epoch: number; deadlineAt: Date | null }>(
  'bench.attempt-for-save',
  (q) =>
    q
      .select({ status: attempts.status, epoch: attempts.epoch, deadlineAt: attempts.deadlineAt })
      .from(attempts)
      .where(eq(attempts.id, sql.placeholder('id'))),
)
const saveAnswer = statement<
  { attemptId: string; itemId: string; revision: number; mutationId: string; response: object; at: Date },
  { revision: number }
>('bench.save-answer', (q) =>
  q
    .insert(answers)
    .values({
      attemptId: sql.placeholder('attemptId'),
      itemId: sql.placeholder('itemId'),
      revision: sql.placeholder('revision'),
      mutationId: sql.placeholder('mutationId'),
      response: sql.placeholder('response'),
      receivedAt: sql.placeholder('at'),
    })
    .onConflictDoUpdate({
      target: [answers.attemptId, answers.itemId],
      set: {
        revision: excluded(answers, 'revision'),
        mutationId: excluded(answers, 'mutationId'),
        response: excluded(answers, 'response'),
        receivedAt: excluded(answers, 'receivedAt'),
      },
    })
    .returning({ revision: answers.revision }),
)
const keepMutation = statement<{ attemptId: string; mutationId: string; itemId: string; revision: number }>(
  'bench.keep-mutation',
  (q) =>
    q
      .insert(mutations)
      .values({
        attemptId: sql.placeholder('attemptId'),
        mutationId: sql.placeholder('mutationId'),
        itemId: sql.placeholder('itemId'),
        revision: sql.placeholder('revision'),
      })
      .onConflictDoNothing(),
)

const file = sqliteTestFile()
const raw = new BetterSqlite3(file)
raw.exec(DDL)
raw.close()
const { store, cleanup } = await sqliteTestStore({ file })
await store.transact(async ({ q }) => {
  await q
    .insert(attempts)
    .values(Array.from({ length: CANDIDATES }, (_, i) => ({ id: `a${i}`, status: 'in_progress', epoch: 1 })))
})

const response = {
  kind: 'text',
  text: 'Thank you for waiting. I have looked at your order, and the parcel left our warehouse this morning. '.repeat(
    3,
  ),
}
let serial = 0

async function measure(callers: number): Promise<void> {
  const before = store.stats()
  const latencies: number[] = []
  const started = performance.now()
  const until = started + seconds * 1000
  const caller = async (i: number) => {
    const attemptId = `a${i}`
    for (let n = 0; performance.now() < until; n++) {
      const asked = performance.now()
      await store.transact(async (w) => {
        const [attempt] = await attemptForSave(w, { id: attemptId })
        if (attempt?.status !== 'in_progress') throw new Error('not in progress')
        const mutationId = `m${++serial}`
        const itemId = `i${n % 40}`
        await saveAnswer(w, { attemptId, itemId, revision: n, mutationId, response, at: NOW })
        await keepMutation(w, { attemptId, mutationId, itemId, revision: n })
      })
      latencies.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, i) => caller(i)))
  const elapsed = (performance.now() - started) / 1000
  latencies.sort((a, b) => a - b)
  const at = (p: number) => latencies[Math.floor(latencies.length * p)]!.toFixed(2)
  const after = store.stats()
  const commits = after.commits - before.commits
  console.log(
    `${String(callers).padStart(4)} callers: ${Math.round(latencies.length / elapsed)} saves/s, ${Math.round(commits / elapsed)} commits/s, ` +
      `${(latencies.length / commits).toFixed(1)} saves a commit, latency ms p50 ${at(0.5)} p99 ${at(0.99)} max ${at(0.99999)}`,
  )
}

await measure(8) // warm-up
for (const callers of [1, 8, 32, 256]) await measure(callers)
await cleanup()
