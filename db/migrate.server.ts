// Applies db/migrations to an empty or older database. Our own loop rather than Drizzle's, because Drizzle's leaves
// foreign keys on while SQLite rebuilds a table (which deletes by cascade), takes no lock, and knows no newer database.
import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PGlite } from '@electric-sql/pglite'
import BetterSqlite3 from 'better-sqlite3'
import { readMigrationFiles, type MigrationMeta } from 'drizzle-orm/migrator'
import pg from 'pg'
import { describeSqliteError, driverCode, StoreError } from './dialect/errors.server.ts'

export type MigrationReport = { applied: number; total: number }

// A lock of our own choosing, so that two servers that start together do not both migrate.
const PG_LOCK_KEY = 7_064_733_101

/** The folder of one engine's migrations: beside this file, or in the project from which build/http was bundled. */
export function migrationsFolder(dialect: 'sqlite' | 'pg'): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const beside = join(here, 'migrations', dialect)
  return existsSync(beside) ? beside : resolve(here, '../../db/migrations', dialect)
}

function pending(all: MigrationMeta[], lastApplied: number | undefined): MigrationMeta[] {
  const newest = all.at(-1)?.folderMillis ?? 0
  if (lastApplied !== undefined && lastApplied > newest)
    throw new StoreError('db.newer', 'The database was written by a later version of Poise; start that version, or restore an older backup')
  return all.filter(({ folderMillis }) => lastApplied === undefined || folderMillis > lastApplied)
}

/**
 * Brings an SQLite file to the present schema and creates it, with its folder, if there is none. Throws a StoreError
 * (`db.corrupt`, `db.unwritable`, `db.full`, `db.newer`, `db.busy`) whose message is one sentence for the person who
 * starts the server. A failed migration leaves the file as it was.
 */
export function migrateSqlite(file: string, folder = migrationsFolder('sqlite'), { patienceMs = 10_000 } = {}): MigrationReport {
  const all = readMigrationFiles({ migrationsFolder: folder })
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
    client.pragma('journal_mode = WAL')
    client.pragma('synchronous = FULL')
    client.pragma('fullfsync = ON')
    // Inside a transaction this pragma does nothing, so it stands before it.
    client.pragma('foreign_keys = OFF')
    client.exec('BEGIN IMMEDIATE')
    try {
      client.exec('CREATE TABLE IF NOT EXISTS __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric)')
      const last = client.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get() as number | null
      const todo = pending(all, last ?? undefined)
      if (todo.length > 0 && last !== null) {
        // Reading the whole file costs time, so only before something is changed for good.
        const verdict = client.pragma('quick_check(1)', { simple: true })
        if (verdict !== 'ok') throw new StoreError('db.corrupt', `The database file is damaged: ${file}`, { cause: verdict })
      }
      const record = client.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)')
      for (const migration of todo) {
        for (const statement of migration.sql) client.exec(statement)
        record.run(migration.hash, migration.folderMillis)
      }
      if (todo.length > 0) {
        const orphans = client.pragma('foreign_key_check') as unknown[]
        if (orphans.length > 0) throw new Error(`A migration left ${orphans.length} rows without the row they refer to`)
      }
      client.exec('COMMIT')
      return { applied: todo.length, total: all.length }
    } catch (error) {
      if (client.inTransaction) client.exec('ROLLBACK')
      throw error
    }
  }
}

type Rows = { rows: Array<Record<string, unknown>> }
type PgClient = { query(text: string, values?: unknown[]): Promise<Rows>; exec(text: string): Promise<unknown> }

async function applyPg(client: PgClient, all: MigrationMeta[]): Promise<MigrationReport> {
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
    await client.exec('CREATE SCHEMA IF NOT EXISTS drizzle')
    await client.exec('CREATE TABLE IF NOT EXISTS drizzle.__drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)')
    const { rows } = await client.query('SELECT max(created_at)::text AS last FROM drizzle.__drizzle_migrations')
    const last = rows[0]?.['last']
    const todo = pending(all, typeof last === 'string' ? Number(last) : undefined)
    for (const migration of todo) {
      for (const statement of migration.sql) await client.exec(statement)
      await client.query('INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)', [migration.hash, migration.folderMillis])
    }
    await client.exec('COMMIT')
    return { applied: todo.length, total: all.length }
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
    throw new StoreError('db.unreachable', 'The PostgreSQL server cannot be reached', { cause: error })
  }
  try {
    return await applyPg({ query: (text, values) => client.query(text, values), exec: (text) => client.query(text) }, readMigrationFiles({ migrationsFolder: folder }))
  } finally {
    await client.end()
  }
}

/** The same for PGlite, in tests. */
export function migratePglite(client: PGlite, folder = migrationsFolder('pg')): Promise<MigrationReport> {
  return applyPg({ query: (text, values) => client.query(text, values), exec: (text) => client.exec(text) }, readMigrationFiles({ migrationsFolder: folder }))
}

/** Brings whichever database the configuration names to the present schema. */
export async function migrateStore(target: { file: string } | { url: string }): Promise<MigrationReport> {
  return 'url' in target ? migratePostgres(target.url) : migrateSqlite(target.file)
}
