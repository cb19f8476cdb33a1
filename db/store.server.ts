// The store as the rest of the program sees it, and what both engines share: who may read and write, when a Writer
// ends, prepared statements, hooks after the commit. The engines are in sqlite.server.ts and postgres.server.ts.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import { StoreError, type StoreErrorCode } from './dialect/errors.server.ts'
import type { defineTables } from './tables.server.ts'

export {
  StoreError,
  isUniqueViolation,
  storeTrouble,
  STORE_TROUBLES,
  type StoreErrorCode,
  type StoreTrouble,
} from './dialect/errors.server.ts'

export type Tables = ReturnType<typeof defineTables>
export type Dialect = 'sqlite' | 'pg'

/** Queries are typed as SQLite's in asynchronous mode, so they are always awaited. */
export type Builder = BaseSQLiteDatabase<'async', unknown, Record<string, never>>
type SelectAfterWith = Pick<ReturnType<Builder['with']>, 'select' | 'selectDistinct'>
export type ReadVerbs = Pick<Builder, 'select' | 'selectDistinct' | '$with'> & {
  with(...queries: Parameters<Builder['with']>): SelectAfterWith
}
export type WriteVerbs = Pick<Builder, 'select' | 'selectDistinct' | '$with' | 'with' | 'insert' | 'update' | 'delete'>

// A registered symbol: the HTTP server and the Remix bundle carry their own copies of this module, and a Writer made
// by one is handed to a statement of the other.
const RUN: unique symbol = Symbol.for('poise.store.run') as never
export { RUN as runStatement }
type Execute = (definition: Definition, args: object) => Promise<unknown[]>

/** Reads are allowed anywhere outside a transaction body. */
export type Reader = { readonly dialect: Dialect; readonly q: ReadVerbs; readonly t: Tables; readonly [RUN]: Execute }

/** Writes exist only inside `store.transact`; a Writer kept after its body has ended throws. */
export type Writer = {
  readonly dialect: Dialect
  readonly q: WriteVerbs
  readonly t: Tables
  readonly [RUN]: Execute
  /** Runs `fn` once the whole transaction is on the disk; never if the body or the commit fails. It must not throw. */
  afterCommit(fn: () => void): void
}

export type StoreStats = {
  /** COMMITs that succeeded. */
  commits: number
  /** Bodies that succeeded and were committed. */
  transactions: number
  /** Bodies that were rejected because the disk has no room. */
  full: number
  /** Set for good by an error after which the file or the device cannot be trusted. */
  fatal: StoreErrorCode | null
  /** Open write connections of this process to this database. On SQLite more than one is a mistake. */
  writeConnections: number
}

export type Store = {
  readonly dialect: Dialect
  readonly read: Reader
  /**
   * Runs `body` in a transaction and answers once it is on the disk. The body may run again, so it touches nothing but
   * `w`, reads through `w`, and never waits for network, hashing or a timer. A constraint error is not caught inside
   * it: use `onConflictDoNothing().returning()`.
   */
  transact<T>(body: (w: Writer) => Promise<T>): Promise<T>
  /**
   * Looks whether the database is still where the next start will look for it. If not, nothing is accepted any more,
   * `stats().fatal` is `db.lost` and `onFatal` is told. PostgreSQL has nothing to look at. Throws what the file system
   * says if it cannot tell.
   */
  verifyPlace(): void
  stats(): StoreStats
  /** Takes no new work, finishes what was accepted, closes the connections. */
  close(): Promise<void>
}

export type StoreOptions = {
  /** Told about errors that have no caller: a hook that throws, an idle connection that breaks. Default: stderr. */
  report?: (error: unknown, where: string) => void
  /**
   * Notices `transact` and `store.read` inside a body at once, at the price of promise hooks for the whole process (a
   * tenth of a save). Default true. Without it a nested `transact` ends with the body's timeout.
   */
  noticeNesting?: boolean
  /** A body that has not settled by then is rejected and rolled back, so that one mistake cannot stop all writes. */
  bodyTimeoutMs?: number
}

export const defaultReport = (error: unknown, where: string): void => console.error(`store: ${where}`, error)
export const DEFAULT_BODY_TIMEOUT_MS = 10_000

// ---------------------------------------------------------------------------------------------------------------
// Statements

type Preparable<Result> = PromiseLike<Result> & { prepare(name?: never): unknown }
/** What `statement` keeps; the engines prepare it per connection. Compared by identity. */
export type Definition = { readonly name: string; readonly build: (q: WriteVerbs, t: Tables) => Preparable<unknown> }

/**
 * A query that is prepared once per connection. `build` uses `sql.placeholder('name')` where the arguments go; call the
 * result as `await getAttempt(w, { id })`. A statement that returns no rows has one type argument and gives an empty
 * list. The name must be unique: PostgreSQL shows it, and a contract test looks for doubles.
 */
export function statement<Args extends object, Row>(
  name: string,
  build: (q: WriteVerbs, t: Tables) => Preparable<Row[]>,
): (rw: Reader | Writer, args: Args) => Promise<Row[]>
export function statement<Args extends object>(
  name: string,
  build: (q: WriteVerbs, t: Tables) => Preparable<unknown>,
): (rw: Reader | Writer, args: Args) => Promise<never[]>
export function statement(name: string, build: Definition['build']) {
  const definition: Definition = { name, build }
  return (rw: Reader | Writer, args: object) => rw[RUN](definition, args)
}

// ---------------------------------------------------------------------------------------------------------------
// Leases: the life of one Writer

/** Lives as long as one run of a body. Every statement asks it first. */
export class Lease {
  open = true
  /** The first statement error. A body that swallows it must not be committed: PostgreSQL has already given it up. */
  failure: unknown = undefined
  failed = false
  readonly hooks: Array<() => void> = []

  check(): void {
    if (!this.open) throw new StoreError('db.revoked', 'This Writer is revoked: its transaction has ended')
  }
  fail(error: unknown): void {
    if (this.failed) return
    this.failed = true
    this.failure = error
  }
  afterCommit(fn: () => void): void {
    this.check()
    this.hooks.push(fn)
  }
}

const inside = new AsyncLocalStorage<Lease>()

/**
 * How a store runs its bodies: so that `transact` and `store.read` inside are noticed, whatever they await, or just so.
 */
export const enterBody = ({ noticeNesting = true }: StoreOptions): (<T>(lease: Lease, body: () => T) => T) =>
  noticeNesting ? (lease, body) => inside.run(lease, body) : (_, body) => body()

/** `transact` does not nest: the inner call would wait for the outer one, which waits for it. */
export function refuseNesting(): void {
  if (inside.getStore()?.open) throw new StoreError('db.nested', 'transact() does not nest: pass the Writer down')
}

/**
 * A body that reads past its Writer sees an old state, and on PostgreSQL can wait for a connection that never comes.
 */
export function refuseReadInside(): void {
  if (inside.getStore()?.open)
    throw new StoreError('db.read_inside_transact', 'Inside transact() read through the Writer')
}

/** Runs the hooks of a committed body. A hook that fails is reported: the transaction has succeeded all the same. */
export function runHooks(lease: Lease, report: (error: unknown, where: string) => void): void {
  for (const hook of lease.hooks) {
    try {
      const returned: unknown = hook()
      // `() => void` also admits an async function; its rejection would end the process.
      if (returned instanceof Promise) returned.catch((error: unknown) => report(error, 'afterCommit hook failed'))
    } catch (error) {
      report(error, 'afterCommit hook failed')
    }
  }
}

/** The select verbs of a builder, and nothing that writes. */
export function readVerbs(db: WriteVerbs): ReadVerbs {
  const refuse = () => {
    throw new StoreError('db.read_only', 'store.read does not write: use store.transact')
  }
  const verbs = {
    select: db.select.bind(db),
    selectDistinct: db.selectDistinct.bind(db),
    $with: db.$with,
    with: (...queries: Parameters<Builder['with']>): SelectAfterWith => {
      const { select, selectDistinct } = db.with(...queries)
      return Object.assign({ select, selectDistinct }, { insert: refuse, update: refuse, delete: refuse })
    },
  }
  return Object.assign(verbs, { insert: refuse, update: refuse, delete: refuse })
}
