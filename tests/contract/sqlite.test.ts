// What SQLite alone can do wrong, and what group commit must then answer.
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { openSqlite, type SqliteOptions } from '#db/sqlite.server.ts'
import { isUniqueViolation, type Store, type Writer } from '#db/store.server.ts'
import { sqliteTestFile, sqliteTestStore, testFolder } from '#tests/setup/test-store.ts'
import { addPerson, addPersonPrepared, ddl, fx, gate, NOON, personIds, putRun } from './fixture-tables.ts'

const opened: Array<() => Promise<void>> = []
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})

async function openWith(extraDdl = '', options: Partial<SqliteOptions> = {}): Promise<{ store: Store; file: string }> {
  const file = sqliteTestFile()
  const raw = new BetterSqlite3(file)
  raw.exec(ddl.sqlite + extraDdl)
  raw.close()
  const { store, cleanup } = await sqliteTestStore({ file, ...options })
  opened.push(cleanup)
  return { store, file }
}
const pagesOf = (file: string): number => {
  const raw = new BetterSqlite3(file, { readonly: true })
  const pages = raw.pragma('page_count', { simple: true }) as number
  raw.close()
  return pages
}
const outcomes = async (work: Array<Promise<unknown>>) =>
  (await Promise.allSettled(work)).map((one) => (one.status === 'fulfilled' ? 'ok' : one.reason))

describe('group commit', () => {
  it('answers callers that wait together by one COMMIT, in the order they came', async () => {
    const { store } = await openWith()
    const order: number[] = []
    await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        store.transact(async (w) => {
          order.push(i)
          await addPerson(w, `p${String(i).padStart(2, '0')}`)
        }),
      ),
    )
    expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i))
    expect(store.stats()).toMatchObject({ commits: 1, transactions: 50, writeConnections: 1 })
    expect(await personIds(store.read)).toHaveLength(50)
  })

  it('shares a COMMIT among at most 512 callers', async () => {
    const { store } = await openWith()
    await Promise.all(Array.from({ length: 1100 }, () => store.transact(async () => {})))
    expect(store.stats()).toMatchObject({ commits: 3, transactions: 1100 })
  })

  it('commits at once for a lone caller', async () => {
    const { store } = await openWith()
    await store.transact((w) => addPerson(w, 'p1'))
    await store.transact((w) => addPerson(w, 'p2'))
    expect(store.stats()).toMatchObject({ commits: 2, transactions: 2 })
  })

  it('undoes a throwing body and keeps the good ones beside it', async () => {
    const { store } = await openWith()
    const boom = new Error('boom')
    const hooks: string[] = []
    const body = (id: string, error?: Error) => async (w: Writer) => {
      w.afterCommit(() => void hooks.push(id))
      await addPerson(w, id)
      if (error) throw error
      return id
    }
    const all = await outcomes([
      store.transact(body('p1')),
      store.transact(body('p2', boom)),
      store.transact(body('p3')),
    ])
    expect(all).toEqual(['ok', boom, 'ok'])
    expect(await personIds(store.read)).toEqual(['p1', 'p3'])
    expect(hooks).toEqual(['p1', 'p3'])
    expect(store.stats()).toMatchObject({ commits: 1, transactions: 2 })
  })

  it('settles a unique conflict inside one batch for the first', async () => {
    const { store } = await openWith()
    const claim = (id: string) =>
      store.transact((w) => addPersonPrepared(w, { id, email: 'same@example.org', createdAt: NOON }))
    const [first, second, third] = await outcomes([claim('p1'), claim('p2'), store.transact((w) => addPerson(w, 'p3'))])
    expect([first, third]).toEqual(['ok', 'ok'])
    expect(isUniqueViolation(second)).toBe(true)
    expect(await personIds(store.read)).toEqual(['p1', 'p3'])
    expect(store.stats()).toMatchObject({ commits: 1, transactions: 2 })
  })

  it('lets a later body of the batch see what an earlier one wrote', async () => {
    const { store } = await openWith()
    const [, seen] = await Promise.all([store.transact((w) => addPerson(w, 'p1')), store.transact((w) => personIds(w))])
    expect(seen).toEqual(['p1'])
  })

  it('answers everyone, also who only read or failed, after the COMMIT', async () => {
    const { store, file } = await openWith()
    const other = new BetterSqlite3(file, { readonly: true })
    const onDisk = () => other.prepare('SELECT count(*) FROM fx_people').pluck().get()
    const seen: unknown[] = []
    const hold = gate()
    const note = () => void seen.push(onDisk())
    const work = [
      store.transact(async () => 'only read').then(note),
      store.transact(async () => Promise.reject(new Error('boom'))).catch(note),
      store
        .transact(async (w) => {
          await addPerson(w, 'p1')
          await hold.passed
        })
        .then(note),
    ]
    // Two turns of the event loop: long enough for the first two to have been answered, had they not to wait.
    setImmediate(() => setImmediate(hold.open))
    await Promise.all(work)
    other.close()
    expect(seen).toEqual([1, 1, 1])
  })

  it('shows readers the last committed state while a transaction is open', async () => {
    const { store } = await openWith()
    await store.transact((w) => addPerson(w, 'p1'))
    const written = gate()
    const hold = gate()
    const open = store.transact(async (w) => {
      await addPerson(w, 'p2')
      written.open()
      await hold.passed
    })
    await written.passed
    expect(await personIds(store.read)).toEqual(['p1'])
    hold.open()
    await open
    expect(await personIds(store.read)).toEqual(['p1', 'p2'])
  })

  it('waits without blocking while another connection holds the lock', async () => {
    const { store, file } = await openWith()
    const other = new BetterSqlite3(file, { timeout: 0 })
    other.exec('BEGIN IMMEDIATE')
    let answered = false
    const waiting = store.transact((w) => addPerson(w, 'p1')).then(() => (answered = true))
    const turn = gate()
    setImmediate(() => setImmediate(turn.open))
    await turn.passed
    expect(answered).toBe(false)
    other.exec('COMMIT')
    other.close()
    await waiting
    expect(await personIds(store.read)).toEqual(['p1'])
  })

  it('is durable by its settings, and its reader cannot write', async () => {
    const { store } = await openWith()
    // The settings are the connection's own, so they are read on it, through the session that a Drizzle builder keeps.
    type Kept = { session: { client: BetterSqlite3.Database & { client?: BetterSqlite3.Database } } }
    const clientOf = (builder: unknown) => (builder as Kept).session.client.client ?? (builder as Kept).session.client
    const reader = clientOf(store.read.q.select())
    const writer = await store.transact(async (w) => clientOf(w.q.select()))
    const pragma = (client: BetterSqlite3.Database, name: string) => client.pragma(name, { simple: true })
    for (const client of [reader, writer]) {
      expect(pragma(client, 'journal_mode')).toBe('wal')
      expect(pragma(client, 'synchronous')).toBe(2) // FULL
      expect(pragma(client, 'foreign_keys')).toBe(1)
      expect(pragma(client, 'busy_timeout')).toBe(0)
    }
    expect(pragma(writer, 'query_only')).toBe(0)
    expect(() => reader.exec("INSERT INTO fx_people VALUES ('x', 'x', 0)")).toThrow(/readonly/)
    await expect(
      store.transact((w) => w.q.insert(fx(w).runs).values({ id: 'r', status: 'open', personId: 'nobody' })),
    ).rejects.toThrow(/FOREIGN KEY/)
  })

  it('counts two stores on one file, which is a mistake that a health check must see', async () => {
    const { store, file } = await openWith()
    const second = openSqlite({ file })
    expect(store.stats().writeConnections).toBe(2)
    await second.close()
    expect(store.stats().writeConnections).toBe(1)
  })
})

describe('failures', () => {
  const big = 'x'.repeat(200_000)

  it('rejects a whole batch when the disk is full, shows nothing of it, and goes on', async () => {
    const { file } = await openWith()
    const store = openSqlite({ file, maxPageCount: pagesOf(file) + 20 })
    opened.push(() => store.close())
    const hooks: string[] = []
    let ranAfter = false
    const all = await outcomes([
      store.transact(async (w) => {
        w.afterCommit(() => void hooks.push('p1'))
        await addPerson(w, 'p1')
      }),
      store.transact((w) => addPerson(w, 'p2', big)),
      store.transact(async () => void (ranAfter = true)),
    ])
    expect(all).toHaveLength(3)
    for (const error of all)
      expect(error).toMatchObject({ code: 'db.transaction_lost', cause: { code: 'SQLITE_FULL' } })
    expect(ranAfter).toBe(false)
    expect(hooks).toEqual([])
    expect(await personIds(store.read)).toEqual([])
    await store.transact((w) => addPerson(w, 'p3'))
    expect(await personIds(store.read)).toEqual(['p3'])
    expect(store.stats()).toMatchObject({ commits: 1, transactions: 1 })
  })

  it('does not let a body that swallowed the full disk write on, outside any transaction', async () => {
    const { file } = await openWith()
    const store = openSqlite({ file, maxPageCount: pagesOf(file) + 20 })
    opened.push(() => store.close())
    let second: unknown
    let third: unknown
    const [first] = await outcomes([
      store.transact(async (w) => {
        await addPerson(w, 'p1', big).catch(() => {})
        // Both roads to the connection, built and prepared.
        second = await addPerson(w, 'p2').catch((error: Error) => error)
        third = await addPersonPrepared(w, { id: 'p3', email: 'p3', createdAt: NOON }).catch((error: unknown) => error)
        return 'unaware'
      }),
    ])
    expect(first).toMatchObject({ code: 'db.transaction_lost' })
    expect(second).toMatchObject({ code: 'db.revoked' })
    expect(third).toMatchObject({ code: 'db.revoked' })
    expect(await personIds(store.read)).toEqual([])
  })

  it('lets a failing COMMIT override every caller’s result', async () => {
    // A deferred key is checked at COMMIT only; the product’s tables have none, which is why this one is made here.
    const { store } = await openWith(`
      CREATE TABLE fx_deferred (person_id text REFERENCES fx_people (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TRIGGER fx_fail AFTER INSERT ON fx_people WHEN new.id = 'poison' BEGIN INSERT INTO fx_deferred VALUES ('nobody'); END;`)
    const hooks: string[] = []
    const boom = new Error('boom')
    const all = await outcomes([
      store.transact(async (w) => {
        w.afterCommit(() => void hooks.push('p1'))
        await addPerson(w, 'p1')
      }),
      store.transact(async () => Promise.reject(boom)),
      store.transact((w) => addPerson(w, 'poison')),
      store.transact(async () => 'only read'),
    ])
    for (const error of all)
      expect(error).toMatchObject({ code: 'db.commit_failed', cause: { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' } })
    expect(hooks).toEqual([])
    expect(await personIds(store.read)).toEqual([])
    await store.transact((w) => addPerson(w, 'p2'))
    expect(await personIds(store.read)).toEqual(['p2'])
  })

  it('rejects the batch when a trigger ends the transaction', async () => {
    const { store } = await openWith(`
      CREATE TRIGGER fx_end BEFORE INSERT ON fx_people WHEN new.id = 'end' BEGIN SELECT RAISE(ROLLBACK, 'ended'); END;`)
    const all = await outcomes([
      store.transact((w) => addPerson(w, 'p1')),
      store.transact((w) => addPerson(w, 'end')),
      store.transact((w) => addPerson(w, 'p2')),
    ])
    for (const error of all) expect(error).toMatchObject({ code: 'db.transaction_lost' })
    expect(await personIds(store.read)).toEqual([])
  })

  it('undoes a failed statement’s body but keeps the batch when SQLite keeps the transaction', async () => {
    const { store } = await openWith(
      `CREATE TRIGGER fx_no BEFORE INSERT ON fx_people WHEN new.id = 'no' BEGIN SELECT RAISE(FAIL, 'no'); END;`,
    )
    const [first, second] = await outcomes([
      store.transact((w) => addPerson(w, 'p1')),
      store.transact((w) => addPerson(w, 'no')),
    ])
    expect(first).toBe('ok')
    expect(second).toMatchObject({ message: 'no' })
    expect(await personIds(store.read)).toEqual(['p1'])
  })

  it('says what is wrong with a file it cannot open', async () => {
    const missing = join(testFolder(), 'missing.db')
    expect(() => openSqlite({ file: missing })).toThrow(expect.objectContaining({ code: 'db.unwritable' }))
    expect(existsSync(missing)).toBe(false)
    const garbage = join(testFolder(), 'garbage.db')
    writeFileSync(
      garbage,
      'this is not a database, although it is longer than a header of one hundred bytes would have to be ....',
    )
    expect(() => openSqlite({ file: garbage })).toThrow(expect.objectContaining({ code: 'db.corrupt' }))
  })
})

describe('power loss', () => {
  // Linear congruential: the same cuts on every run, so a failure can be looked at again.
  const random = (seed: number) => () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32

  it('recovers a whole prefix of the commits from any cut of the log, and all of them from the whole log', async () => {
    const { store, file } = await openWith()
    const next = random(7)
    const copies: Array<{ copy: string; acknowledged: number }> = []
    let written = 0
    for (let round = 0; round < 40; round++) {
      const callers = 1 + Math.floor(next() * 6)
      await Promise.all(
        Array.from({ length: callers }, () => {
          const id = `r${String(written++).padStart(5, '0')}`
          return store.transact((w) =>
            putRun(w, {
              id,
              size: null,
              passed: null,
              form: { items: ['x'.repeat(Math.floor(next() * 6000))] },
              endedAt: null,
            }),
          )
        }),
      )
      if (next() < 0.4) {
        const copy = join(testFolder(), `cut-${round}.db`)
        copyFileSync(file, copy)
        copyFileSync(`${file}-wal`, `${copy}-wal`)
        copies.push({ copy, acknowledged: written })
      }
    }
    expect(copies.length).toBeGreaterThan(5)
    const recover = (copy: string): string[] => {
      const raw = new BetterSqlite3(copy)
      expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
      const ids = raw.prepare('SELECT id FROM fx_runs ORDER BY id').pluck().all() as string[]
      raw.close()
      return ids
    }
    const expected = (n: number) => Array.from({ length: n }, (_, i) => `r${String(i).padStart(5, '0')}`)
    let partial = 0
    for (const { copy, acknowledged } of copies) {
      const log = readFileSync(`${copy}-wal`)
      const db = readFileSync(copy)
      expect(recover(copy)).toEqual(expected(acknowledged))
      for (let cut = 0; cut < 6; cut++) {
        writeFileSync(copy, db)
        writeFileSync(`${copy}-wal`, log)
        truncateSync(`${copy}-wal`, Math.floor(next() * log.length))
        const ids = recover(copy)
        expect(ids).toEqual(expected(ids.length))
        if (ids.length < acknowledged) partial++
      }
    }
    expect(partial).toBeGreaterThan(0)
    expect(statSync(file).size).toBeGreaterThan(0)
  })
})
