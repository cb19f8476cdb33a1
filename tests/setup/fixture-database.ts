// Databases of released schemas, loaded from tests/fixtures/databases on either engine, and what they look like from
// outside.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { migratePglite, migrateSqlite, type MigrationReport } from '#db/migrate.server.ts'
import { openPglite } from '#db/postgres.server.ts'
import { openSqlite } from '#db/sqlite.server.ts'
import type { Store } from '#db/store.server.ts'
import type { Told } from '#tests/fixtures/databases/world.ts'
import { emptyPglite } from './empty-pglite.ts'
import { testFolder } from './test-store.ts'

export const ENGINES = ['sqlite', 'pg'] as const
export type Engine = (typeof ENGINES)[number]
type Row = Record<string, unknown>

export const DATABASES = resolve(import.meta.dirname, '../fixtures/databases')
export const MIGRATIONS = resolve(import.meta.dirname, '../../db/migrations')

/** Names of the migrations of today, in order. */
export const migrationTags = (engine: Engine): string[] =>
  (
    JSON.parse(readFileSync(join(MIGRATIONS, engine, 'meta/_journal.json'), 'utf8')) as { entries: { tag: string }[] }
  ).entries.map(({ tag }) => tag)

export type Database = {
  migrate(folder?: string): Promise<MigrationReport>
  exec(sql: string): Promise<void>
  rows(sql: string): Promise<Row[]>
  /** Tables, columns, keys and indexes, so that two databases can be compared. */
  schema(): Promise<unknown>
  /** Table → number of its rows. */
  counts(): Promise<Record<string, number>>
  /** All that is in it. */
  contents(): Promise<unknown>
  /** The database is left to the store, which closes it. */
  open(): Promise<Store>
  close(): Promise<void>
}

export const fixtureSql = (engine: Engine, name: string): string =>
  readFileSync(join(DATABASES, engine, `${name}.sql`), 'utf8')
export const toldBy = (engine: Engine, name: string): Told =>
  JSON.parse(readFileSync(join(DATABASES, engine, `${name}.json`), 'utf8')) as Told
export const migrationTable = { sqlite: '__drizzle_migrations', pg: 'drizzle.__drizzle_migrations' } as const

let files = 0

/** An empty database of its own. */
export const emptyDatabase = (engine: Engine): Promise<Database> => (engine === 'sqlite' ? emptySqlite() : emptyPg())

async function emptySqlite(): Promise<Database> {
  const file = join(testFolder(), `fixture-${(files += 1)}.db`)
  const use = <T>(work: (client: BetterSqlite3.Database) => T): T => {
    const client = new BetterSqlite3(file)
    try {
      return work(client)
    } finally {
      client.close()
    }
  }
  const rows = async (sql: string) => use((client) => client.prepare(sql).all() as Row[])
  const tables = async () =>
    (
      await rows(
        `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
      )
    ).map(({ name }) => String(name))
  return {
    ...(await inspect(rows, tables)),
    migrate: async (folder) => migrateSqlite(file, folder),
    exec: async (sql) => use((client) => void client.exec(sql)),
    rows,
    // A table that was made under another name is quoted in another way.
    schema: async () =>
      (await rows(`SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name`)).map((row) => ({
        ...row,
        sql: String(row['sql']).replaceAll(/[\s"\u0060]/g, ''),
      })),
    open: async () => openSqlite({ file }),
    close: async () => {},
  }
}

async function emptyPg(): Promise<Database> {
  const client = await emptyPglite()
  const rows = async (sql: string) => (await client.query<Row>(sql)).rows
  const tables = async () =>
    (
      await rows(
        `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables WHERE table_schema IN ('public', 'drizzle') ORDER BY 1`,
      )
    ).map(({ name }) => String(name))
  return {
    ...(await inspect(rows, tables)),
    migrate: (folder) => migratePglite(client, folder),
    exec: async (sql) => void (await client.exec(sql)),
    rows,
    schema: async () => ({
      // By name: nothing reads columns by their place, and an added one stands last.
      columns: await rows(
        `SELECT table_schema, table_name, column_name, data_type, datetime_precision, collation_name, is_nullable, column_default FROM information_schema.columns
         WHERE table_schema IN ('public', 'drizzle') ORDER BY table_schema, table_name, column_name`,
      ),
      constraints: await rows(
        `SELECT conrelid::regclass::text AS on_table, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
         WHERE connamespace::regnamespace::text IN ('public', 'drizzle') ORDER BY 1, 2`,
      ),
      indexes: await rows(
        `SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname IN ('public', 'drizzle') ORDER BY 1, 2`,
      ),
    }),
    open: () => openPglite({ client }),
    close: async () => {
      if (!client.closed) await client.close()
    },
  }
}

async function inspect(
  rows: (sql: string) => Promise<Row[]>,
  tables: () => Promise<string[]>,
): Promise<Pick<Database, 'counts' | 'contents'>> {
  return {
    async counts() {
      const counted: Record<string, number> = {}
      for (const table of await tables())
        counted[table.replace('public.', '')] = Number((await rows(`SELECT count(*) AS n FROM ${table}`))[0]?.['n'])
      return counted
    },
    async contents() {
      const all: Record<string, unknown> = {}
      for (const table of await tables())
        all[table] = (await rows(`SELECT * FROM ${table}`)).map((row) => JSON.stringify(row)).sort()
      return all
    },
  }
}

/** A database as the version of that name left it. */
export async function fixtureDatabase(engine: Engine, name: string): Promise<Database> {
  const database = await emptyDatabase(engine)
  await database.exec(fixtureSql(engine, name))
  return database
}
