// The files of an open database are taken away from under it: it is noticed, nothing more is accepted, and what was
// acknowledged is not lost where a file is left that could hold it.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { openSqlite } from '#db/sqlite.server.ts'
import type { Store } from '#db/store.server.ts'
import { sqliteTestFile } from '#tests/setup/test-store.ts'
import { addPerson, ddl, personIds } from './fixture-tables.ts'

const undo: Array<() => Promise<void>> = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

type Opened = { store: Store; file: string; fatal: unknown[] }
async function open(): Promise<Opened> {
  const file = sqliteTestFile()
  const raw = new BetterSqlite3(file)
  raw.exec(ddl.sqlite)
  raw.close()
  const fatal: unknown[] = []
  const store = openSqlite({ file, onFatal: (error) => fatal.push(error) })
  undo.push(() => store.close())
  await store.transact((w) => addPerson(w, 'p1'))
  return { store, file, fatal }
}
function idsIn(file: string): unknown[] {
  const raw = new BetterSqlite3(file, { fileMustExist: true })
  try {
    return raw.prepare('SELECT id FROM fx_people ORDER BY id').pluck().all()
  } finally {
    raw.close()
  }
}

const losses: Array<[string, string, (file: string) => void]> = [
  ['the database is deleted', '', (file) => rmSync(file)],
  ['the database is moved away', '', (file) => renameSync(file, `${file}.old`)],
  [
    'another file is put in the place of the database',
    '',
    (file) => {
      copyFileSync(file, `${file}.copy`)
      renameSync(`${file}.copy`, file)
    },
  ],
  ['the log is deleted', '-wal', (file) => rmSync(`${file}-wal`)],
  [
    'another file is put in the place of the log',
    '-wal',
    (file) => {
      copyFileSync(`${file}-wal`, `${file}.copy`)
      renameSync(`${file}.copy`, `${file}-wal`)
    },
  ],
  ['the index of the log is deleted', '-shm', (file) => rmSync(`${file}-shm`)],
]

describe('when', () => {
  it.each(losses)('%s, it is told once, and nothing more is accepted', async (_what, part, lose) => {
    const { store, file, fatal } = await open()
    store.verifyPlace()
    expect(fatal).toEqual([])
    lose(file)
    store.verifyPlace()
    store.verifyPlace()
    expect(fatal).toEqual([
      expect.objectContaining({
        code: 'db.lost',
        message: expect.stringContaining(`The file ${file}${part} was deleted, moved or replaced`) as string,
      }),
    ])
    expect(store.stats().fatal).toBe('db.lost')
    await expect(store.transact((w) => addPerson(w, 'p2'))).rejects.toMatchObject({ code: 'db.lost' })
    // Who reads may go on until the server has stopped.
    expect(await personIds(store.read)).toEqual(['p1'])
  })

  it('a file was moved away, it holds all that was acknowledged, also after the move', async () => {
    const { store, file } = await open()
    renameSync(file, `${file}.old`)
    await store.transact((w) => addPerson(w, 'p2'))
    store.verifyPlace()
    await store.close()
    expect(idsIn(`${file}.old`)).toEqual(['p1', 'p2'])
  })

  it('another database lies in its place, no log is left that would be replayed over that one', async () => {
    const { store, file } = await open()
    const other = `${file}.other`
    copyFileSync(sqliteTestFile(), other)
    const raw = new BetterSqlite3(other)
    raw.exec(`${ddl.sqlite}; INSERT INTO fx_people VALUES ('other', 'other', 0)`)
    raw.close()
    renameSync(other, file)
    await store.transact((w) => addPerson(w, 'p2'))
    store.verifyPlace()
    await store.close()
    expect(statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0)
    expect(idsIn(file)).toEqual(['other'])
  })

  it('the log was deleted, the stop brings into the database what was written to it', async () => {
    const { store, file } = await open()
    rmSync(`${file}-wal`)
    await store.transact((w) => addPerson(w, 'p2'))
    store.verifyPlace()
    await store.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
    expect(idsIn(file)).toEqual(['p1', 'p2'])
  })
})

describe('when something else is copied over the contents of the database', () => {
  /**
   * A whole database in a file of its own, as `backup` makes it (journal mode 1) or as it lies in a data folder (2),
   * with `rows` people.
   */
  function another(journalMode: 1 | 2, rows = 1): string {
    const path = sqliteTestFile()
    const raw = new BetterSqlite3(path)
    raw.exec(ddl.sqlite)
    for (let i = 0; i < rows; i += 1)
      raw.prepare('INSERT INTO fx_people VALUES (?, ?, 0)').run(`other-${i}`, `${'x'.repeat(100)}-${i}`)
    raw.pragma(`journal_mode = ${journalMode === 1 ? 'DELETE' : 'WAL'}`)
    raw.close()
    expect(readFileSync(path)[18]).toBe(journalMode)
    return path
  }
  /** Grown to more pages than `another` has, and all of it in the file. */
  async function grown(): Promise<Opened> {
    const opened = await open()
    for (let i = 0; i < 200; i += 1) await opened.store.transact((w) => addPerson(w, `${'long'.repeat(50)}-${i}`))
    const raw = new BetterSqlite3(opened.file)
    raw.pragma('wal_checkpoint(TRUNCATE)')
    raw.close()
    opened.store.verifyPlace()
    await opened.store.transact((w) => addPerson(w, 'p2'))
    return opened
  }
  const copies: Array<[string, () => Promise<Opened>, (file: string) => void]> = [
    ['a copy made by backup', open, (file) => copyFileSync(another(1, 500), file)],
    ['a smaller database that keeps a log', grown, (file) => copyFileSync(another(2), file)],
    ['a text', open, (file) => writeFileSync(file, 'no database'.repeat(100_000))],
    ['nothing', open, (file) => truncateSync(file)],
    ['the first part of it', grown, (file) => truncateSync(file, 8_192)],
  ]
  it.each(copies)(
    '%s, it is told once, the copy is left as it is, and so is the log',
    async (_what, begin, replace) => {
      const { store, file, fatal } = await begin()
      replace(file)
      const copy = readFileSync(file)
      const log = readFileSync(`${file}-wal`)
      expect(log.length).toBeGreaterThan(0)
      store.verifyPlace()
      store.verifyPlace()
      expect(fatal).toEqual([
        expect.objectContaining({
          code: 'db.lost',
          message: expect.stringContaining(
            `The contents of the file ${file} were replaced while Poise was running.`,
          ) as string,
        }),
      ])
      await expect(store.transact((w) => addPerson(w, 'p3'))).rejects.toMatchObject({ code: 'db.lost' })
      await store.close()
      expect(readFileSync(file).equals(copy)).toBe(true)
      expect(readFileSync(`${file}-wal`).equals(log)).toBe(true)
    },
  )

  it('and nobody has looked before the stop, the stop does', async () => {
    const { store, file, fatal } = await open()
    copyFileSync(another(1), file)
    const copy = readFileSync(file)
    await store.close()
    expect(fatal).toEqual([expect.objectContaining({ code: 'db.lost' })])
    expect(readFileSync(file).equals(copy)).toBe(true)
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0)
  })
})

describe('watching the files takes no lock of SQLite away', () => {
  /** What another process gets that wants the database for itself alone, as a restore does. */
  function othersTry(file: string): string {
    const script = `const db = new (require('better-sqlite3'))(process.argv[1], { timeout: 0 })
      try { db.pragma('locking_mode = EXCLUSIVE'); db.exec('BEGIN EXCLUSIVE'); console.log('alone') } catch (error) { console.log(error.code) }`
    return spawnSync(process.execPath, ['-e', script, file], { encoding: 'utf8' }).stdout.trim()
  }

  it('also when one of two stores on a file is closed', async () => {
    const { store, file } = await open()
    const second = openSqlite({ file })
    second.verifyPlace()
    await second.close()
    store.verifyPlace()
    expect(othersTry(file)).toBe('SQLITE_BUSY')
    await store.close()
    expect(othersTry(file)).toBe('alone')
  })
})

describe('nothing is lost, and nothing is said, when', () => {
  it('the database grows, in the log and in the file', async () => {
    const { store, fatal, file } = await open()
    for (let i = 0; i < 300; i += 1) {
      await store.transact((w) => addPerson(w, `${'long'.repeat(50)}-${i}`))
      store.verifyPlace()
      if (i % 50 !== 0) continue
      const raw = new BetterSqlite3(file)
      raw.pragma('wal_checkpoint(PASSIVE)')
      raw.close()
      store.verifyPlace()
    }
    expect(fatal).toEqual([])
  })

  it('the log is carried over and cut, and another process opens and closes the database', async () => {
    const { store, file, fatal } = await open()
    const other = new BetterSqlite3(file)
    other.pragma('wal_checkpoint(TRUNCATE)')
    other.close()
    await store.transact((w) => addPerson(w, 'p2'))
    store.verifyPlace()
    expect(fatal).toEqual([])
  })

  it('the file is given back under its name, beside another one', async () => {
    const { store, file, fatal } = await open()
    renameSync(file, `${file}.old`)
    renameSync(`${file}.old`, file)
    writeFileSync(`${file}.other`, 'x')
    store.verifyPlace()
    expect(fatal).toEqual([])
    await store.transact((w) => addPerson(w, 'p2'))
  })

  it('the store has been closed, which takes the log away', async () => {
    const { store, fatal } = await open()
    await store.close()
    store.verifyPlace()
    expect(fatal).toEqual([])
  })
})
