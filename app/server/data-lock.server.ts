// Who may use the files of an installation at the same time: one server and any number of commands, or one restore and
// nobody else.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { isSqliteBusy } from '../../db/dialect/errors.server.ts'
import { identityOf, statOf } from '../../db/file-watch.server.ts'
import { ConfigError } from './config.server.ts'
import { giveToOwnerOfFolder } from './owner.server.ts'

export const LOCK_FILE = 'poise.lock'

export type DataLock = {
  /** Takes the lock anew where somebody has removed its file, as people do with locks. Throws as `lockDataDir` does. */
  renew(): void
  release(): void
}

/**
 * The locks of SQLite that keep apart just these three: reserved, shared, exclusive (sqlite.org/lockingv3.html, section
 * 3).
 */
const USES = {
  server: {
    take: 'BEGIN IMMEDIATE',
    refusal: (dataDir: string) =>
      `Another Poise server, a command or a restore is using the data folder ${dataDir}: stop it or wait until it has ended, or set DATA_DIR to another folder.`,
  },
  command: {
    take: 'BEGIN; SELECT count(*) FROM sqlite_master',
    refusal: (dataDir: string) => `A restore is using the data folder ${dataDir}: wait until it has ended.`,
  },
  restore: {
    take: 'BEGIN EXCLUSIVE',
    refusal: (dataDir: string) =>
      `A Poise server, a command or another restore is using the data folder ${dataDir}: stop it first.`,
  },
} as const

/** Takes the lock once. */
function take(dataDir: string, use: keyof typeof USES): { holder: BetterSqlite3.Database; identity: string | null } {
  const file = join(dataDir, LOCK_FILE)
  const found = statSync(file, { throwIfNoEntry: false })
  if (found && (!found.isFile() || found.size > 0))
    throw new ConfigError([
      `${file} is not the empty lock file that belongs there: remove it while no Poise server runs.`,
    ])
  const holder = new BetterSqlite3(file, { timeout: 0 })
  try {
    giveToOwnerOfFolder(file, dataDir)
    // Nothing is ever written, so there is nothing to undo after a crash.
    holder.pragma('journal_mode = MEMORY')
    holder.exec(USES[use].take)
    return { holder, identity: identityUnder(file) }
  } catch (error) {
    holder.close()
    if (isSqliteBusy(error)) throw new ConfigError([USES[use].refusal(dataDir)])
    throw error
  }
}

function identityUnder(file: string): string | null {
  const found = statOf(file)
  return found && identityOf(found)
}

/**
 * Holds the data folder until released. The lock is SQLite's own on an empty file, because the operating system takes
 * it back when a process ends, however it ends; a file with a process number would outlive a crash. Throws a
 * ConfigError when somebody else's use does not go together with this one.
 */
export function lockDataDir(dataDir: string, use: keyof typeof USES): DataLock {
  let held = take(dataDir, use)
  return {
    renew() {
      if (identityUnder(join(dataDir, LOCK_FILE)) === held.identity) return
      const before = held
      held = take(dataDir, use)
      before.holder.close()
    },
    release: () => void held.holder.close(),
  }
}

/** Whether a server, a command or a restore is using the data folder. */
export function isDataDirInUse(dataDir: string): boolean {
  try {
    lockDataDir(dataDir, 'restore').release()
    return false
  } catch (error) {
    if (error instanceof ConfigError) return true
    throw error
  }
}
