// A look at an SQLite file before anything is done with it.
import { closeSync, existsSync, lstatSync, openSync, readSync, statSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { describeSqliteError, StoreError } from './dialect/errors.server.ts'

/** Read at every start: takes well under a second. A larger file is read only when the last stop was not clean. */
const ALWAYS_CHECKED_BYTES = 64 * 1024 * 1024

/**
 * Reads a file whole and throws a StoreError (`db.corrupt`) when it is damaged. It opens the file for reading only:
 * closing a connection that may write would carry the log into a damaged file, and take away what a repair could begin
 * with.
 */
export function quickCheck(file: string): void {
  try {
    const client = new BetterSqlite3(file, { readonly: true, fileMustExist: true })
    try {
      const verdict = client.pragma('quick_check(1)', { simple: true })
      if (verdict !== 'ok')
        throw new StoreError('db.corrupt', `The database file is damaged: ${file}`, { cause: verdict })
    } finally {
      client.close()
    }
  } catch (error) {
    throw describeSqliteError(error, file)
  }
}

/**
 * Offset 18 of the file's header is 2 in a database that keeps a log, and 1 in one that does not (SQLite's file format,
 * section 1.3).
 */
function keepsLog(file: string): boolean {
  const handle = openSync(file, 'r')
  try {
    const header = Buffer.alloc(20)
    readSync(handle, header, 0, header.length, 0)
    return header[18] === 2
  } finally {
    closeSync(handle)
  }
}

/**
 * Looks at the names and sizes of a database's files, and whether they belong together. `expected`: this folder has had
 * a database, so that a missing or empty file is a loss and no beginning. A copy made by backup keeps no log: one
 * beside it was left by the database that it was put in place of, and SQLite would replay it over the copy; a log
 * without any database would be written over. Throws a StoreError (`db.lost`, `db.foreign_log`, `db.unwritable`).
 */
export function inspectFiles(file: string, { expected }: { expected: boolean }): { size: number; leftLog: number } {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found && lstatSync(file, { throwIfNoEntry: false }))
    throw new StoreError(
      'db.unwritable',
      `${file} is a link that leads nowhere: check that the disk of its target is mounted`,
    )
  if (found && !found.isFile())
    throw new StoreError(
      'db.unwritable',
      `${file} is no file: the database belongs there, so move what is there away, or set DATA_DIR to another folder`,
    )
  const size = found?.size ?? null
  const leftLog = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
  const what = size === null ? 'is missing' : 'is empty'
  if (!size && leftLog > 0)
    throw new StoreError(
      'db.lost',
      `The database file ${file} ${what}, and its log ${file}-wal, which may hold what was saved last, is still there: if you can find the database, put it back beside its log`,
    )
  if (expected && !size)
    throw new StoreError('db.lost', `The database file ${file} ${what}, though this installation has had one`)
  if (!size) return { size: 0, leftLog: 0 }
  if (leftLog > 0 && !keepsLog(file))
    throw new StoreError(
      'db.foreign_log',
      `The file ${file} was put in the place of another database, whose log ${file}-wal is still there and would be replayed over it: move both away`,
    )
  return { size, leftLog }
}

/**
 * Looks at a database before it is opened, and throws a StoreError as `inspectFiles` and `quickCheck` do. SQLite takes
 * its log away when it closes cleanly; where one is left, the last stop was not clean and the file is read whole.
 * `size` is 0 where there is none.
 */
export function inspectSqlite(file: string, about: { expected: boolean }): { size: number } {
  const { size, leftLog } = inspectFiles(file, about)
  if (leftLog > 0 || (size > 0 && size <= ALWAYS_CHECKED_BYTES)) quickCheck(file)
  return { size }
}

/** What a database is bound to for good; null where it is not bound. */
export type Bindings = { keyFingerprint: string | null; mode: string | null }

/**
 * Reads to which key and mode a database is bound, without changing the file. A database is looked at before it is
 * migrated: once migrated it is lost to the version that it came from.
 */
export function readBindings(file: string): Bindings {
  const none: Bindings = { keyFingerprint: null, mode: null }
  if (!existsSync(file) || statSync(file).size === 0) return none
  try {
    const client = new BetterSqlite3(file, { readonly: true, fileMustExist: true })
    try {
      if (client.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'settings'").get() === undefined)
        return none
      const bound = client.prepare('SELECT json_extract(value, ?) FROM settings WHERE key = ?').pluck()
      const read = (key: string, path: string): string | null =>
        (bound.get(path, key) as string | null | undefined) ?? null
      return { keyFingerprint: read('secret_key', '$.fingerprint'), mode: read('installation', '$.mode') }
    } finally {
      client.close()
    }
  } catch (error) {
    // A table of that name may be somebody else's; the migration says so.
    if (error instanceof BetterSqlite3.SqliteError && error.code === 'SQLITE_ERROR') return none
    throw describeSqliteError(error, file)
  }
}
