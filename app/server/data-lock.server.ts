// One server, or one restore, at a time on the files of an installation.
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { isSqliteBusy } from '../../db/dialect/errors.server.ts'
import { ConfigError } from './config.server.ts'

const LOCK_FILE = 'poise.lock'

export type DataLock = { release(): void }

/**
 * Holds the data folder until released. The lock is SQLite's own on an empty file, because the operating system takes it back when a
 * process ends, however it ends; a file with a process number would outlive a crash. Throws a ConfigError when somebody else holds it.
 */
export function lockDataDir(dataDir: string): DataLock {
  const holder = new BetterSqlite3(join(dataDir, LOCK_FILE), { timeout: 0 })
  try {
    // Nothing is ever written, so there is nothing to undo after a crash.
    holder.pragma('journal_mode = MEMORY')
    holder.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    holder.close()
    if (isSqliteBusy(error)) throw new ConfigError([`Another Poise server, or a restore, is using the data folder ${dataDir}: stop it first, or set DATA_DIR to another folder.`])
    throw error
  }
  return { release: () => void holder.close() }
}
