// Whether the names of an open database still lead to the files that it has open. A file that is deleted or moved away can be written as
// before, and what is written is lost with the process.
import { statSync } from 'node:fs'
import { StoreError } from './dialect/errors.server.ts'

type Part = { path: string; about: string; identity: string | null }

const DO_IF_GONE = 'Put it back if it was moved; otherwise restore a backup: npm run restore -- FILE (docs/operations.md).'
// Closing carries the log over from the file that is still open.
const DO_IF_LOG_GONE = 'Start Poise again: what the file held is in the database if this stop was clean.'

/** Device and number of the file under a name, or null where there is none. As big integers: a number of 64 bits does not fit a double. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code))) return null
    throw error
  }
}

/**
 * Remembers the files of a database that has just been opened; the function it gives looks again, and answers with a StoreError (`db.lost`)
 * whose message says what to do, or null where all is well. SQLite may make its log later; from then on it keeps the same one until it closes.
 */
export function watchFiles(file: string): () => StoreError | null {
  const parts: Part[] = [
    { path: file, about: DO_IF_GONE, identity: null },
    { path: `${file}-wal`, about: DO_IF_LOG_GONE, identity: null },
    { path: `${file}-shm`, about: DO_IF_LOG_GONE, identity: null },
  ]
  const look = (): StoreError | null => {
    for (const part of parts) {
      const found = identityOf(part.path)
      part.identity ??= found
      if (found !== part.identity) return new StoreError('db.lost', `The file ${part.path} was deleted, moved or replaced while Poise was running. ${part.about}`)
    }
    return null
  }
  look()
  return look
}
