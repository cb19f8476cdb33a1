// A disk without room and a device that fails: what the store says, what it keeps, and that it goes on by itself once
// there is room. Really full where a small disk can be mounted; and in any case by the limit that SQLite keeps for a
// file.
import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync, readlinkSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { driverCode } from '#db/dialect/errors.server.ts'
import { migrateSqlite } from '#db/migrate.server.ts'
import { writeProbe } from '#db/repositories/settings.server.ts'
import { openSqlite } from '#db/sqlite.server.ts'
import { storeTrouble, type Store, type Writer } from '#db/store.server.ts'
import { smallDisk } from '#tests/setup/small-disk.ts'
import { limitPages, sqliteTestFile } from '#tests/setup/test-store.ts'
import { addPerson, ddl, getRun, personIds } from './fixture-tables.ts'

const undo: Array<() => Promise<void> | void> = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

type Opened = { store: Store; file: string; fatal: unknown[] }
function openOn(file: string): Opened {
  const raw = new BetterSqlite3(file)
  raw.exec(ddl.sqlite)
  raw.close()
  const fatal: unknown[] = []
  const store = openSqlite({ file, onFatal: (error) => fatal.push(error) })
  undo.push(() => store.close())
  return { store, file, fatal }
}
/** On a disk of its own. */
function openOnDisk(megabytes: number) {
  const disk = smallDisk(megabytes)
  if (!disk) return null
  undo.push(() => disk.remove())
  const file = join(disk.folder, 'poise.db')
  migrateSqlite(file)
  return { ...openOn(file), disk }
}
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )
let name = 0
const wide = 'x'.repeat(3_000)
async function add(store: Store, email = wide): Promise<string> {
  const id = `p${String((name += 1)).padStart(6, '0')}`
  await store.transact((w) => addPerson(w, id, id + email))
  return id
}
const probe = (store: Store): Promise<void> => store.transact((w) => writeProbe(w, 0, (name += 1), new Date(0)))

type Small = Opened & { takeAll(): Promise<void>; giveBack(): Promise<void> }
const variants: Array<[string, () => Small]> = [
  [
    'a file that may not grow',
    () => {
      const opened = openOn(sqliteTestFile())
      return {
        ...opened,
        takeAll: () => limitPages(opened.store, 'now'),
        giveBack: () => limitPages(opened.store, 'none'),
      }
    },
  ],
]
const mountable = smallDisk(1)
mountable?.remove()
if (mountable) {
  variants.push([
    'a disk that is really full',
    () => {
      const opened = openOnDisk(4)!
      return { ...opened, takeAll: async () => opened.disk.fill(), giveBack: async () => opened.disk.empty() }
    },
  ])
}

describe.each(variants)('%s', (_name, open) => {
  it('is told as db.full, stops nothing, loses nothing that was acknowledged, and is over when there is room', async () => {
    const { store, fatal, takeAll, giveBack } = open()
    await probe(store)
    const kept = [await add(store), await add(store)]
    await takeAll()
    let refused = 0
    // Free pages inside the file may carry a few more.
    while (refused < 5) {
      const error = await add(store).then(
        (id) => void kept.push(id),
        (thrown: unknown) => thrown,
      )
      if (!error) continue
      expect(storeTrouble(error)).toBe('db.full')
      refused += 1
    }
    expect(store.stats().full).toBe(5)
    // Reading goes on, and so does the judgement that nothing can be saved.
    expect(await personIds(store.read)).toEqual(kept)
    for (let i = 0; i < 20; i += 1) expect(storeTrouble(await failureOf(probe(store)))).toBe('db.full')
    await giveBack()
    kept.push(await add(store))
    await probe(store)
    expect(await personIds(store.read)).toEqual(kept)
    expect(fatal).toEqual([])
    expect(store.stats().fatal).toBeNull()
  })

  it('refuses a batch as one, with nothing of it kept', async () => {
    const { store, takeAll, giveBack } = open()
    const before = await personIds(store.read)
    await takeAll()
    const all = await Promise.all([
      failureOf(add(store, 'x'.repeat(100_000))),
      failureOf(add(store, 'x'.repeat(100_000))),
    ])
    expect(all.map(storeTrouble)).toEqual(['db.full', 'db.full'])
    expect(await personIds(store.read)).toEqual(before)
    await giveBack()
    await Promise.all([add(store), add(store)])
    expect(await personIds(store.read)).toHaveLength(before.length + 2)
  })
})

describe('the probe', () => {
  it('keeps one small row, and brings something new to the disk each time', async () => {
    const { store, file } = openOn(sqliteTestFile())
    await probe(store)
    const pages = () => statSync(`${file}-wal`).size
    const before = pages()
    const commits = store.stats().commits
    for (let i = 0; i < 50; i += 1) await probe(store)
    expect(store.stats().commits).toBe(commits + 50)
    // One page a commit and its header of 24 bytes: SQLite would write none for a row that did not change.
    expect(pages() - before).toBe(50 * (4096 + 24))
    const { q, t } = store.read
    const rows = await q.select().from(t.settings)
    expect(rows.map(({ key }) => key)).toEqual(['health_probe_0'])
    expect(JSON.stringify(rows).length).toBeLessThan(100)
  })
})

if (mountable) {
  describe('the index of the log', () => {
    it('that cannot grow is a full disk, not a broken device', async () => {
      const { store, file, fatal, disk } = openOnDisk(32)!
      // Its first 32 kB hold 4,062 frames of one page each; the next frame asks for 32 kB more.
      const frames = () => Math.floor((statSync(`${file}-wal`).size - 32) / (4096 + 24))
      let acknowledged = 0
      const padded = 'x'.repeat(3_900)
      for (; frames() < 4_045; acknowledged += 1) await add(store, padded)
      // Room for the frames up to there, and for less than the 32 kB.
      disk.fill((4_062 - frames()) * (4096 + 24) + 20_000)
      const errors: unknown[] = []
      while (errors.length === 0) {
        await add(store, '').then(
          () => (acknowledged += 1),
          (error: unknown) => errors.push(error),
        )
      }
      expect(driverCode(errors[0])).toBe('SQLITE_IOERR_SHMSIZE')
      expect(storeTrouble(errors[0])).toBe('db.full')
      expect(fatal).toEqual([])
      disk.empty()
      await add(store)
      expect(await personIds(store.read)).toHaveLength(acknowledged + 1)
    })
  })
}

function linkOf(fd: string): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    // That of the listing itself is closed by now.
    return null
  }
}

// A limit on the size of files, set on this process from outside, makes a write fail with another errno than ENOSPC, as
// a quota does.
describe.runIf(process.platform === 'linux')('a write that fails', () => {
  const limitFiles = (bytes: number | 'unlimited'): void =>
    void execFileSync('prlimit', [`--pid=${process.pid}`, `--fsize=${bytes}:unlimited`])
  async function failedWrite(limitBytes: number): Promise<Opened & { error: unknown }> {
    const opened = openOn(sqliteTestFile())
    await add(opened.store)
    limitFiles(limitBytes)
    try {
      let error: unknown = null
      while (!error) error = await failureOf(add(opened.store))
      return { ...opened, error }
    } finally {
      limitFiles('unlimited')
    }
  }

  // Below what is tried, and far above it: then only a file as large as those of the database meets the limit.
  it.each([50_000, 500_000, 3_000_000])(
    'because no file may have more than %i bytes is a full disk',
    async (limitBytes) => {
      const { store, file, fatal, error } = await failedWrite(limitBytes)
      expect(driverCode(error)).toBe('SQLITE_IOERR_WRITE')
      expect(storeTrouble(error)).toBe('db.full')
      expect(fatal).toEqual([])
      expect(existsSync(`${file}-room`)).toBe(false)
      await add(store)
    },
  )

  it('where a file of that size may be written is a device that cannot be trusted', async () => {
    const { store, file, fatal } = openOn(sqliteTestFile())
    await add(store)
    // The log of the connection that writes, exchanged for one that takes no write: EBADF, which is no matter of room.
    for (const fd of readdirSync('/proc/self/fd').filter((name) => linkOf(name) === `${file}-wal`)) {
      closeSync(Number(fd))
      expect(openSync('/dev/null', 'r')).toBe(Number(fd))
    }
    const error = await failureOf(add(store))
    expect(driverCode(error)).toBe('SQLITE_IOERR_WRITE')
    expect(storeTrouble(error)).toBeNull()
    expect(fatal).toHaveLength(1)
    expect(store.stats().fatal).toBe('db.io')
    expect(existsSync(`${file}-room`)).toBe(false)
  })
})

describe('a damaged page', () => {
  function damaged(): Opened {
    const file = sqliteTestFile()
    const raw = new BetterSqlite3(file)
    raw.exec(ddl.sqlite)
    raw.exec("INSERT INTO fx_people VALUES ('p1', 'p1', 0); INSERT INTO fx_runs (id, status) VALUES ('r1', 'open')")
    const roots = raw
      .prepare("SELECT rootpage FROM sqlite_master WHERE tbl_name IN ('fx_people', 'fx_runs')")
      .pluck()
      .all() as number[]
    raw.pragma('wal_checkpoint(TRUNCATE)')
    raw.close()
    const handle = openSync(file, 'r+')
    for (const root of roots) writeSync(handle, Buffer.alloc(4096, 0xff), 0, 4096, (root - 1) * 4096)
    closeSync(handle)
    const fatal: unknown[] = []
    const store = openSqlite({ file, onFatal: (error) => fatal.push(error) })
    undo.push(() => store.close())
    return { store, file, fatal }
  }
  const ways: Array<[string, (store: Store) => Promise<unknown>]> = [
    ['a query', (store) => personIds(store.read)],
    ['a prepared statement', (store) => getRun(store.read, { id: 'r1' })],
    ['a body', (store) => store.transact((w: Writer) => personIds(w))],
    ['a prepared statement in a body', (store) => store.transact((w: Writer) => getRun(w, { id: 'r1' }))],
  ]
  it.each(ways)('met by %s is told once, whatever the transaction does', async (_way, act) => {
    const { store, fatal } = damaged()
    expect(driverCode(await failureOf(act(store)))).toBe('SQLITE_CORRUPT')
    await failureOf(act(store))
    expect(fatal).toHaveLength(1)
    expect(store.stats().fatal).toBe('db.corrupt')
  })
})
