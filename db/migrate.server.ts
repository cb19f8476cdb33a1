// Applies db/migrations to an empty or older database. Our own loop rather than Drizzle's, because Drizzle's leaves
// foreign keys on while SQLite rebuilds a table (which deletes by cascade), takes no lock, and knows neither a newer
// database nor one of somebody else. How to add a migration: db/migrations/README.md.
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PGlite } from '@electric-sql/pglite'
import BetterSqlite3 from 'better-sqlite3'
import pg from 'pg'
import { describeSqliteError, driverCode, StoreError } from './dialect/errors.server.ts'
import { planFor, readLineage, type Found, type Lineage } from './lineage.server.ts'

export type MigrationReport = { applied: number; total: number }

// A lock of our own choosing, so that two servers that start together do not both migrate.
const PG_LOCK_KEY = 7_064_733_101

/** The folder of one engine's migrations: beside this file, or in the project from which build/http was bundled. */
export function migrationsFolder(dialect: 'sqlite' | 'pg'): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const beside = join(here, 'migrations', dialect)
  return existsSync(beside) ? beside : resolve(here, '../../db/migrations', dialect)
}

/**
 * Brings an SQLite file to the present schema and creates it, with its folder, if there is none. Throws a StoreError
 * (`db.corrupt`, `db.unwritable`, `db.full`, `db.newer`, `db.foreign_schema`, `db.busy`) whose message is one sentence
 * for the person who starts the server. A failed migration leaves the file as it was.
 */
export function migrateSqlite(
  file: string,
  folder = migrationsFolder('sqlite'),
  { patienceMs = 10_000 } = {},
): MigrationReport {
  const lineage = readLineage(folder)
  try {
    mkdirSync(dirname(resolve(file)), { recursive: true })
    const client = new BetterSqlite3(file, { timeout: patienceMs })
    try {
      return apply(client)
    } finally {
      client.close()
    }
  } catch (error) {
    throw describeSqliteError(error, file)
  }

  function apply(client: BetterSqlite3.Database): MigrationReport {
    // A file that is not ours is left as it is, also its journal mode.
    planFor(lineage, lookIntoSqlite(client, file))
    client.pragma('journal_mode = WAL')
    client.pragma('synchronous = FULL')
    client.pragma('fullfsync = ON')
    // Inside a transaction this pragma does nothing, so it stands before it.
    client.pragma('foreign_keys = OFF')
    client.exec('BEGIN IMMEDIATE')
    try {
      const found = lookIntoSqlite(client, file)
      const plan = planFor(lineage, found)
      const changes = plan.bridges.length + plan.migrations.length > 0
      if (changes && found.recorded) {
        // Reading the whole file costs time, so only before something is changed for good.
        const verdict = client.pragma('quick_check(1)', { simple: true })
        if (verdict !== 'ok')
          throw new StoreError('db.corrupt', `The database file is damaged: ${file}`, { cause: verdict })
      }
      client.exec(
        'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)',
      )
      // Some other program's doing: with foreign keys off, or with tables of its own.
      const orphansBefore = changes ? (client.pragma('foreign_key_check') as unknown[]).length : 0
      if (orphansBefore > 0)
        throw new StoreError(
          'db.foreign_schema',
          `The database ${file} has ${orphansBefore} rows that refer to rows which another program has removed, so it cannot be brought to the present schema: restore a copy from before that. It is as it was`,
        )
      for (const { sql } of plan.bridges) client.exec(sql)
      if (plan.records)
        client
          .prepare('UPDATE __drizzle_migrations SET hash = ?, created_at = ?')
          .run(plan.records.hash, plan.records.folderMillis)
      const record = client.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)')
      for (const migration of plan.migrations) {
        for (const statement of migration.sql) client.exec(statement)
        record.run(migration.hash, migration.folderMillis)
      }
      if (changes) {
        const orphans = client.pragma('foreign_key_check') as unknown[]
        if (orphans.length > 0) throw new Error(`A migration left ${orphans.length} rows without the row they refer to`)
      }
      client.exec('COMMIT')
      return { applied: plan.bridges.length + plan.migrations.length, total: lineage.migrations.length }
    } catch (error) {
      if (client.inTransaction) client.exec('ROLLBACK')
      if (driverCode(error) !== 'SQLITE_ERROR') throw error
      throw new StoreError(
        'db.foreign_schema',
        `The database ${file} cannot be brought to the present schema, because another program has changed its tables (${(error as Error).message}): restore a copy from before that. It is as it was`,
        { cause: error },
      )
    }
  }
}

/**
 * How many steps lead from an SQLite file to the present schema; the file is left as it is. Throws a StoreError as
 * `migrateSqlite` does.
 */
export function pendingMigrations(file: string, folder = migrationsFolder('sqlite')): number {
  try {
    const client = new BetterSqlite3(file, { readonly: true, fileMustExist: true })
    try {
      const { bridges, migrations } = planFor(readLineage(folder), lookIntoSqlite(client, file))
      return bridges.length + migrations.length
    } finally {
      client.close()
    }
  } catch (error) {
    throw describeSqliteError(error, file)
  }
}

/** A table of that name with other columns is not ours, and counts as one of somebody else. */
function lookIntoSqlite(client: BetterSqlite3.Database, name: string): Found {
  const ours =
    client
      .prepare(
        `SELECT count(*) = 3 FROM pragma_table_info('__drizzle_migrations') WHERE name IN ('id', 'hash', 'created_at')`,
      )
      .pluck()
      .get() === 1
  const recorded = ours
    ? (client.prepare('SELECT hash, created_at AS createdAt FROM __drizzle_migrations ORDER BY id').all() as Array<{
        hash: string
        createdAt: number
      }>)
    : null
  const others = client.prepare(
    `SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND NOT (name = '__drizzle_migrations' AND ?)`,
  )
  return { recorded, otherTables: others.pluck().get(ours ? 1 : 0) as number, name }
}

type Rows = { rows: Array<Record<string, unknown>> }
type PgClient = { query(text: string, values?: unknown[]): Promise<Rows>; exec(text: string): Promise<unknown> }

/** Tables of other schemas do not concern us; what an extension has put beside ours is nobody's data. */
async function lookIntoPg(client: PgClient): Promise<Found> {
  const { rows: columns } = await client.query(
    `SELECT column_name FROM information_schema.columns WHERE table_schema = 'drizzle' AND table_name = '__drizzle_migrations' AND column_name IN ('id', 'hash', 'created_at')`,
  )
  const ours = columns.length === 3
  const recorded = ours
    ? (await client.query('SELECT hash, created_at::text AS at FROM drizzle.__drizzle_migrations ORDER BY id')).rows
    : null
  const { rows } = await client.query(
    `SELECT current_database() AS name, (
       SELECT count(*)::int FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE (n.nspname = current_schema() OR (n.nspname = 'drizzle' AND c.relname = '__drizzle_migrations' AND NOT $1::boolean)) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
         AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
     ) AS others`,
    [ours],
  )
  return {
    recorded: recorded && recorded.map((row) => ({ hash: String(row['hash']), createdAt: Number(row['at']) })),
    otherTables: Number(rows[0]?.['others']),
    name: String(rows[0]?.['name']),
  }
}

async function applyPg(client: PgClient, lineage: Lineage): Promise<MigrationReport> {
  await client.exec('BEGIN')
  try {
    try {
      await client.exec('SAVEPOINT lock')
      await client.query('SELECT pg_advisory_xact_lock($1)', [PG_LOCK_KEY])
    } catch (error) {
      // Some relatives of PostgreSQL have no advisory locks; there, one server migrates before the others start.
      if (!['0A000', '42883'].includes(driverCode(error))) throw error
      await client.exec('ROLLBACK TO SAVEPOINT lock')
    }
    const plan = planFor(lineage, await lookIntoPg(client))
    await client.exec('CREATE SCHEMA IF NOT EXISTS drizzle')
    await client.exec(
      'CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)',
    )
    for (const { sql } of plan.bridges) await client.exec(sql)
    if (plan.records)
      await client.query('UPDATE drizzle.__drizzle_migrations SET hash = $1, created_at = $2', [
        plan.records.hash,
        plan.records.folderMillis,
      ])
    for (const migration of plan.migrations) {
      for (const statement of migration.sql) await client.exec(statement)
      await client.query('INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)', [
        migration.hash,
        migration.folderMillis,
      ])
    }
    await client.exec('COMMIT')
    return { applied: plan.bridges.length + plan.migrations.length, total: lineage.migrations.length }
  } catch (error) {
    await client.exec('ROLLBACK').catch(() => {}) // the first error is the one to hear
    throw error
  }
}

/** Brings a PostgreSQL database to the present schema, under a lock. */
export async function migratePostgres(url: string, folder = migrationsFolder('pg')): Promise<MigrationReport> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
  } catch (error) {
    throw new StoreError(
      'db.unreachable',
      'The PostgreSQL server cannot be reached: check DATABASE_URL, the network, and that it runs',
      { cause: error },
    )
  }
  try {
    return await applyPg(
      { query: (text, values) => client.query(text, values), exec: (text) => client.query(text) },
      readLineage(folder),
    )
  } finally {
    await client.end()
  }
}

/** The same for PGlite, in tests. */
export function migratePglite(client: PGlite, folder = migrationsFolder('pg')): Promise<MigrationReport> {
  return applyPg(
    { query: (text, values) => client.query(text, values), exec: (text) => client.exec(text) },
    readLineage(folder),
  )
}

/** Brings whichever database the configuration names to the present schema. */
export async function migrateStore(target: { file: string } | { url: string }): Promise<MigrationReport> {
  return 'url' in target ? migratePostgres(target.url) : migrateSqlite(target.file)
}
