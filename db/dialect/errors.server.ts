/** What can go wrong with the store itself, as a code that a start script or a service can answer. */
export type StoreErrorCode =
  | 'db.corrupt' // the file is damaged or is not a database
  | 'db.lost' // there was a database, and the file is missing or empty, or no longer the one that is open
  | 'db.foreign_log' // beside the file lies the log of another database
  | 'db.io' // the device failed to read or write
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
export const isUniqueViolation = (error: unknown): boolean =>
  !(error instanceof StoreError) && UNIQUE.has(driverCode(error))

/** An error and what caused it, from the outside in. */
function* causesOf(error: unknown): Generator<Error> {
  let at: unknown = error
  for (let depth = 0; depth < 6 && at instanceof Error; depth++, at = at.cause) yield at
}

/** What passes without a change to the program: the request may be repeated unchanged. */
export const STORE_TROUBLES = [
  'db.full',
  'db.busy',
  'db.unreachable',
  'db.closed',
  'db.body_timeout',
] as const satisfies readonly StoreErrorCode[]
export type StoreTrouble = (typeof STORE_TROUBLES)[number]
const isTrouble = (code: unknown): code is StoreTrouble => STORE_TROUBLES.includes(code as StoreTrouble)

/** By the driver's own code. SQLite says FULL for ENOSPC, and IOERR_SHMSIZE where the index of its log cannot grow. */
function troubleOfDriver(code: string): StoreTrouble | null {
  if (['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT', 'EFBIG', '53100'].includes(code)) return 'db.full'
  // 53: the PostgreSQL server is out of memory or connections. 40: others were faster for as long as we were willing to
  // repeat.
  if (/^SQLITE_(BUSY|LOCKED)/.test(code) || /^(53...|40001|40P01|55P03)$/.test(code)) return 'db.busy'
  // 08: connection; 57P01 to 57P05: it goes away or is not up yet; 25006: a standby, which is read-only until it is
  // promoted.
  if (/^(08...|57P0[1-5]|25006)$/.test(code)) return 'db.unreachable'
  return null
}

/**
 * The trouble behind an error of `transact` or `store.read`, or null where it is a fault: of ours, or of a file that
 * somebody must look at. Errors are told by name, because the HTTP server and the Remix bundle each hold a copy of this
 * module.
 */
export function storeTrouble(error: unknown): StoreTrouble | null {
  for (const cause of causesOf(error)) {
    const code: unknown = 'code' in cause ? cause.code : undefined
    if (typeof code !== 'string') continue
    const trouble = cause.name === 'StoreError' ? (isTrouble(code) ? code : null) : troubleOfDriver(code)
    if (trouble) return trouble
  }
  return null
}

/** SQLite's lock is held by another process or connection: waiting helps. */
export const isSqliteBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(driverCode(error))

/** PostgreSQL gave up a transaction that would succeed if run again: serialisation failure or deadlock. */
export const isPgRetryable = (error: unknown): boolean => ['40001', '40P01'].includes(driverCode(error))

/**
 * Errors after which the file or the device cannot be trusted without someone looking at it. A full disk is none of
 * them.
 */
export const isSqliteFatal = (error: unknown): boolean =>
  /^SQLITE_(IOERR|CORRUPT|NOTADB|READONLY|CANTOPEN|PERM)/.test(driverCode(error)) && storeTrouble(error) !== 'db.full'

/** The code that names such an error in health and logs. */
export function codeOfFatal(error: unknown): StoreErrorCode {
  const code = driverCode(error)
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return 'db.corrupt'
  if (/^SQLITE_IOERR/.test(code)) return 'db.io'
  return error instanceof StoreError ? error.code : 'db.broken'
}

/**
 * Turns an error met while opening or migrating into a StoreError with one sentence; anything unknown passes unchanged.
 */
export function describeSqliteError(error: unknown, file: string): unknown {
  if (error instanceof StoreError) return error
  const code = driverCode(error)
  const as = (kind: StoreErrorCode, message: string) => new StoreError(kind, message, { cause: error })
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
    return as('db.corrupt', `The database file is damaged or is not a database: ${file}`)
  if (
    /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code) ||
    ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'EISDIR'].includes(code)
  )
    return as('db.unwritable', `The database file cannot be opened for writing: ${file}`)
  if (storeTrouble(error) === 'db.full') return as('db.full', `There is no room on the disk for the database: ${file}`)
  if (/^SQLITE_IOERR/.test(code))
    return as(
      'db.io',
      `The disk failed under the database file, so look at the disk and at the system's log first: ${file}`,
    )
  if (isSqliteBusy(error)) return as('db.busy', `Another process keeps the database locked: ${file}`)
  return error
}
