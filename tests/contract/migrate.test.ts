// Both sets of migrations build the tables from nothing, and a damaged or foreign file is called by its name.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import BetterSqlite3 from 'better-sqlite3'
import { getTableColumns, getTableName, type Column, type Table } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { pgKit, sqliteKit } from '#db/kit.server.ts'
import { migratePglite, migrateSqlite } from '#db/migrate.server.ts'
import { defineTables } from '#db/tables.server.ts'
import { sqliteTestFile, testFolder } from '#tests/setup/test-store.ts'

const shape = (tables: Record<string, Table>) =>
  Object.values(tables)
    .map(
      (table) =>
        [
          getTableName(table),
          Object.values(getTableColumns(table) as Record<string, Column>).map(({ name }) => name),
        ] as const,
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))

let folders = 0
/** A folder of migrations made for one test: each entry is a file of statements. */
function migrations(...files: string[]): string {
  const folder = join(testFolder(), `migrations-${++folders}`)
  mkdirSync(join(folder, 'meta'), { recursive: true })
  const entries = files.map((_, i) => ({
    idx: i,
    version: '6',
    when: 1000 + i,
    tag: `000${i}_test`,
    breakpoints: true,
  }))
  writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify({ version: '7', dialect: 'sqlite', entries }))
  files.forEach((text, i) => writeFileSync(join(folder, `000${i}_test.sql`), text))
  return folder
}
const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error

describe('migrations on SQLite', () => {
  it('build every table and column from nothing, in a folder that is not there yet, once', () => {
    const file = join(testFolder(), 'new/deep/poise.db')
    const first = migrateSqlite(file)
    expect(first.applied).toBe(first.total)
    expect(first.total).toBeGreaterThan(0)
    expect(migrateSqlite(file)).toEqual({ applied: 0, total: first.total })
    const raw = new BetterSqlite3(file)
    const found = (
      raw
        .prepare(
          `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY name`,
        )
        .pluck()
        .all() as string[]
    ).map(
      (name) =>
        [name, (raw.pragma(`table_info(${name})`) as Array<{ name: string }>).map((column) => column.name)] as const,
    )
    raw.close()
    expect(found.map(([name, columns]) => [name, [...columns].sort()])).toEqual(
      shape(defineTables(sqliteKit)).map(([name, columns]) => [name, [...columns].sort()]),
    )
  })

  it('keep child rows when a parent table is rebuilt, although the key cascades', () => {
    const file = join(testFolder(), 'cascade.db')
    const before = `CREATE TABLE parent (id text PRIMARY KEY);--> statement-breakpoint
      CREATE TABLE child (id text PRIMARY KEY, parent_id text REFERENCES parent (id) ON DELETE CASCADE);--> statement-breakpoint
      INSERT INTO parent VALUES ('p');--> statement-breakpoint
      INSERT INTO child VALUES ('c', 'p');`
    const rebuild = `PRAGMA foreign_keys=OFF;--> statement-breakpoint
      CREATE TABLE __new_parent (id text PRIMARY KEY, extra text);--> statement-breakpoint
      INSERT INTO __new_parent (id) SELECT id FROM parent;--> statement-breakpoint
      DROP TABLE parent;--> statement-breakpoint
      ALTER TABLE __new_parent RENAME TO parent;--> statement-breakpoint
      PRAGMA foreign_keys=ON;`
    expect(migrateSqlite(file, migrations(before))).toEqual({ applied: 1, total: 1 })
    expect(migrateSqlite(file, migrations(before, rebuild))).toEqual({ applied: 1, total: 2 })
    const raw = new BetterSqlite3(file)
    expect(raw.prepare('SELECT id FROM child').pluck().all()).toEqual(['c'])
    raw.close()
  })

  it('leave the file as it was when one of them fails', () => {
    const file = join(testFolder(), 'half.db')
    const good = 'CREATE TABLE one (id text);'
    migrateSqlite(file, migrations(good))
    expect(() =>
      migrateSqlite(
        file,
        migrations(good, 'CREATE TABLE two (id text);--> statement-breakpoint\nCREATE TABLE one (id text);'),
      ),
    ).toThrow(/already exists/)
    expect(() =>
      migrateSqlite(
        file,
        migrations(
          good,
          'CREATE TABLE child (id text REFERENCES one (id));--> statement-breakpoint\nINSERT INTO child VALUES (1);',
        ),
      ),
    ).toThrow()
    const raw = new BetterSqlite3(file)
    expect(
      raw
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'")
        .pluck()
        .all(),
    ).toEqual(['one'])
    raw.close()
  })

  it('refuse a database of a later version', () => {
    const file = join(testFolder(), 'newer.db')
    migrateSqlite(file, migrations('CREATE TABLE one (id text);', 'CREATE TABLE two (id text);'))
    expect(() => migrateSqlite(file, migrations('CREATE TABLE one (id text);'))).toThrow(code('db.newer'))
  })

  it('name a file that is damaged, is no database, or cannot be written', () => {
    const garbage = join(testFolder(), 'no-database.db')
    writeFileSync(garbage, 'x'.repeat(5000))
    expect(() => migrateSqlite(garbage)).toThrow(code('db.corrupt'))
    const cut = join(testFolder(), 'cut.db')
    copyFileSync(sqliteTestFile(), cut)
    truncateSync(cut, 6000)
    expect(() => migrateSqlite(cut)).toThrow(code('db.corrupt'))
    const folder = join(testFolder(), 'a-folder.db')
    mkdirSync(folder)
    expect(() => migrateSqlite(folder)).toThrow(code('db.unwritable'))
    const underFile = join(garbage, 'poise.db')
    expect(() => migrateSqlite(underFile)).toThrow(code('db.unwritable'))
  })

  it('say so when another process holds the lock', () => {
    const file = sqliteTestFile()
    const other = new BetterSqlite3(file)
    other.exec('BEGIN IMMEDIATE')
    expect(() => migrateSqlite(file, undefined, { patienceMs: 10 })).toThrow(code('db.busy'))
    other.close()
  })
})

describe('migrations on PostgreSQL', () => {
  it('build every table and column from nothing, once, with text that sorts by code point', async () => {
    const client = new PGlite()
    const first = await migratePglite(client)
    expect(first.applied).toBe(first.total)
    expect(await migratePglite(client)).toEqual({ applied: 0, total: first.total })
    const { rows } = await client.query<{
      table_name: string
      column_name: string
      data_type: string
      collation_name: string | null
    }>(
      `SELECT table_name, column_name, data_type, collation_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name COLLATE "C", column_name COLLATE "C"`,
    )
    const found = new Map<string, string[]>()
    for (const row of rows) found.set(row.table_name, [...(found.get(row.table_name) ?? []), row.column_name])
    expect([...found]).toEqual(shape(defineTables(pgKit)).map(([name, columns]) => [name, [...columns].sort()]))
    expect(rows.filter((row) => row.data_type === 'text' && row.collation_name !== 'C')).toEqual([])
    await client.close()
  })
})

describe('both sets of migrations', () => {
  it('match the tables as they are written now', () => {
    const root = resolve(import.meta.dirname, '../..')
    const run = spawnSync(process.execPath, ['scripts/db-generate.mjs', '--check'], { cwd: root, encoding: 'utf8' })
    expect(run.stderr).toBe('')
    expect(run.status).toBe(0)
  })
})
