// A copy of an installation's database, as a file: made by backup, read by restore.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import BetterSqlite3 from 'better-sqlite3'
import { storeTrouble } from '../../db/dialect/errors.server.ts'
import { readBindings } from '../../db/inspect.server.ts'
import { CommandError } from './command.ts'

/** What a copy holds, as far as a person can tell it from another. */
export type CopyContents = {
  people: number
  attempts: number
  answers: number
  auditRows: number
  /** Of the key that opens what is sealed in it; null in a database that has never been started. */
  keyFingerprint: string | null
  /** What the installation is bound to, demo or production; null where it is not. */
  mode: string | null
}

/** Where the SHA-256 of a copy stands, in the form of sha256sum. */
export const hashFileOf = (file: string): string => `${file}.sha256`

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/**
 * Whether an error of SQLite or of the system says that a file could not grow. SQLite calls a disk that is found full
 * late an error of the device.
 */
const foundNoRoom = (error: unknown): boolean =>
  storeTrouble(error) === 'db.full' ||
  (error instanceof Error && 'code' in error && /^SQLITE_IOERR_(WRITE|FSYNC|TRUNCATE)/.test(String(error.code)))

const UNWRITABLE = /^(SQLITE_(CANTOPEN|READONLY|PERM).*|EROFS|EACCES|EPERM)$/

/**
 * Does work that writes a copy into a folder. Throws a CommandError that names that folder where it cannot be written
 * or has no room.
 */
export async function withRoom<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (foundNoRoom(error)) throw new CommandError(`There is no room in ${folder} for the copy.`)
    if (error instanceof Error && 'code' in error && UNWRITABLE.test(String(error.code)))
      throw new CommandError(
        `The copy cannot be written in ${folder}: check who owns it, and that its disk is not mounted read-only.`,
      )
    throw error
  }
}

/** Copies a file and gives the SHA-256 of just the bytes that were copied, whatever happens to the file meanwhile. */
export async function copyHashed(from: string, to: string): Promise<string> {
  const hash = createHash('sha256')
  // Opened first, so that a file that may not be read is not taken for a folder that may not be written.
  const source = await open(from).catch(() => {
    throw new CommandError(`The file ${from} cannot be read: check who owns it.`)
  })
  await withRoom(dirname(to), () =>
    pipeline(
      source.createReadStream(),
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          yield chunk
        }
      },
      createWriteStream(to, { mode: 0o600 }),
    ),
  )
  return hash.digest('hex')
}

/**
 * Reads a copy whole and tells what is in it. Throws a CommandError about `what` when it is damaged or is no database
 * of Poise. The file is left as it is.
 */
export function readCopy(file: string, what = `The copy ${file}`): CopyContents {
  let copy: BetterSqlite3.Database
  try {
    copy = new BetterSqlite3(file, { readonly: true, fileMustExist: true })
  } catch {
    throw new CommandError(`${what} cannot be opened as a database.`)
  }
  try {
    if (copy.pragma('integrity_check(1)', { simple: true }) !== 'ok') throw new CommandError(`${what} is damaged.`)
    const count = (table: string): number =>
      (copy.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n
    const counts = {
      people: count('people'),
      attempts: count('attempts'),
      answers: count('answers'),
      auditRows: count('audit_events'),
    }
    return { ...counts, ...readBindings(file) }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${what} is damaged, or is no database of Poise.`)
  } finally {
    copy.close()
  }
}

export function contentsInWords({ people, attempts, answers }: CopyContents): string {
  const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`
  return [
    counted(people, 'person', 'people'),
    counted(attempts, 'attempt', 'attempts'),
    counted(answers, 'answer', 'answers'),
  ].join(', ')
}
