// Column kit: tables are described once, in the words below, and built for either engine.
// The SQLite side is the type authority; tests/contract/parity.test.ts compares the two sides.
import * as p from 'drizzle-orm/pg-core'
import * as s from 'drizzle-orm/sqlite-core'

type Values = readonly [string, ...string[]]

/** Columns and constraints for SQLite. Times are whole milliseconds, booleans 0 or 1, JSON is text. */
export const sqliteKit = {
  dialect: 'sqlite' as 'sqlite' | 'pg',
  table: s.sqliteTable,
  index: s.index,
  uniqueIndex: s.uniqueIndex,
  primaryKey: s.primaryKey,
  check: s.check,
  /** An identifier made by us; text on both engines. */
  id: (name: string) => s.text(name),
  text: (name: string) => s.text(name),
  /** A number that fits 32 bits; PostgreSQL refuses a larger one. */
  int: (name: string) => s.integer(name),
  /** A whole number up to 2^53. */
  big: (name: string) => s.integer(name, { mode: 'number' }),
  real: (name: string) => s.real(name),
  bool: (name: string) => s.integer(name, { mode: 'boolean' }),
  /** A point in time to the millisecond; a Date in JavaScript. */
  instant: (name: string) => s.integer(name, { mode: 'timestamp_ms' }),
  json: <T>(name: string) => s.text(name, { mode: 'json' }).$type<T>(),
  /** Text out of a closed list. The list lives in the types and at the edge; the database does not check it. */
  oneOf: <const T extends Values>(name: string, values: T) => s.text(name, { enum: values }),
}
export type Kit = typeof sqliteKit

/** A column of either engine, for tables that refer to themselves. */
export type AnyColumn = s.AnySQLiteColumn

/**
 * Drizzle has no collation option. Without COLLATE "C" the order of names and identifiers would depend on the server's
 * locale, and a prefix search could not use the index.
 */
function collateC<B extends object>(builder: B): B {
  const open = builder as B & { build(table: p.PgTable): p.PgColumn }
  const build = open.build.bind(builder)
  open.build = (table) => Object.assign(build(table), { getSQLType: () => 'text COLLATE "C"' })
  return builder
}

/** The same words for PostgreSQL: jsonb, boolean, bigint, timestamptz(3), and text that sorts by code point. */
export const pgKit = {
  dialect: 'pg',
  table: p.pgTable,
  index: p.index,
  uniqueIndex: p.uniqueIndex,
  primaryKey: p.primaryKey,
  check: p.check,
  id: (name: string) => collateC(p.text(name)),
  text: (name: string) => collateC(p.text(name)),
  int: (name: string) => p.integer(name),
  big: (name: string) => p.bigint(name, { mode: 'number' }),
  real: (name: string) => p.doublePrecision(name),
  bool: (name: string) => p.boolean(name),
  instant: (name: string) => p.timestamp(name, { withTimezone: true, precision: 3, mode: 'date' }),
  json: <T>(name: string) => p.jsonb(name).$type<T>(),
  oneOf: <const T extends Values>(name: string, values: T) => collateC(p.text(name, { enum: values })),
} as unknown as Kit // the one deliberate lie: queries are typed as SQLite's; the parity test keeps it honest
