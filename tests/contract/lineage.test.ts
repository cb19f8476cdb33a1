// Which databases are refused, and with what; and that no migration changes once it was written.
import { appendFileSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrateSqlite } from '#db/migrate.server.ts'
import { StoreError } from '#db/store.server.ts'
import { freeze, thawed, unfinished } from '#scripts/lib/frozen-migrations.mjs'
import {
  DATABASES,
  emptyDatabase,
  ENGINES,
  fixtureDatabase,
  MIGRATIONS,
  migrationTable,
  migrationTags,
  type Database,
} from '#tests/setup/fixture-database.ts'

const copies = mkdtempSync(join(tmpdir(), 'poise-lineage-'))
afterAll(() => rmSync(copies, { recursive: true, force: true }))
let made = 0
/** All migrations in a folder that a test may spoil. */
function copyOfMigrations(): string {
  const folder = join(copies, String((made += 1)))
  cpSync(MIGRATIONS, folder, { recursive: true })
  return folder
}

type Journal = { entries: Array<{ idx: number; version: string; when: number; tag: string; breakpoints: boolean }> }
function editJournal(migrations: string, engine: string, edit: (journal: Journal) => void): void {
  const file = join(migrations, engine, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(file, 'utf8')) as Journal
  edit(journal)
  writeFileSync(file, JSON.stringify(journal))
}
/** The next migration, as drizzle-kit would append it. */
function append(migrations: string, engine: string, tag: string, sql: string, laterMs = 1000): void {
  writeFileSync(join(migrations, engine, `${tag}.sql`), sql)
  editJournal(migrations, engine, ({ entries }) => {
    const last = entries.at(-1)
    if (last) entries.push({ ...last, idx: entries.length, when: last.when + laterMs, tag })
  })
}

describe.each(ENGINES)('on %s', (engine) => {
  let database: Database
  const table = migrationTable[engine]
  const own = migrationTags(engine).length
  const makeTable =
    (engine === 'pg' ? 'CREATE SCHEMA drizzle; ' : '') +
    `CREATE TABLE ${table} (id integer PRIMARY KEY, hash text NOT NULL, created_at bigint)`
  afterEach(() => database.close())

  /** Refused by its code, in a sentence for whoever starts the server, and nothing in it is touched. */
  async function refused(code: string, folder?: string): Promise<void> {
    const [schema, contents] = [await database.schema(), await database.contents()]
    const error = await database.migrate(folder).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ code })
    expect((error as Error).message).toMatch(
      /^The database [^\n]+(: give Poise|: start that version|; start that version)[^\n]+$/,
    )
    expect([await database.schema(), await database.contents()]).toEqual([schema, contents])
  }

  describe('a database is refused', () => {
    beforeEach(async () => {
      database = await emptyDatabase(engine)
    })

    it('that another program has made', async () => {
      await database.exec('CREATE TABLE orders (id integer); INSERT INTO orders VALUES (1)')
      await refused('db.foreign_schema')
    })
    it('that has a table of our name but no record of a migration', async () => {
      await database.exec('CREATE TABLE people (id text)')
      await refused('db.foreign_schema')
    })
    it('whose record is empty although there are tables', async () => {
      await database.exec(`CREATE TABLE people (id text); ${makeTable}`)
      await refused('db.foreign_schema')
    })
    it('whose record has another form than ours', async () => {
      await database.exec((engine === 'pg' ? 'CREATE SCHEMA drizzle; ' : '') + `CREATE TABLE ${table} (version text)`)
      await refused('db.foreign_schema')
    })
    it('that was made by a text that never was in a version, the first of all among them', async () => {
      await database.exec(`${makeTable}; CREATE TABLE people (id text)`)
      const first = {
        sqlite: 'ce58d47b62b71bb62104614c97493fa4875c780dca5a447bdc22751358cb5407',
        pg: 'f1a4d0f1bd413c8a7571955b0ed7fafaeca38e1e35bc986c69bacbffa4abce9e',
      }[engine]
      for (const hash of [first, 'f'.repeat(64)]) {
        await database.exec(`DELETE FROM ${table}; INSERT INTO ${table} VALUES (1, '${hash}', 1795306778979)`)
        await refused('db.foreign_schema')
      }
    })
    it('that has our migrations in another order, or one too few in between', async () => {
      const migrations = copyOfMigrations()
      append(migrations, engine, '0001_one', 'CREATE TABLE one (id text)')
      append(migrations, engine, '0002_two', 'CREATE TABLE two (id text)')
      await database.migrate(join(migrations, engine))
      await database.exec(`UPDATE ${table} SET id = 9 WHERE id = 2`)
      await refused('db.foreign_schema', join(migrations, engine))
      await database.exec(`DELETE FROM ${table} WHERE id = 9`)
      await refused('db.foreign_schema', join(migrations, engine))
    })
    it('that a later version has written, whatever that added', async () => {
      const migrations = copyOfMigrations()
      append(migrations, engine, '0001_one', 'CREATE TABLE one (id text)')
      await database.migrate(join(migrations, engine))
      await refused('db.newer')
      await database.exec(`DELETE FROM ${table} WHERE id <= ${own}`)
      await refused('db.newer')
    })
  })

  it('an empty record in an empty database is a beginning', async () => {
    database = await emptyDatabase(engine)
    await database.exec(
      makeTable.replace('id integer PRIMARY KEY', engine === 'pg' ? 'id serial PRIMARY KEY' : 'id integer PRIMARY KEY'),
    )
    expect(await database.migrate()).toEqual({ applied: own, total: own })
  })

  it('a bridge that fails leaves everything as it was, also what the ones before it did', async () => {
    database = await fixtureDatabase(engine, 'before_1_pulses')
    const migrations = copyOfMigrations()
    appendFileSync(
      join(migrations, engine, 'bridges/4_identity_checks.sql'),
      '\nINSERT INTO no_such_table VALUES (1);\n',
    )
    const [schema, contents] = [await database.schema(), await database.contents()]
    await expect(database.migrate(join(migrations, engine))).rejects.toThrow(/no_such_table/)
    expect([await database.schema(), await database.contents()]).toEqual([schema, contents])
    expect(await database.migrate()).toEqual({ applied: 4 + own - 1, total: own })
  })

  it('the next migration follows the bridges, as it would follow the first migration', async () => {
    database = await fixtureDatabase(engine, 'before_3_late_texts')
    const migrations = copyOfMigrations()
    append(migrations, engine, '0001_one', 'CREATE TABLE one AS SELECT number FROM identity_checks')
    expect(await database.migrate(join(migrations, engine))).toEqual({ applied: 2 + own, total: own + 1 })
    expect((await database.rows(`SELECT hash FROM ${table} ORDER BY id`)).length).toBe(own + 1)
    expect((await database.rows('SELECT number FROM one')).length).toBe(4)
    expect(await database.migrate(join(migrations, engine))).toEqual({ applied: 0, total: own + 1 })
  })
})

describe.each(ENGINES)('the check of what was written for %s', (engine) => {
  let migrations: string
  const first = (name = '0000_initial') => join(migrations, engine, `${name}.sql`)
  beforeEach(() => {
    migrations = copyOfMigrations()
  })

  it('finds nothing now, and lets a migration be appended and frozen', () => {
    expect([...thawed(migrations), ...unfinished(migrations, DATABASES)]).toEqual([])
    append(migrations, engine, '0001_one', 'CREATE TABLE one (id text)')
    expect(thawed(migrations)).toEqual([])
    expect(unfinished(migrations, DATABASES)).toEqual([
      `${engine}/0001_one is not in FROZEN.json: run npm run db:generate`,
      `There is no fixture ${engine}/0001_one.sql: run npm run db:fixture`,
    ])
    freeze(migrations)
    expect(unfinished(migrations, DATABASES)).toEqual([
      `There is no fixture ${engine}/0001_one.sql: run npm run db:fixture`,
    ])
    appendFileSync(first('0001_one'), ' ')
    expect(thawed(migrations)).toEqual([`${engine}/0001_one.sql is not what it was`])
  })
  it('finds a changed one, a renamed one and one that is gone', () => {
    appendFileSync(first(), '\n')
    expect(thawed(migrations)).toEqual([`${engine}/0000_initial.sql is not what it was`])
    renameSync(first(), first('0000_other'))
    expect(thawed(migrations)).toEqual([
      `${engine}/0000_initial.sql is gone`,
      `${engine}/0000_other.sql is not in its journal`,
    ])
  })
  it('finds one that was put before another', () => {
    append(migrations, engine, '0001_one', 'CREATE TABLE one (id text)')
    editJournal(migrations, engine, ({ entries }) => void entries.unshift(...entries.splice(-1)))
    expect(thawed(migrations)).toEqual([
      ...migrationTags(engine).map((tag, index) => `${engine}/${tag} is no longer number ${index} of its journal`),
      `${engine}/0000_initial is dated before the one that it follows`,
    ])
  })
  it('finds a schema whose fixture is gone', () => {
    const fixtures = join(migrations, 'fixtures')
    cpSync(DATABASES, fixtures, { recursive: true })
    rmSync(join(fixtures, engine, 'before_1_pulses.sql'))
    expect(unfinished(migrations, fixtures)).toEqual([
      `There is no fixture ${engine}/before_1_pulses.sql: run npm run db:fixture`,
    ])
  })
})

it('a file of another program keeps its bytes', () => {
  const file = join(copies, 'orders.db')
  const raw = new BetterSqlite3(file)
  raw.exec('CREATE TABLE orders (id integer)')
  raw.close()
  const before = readFileSync(file)
  expect(() => migrateSqlite(file)).toThrow(StoreError)
  expect(readFileSync(file).equals(before)).toBe(true)
})

it('the key of the trail that PostgreSQL named itself gets its name on the way', async () => {
  const database = await fixtureDatabase('pg', 'before_1_pulses')
  const own = migrationTags('pg').length
  await database.exec(`ALTER TABLE audit_events RENAME CONSTRAINT audit_events_pk TO audit_events_pkey;
    UPDATE drizzle.__drizzle_migrations SET hash = '0ec8f29ea596e61584213cd5e0b8f12474de5f501c5eea8fd31e9a2ad8a50f61', created_at = 1795307235664`)
  expect(await database.migrate()).toEqual({ applied: 5 + own - 1, total: own })
  const fresh = await emptyDatabase('pg')
  await fresh.migrate()
  expect(await database.schema()).toEqual(await fresh.schema())
  await Promise.all([database.close(), fresh.close()])
})
