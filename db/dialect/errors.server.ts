/** What can go wrong with the store itself, as a code that a start script or a service can answer. */
export type StoreErrorCode =
  | 'db.corrupt' // the file is damaged or is not a database
  | 'db.lost' // there was a database, and the file is missing or empty
  | 'db.foreign_log' // beside the file lies the log of another database
  | 'db.unwritable' // missing, read-only, or no permission
  | 'db.full' // no room on the disk
  | 'db.newer' // written by a later version of Poise
  | 'db.foreign_schema' // tables that no migration of ours has made, or made by a version that was never released
  | 'db.busy' // another process keeps the lock
  | 'db.unreachable' // the PostgreSQL server does not answer, or refuses us
  | 'db.closed'
  | 'db.nested'
  | 'db.revoked'
  | 'db.read_only'
  | 'db.read_inside_transact'
  | 'db.body_timeout'
  | 'db.transaction_lost' // the engine ended the transaction; nothing of the batch was kept
  | 'db.commit_failed'
  | 'db.broken' // the write connection cannot be brought back to rest

/** An error of the store, not of a statement. `cause` holds the driver's error where there was one. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

/** The driver's own code: direct on SQLite, under `cause` where Drizzle has wrapped a PostgreSQL error. */
export function driverCode(error: unknown): string {
  let at: unknown = error
  for (let depth = 0; depth < 4 && at instanceof Error; depth++) {
    const code: unknown = 'code' in at && !(at instanceof StoreError) ? at.code : undefined
    if (typeof code === 'string') return code
    at = at.cause
  }
  return ''
}

const UNIQUE = new Set(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_ROWID', '23505'])

/** True if a unique or primary key refused the row, on either engine. */
export const isUniqueViolation = (error: unknown): boolean => !(error instanceof StoreError) && UNIQUE.has(driverCode(error))

/** SQLite's lock is held by another process or connection: waiting helps. */
export const isSqliteBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(driverCode(error))

/** PostgreSQL gave up a transaction that would succeed if run again: serialisation failure or deadlock. */
export const isPgRetryable = (error: unknown): boolean => ['40001', '40P01'].includes(driverCode(error))

/** Errors after which the file or the device cannot be trusted without someone looking at it. */
export const isSqliteFatal = (error: unknown): boolean => /^SQLITE_(IOERR|CORRUPT|NOTADB|READONLY|CANTOPEN|PERM)/.test(driverCode(error))

/** Turns an error met while opening or migrating into a StoreError with one sentence; anything unknown passes unchanged. */
export function describeSqliteError(error: unknown, file: string): unknown {
  if (error instanceof StoreError) return error
  const code = driverCode(error)
  const as = (kind: StoreErrorCode, message: string) => new StoreError(kind, message, { cause: error })
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return as('db.corrupt', `The database file is damaged or is not a database: ${file}`)
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code) || ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'EISDIR'].includes(code))
    return as('db.unwritable', `The database file cannot be opened for writing: ${file}`)
  if (/^SQLITE_FULL/.test(code) || code === 'ENOSPC') return as('db.full', `There is no room on the disk for the database: ${file}`)
  if (isSqliteBusy(error)) return as('db.busy', `Another process keeps the database locked: ${file}`)
  return error
}
