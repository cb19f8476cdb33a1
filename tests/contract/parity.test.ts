// The two sides of the column kit describe the same tables; the kit's one cast is honest only as long as this passes.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { getTableColumns, getTableName, is, SQL, type Column } from 'drizzle-orm'
import { getTableConfig as configOfPg, PgDialect, type PgTable } from 'drizzle-orm/pg-core'
import { getTableConfig as configOfSqlite, SQLiteSyncDialect, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, it } from 'vitest'
import { pgKit, sqliteKit } from '#db/kit.server.ts'
import * as pgSchema from '#db/schema.pg.server.ts'
import * as sqliteSchema from '#db/schema.sqlite.server.ts'
import { defineTables } from '#db/tables.server.ts'
import { define } from './fixture-tables.ts'

const sqlite: Record<string, SQLiteTable> = { ...defineTables(sqliteKit), ...define(sqliteKit) }
const pg = { ...defineTables(pgKit), ...define(pgKit) } as unknown as Record<string, PgTable>

const inlined = { sqlite: new SQLiteSyncDialect(), pg: new PgDialect() }
const textOf = (dialect: 'sqlite' | 'pg', value: unknown): unknown => {
  if (!is(value, SQL)) return value
  const { sql, params } = inlined[dialect].sqlToQuery(value)
  return [sql.replace(/\$\d+/g, '?'), params]
}
const columns = (table: SQLiteTable | PgTable) =>
  Object.entries(getTableColumns(table) as Record<string, Column>).map(([key, column]) => ({
    key,
    name: column.name,
    dataType: column.dataType,
    notNull: column.notNull,
    // SQLite would number an integer key by itself; PostgreSQL does not, so the insert always gives it.
    hasDefault: column.hasDefault && !(column.primary && column.dataType === 'number' && column.default === undefined),
    default: is(column.default, SQL) ? 'sql' : column.default,
    primary: column.primary,
    unique: column.isUnique,
    values: column.enumValues ?? null,
  }))
type Config = ReturnType<typeof configOfPg> | ReturnType<typeof configOfSqlite>
const constraints = (dialect: 'sqlite' | 'pg', config: Config) => ({
  indexes: config.indexes
    .map(({ config: index }) => ({
      name: index.name,
      unique: index.unique,
      columns: index.columns.map((column) => ('name' in column ? column.name : 'expression')),
      where: textOf(dialect, index.where),
    }))
    .sort((a, b) => (a.name! < b.name! ? -1 : 1)),
  primaryKeys: config.primaryKeys.map((key) => [key.getName(), key.columns.map(({ name }) => name)]),
  foreignKeys: config.foreignKeys.map((key) => {
    const { columns, foreignTable, foreignColumns } = key.reference()
    return [
      key.getName(),
      columns.map(({ name }) => name),
      getTableName(foreignTable),
      foreignColumns.map(({ name }) => name),
      key.onDelete ?? 'no action',
      key.onUpdate ?? 'no action',
    ]
  }),
  checks: config.checks.map((check) => [check.name, textOf(dialect, check.value)]),
})

describe('the two schemas', () => {
  it('have the same tables', () => {
    expect(Object.keys(pg)).toEqual(Object.keys(sqlite))
    expect(Object.keys(pg).length).toBeGreaterThan(2)
  })
  it.each(Object.keys(sqlite))('agree on %s', (key) => {
    const [s, p] = [sqlite[key]!, pg[key]!]
    expect(getTableName(p)).toBe(getTableName(s))
    // The kit builds no enum of two engines: a closed list without values would be an empty one on either.
    const normal = (list: ReturnType<typeof columns>) =>
      list.map((column) => ({ ...column, values: column.values?.length ? column.values : null }))
    expect(normal(columns(p))).toEqual(normal(columns(s)))
    expect(constraints('pg', configOfPg(p))).toEqual(constraints('sqlite', configOfSqlite(s)))
  })
  it.each(Object.keys(sqlite))('use only the kit’s types in %s', (key) => {
    const pairs = new Map([
      ['text', new Set(['text COLLATE "C"', 'jsonb'])],
      ['integer', new Set(['integer', 'bigint', 'boolean', 'timestamp (3) with time zone'])],
      ['real', new Set(['double precision'])],
    ])
    const pgColumns = getTableColumns(pg[key]!) as Record<string, Column>
    for (const [name, column] of Object.entries(getTableColumns(sqlite[key]!) as Record<string, Column>)) {
      expect(pairs.get(column.getSQLType()), `${name}: ${column.getSQLType()}`).toContain(pgColumns[name]!.getSQLType())
    }
  })
  it.each(Object.keys(sqlite))('name no index of %s twice, and stay within 63 characters', (key) => {
    const names = constraints('pg', configOfPg(pg[key]!))
    const all = [
      ...names.indexes.map(({ name }) => name!),
      ...names.primaryKeys.map(([name]) => name as string),
      ...names.foreignKeys.map(([name]) => name as string),
    ]
    expect(new Set(all).size).toBe(all.length)
    // PostgreSQL cuts longer names, and two of them could become one.
    for (const name of all) expect(name.length, name).toBeLessThanOrEqual(63)
  })
  it('export every table to drizzle-kit', () => {
    const keys = Object.keys(defineTables(sqliteKit)).sort()
    expect(Object.keys(sqliteSchema).sort()).toEqual(keys)
    expect(Object.keys(pgSchema).sort()).toEqual(keys)
  })
})

describe('statement names', () => {
  it('are unique in db and app', () => {
    const root = resolve(import.meta.dirname, '../..')
    const sources = ['db', 'app'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => readFileSync(join(root, folder, name), 'utf8')),
    )
    const names = sources.flatMap((source) =>
      [...source.matchAll(/\bstatement(?:<[^(]*>)?\(\s*['"`]([^'"`]+)['"`]/g)].map((match) => match[1]!),
    )
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })
})
