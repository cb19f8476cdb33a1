// What every service may rely on, on both engines. Set POISE_TEST_PG_URL to run it on a PostgreSQL server as well.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import BetterSqlite3 from 'better-sqlite3'
import { and, asc, count, eq, sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { containsText, excluded, nullsLast, skipLocked } from '#db/dialect/sql.server.ts'
import { migrateStore } from '#db/migrate.server.ts'
import { openPglite, openPostgres } from '#db/postgres.server.ts'
import { writeProbe } from '#db/repositories/settings.server.ts'
import { isUniqueViolation, storeTrouble, type Store, type Writer } from '#db/store.server.ts'
import { pgliteTestClient, sqliteTestFile, sqliteTestStore, type TestStore } from '#tests/setup/test-store.ts'
import {
  addPerson,
  addPersonPrepared,
  ddl,
  fx,
  gate,
  getRun,
  NOON,
  personIds,
  putRun,
  runWithPerson,
} from './fixture-tables.ts'

const reported: string[] = []
const report = (_: unknown, where: string) => void reported.push(where)

type Options = { bodyTimeoutMs?: number }
async function openOnSqlite(options: Options = {}): Promise<TestStore> {
  const file = sqliteTestFile()
  const raw = new BetterSqlite3(file)
  raw.exec(ddl.sqlite)
  raw.close()
  return sqliteTestStore({ file, report, ...options })
}
async function openOnPglite(options: Options = {}): Promise<TestStore> {
  const client = await pgliteTestClient()
  await client.exec(ddl.pg)
  const store = await openPglite({ client, report, ...options })
  return { store, cleanup: () => store.close() }
}
const serverUrl = process.env['POISE_TEST_PG_URL']
async function openOnServer(options: Options = {}): Promise<TestStore> {
  await migrateStore({ url: serverUrl! })
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  await client.query(`DROP TABLE IF EXISTS fx_runs, fx_people; ${ddl.pg}`)
  await client.end()
  const store = await openPostgres({ url: serverUrl!, report, ...options })
  return { store, cleanup: () => store.close() }
}
const engines: Array<[string, (options?: Options) => Promise<TestStore>]> = [
  ['sqlite', openOnSqlite],
  ['pglite', openOnPglite],
]
if (serverUrl) engines.push(['postgres', openOnServer])

describe.each(engines)('store on %s', (engine, open) => {
  let opened: TestStore
  let store: Store
  beforeAll(async () => {
    opened = await open()
    store = opened.store
  })
  afterAll(() => opened.cleanup())
  beforeEach(async () => {
    reported.length = 0
    await store.transact(async (w) => {
      await w.q.delete(fx(w).runs)
      await w.q.delete(fx(w).people)
    })
  })

  const fail = async (work: Promise<unknown>): Promise<unknown> => {
    try {
      await work
    } catch (error) {
      return error
    }
    throw new Error('expected a rejection')
  }
  const closeRun = async (w: Writer, id: string) => {
    const { runs } = fx(w)
    const rows = await w.q
      .update(runs)
      .set({ status: 'closed', version: sql`${runs.version} + 1` })
      .where(and(eq(runs.id, id), eq(runs.status, 'open')))
      .returning()
    return rows[0]
  }

  it('keeps the probe of a health check to one small row for each process, on either engine', async () => {
    for (let n = 1; n <= 3; n += 1) await store.transact((w) => writeProbe(w, 7, n, NOON))
    const { q, t } = store.read
    expect(await q.select().from(t.settings).where(eq(t.settings.key, 'health_probe_7'))).toEqual([
      { key: 'health_probe_7', value: { n: 3 }, updatedAt: NOON },
    ])
  })

  it('answers with the body’s value and shows what was committed', async () => {
    expect(
      await store.transact(async (w) => {
        await addPerson(w, 'p1')
        return 42
      }),
    ).toBe(42)
    expect(await personIds(store.read)).toEqual(['p1'])
  })

  it('knows a unique violation, of an index and of the key, built and prepared', async () => {
    await store.transact((w) => addPerson(w, 'p1', 'a@example.org'))
    expect(isUniqueViolation(await fail(store.transact((w) => addPerson(w, 'p2', 'a@example.org'))))).toBe(true)
    expect(isUniqueViolation(await fail(store.transact((w) => addPerson(w, 'p1', 'b@example.org'))))).toBe(true)
    expect(
      isUniqueViolation(
        await fail(store.transact((w) => addPersonPrepared(w, { id: 'p1', email: 'c@example.org', createdAt: NOON }))),
      ),
    ).toBe(true)
    const { people, runs } = fx(store.read)
    // A missing value and a missing parent are refused, and are not unique violations.
    expect(
      isUniqueViolation(
        await fail(
          store.transact((w) => w.q.insert(people).values({ id: 'p3', email: null as never, createdAt: NOON })),
        ),
      ),
    ).toBe(false)
    expect(
      isUniqueViolation(
        await fail(store.transact((w) => w.q.insert(runs).values({ id: 'r1', status: 'open', personId: 'nobody' }))),
      ),
    ).toBe(false)
    expect(isUniqueViolation(new Error('other'))).toBe(false)
    expect(isUniqueViolation(undefined)).toBe(false)
    expect(await personIds(store.read)).toEqual(['p1'])
  })

  it('leaves a conflict to onConflictDoNothing, whose empty answer is the loser’s', async () => {
    const claim = (id: string) =>
      store.transact(async (w) =>
        w.q
          .insert(fx(w).people)
          .values({ id, email: 'same@example.org', createdAt: NOON })
          .onConflictDoNothing()
          .returning(),
      )
    const won = await Promise.all([claim('p1'), claim('p2'), claim('p3')])
    expect(won.map((rows) => rows.length).sort()).toEqual([0, 0, 1])
  })

  it('replaces a row by upsert, with the refused row’s value', async () => {
    await store.transact((w) => addPerson(w, 'p1', 'a@example.org'))
    const later = new Date(NOON.getTime() + 5)
    const [row] = await store.transact(async (w) => {
      const { people } = fx(w)
      return w.q
        .insert(people)
        .values({ id: 'p9', email: 'a@example.org', createdAt: later })
        .onConflictDoUpdate({ target: people.email, set: { createdAt: excluded(people, 'createdAt') } })
        .returning()
    })
    expect(row).toEqual({ id: 'p1', email: 'a@example.org', createdAt: later })
  })

  it('gives back every kind of value as it was written', async () => {
    const form = { items: ['q1', '问'], nested: { zh: '“引号”\n换行 😀' } }
    const written = {
      id: 'r1',
      personId: null,
      status: 'open' as const,
      version: 3,
      size: 9_007_199_254_740_991,
      ratio: 0.1,
      passed: false,
      form,
      endedAt: NOON,
    }
    await store.transact((w) => w.q.insert(fx(w).runs).values(written))
    const [row] = await store.read.q.select().from(fx(store.read).runs)
    expect(row).toEqual(written)
    expect(row!.endedAt!.toISOString()).toBe('2026-01-02T12:00:00.678Z')
  })

  it('gives back values and nulls through prepared statements, on the writer and on the reader', async () => {
    const form = { items: ['q1'] }
    await store.transact(async (w) => {
      expect(await putRun(w, { id: 'full', size: 5_000_000_000, passed: true, form, endedAt: NOON })).toEqual([])
      expect(await putRun(w, { id: 'empty', size: null, passed: null, form: null, endedAt: null })).toEqual([])
      expect(await getRun(w, { id: 'full' })).toHaveLength(1)
    })
    const base = { personId: null, status: 'open', version: 0, ratio: null }
    expect(await getRun(store.read, { id: 'full' })).toEqual([
      { ...base, id: 'full', size: 5_000_000_000, passed: true, form, endedAt: NOON },
    ])
    // A null boolean must not come back as false, nor null JSON as the word "null".
    expect(await getRun(store.read, { id: 'empty' })).toEqual([
      { ...base, id: 'empty', size: null, passed: null, form: null, endedAt: null },
    ])
    const { runs } = fx(store.read)
    expect(
      await store.read.q
        .select({ n: count() })
        .from(runs)
        .where(sql`${runs.form} is null`),
    ).toEqual([{ n: 1 }])
    expect(await getRun(store.read, { id: 'none' })).toEqual([])
  })

  it('returns rows from a prepared insert, and refuses a missing argument', async () => {
    const rows = await store.transact((w) =>
      addPersonPrepared(w, { id: 'p1', email: 'a@example.org', createdAt: NOON }),
    )
    expect(rows).toEqual([{ id: 'p1', createdAt: NOON }])
    await expect(store.transact((w) => getRun(w, {} as { id: string }))).rejects.toThrow(
      /no value for placeholder "id"/,
    )
  })

  it('maps a prepared left join, absent side included', async () => {
    await store.transact(async (w) => {
      await addPerson(w, 'p1')
      await w.q.insert(fx(w).runs).values([
        { id: 'with', status: 'open', personId: 'p1' },
        { id: 'without', status: 'open' },
      ])
    })
    for (let twice = 0; twice < 2; twice++) {
      expect(await runWithPerson(store.read, { id: 'with' })).toEqual([
        { run: { id: 'with', status: 'open' }, person: { id: 'p1', email: 'p1@example.org' } },
      ])
      expect(await runWithPerson(store.read, { id: 'without' })).toEqual([
        { run: { id: 'without', status: 'open' }, person: null },
      ])
    }
  })

  it('undoes a body that fails after several awaits', async () => {
    const boom = new Error('boom')
    const turn = gate()
    setImmediate(turn.open)
    const failed = store.transact(async (w) => {
      await addPerson(w, 'p1')
      await turn.passed
      await addPerson(w, 'p2')
      throw boom
    })
    expect(await fail(failed)).toBe(boom)
    expect(await personIds(store.read)).toEqual([])
  })

  it('undoes a body that throws before its first await', async () => {
    const boom = new Error('boom')
    expect(
      await fail(
        store.transact(() => {
          throw boom
        }),
      ),
    ).toBe(boom)
    await store.transact((w) => addPerson(w, 'p1'))
    expect(await personIds(store.read)).toEqual(['p1'])
  })

  it('lets one of three concurrent conditional updates win', async () => {
    await store.transact((w) => w.q.insert(fx(w).runs).values({ id: 'r1', status: 'open' }))
    const answers = await Promise.all([1, 2, 3].map(() => store.transact((w) => closeRun(w, 'r1'))))
    const winners = answers.filter((row) => row !== undefined)
    expect(winners.map((row) => row.version)).toEqual([1])
  })

  it('loses no increment that reads first and writes then', async () => {
    await store.transact((w) => w.q.insert(fx(w).runs).values({ id: 'r1', status: 'open' }))
    await Promise.all(
      Array.from({ length: 8 }, () =>
        store.transact(async (w) => {
          const [row] = await getRun(w, { id: 'r1' })
          await w.q
            .update(fx(w).runs)
            .set({ version: row!.version + 1 })
            .where(eq(fx(w).runs.id, 'r1'))
        }),
      ),
    )
    expect((await getRun(store.read, { id: 'r1' }))[0]!.version).toBe(8)
  })

  it('does not commit a body that swallowed a statement’s error', async () => {
    const swallowed = store.transact(async (w) => {
      await addPerson(w, 'p1')
      await addPerson(w, 'p1').catch(() => {})
      return 'unaware'
    })
    expect(isUniqueViolation(await fail(swallowed))).toBe(true)
    expect(await personIds(store.read)).toEqual([])
  })

  it('refuses to nest, also after an await, and goes on afterwards', async () => {
    const nested = store.transact(async (w) => {
      await addPerson(w, 'p1')
      await store.transact(async () => {})
    })
    expect(await fail(nested)).toMatchObject({ code: 'db.nested' })
    expect(await personIds(store.read)).toEqual([])
    await store.transact((w) => addPerson(w, 'p2'))
    expect(await personIds(store.read)).toEqual(['p2'])
  })

  it('refuses to read past the writer inside a body', async () => {
    expect(await fail(store.transact(async () => personIds(store.read)))).toMatchObject({
      code: 'db.read_inside_transact',
    })
    expect(await fail(store.transact(async () => getRun(store.read, { id: 'x' })))).toMatchObject({
      code: 'db.read_inside_transact',
    })
  })

  it('revokes a writer that was kept, and what was built from it', async () => {
    let kept: Writer | undefined
    let built: PromiseLike<unknown> | undefined
    await store.transact(async (w) => {
      kept = w
      built = w.q.insert(fx(w).people).values({ id: 'late', email: 'late@example.org', createdAt: NOON })
    })
    const revoked = { code: 'db.revoked' }
    expect(await fail(addPerson(kept!, 'p1'))).toMatchObject(revoked)
    expect(await fail(getRun(kept!, { id: 'x' }))).toMatchObject(revoked)
    expect(() => kept!.afterCommit(() => {})).toThrow(/revoked/)
    // In the middle of someone else's transaction, a late query must not slip into it.
    await store.transact(async () => {
      const error = (await fail(Promise.resolve(built))) as Error
      expect(error.cause ?? error).toMatchObject(revoked)
    })
    expect(await personIds(store.read)).toEqual([])
  })

  it('runs afterCommit hooks after success only, and survives one that throws', async () => {
    const seen: string[] = []
    await store.transact(async (w) => {
      w.afterCommit(() => void seen.push('first'))
      w.afterCommit(() => {
        throw new Error('hook')
      })
      w.afterCommit(() => void seen.push('third'))
      await addPerson(w, 'p1')
      expect(seen).toEqual([])
    })
    expect(seen).toEqual(['first', 'third'])
    expect(reported).toEqual(['afterCommit hook failed'])
    await fail(
      store.transact(async (w) => {
        w.afterCommit(() => void seen.push('never'))
        throw new Error('boom')
      }),
    )
    expect(seen).toEqual(['first', 'third'])
  })

  it('lets a hook start the next transaction', async () => {
    const done = gate()
    await store.transact(async (w) => {
      w.afterCommit(() => void store.transact((next) => addPerson(next, 'from-hook')).then(done.open))
    })
    await done.passed
    expect(await personIds(store.read)).toEqual(['from-hook'])
  })

  it('gives up a body that never ends, and goes on', async () => {
    const { store: impatient, cleanup } = await open({ bodyTimeoutMs: 20 })
    let kept: Writer | undefined
    const stuck = impatient.transact(async (w) => {
      kept = w
      await addPerson(w, 'p1')
      await new Promise(() => {})
    })
    expect(await fail(stuck)).toMatchObject({ code: 'db.body_timeout' })
    expect(await fail(addPerson(kept!, 'p2'))).toMatchObject({ code: 'db.revoked' })
    await impatient.transact((w) => addPerson(w, 'p3'))
    expect(await personIds(impatient.read)).toEqual(['p3'])
    await cleanup()
  })

  it('counts, orders and searches alike', async () => {
    await store.transact((w) =>
      w.q.insert(fx(w).runs).values([
        { id: 'a', status: 'open', size: 2 },
        { id: 'B', status: 'open', size: null },
        { id: '100%_x', status: 'closed', size: 1 },
        { id: '中', status: 'open', size: null },
      ]),
    )
    const { runs } = fx(store.read)
    expect(await store.read.q.select({ n: count() }).from(runs)).toEqual([{ n: 4 }])
    const ids = async (order: ReturnType<typeof asc>[]) =>
      (
        await store.read.q
          .select({ id: runs.id })
          .from(runs)
          .orderBy(...order)
      ).map(({ id }) => id)
    // By code point, not by the server's language: digits, capitals, small letters, Chinese.
    expect(await ids([asc(runs.id)])).toEqual(['100%_x', 'B', 'a', '中'])
    expect(await ids([nullsLast(runs.size), asc(runs.id)])).toEqual(['100%_x', 'a', 'B', '中'])
    const found = async (words: string) =>
      (await store.read.q.select({ id: runs.id }).from(runs).where(containsText(runs.id, words))).map(({ id }) => id)
    expect(await found('%_')).toEqual(['100%_x'])
    expect(await found('%x')).toEqual([])
    expect(await found('中')).toEqual(['中'])
  })

  it('claims rows with skipLocked', async () => {
    await store.transact((w) =>
      w.q.insert(fx(w).runs).values([
        { id: 'r1', status: 'open' },
        { id: 'r2', status: 'open' },
      ]),
    )
    const claimed = await store.transact(async (w) => {
      const { runs } = fx(w)
      return skipLocked(w.dialect, w.q.select({ id: runs.id }).from(runs).orderBy(asc(runs.id)).limit(1))
    })
    expect(claimed).toEqual([{ id: 'r1' }])
  })

  it('refuses to write through store.read, also by a prepared statement and after with()', async () => {
    const writing = store.read.q as unknown as Writer['q']
    const { people } = fx(store.read)
    expect(() => writing.insert(people)).toThrow(/store.transact/)
    expect(() => writing.with(store.read.q.$with('x').as(store.read.q.select().from(people))).delete(people)).toThrow(
      /store.transact/,
    )
    expect(
      await fail(addPersonPrepared(store.read, { id: 'p1', email: 'a@example.org', createdAt: NOON })),
    ).toMatchObject({ code: 'db.read_only' })
    expect(await personIds(store.read)).toEqual([])
  })

  it('differs on U+0000, which is why the edge refuses it', async () => {
    const nul = store.transact((w) => addPerson(w, 'p1', 'a\u0000b'))
    if (engine === 'sqlite') {
      await nul
      const [row] = await store.read.q.select().from(fx(store.read).people)
      expect(row!.email).toBe('a\u0000b')
    } else await expect(nul).rejects.toThrow()
  })

  it('finishes what it accepted when it closes, and refuses what comes later', async () => {
    const other = await open()
    const accepted = other.store.transact((w) => addPerson(w, 'last'))
    const closing = other.store.close()
    expect(await fail(other.store.transact(async () => {}))).toMatchObject({ code: 'db.closed' })
    await closing
    await expect(accepted).resolves.toBeUndefined()
    await other.cleanup()
  })
})

// What only a server of its own can do: go away under a transaction, and be out of reach.
describe.runIf(serverUrl)('a PostgreSQL server in trouble', () => {
  it('that ends the connection is unreachable for that transaction and well for the next', async () => {
    const { store, cleanup } = await openOnServer()
    await store.transact((w) => addPerson(w, 'p1'))
    const lost = await store
      .transact(async (w) => {
        await addPerson(w, 'p2')
        await w.q.select({ ended: sql`pg_terminate_backend(pg_backend_pid())` }).from(fx(w).people)
      })
      .catch((error: unknown) => error)
    expect(storeTrouble(lost)).toBe('db.unreachable')
    await store.transact((w) => addPerson(w, 'p3'))
    expect(await personIds(store.read)).toEqual(['p1', 'p3'])
    await cleanup()
  })

  it('that is out of reach is unreachable to reads and to writes, under way or new, and well again on the way back', async () => {
    const server = new URL(serverUrl!)
    const sockets = new Set<Socket>()
    const way = createServer((near) => {
      const far = connect(Number(server.port || 5432), server.hostname)
      for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
      near.pipe(far).pipe(near)
    })
    const openWay = (port: number) =>
      new Promise<number>((done) => way.listen(port, '127.0.0.1', () => done((way.address() as AddressInfo).port)))
    const closeWay = () =>
      new Promise<void>((done) => {
        way.close(() => done())
        for (const socket of sockets) socket.destroy()
      })
    const port = await openWay(0)
    const url = new URL(serverUrl!)
    url.hostname = '127.0.0.1'
    url.port = String(port)
    const { cleanup } = await openOnServer()
    const store = await openPostgres({ url: url.href, report })
    const troubleOf = async (work: Promise<unknown>) => storeTrouble(await work.catch((error: unknown) => error))
    const inside = gate()
    const hold = gate()
    const underWay = store.transact(async (w) => {
      await addPerson(w, 'p1')
      inside.open()
      await hold.passed
    })
    await inside.passed
    await closeWay()
    hold.open()
    expect(await troubleOf(underWay)).toBe('db.unreachable')
    expect(await troubleOf(store.transact((w) => addPerson(w, 'p2')))).toBe('db.unreachable')
    expect(await troubleOf(personIds(store.read))).toBe('db.unreachable')
    await openWay(port)
    await store.transact((w) => addPerson(w, 'p3'))
    expect(await personIds(store.read)).toEqual(['p3'])
    await store.close()
    await closeWay()
    await cleanup()
  })
})
