// Stores for tests: real databases, migrated once per process and copied for each test.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { migratePglite, migrateSqlite } from '#db/migrate.server.ts'
import { openPglite } from '#db/postgres.server.ts'
import { openSqlite, type SqliteOptions } from '#db/sqlite.server.ts'
import type { Store, StoreOptions } from '#db/store.server.ts'
import { emptyPglite } from './empty-pglite.ts'

export type TestStore = { store: Store; cleanup(): Promise<void> }
export type SqliteTestStore = TestStore & { file: string }

let folder: string | undefined
let copies = 0

/** A folder that lives as long as this process. */
export function testFolder(): string {
  if (!folder) {
    const made = (folder = mkdtempSync(join(tmpdir(), 'poise-test-')))
    process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  }
  return folder
}

/** A migrated, empty SQLite file that no one else uses. */
export function sqliteTestFile(): string {
  const template = join(testFolder(), 'template.db')
  if (!existsSync(template)) migrateSqlite(template)
  const file = join(testFolder(), `${++copies}.db`)
  copyFileSync(template, file)
  return file
}

/** A store on an SQLite file of its own. `cleanup` closes it and removes the file. */
export async function sqliteTestStore(options: Partial<SqliteOptions> = {}): Promise<SqliteTestStore> {
  const file = options.file ?? sqliteTestFile()
  const store = openSqlite({ ...options, file })
  return {
    store,
    file,
    async cleanup() {
      await store.close()
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
    },
  }
}

let pgTemplate: Promise<Blob> | undefined

/** A migrated PGlite in memory. The migrations run once per process; later calls load a dump of the result. */
export async function pgliteTestClient(): Promise<PGlite> {
  pgTemplate ??= (async () => {
    const first = await emptyPglite()
    await migratePglite(first)
    const dump = await first.dumpDataDir('none')
    await first.close()
    return dump
  })()
  return PGlite.create({ loadDataDir: await pgTemplate })
}

/** A store on PostgreSQL in this process; one connection, so it proves nothing about races. */
export async function pgliteTestStore(options: StoreOptions = {}): Promise<TestStore> {
  const store = await openPglite({ ...options, client: await pgliteTestClient() })
  return { store, cleanup: () => store.close() }
}

type Kept = { session: { client: { client: { pragma(text: string, options: { simple: true }): number } } } }
/**
 * The limit of a file's size is its connection's own, so it is set on the one that writes: to what the file has now,
 * without its free pages, or to none.
 */
export async function limitPages(store: Store, to: 'now' | 'none'): Promise<void> {
  const { client } = await store.transact(async (w) => (w.q.select() as unknown as Kept).session.client)
  const pages = to === 'now' ? client.pragma('page_count', { simple: true }) : 1_073_741_823
  client.pragma(`max_page_count = ${pages}`, { simple: true })
}
