/**
 * Whose database is this, and what is between it and the present schema? Answered from the rows of its own migration
 * table: each must be one of our migrations, in their order. The first migration was rewritten before it was frozen;
 * the databases that its former texts made are led over by bridges, one after another, and then look as if they had
 * been made today.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readMigrationFiles, type MigrationMeta } from 'drizzle-orm/migrator'
import { StoreError } from './dialect/errors.server.ts'

/** Leads from one former shape of the first migration to the next. `from`: SHA-256 of the text that made this shape. */
export type Bridge = { from: string; file: string; sql: string }
export type Lineage = { migrations: MigrationMeta[]; bridges: Bridge[] }
/** What a database says of itself. `recorded` is null where it has no migration table of our form. */
export type Found = {
  recorded: ReadonlyArray<{ hash: string; createdAt: number }> | null
  otherTables: number
  name: string
}
/** `records` is the migration that the one row of a bridged database stands for from now on. */
export type Plan = { bridges: Bridge[]; records: MigrationMeta | null; migrations: MigrationMeta[] }

/** The migrations of a folder and, under `bridges/`, those from the former shapes of the first one. */
export function readLineage(folder: string): Lineage {
  const steps = join(folder, 'bridges/steps.json')
  const listed = existsSync(steps)
    ? (JSON.parse(readFileSync(steps, 'utf8')) as Array<Pick<Bridge, 'from' | 'file'>>)
    : []
  return {
    migrations: readMigrationFiles({ migrationsFolder: folder }),
    bridges: listed.map(({ from, file }) => ({ from, file, sql: readFileSync(join(folder, 'bridges', file), 'utf8') })),
  }
}

/** What is to be done to a database. Throws a StoreError (`db.newer`, `db.foreign_schema`) where nothing must be. */
export function planFor({ migrations, bridges }: Lineage, { recorded, otherTables, name }: Found): Plan {
  if (recorded === null || recorded.length === 0) {
    if (otherTables === 0) return { bridges: [], records: null, migrations }
    throw new StoreError(
      'db.foreign_schema',
      `The database ${name} has tables, but no record of Poise having made them: give Poise an empty database, or restore a backup of its own`,
    )
  }
  const start = recorded.length === 1 ? bridges.findIndex(({ from }) => from === recorded[0]?.hash) : -1
  const [first] = migrations
  if (start >= 0 && first) return { bridges: bridges.slice(start), records: first, migrations: migrations.slice(1) }
  const stranger = recorded.find(({ hash }, i) => migrations[i]?.hash !== hash)
  if (!stranger) return { bridges: [], records: null, migrations: migrations.slice(recorded.length) }
  if (stranger.createdAt > (migrations.at(-1)?.folderMillis ?? 0))
    throw new StoreError(
      'db.newer',
      'The database was written by a later version of Poise; start that version, or restore an older backup',
    )
  throw new StoreError(
    'db.foreign_schema',
    `The database ${name} was made by a version of Poise that was never released: start that version, or give this one an empty database`,
  )
}
