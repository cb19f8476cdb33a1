// Whether the names of an open database still lead to the files that it has open, and whether the database is still in
// its file. A file that is deleted or moved away can be written as before, and what is written is lost with the
// process; so it is where another file is copied over the contents.
import { closeSync, fstatSync, openSync, readSync, statSync, type BigIntStats } from 'node:fs'
import { StoreError } from './dialect/errors.server.ts'

type Part = { path: string; about: string; identity: string | null }
/**
 * The beginning of the file's header that no write changes, and what only grows in a database that is never vacuumed.
 */
type Contents = { form: string; pages: number; bytes: bigint }

/** `isForeign`: the file holds something else now, so nothing more may be written to it. */
export type Loss = { error: StoreError; isForeign: boolean }

export type FileWatch = {
  /**
   * What is wrong with the files, as a StoreError (`db.lost`) whose message says what to do; null where all is well.
   */
  look(): Loss | null
  /** To be called once SQLite has closed its connections. */
  end(): void
}

const DO_IF_GONE =
  'Put it back if it was moved; otherwise restore a backup: npm run restore -- FILE (docs/operations.md).'
// Closing carries the log over from the file that is still open.
const DO_IF_LOG_GONE = 'Start Poise again: what the file held is in the database if this stop was clean.'

/**
 * SQLite's file format, section 1.3: up to offset 23 signature, page size, journal mode and constants; at 28 the number
 * of pages.
 */
const HEADER_BYTES = 100
const FORM_BYTES = 24
const PAGES_AT = 28

/**
 * Closing any descriptor of a file takes away all locks of this process on it, also those of SQLite (POSIX). So a
 * descriptor is opened before SQLite opens the file, and closed when nobody in this process watches that file any more.
 * Kept on globalThis because the server and the Remix bundle each hold a copy of this module.
 */
type Held = { watches: number; descriptors: number[] }
const held: Map<string, Held> = ((globalThis as { [key: symbol]: unknown })[Symbol.for('poise.store.descriptors')] ??=
  new Map<string, Held>()) as Map<string, Held>

/** What a file is, whatever it is called. As big integers: a number of 64 bits does not fit a double. */
export const identityOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`

/** Null where there is no file under that name. */
export function statOf(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true })
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code))) return null
    throw error
  }
}

function contentsOf(descriptor: number, bytes: bigint): Contents {
  const header = Buffer.alloc(HEADER_BYTES)
  readSync(descriptor, header, 0, HEADER_BYTES, 0)
  return { form: header.toString('latin1', 0, FORM_BYTES), pages: header.readUInt32BE(PAGES_AT), bytes }
}

const isSuccessor = (now: Contents, before: Contents): boolean =>
  now.form === before.form && now.pages >= before.pages && now.bytes >= before.bytes

/**
 * Watches the files of a database that SQLite is about to open; the first look, made when it is open, says what is to
 * be found later. SQLite may make its log later still; from then on it keeps the same one until it closes. Throws what
 * the file system says if the file cannot be read.
 */
export function watchFiles(file: string): FileWatch {
  const descriptor = openSync(file, 'r')
  const holding = held.get(file) ?? { watches: 0, descriptors: [] }
  held.set(file, holding)
  holding.watches += 1
  holding.descriptors.push(descriptor)
  const database: Part = {
    path: file,
    about: DO_IF_GONE,
    identity: identityOf(fstatSync(descriptor, { bigint: true })),
  }
  const parts: Part[] = [
    database,
    { path: `${file}-wal`, about: DO_IF_LOG_GONE, identity: null },
    { path: `${file}-shm`, about: DO_IF_LOG_GONE, identity: null },
  ]
  let contents: Contents | null = null
  const loss = (what: string, isForeign = false): Loss => ({ error: new StoreError('db.lost', what), isForeign })
  return {
    look() {
      for (const part of parts) {
        const found = statOf(part.path)
        const identity = found && identityOf(found)
        part.identity ??= identity
        if (identity !== part.identity)
          return loss(`The file ${part.path} was deleted, moved or replaced while Poise was running. ${part.about}`)
        if (part !== database || !found) continue
        const now = contentsOf(descriptor, found.size)
        if (!isSuccessor(now, contents ?? now))
          return loss(
            `The contents of the file ${file} were replaced while Poise was running. Move it and ${file}-wal away, then restore a backup: npm run restore -- FILE (docs/operations.md).`,
            true,
          )
        contents = now
      }
      return null
    },
    end() {
      holding.watches -= 1
      if (holding.watches > 0) return
      held.delete(file)
      for (const open of holding.descriptors) closeSync(open)
    },
  }
}
