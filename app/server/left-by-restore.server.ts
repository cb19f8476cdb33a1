// What a restore that was killed leaves in a data folder: a copy of what people wrote, or a rehearsal with the key in
// it.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDataDirInUse, LOCK_FILE } from './data-lock.server.ts'

/** Where a copy is made ready, beside the database. */
export const stagedFor = (file: string): string => `${file}.restoring`

/** A database is one file, and what SQLite keeps beside it. */
export const SUFFIXES = ['', '-wal', '-shm', '-journal'] as const

export function removeDatabase(file: string): void {
  for (const suffix of SUFFIXES) rmSync(file + suffix, { force: true })
}

/** How the folder of a rehearsal begins. */
export const REHEARSAL = 'rehearsal-of-restore-'

/**
 * Removes the folders of rehearsals that were killed. One without a lock has just been made by somebody else, and
 * stays.
 */
export function removeLeftRehearsals(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    const folder = join(dataDir, name)
    if (name.startsWith(REHEARSAL) && existsSync(join(folder, LOCK_FILE)) && !isDataDirInUse(folder))
      rmSync(folder, { recursive: true, force: true })
  }
}

/** Removes all of it. Only for whoever holds the folder as its server does: no restore is at work then. */
export function removeLeftByRestores(dataDir: string, file: string): void {
  removeDatabase(stagedFor(file))
  removeLeftRehearsals(dataDir)
}
