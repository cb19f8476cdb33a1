import { resolve as resolvePath } from 'node:path'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { BodyWatch } from './body-watch.server.ts'
import {
  codeOfFatal,
  describeSqliteError,
  driverCode,
  isSqliteFatal,
  StoreError,
  storeTrouble,
  type StoreErrorCode,
} from './dialect/errors.server.ts'
import { prepareSqlite } from './dialect/prepared.server.ts'
import { watchFiles, type FileWatch, type Loss } from './file-watch.server.ts'
import { sqliteKit } from './kit.server.ts'
import {
  connect,
  GuardedClient,
  hasNoRoom,
  leased,
  noteFailure,
  patiently,
  type Client,
  type Guard,
} from './sqlite-connection.server.ts'
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

/**
 * One COMMIT serves at most this many callers: it bounds how long the event loop is held without reading the network.
 */
const MAX_BATCH = 512
export type SqliteOptions = StoreOptions & {
  /** An existing, migrated file. */
  file: string
  /** The largest size the file may grow to, in pages. Without it the disk is the limit. */
  maxPageCount?: number
  /** Told once about an error after which the file cannot be trusted or the store cannot go on. */
  onFatal?: (error: unknown) => void
}

type Job = {
  body: (w: Writer) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
  lease: Lease
  outcome: { ok: true; value: unknown } | { ok: false; error: unknown } | undefined
}

// Kept on globalThis because the server and the Remix bundle each hold a copy of this module.
const openWriters: Map<string, number> = ((globalThis as { [key: symbol]: unknown })[
  Symbol.for('poise.store.writers')
] ??= new Map<string, number>()) as Map<string, number>

/** Connections that must not be closed. Held, because one that nobody holds is closed when its memory is taken back. */
const leftOpen: Client[] = []

/** Opens a migrated SQLite file: one connection that writes, with group commit, and one that only reads. */
export function openSqlite(options: SqliteOptions): Store {
  const { file, maxPageCount, onFatal, report = defaultReport, bodyTimeoutMs = DEFAULT_BODY_TIMEOUT_MS } = options
  const enter = enterBody(options)
  const t = defineTables(sqliteKit)
  let client: Client
  let readClient: Client
  let files: FileWatch | undefined
  const path = resolvePath(file)
  try {
    files = watchFiles(path)
    client = connect(file)
    try {
      if (maxPageCount !== undefined) client.pragma(`max_page_count = ${Math.trunc(maxPageCount)}`)
      readClient = connect(file)
      readClient.pragma('query_only = ON')
    } catch (error) {
      client.close()
      throw error
    }
  } catch (error) {
    files?.end()
    throw describeSqliteError(error, file)
  }
  openWriters.set(path, (openWriters.get(path) ?? 0) + 1)
  const fileWatch = files
  fileWatch.look()

  const begin = client.prepare('BEGIN IMMEDIATE')
  const commit = client.prepare('COMMIT')
  const rollback = client.prepare('ROLLBACK')
  const savepoint = client.prepare('SAVEPOINT body')
  const release = client.prepare('RELEASE body')
  const rollbackTo = client.prepare('ROLLBACK TO body')

  // Drizzle's synchronous driver, typed as the asynchronous one: its queries are awaited like all others.
  const builderOn = (on: unknown) => drizzle(on as Client) as unknown as WriteVerbs
  const writeQ = builderOn(client)
  const preparedForWrite = new Map<Definition, (args: object) => unknown[]>()

  class SqliteWriter implements Writer {
    readonly dialect = 'sqlite'
    readonly t: Tables = t
    #lease: Lease
    #q: WriteVerbs | undefined
    constructor(lease: Lease) {
      this.#lease = lease
    }
    get q(): WriteVerbs {
      this.#lease.check()
      // Made on first use: a body of prepared statements never pays for it.
      return (this.#q ??= builderOn(new GuardedClient(client, leased(client, this.#lease))))
    }
    afterCommit(fn: () => void): void {
      this.#lease.afterCommit(fn)
    }
    async [runStatement](definition: Definition, args: object): Promise<unknown[]> {
      const lease = this.#lease
      lease.check()
      try {
        let run = preparedForWrite.get(definition)
        if (!run) preparedForWrite.set(definition, (run = prepareSqlite(definition, writeQ, t)))
        return run(args)
      } catch (error) {
        noteFailure(client, lease, error)
        throw error
      }
    }
  }

  const watched: Guard = (run) => {
    try {
      return run()
    } catch (error) {
      throw judged(error)
    }
  }
  const watchedQ = readVerbs(builderOn(new GuardedClient(readClient, watched)))
  const readQ = readVerbs(builderOn(readClient))
  const preparedForRead = new Map<Definition, (args: object) => unknown[]>()
  const idleQ = readVerbs(writeQ)
  const preparedForIdle = new Map<Definition, (args: object) => unknown[]>()
  const read: Reader = {
    dialect: 'sqlite',
    t,
    get q() {
      refuseReadInside()
      return watchedQ
    },
    async [runStatement](definition, args) {
      refuseReadInside()
      // Between two batches the write connection sees just what is committed, and its page cache is warm: that of the
      // other one is void after each commit.
      const [prepared, q] = client.inTransaction ? [preparedForRead, readQ] : [preparedForIdle, idleQ]
      try {
        let run = prepared.get(definition)
        // The read verbs refuse to write, whatever the statement's type says.
        if (!run) prepared.set(definition, (run = prepareSqlite(definition, q as WriteVerbs, t)))
        return run(args)
      } catch (error) {
        throw judged(error)
      }
    },
  }

  let queue: Job[] = []
  let running = false
  let closing: Promise<void> | undefined
  let broken: StoreError | undefined
  let drained: (() => void) | undefined
  let commits = 0
  let transactions = 0
  let full = 0
  let fatal: StoreErrorCode | null = null

  function giveUp(error: unknown): void {
    if (fatal) return
    fatal = codeOfFatal(error)
    try {
      onFatal?.(error)
    } catch (hookError) {
      report(hookError, 'onFatal failed')
    }
  }

  /** The error as its caller gets it. What cannot be trusted any more is told on the way. */
  function judged(error: unknown): unknown {
    if (!isSqliteFatal(error)) return error
    if (/^SQLITE_IOERR_(WRITE|FSYNC|DIR_FSYNC|TRUNCATE|SHM)/.test(driverCode(error)) && hasNoRoom(file))
      return new StoreError('db.full', 'There is no room on the disk', { cause: error })
    // What SQLite finds in a file that was replaced may look like anything.
    const loss = lookIfPossible()
    if (loss) giveUpFiles(loss)
    else giveUp(error)
    return error
  }

  function giveUpFiles({ error }: Loss): void {
    broken = error
    giveUp(error)
  }

  function lookIfPossible(): Loss | null {
    try {
      return fileWatch.look()
    } catch {
      return null
    }
  }

  /** Brings the connection back to rest; if even that fails, no later transaction may start on it. */
  function abandon(): void {
    if (!client.inTransaction) return
    try {
      rollback.run()
    } catch (error) {
      broken = new StoreError('db.broken', 'The write connection could not be rolled back', { cause: error })
      giveUp(broken)
    }
  }

  /**
   * SQLite leaves the log as it is when its file was moved: the file would lack what was saved last, and the log would
   * be replayed over whatever lies under the name at the next start.
   */
  function leaveNoLog(): void {
    try {
      client.pragma('wal_checkpoint(TRUNCATE)')
    } catch (error) {
      report(error, 'the log could not be carried over')
    }
  }

  /** Runs one body in its savepoint. False: SQLite has ended the transaction, and nothing of the batch is left. */
  async function runOne(job: Job, watch: BodyWatch): Promise<boolean> {
    const { lease } = job
    try {
      savepoint.run()
      const value = await new Promise<unknown>((resolve, reject) => {
        watch.reject = reject
        const writer = new SqliteWriter(lease)
        void enter(lease, () => job.body(writer).then(resolve, reject))
      })
      lease.open = false
      if (lease.failed) throw lease.failure
      release.run()
      job.outcome = { ok: true, value }
    } catch (thrown) {
      lease.open = false
      const error = judged(thrown)
      job.outcome = { ok: false, error }
      if (!client.inTransaction) return false
      try {
        rollbackTo.run()
        release.run()
      } catch (undoError) {
        job.outcome.error = new AggregateError([error, judged(undoError)], 'A failed body could not be undone', {
          cause: error,
        })
        return false
      }
    }
    return true
  }

  async function runBatch(batch: Job[]): Promise<void> {
    const rejectOne = (job: Job, error: unknown): void => {
      if (storeTrouble(error) === 'db.full') full++
      job.reject(error)
    }
    const rejectAll = (error: unknown) => {
      for (const job of batch) rejectOne(job, error)
    }
    if (broken) return rejectAll(broken)
    try {
      await patiently(() => begin.run())
    } catch (error) {
      return rejectAll(describeSqliteError(judged(error), file))
    }
    const watch = new BodyWatch(bodyTimeoutMs)
    let lost = false
    for (const job of batch) {
      watch.next()
      if (!(await runOne(job, watch))) {
        lost = true
        break
      }
    }
    watch.stop()
    if (lost) {
      abandon()
      const cause = batch.find((job) => job.outcome && !job.outcome.ok && job === lastRun(batch))?.outcome
      const error = cause && !cause.ok ? cause.error : undefined
      return rejectAll(
        new StoreError('db.transaction_lost', 'SQLite ended the transaction; nothing of it was kept', { cause: error }),
      )
    }
    try {
      await patiently(() => commit.run())
    } catch (thrown) {
      abandon()
      const error = judged(thrown)
      return rejectAll(
        new StoreError('db.commit_failed', 'The transaction could not be committed; nothing of it was kept', {
          cause: error,
        }),
      )
    }
    commits++
    for (const job of batch) {
      if (job.outcome?.ok) {
        transactions++
        if (job.lease.hooks.length > 0) runHooks(job.lease, report)
        job.resolve(job.outcome.value)
      } else rejectOne(job, job.outcome?.error)
    }
  }

  async function drain(): Promise<void> {
    const batch = queue.length > MAX_BATCH ? queue.splice(0, MAX_BATCH) : queue
    if (batch === queue) queue = []
    await runBatch(batch)
    if (queue.length > 0) {
      setImmediate(() => void drain())
      return
    }
    running = false
    drained?.()
  }

  return {
    dialect: 'sqlite',
    read,
    async transact<T>(body: (w: Writer) => Promise<T>): Promise<T> {
      refuseNesting()
      if (closing) throw new StoreError('db.closed', 'The store is closed')
      return new Promise<T>((resolve, reject) => {
        queue.push({
          body,
          resolve: resolve as (value: unknown) => void,
          reject,
          lease: new Lease(),
          outcome: undefined,
        })
        if (running) return
        running = true
        // Everyone who asks before the event loop has read the network once more shares this commit. Never a timer: a
        // lone writer would wait for it.
        setImmediate(() => void drain())
      })
    },
    verifyPlace() {
      if (fatal || closing) return
      const loss = fileWatch.look()
      if (loss) giveUpFiles(loss)
    },
    stats: () => ({ commits, transactions, full, fatal, writeConnections: openWriters.get(path) ?? 0 }),
    close() {
      return (closing ??= (async () => {
        if (running) await new Promise<void>((resolve) => (drained = resolve))
        const loss = lookIfPossible()
        if (loss?.isForeign) {
          // Closing would write our log into what lies there now, and take away the only place where it is kept.
          leftOpen.push(client, readClient)
          return giveUpFiles(loss)
        }
        readClient.close()
        if (fatal === 'db.lost') leaveNoLog()
        client.close()
        fileWatch.end()
        const left = (openWriters.get(path) ?? 1) - 1
        if (left > 0) openWriters.set(path, left)
        else openWriters.delete(path)
      })())
    },
  }
}

const lastRun = (batch: Job[]): Job | undefined => batch.findLast((job) => job.outcome !== undefined)
