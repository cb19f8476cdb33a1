/** A connection to a SQLite file: its settings, its guard, and whether there is room for it on the disk. */
import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import { isSqliteBusy, storeTrouble } from './dialect/errors.server.ts'
import type { Lease } from './store.server.ts'

const BUSY_PATIENCE_MS = 10_000
const OPEN_PATIENCE_MS = 5_000
/** More than SQLite asks for at once: its log grows by pages, the log's index by 32 kB. */
const ROOM_BYTES = 65_536

export type Client = BetterSqlite3.Database

export function connect(file: string): Client {
  // Waiting synchronously is right while opening (recovery after a crash may hold the lock) and wrong ever after: it
  // would stop the event loop, and with it the transaction being waited for.
  const client = new BetterSqlite3(file, { timeout: OPEN_PATIENCE_MS, fileMustExist: true })
  try {
    client.pragma('journal_mode = WAL')
    client.pragma('synchronous = FULL')
    client.pragma('fullfsync = ON') // macOS: plain fsync stops at the drive's cache
    client.pragma('checkpoint_fullfsync = ON')
    client.pragma('foreign_keys = ON')
    client.pragma('temp_store = MEMORY')
    // Running attempts touch a few pages each; with SQLite's two megabytes a few hundred of them push each other out.
    client.pragma('cache_size = -65536')
    // A checkpoint copies each page once, however often it was written: at most 32 MB of log, instead of four.
    client.pragma('wal_autocheckpoint = 8000')
    client.pragma('journal_size_limit = 67108864')
    client.pragma('busy_timeout = 0')
    return client
  } catch (error) {
    client.close()
    throw error
  }
}

export async function patiently(run: () => void): Promise<void> {
  const deadline = performance.now() + BUSY_PATIENCE_MS
  for (let waitMs = 2; ; waitMs = Math.min(waitMs * 2, 100)) {
    try {
      return run()
    } catch (error) {
      if (!isSqliteBusy(error) || performance.now() > deadline) throw error
    }
    await sleep(waitMs)
  }
}

export type Guard = <T>(run: () => T) => T

/**
 * Statements of ad-hoc queries pass through here, so that none runs after its Writer's end and no error goes unseen.
 */
export class GuardedClient {
  constructor(
    private readonly client: Client,
    private readonly guard: Guard,
  ) {}
  prepare(source: string): GuardedStatement {
    return new GuardedStatement(
      this.guard(() => this.client.prepare<unknown[]>(source)),
      this.guard,
    )
  }
}
class GuardedStatement {
  constructor(
    private readonly prepared: BetterSqlite3.Statement<unknown[]>,
    private readonly guard: Guard,
  ) {}
  raw(): this {
    this.prepared.raw()
    return this
  }
  run(...params: unknown[]) {
    return this.guard(() => this.prepared.run(params))
  }
  all(...params: unknown[]) {
    return this.guard(() => this.prepared.all(params))
  }
  get(...params: unknown[]) {
    return this.guard(() => this.prepared.get(params))
  }
}

export const leased =
  (client: Client, lease: Lease): Guard =>
  (run) => {
    lease.check()
    try {
      return run()
    } catch (error) {
      noteFailure(client, lease, error)
      throw error
    }
  }

/** A full disk can end the transaction under the body: what it wrote next would be committed at once, on its own. */
export function noteFailure(client: Client, lease: Lease, error: unknown): void {
  lease.fail(error)
  if (!client.inTransaction) lease.open = false
}

/**
 * Tried after a failed write only: SQLite calls a quota, a limit on the size of files, and a disk that is found full
 * late, an error of the device. Written where the larger of its files would have grown, because such a limit counts
 * from the beginning of a file; what lies before is a hole and takes no room.
 */
export function hasNoRoom(file: string): boolean {
  const tried = `${file}-room`
  let handle: number | undefined
  try {
    const sizes = [file, `${file}-wal`].map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0)
    handle = openSync(tried, 'w', 0o600)
    // A write that meets the limit is cut short before one is refused.
    for (let done = 0; done < ROOM_BYTES;)
      done += writeSync(handle, Buffer.alloc(ROOM_BYTES - done), 0, ROOM_BYTES - done, Math.max(...sizes) + done)
    fsyncSync(handle)
    return false
  } catch (error) {
    return storeTrouble(error) === 'db.full'
  } finally {
    if (handle !== undefined) closeSync(handle)
    rmSync(tried, { force: true })
  }
}
