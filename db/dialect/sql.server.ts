// The few fragments of SQL that operators cannot express. Each reads the same to its caller on both engines.
import { getTableColumns, Param, sql, type AnyColumn, type Column, type SQL, type Table } from 'drizzle-orm'

/** Inside onConflictDoUpdate: the value that the refused row carried. */
export function excluded<T extends Table, K extends keyof T['_']['columns'] & string>(table: T, column: K): SQL {
  const found = getTableColumns(table)[column]
  if (!found) throw new Error(`No column ${column} to take from the refused row`)
  return sql`excluded.${sql.identifier(found.name)}`
}

/** Ascending order with the empty values last: SQLite would sort them first, PostgreSQL last. */
export const nullsLast = (column: AnyColumn): SQL => sql`${column} is null, ${column}`

/**
 * True where the column contains the words as written. The column must hold normalised text, because LIKE ignores
 * ASCII case on SQLite only.
 */
export function containsText(column: AnyColumn, words: string): SQL {
  const escaped = words.replace(/[\\%_]/g, (c) => `\\${c}`)
  return sql`${column} like ${`%${escaped}%`} escape '\\'`
}

type Lockable = { for(strength: 'update', config: { skipLocked: true }): unknown }

/**
 * Locks the selected rows and passes over those that another transaction holds, so that two workers never claim one
 * job. SQLite has one writer and needs no row lock.
 */
export function skipLocked<Q extends object>(dialect: 'sqlite' | 'pg', query: Q): Q {
  // The query is typed as SQLite's, which lacks `for`; the PostgreSQL builder has it and returns itself.
  return dialect === 'sqlite' ? query : ((query as Q & Lockable).for('update', { skipLocked: true }) as Q)
}

/**
 * A placeholder that is encoded as `column` is: a Date becomes what the engine stores. Needed wherever a prepared
 * statement compares with a placeholder or sets one; only INSERT encodes a bare placeholder by itself.
 */
export const bound = (column: Column, name: string): SQL => sql`${new Param(sql.placeholder(name), column)}`
