// Prepared statements below Drizzle's public interface. Two reasons: Drizzle hands a null that comes through a
// placeholder to the column's encoder, which makes `false` of a null boolean, 'null' of null JSON, and fails on a null
// date; and its row mapper is the larger part of a save's cost.
import type BetterSqlite3 from 'better-sqlite3'
import { Column, is, Param, Placeholder, SQL } from 'drizzle-orm'
import type { Definition, Tables, WriteVerbs } from '../store.server.ts'

type Encode = (args: Record<string, unknown>) => unknown

function valueOf(args: Record<string, unknown>, name: string, statement: string): unknown {
  const value = args[name]
  if (value === undefined) throw new Error(`${statement}: no value for placeholder "${name}"`)
  return value
}

function encoderOf(param: unknown, statement: string): Encode {
  if (is(param, Placeholder)) {
    const { name } = param
    return (args) => valueOf(args, name, statement)
  }
  if (is(param, Param) && is(param.value, Placeholder)) {
    const { name } = param.value
    const { encoder } = param
    return (args) => {
      const value = valueOf(args, name, statement)
      return value === null ? null : encoder.mapToDriverValue(value)
    }
  }
  return () => param
}

type Field = { path: string[]; field: unknown }
type SqlitePrepared = {
  stmt: BetterSqlite3.Statement<unknown[]>
  query: { params: unknown[] }
  fields?: Field[]
  all(args: object): unknown[]
}

function decoderOf(field: unknown): (value: unknown) => unknown {
  if (is(field, Column)) {
    // The base class returns its argument; passing over it saves a call per value.
    if (field.mapFromDriverValue === Column.prototype.mapFromDriverValue) return (value) => value
    return (value) => (value === null ? null : field.mapFromDriverValue(value))
  }
  const raw = (is(field, SQL) ? field : (field as { sql: SQL }).sql) as SQL & {
    decoder: { mapFromDriverValue(value: unknown): unknown }
  }
  return (value) => (value === null ? null : raw.decoder.mapFromDriverValue(value))
}

/** Prepares a definition on one SQLite connection; the result runs it at once and gives the rows. */
export function prepareSqlite(definition: Definition, q: WriteVerbs, t: Tables): (args: object) => unknown[] {
  const prepared = definition.build(q, t).prepare() as SqlitePrepared
  const { stmt, fields } = prepared
  const encoders = prepared.query.params.map((param) => encoderOf(param, definition.name))
  const bind = (args: object) => {
    const values = new Array<unknown>(encoders.length)
    for (let i = 0; i < encoders.length; i++) values[i] = encoders[i]!(args as Record<string, unknown>)
    return values
  }
  if (!fields) {
    return (args) => {
      stmt.run(bind(args))
      return []
    }
  }
  if (fields.some(({ path }) => path.length > 1)) {
    // Rows grouped by table keep Drizzle's mapper, which knows which side of a join is absent. Flat rows need none of
    // that.
    const params = prepared.query.params
    return (args) => {
      prepared.query.params = bind(args)
      try {
        return prepared.all({})
      } finally {
        prepared.query.params = params
      }
    }
  }
  stmt.raw(true)
  const names = fields.map(({ path }) => path[0]!)
  const decoders = fields.map(({ field }) => decoderOf(field))
  return (args) => {
    const rows = stmt.all(bind(args)) as unknown[][]
    return rows.map((row) => {
      const out: Record<string, unknown> = {}
      for (let i = 0; i < names.length; i++) out[names[i]!] = decoders[i]!(row[i])
      return out
    })
  }
}

type PgPrepared = { params: unknown[]; execute(args: object): Promise<unknown> }

/** Binds a definition to one PostgreSQL transaction or to the pool. */
export async function runPg(definition: Definition, q: WriteVerbs, t: Tables, args: object): Promise<unknown[]> {
  // The name is typed away for callers, because the SQLite builder takes none.
  const build = definition.build(q, t) as unknown as { prepare(name: string): PgPrepared }
  const prepared = build.prepare(definition.name)
  prepared.params = prepared.params.map((param) => encoderOf(param, definition.name)(args as Record<string, unknown>))
  const result = await prepared.execute({})
  return Array.isArray(result) ? (result as unknown[]) : []
}
