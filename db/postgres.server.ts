import { setTimeout as sleep } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import { drizzle as drizzleNodePg } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { isPgRetryable, StoreError, storeTrouble } from './dialect/errors.server.ts'
import { runPg } from './dialect/prepared.server.ts'
import { pgKit } from './kit.server.ts'
import { migratePglite } from './migrate.server.ts'
import {
  DEFAULT_BODY_TIMEOUT_MS,
  defaultReport,
  enterBody,
  Lease,
  readVerbs,
  refuseNesting,
  refuseReadInside,
  runHooks,
  runStatement,
  type Definition,
  type Reader,
  type Store,
  type StoreOptions,
  type Tables,
  type Writer,
  type WriteVerbs,
} from './store.server.ts'
import { defineTables } from './tables.server.ts'

/** A row that everyone writes (the head of a hash chain) makes many losers; by count they would give up too early. */
const RETRY_PATIENCE_MS = 10_000
/**
 * For a connection, and for the answer to one query. Without it a server that has fallen silent would be waited for as
 * long as TCP lasts.
 */
const ANSWER_PATIENCE_MS = 10_000
/** A connection on which the other side is silent answers no ROLLBACK either; it is thrown away. */
const ROLLBACK_PATIENCE_MS = 2_000

// SERIALIZABLE gives every body what the single writer of SQLite gives it: nothing moves between its reads and its
// writes. READ COMMITTED would accept bodies that are right by accident on SQLite only.
const BEGIN = 'BEGIN ISOLATION LEVEL SERIALIZABLE'

/** One connection, taken for one transaction. */
type Connection = {
  query(...args: unknown[]): Promise<unknown>
  /** With an error the connection is thrown away instead of being used again. */
  release(broken?: Error): void
  /** The connection has broken under us. Its errors often bear no code. */
  lost(): boolean
}
type Backend = {
  connect(): Promise<Connection>
  /** What Drizzle reads from, outside transactions. */
  builder(on: unknown): WriteVerbs
  pool: unknown
  connections(): number
  end(): Promise<void>
}

/** Every query of a Writer passes through here: none runs after its end, and no error goes unseen. */
class LeasedClient {
  constructor(
    private readonly connection: Connection,
    private readonly lease: Lease,
  ) {}
  async query(...args: unknown[]): Promise<unknown> {
    this.lease.check()
    try {
      return await this.connection.query(...args)
    } catch (error) {
      this.lease.fail(error)
      throw error
    }
  }
}

function openBackend(backend: Backend, options: StoreOptions): Store {
  const { report = defaultReport, bodyTimeoutMs = DEFAULT_BODY_TIMEOUT_MS } = options
  const enter = enterBody(options)
  const t = defineTables(pgKit)

  class PgWriter implements Writer {
    readonly dialect = 'pg'
    readonly t: Tables = t
    #lease: Lease
    #client: LeasedClient
    #q: WriteVerbs | undefined
    constructor(lease: Lease, connection: Connection) {
      this.#lease = lease
      this.#client = new LeasedClient(connection, lease)
    }
    get q(): WriteVerbs {
      this.#lease.check()
      return (this.#q ??= backend.builder(this.#client))
    }
    afterCommit(fn: () => void): void {
      this.#lease.afterCommit(fn)
    }
    async [runStatement](definition: Definition, args: object): Promise<unknown[]> {
      return runPg(definition, this.q, t, args)
    }
  }

  const readQ = readVerbs(backend.builder(backend.pool))
  const read: Reader = {
    dialect: 'pg',
    t,
    get q() {
      refuseReadInside()
      return readQ
    },
    async [runStatement](definition, args) {
      refuseReadInside()
      return runPg(definition, readQ as WriteVerbs, t, args)
    },
  }

  let commits = 0
  let full = 0
  let closing: Promise<void> | undefined
  const accepted = new Set<Promise<unknown>>()

  async function attempt<T>(body: (w: Writer) => Promise<T>): Promise<T> {
    const connection = await backend.connect().catch((error: unknown) => {
      throw storeTrouble(error) ? error : unreachable(error)
    })
    const lease = new Lease()
    let broken: Error | undefined
    let value: T
    try {
      await connection.query(BEGIN)
      try {
        value = await withTimeout(bodyTimeoutMs, () => enter(lease, () => body(new PgWriter(lease, connection))))
        // PostgreSQL answers a COMMIT of a failed transaction with a quiet ROLLBACK.
        if (lease.failed) throw lease.failure
      } catch (error) {
        // A serialisation failure that the body has wrapped in an error of its own is still one.
        throw lease.failed && isPgRetryable(lease.failure) ? lease.failure : error
      } finally {
        lease.open = false
      }
      try {
        await connection.query('COMMIT')
      } catch (error) {
        if (isPgRetryable(error)) throw error
        throw new StoreError('db.commit_failed', 'The transaction was not confirmed', { cause: error })
      }
    } catch (error) {
      await withTimeout(ROLLBACK_PATIENCE_MS, () => connection.query('ROLLBACK'), 'ROLLBACK').catch(
        (undo: Error) => (broken = undo),
      )
      throw connection.lost() && !storeTrouble(error) ? unreachable(error) : error
    } finally {
      connection.release(broken)
    }
    commits++
    runHooks(lease, report)
    return value
  }

  async function withRetries<T>(body: (w: Writer) => Promise<T>): Promise<T> {
    const deadline = performance.now() + RETRY_PATIENCE_MS
    for (let ceilingMs = 4; ; ceilingMs = Math.min(ceilingMs * 2, 250)) {
      try {
        return await attempt(body)
      } catch (error) {
        if (!isPgRetryable(error) || performance.now() > deadline) throw error
      }
      // Jitter keeps the losers of one race from meeting again.
      await sleep(Math.random() * ceilingMs)
    }
  }

  return {
    dialect: 'pg',
    read,
    async transact<T>(body: (w: Writer) => Promise<T>): Promise<T> {
      refuseNesting()
      if (closing) throw new StoreError('db.closed', 'The store is closed')
      const work = withRetries(body)
      accepted.add(work)
      try {
        return await work
      } catch (error) {
        if (storeTrouble(error) === 'db.full') full++
        throw error
      } finally {
        accepted.delete(work)
      }
    },
    verifyPlace() {},
    stats: () => ({ commits, transactions: commits, full, fatal: null, writeConnections: backend.connections() }),
    close() {
      return (closing ??= (async () => {
        await Promise.allSettled(accepted)
        await backend.end()
      })())
    },
  }
}

const unreachable = (cause: unknown): StoreError =>
  new StoreError('db.unreachable', 'The PostgreSQL server does not answer', { cause })

async function withTimeout<T>(timeoutMs: number, run: () => Promise<T>, what = 'A transaction body'): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new StoreError('db.body_timeout', `${what} did not end within ${timeoutMs} ms`)),
      timeoutMs,
    )
  })
  try {
    return await Promise.race([run(), late])
  } finally {
    clearTimeout(timer)
  }
}

export type PostgresOptions = StoreOptions & { url: string; maxConnections?: number }

/** Opens a migrated PostgreSQL database, or one that speaks its protocol. */
export async function openPostgres({ url, maxConnections = 10, ...options }: PostgresOptions): Promise<Store> {
  const report = options.report ?? defaultReport
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: ANSWER_PATIENCE_MS,
    query_timeout: ANSWER_PATIENCE_MS,
  })
  // Without a listener a dropped idle connection would end the process.
  pool.on('error', (error) => report(error, 'idle connection lost'))
  try {
    await pool.query('select 1')
  } catch (error) {
    await pool.end()
    throw new StoreError(
      'db.unreachable',
      'The PostgreSQL server cannot be reached: check DATABASE_URL, the network, and that it runs',
      { cause: error },
    )
  }
  const builder = (on: unknown) => drizzleNodePg({ client: on as pg.Pool }) as unknown as WriteVerbs
  // What the server answers bears an SQLSTATE of five characters; anything else that is no mistake of ours comes from
  // the way to it.
  const answered = (error: unknown): boolean =>
    error instanceof TypeError ||
    (error instanceof Error && 'code' in error && /^[0-9A-Z]{5}$/.test(String(error.code)))
  type Query = (...args: unknown[]) => Promise<unknown>
  const telling =
    (query: Query): Query =>
    (...args) =>
      query(...args).catch((error: unknown) => {
        throw answered(error) ? error : unreachable(error)
      })
  const reads = { query: telling(pool.query.bind(pool)) }
  return openBackend(
    {
      pool: reads,
      builder,
      connections: () => pool.totalCount,
      // A server that is silent does not say goodbye; the process ends, and the connections with it.
      end: () =>
        withTimeout(ROLLBACK_PATIENCE_MS, () => pool.end(), 'The goodbye').catch((error: unknown) =>
          report(error, 'connections not closed'),
        ),
      async connect() {
        const client = await pool.connect()
        // The pool's own listener is off while a client is out; the failing query reports the same loss.
        let isLost = false
        const lost = (error: Error) => {
          isLost = true
          report(error, 'connection lost')
        }
        client.on('error', lost)
        return {
          query: telling(client.query.bind(client)),
          lost: () => isLost,
          release(broken) {
            client.off('error', lost)
            client.release(broken)
          },
        }
      },
    },
    options,
  )
}

export type PgliteOptions = StoreOptions & { client?: PGlite }

/** PostgreSQL inside the process, for tests: migrated, in memory, one connection; it proves nothing about races. */
export async function openPglite({ client: given, ...options }: PgliteOptions = {}): Promise<Store> {
  const { PGlite } = await import('@electric-sql/pglite')
  const { drizzle } = await import('drizzle-orm/pglite')
  const client = given ?? new PGlite()
  if (!given) await migratePglite(client)
  let tail: Promise<unknown> = Promise.resolve()
  /** Waits for the one connection. */
  const acquire = async (): Promise<() => void> => {
    const before = tail
    let free = () => {}
    tail = new Promise<void>((resolve) => (free = resolve))
    await before
    return free
  }
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
  class Pool {
    async query(...args: unknown[]): Promise<unknown> {
      const free = await acquire()
      try {
        return await query(...args)
      } finally {
        free()
      }
    }
  }
  return openBackend(
    {
      pool: new Pool(),
      builder: (on) => drizzle({ client: on as PGlite }) as unknown as WriteVerbs,
      connections: () => 1,
      end: () => client.close(),
      async connect() {
        const release = await acquire()
        return { query, release, lost: () => false }
      },
    },
    options,
  )
}
