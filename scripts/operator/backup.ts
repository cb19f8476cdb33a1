import { existsSync, lstatSync } from 'node:fs'
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { databaseFile, makeDataDir } from '../../app/server/deps.server.ts'
import { giveToOwnerOfFolder } from '../../app/server/owner.server.ts'
import { createSecrets, KEY_FILE, keyFingerprint, readMasterKey } from '../../app/server/secrets.server.ts'
import { inspectFiles, readBindings } from '../../db/inspect.server.ts'
import { CommandError, readArguments, UsageError, type Command } from './command.ts'
import { contentsInWords, hashFileOf, readCopy, sha256Of, withRoom } from './copy.ts'

const NAME = /^poise-\d{8}T\d{6}Z\.db$/

const UNFINISHED = /^poise-\d{8}T\d{6}Z\.db\.(\d+)\.part(-\w+)?$/

/**
 * Another installation may keep its copies in the same folder, under names like ours. One that cannot be read is left
 * to its owner.
 */
function isCopyOf(file: string, keyFingerprint: string): boolean {
  try {
    return lstatSync(file).isFile() && readBindings(file).keyFingerprint === keyFingerprint
  } catch {
    return false
  }
}

/**
 * Removes the oldest copies of this installation, and gives their names. Never the one just made: by its name it is the
 * oldest where a clock was ahead once.
 */
async function prune(folder: string, made: string, keyFingerprint: string, keep: number): Promise<string[]> {
  const others = (await readdir(folder))
    .filter((name) => NAME.test(name) && name !== made && isCopyOf(join(folder, name), keyFingerprint))
    .sort()
  const old = others.slice(0, Math.max(0, others.length + 1 - keep))
  for (const name of old) {
    await rm(join(folder, name))
    await rm(hashFileOf(join(folder, name)), { force: true })
  }
  return old
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A backup that was killed has left what it had; the name tells whose it was. */
async function removeLeft(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = UNFINISHED.exec(name)?.[1]
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { force: true })
  }
}

/** The copy is worth having without its key, but its owner must know in time. */
function warnOfKey(bound: string | null, key: Buffer | null, dataDir: string): void {
  if (bound === null) return
  const file = join(dataDir, KEY_FILE)
  if (key === null)
    console.error(
      `The key of this database, ${file}, is missing: without it no copy can be restored. Find it while the database is well.`,
    )
  else if (keyFingerprint(createSecrets(key)) !== bound)
    console.error(
      `The key ${file} does not belong to this database: no copy can be restored with it. Find the right one while the database is well.`,
    )
}

/** The copy takes the server's journal mode along; without it the copy is one file and leaves nothing beside it. */
function makeOneFile(file: string): void {
  const copy = new BetterSqlite3(file)
  try {
    copy.pragma('journal_mode = DELETE')
  } finally {
    copy.close()
  }
}

/** Takes the name of a copy as well: only one of two backups in the same second gets it. */
async function noteHash(file: string, hash: string): Promise<void> {
  try {
    await writeFile(hashFileOf(file), `${hash}  ${basename(file)}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new CommandError(`Another backup has just made ${file}: try again in a second.`)
  }
}

/**
 * Copies the database to a file while the server runs, checks the copy, and writes its SHA-256 beside it. The key file
 * is not in the copy: whoever holds both can read what is sealed.
 */
export const backup: Command = {
  does: 'copies the running database to a checked file; the key is not in it',
  usage: 'backup [--to folder] [--keep 14]',
  options: [
    '--to    where the copy goes; else to backups in the data folder',
    '--keep  how many copies of this installation stay there; the oldest go',
  ],
  read(args) {
    const { to, keep = '14' } = readArguments(args, { options: ['to', 'keep'] }).options
    if (!/^[1-9]\d{0,4}$/.test(keep)) throw new UsageError(`--keep is a whole number from 1 to 99999, not ${keep}.`)
    if (to === '') throw new UsageError('--to names no folder.')
    return async ({ config, pathOf }) => {
      if (config.databaseUrl !== null)
        throw new CommandError('This installation uses PostgreSQL: back it up with pg_dump.')
      const source = databaseFile(config)
      const key = readMasterKey(config.dataDir)
      // SQLite would replay a stranger's log into the copy.
      const { size } = inspectFiles(source, { expected: key !== null })
      if (size === 0)
        throw new CommandError(
          existsSync(source)
            ? `The database ${source} is empty: there is nothing to copy.`
            : `There is no database in ${config.dataDir} yet.`,
        )
      const folder = to === undefined ? join(config.dataDir, 'backups') : pathOf(to)
      try {
        makeDataDir(folder)
      } catch {
        throw new CommandError(`The folder ${folder} cannot be made: name another one with --to.`)
      }
      if (!(await stat(folder)).isDirectory())
        throw new CommandError(`${folder} is not a folder: name another one with --to.`)
      const name = `poise-${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}.db`
      const file = join(folder, name)
      const unfinished = `${file}.${process.pid}.part`
      const database = new BetterSqlite3(source, { readonly: true, fileMustExist: true })
      try {
        const contents = await withRoom(folder, async () => {
          await removeLeft(folder)
          await database.backup(unfinished)
          makeOneFile(unfinished)
          const found = readCopy(unfinished, `The database ${source}`)
          await noteHash(file, await sha256Of(unfinished))
          // Under its final name only now: a file called so is a whole copy.
          await rename(unfinished, file)
          for (const made of [file, hashFileOf(file)]) giveToOwnerOfFolder(made, folder)
          return found
        })
        const removed =
          contents.keyFingerprint === null ? [] : await prune(folder, name, contents.keyFingerprint, Number(keep))
        console.log(
          `${file}: ${(await stat(file)).size} bytes, ${contentsInWords(contents)}, checked. The key is not in it: keep ${KEY_FILE} of ${config.dataDir} in another place.`,
        )
        if (removed.length > 0) console.log(`Removed as --keep says: ${removed.join(', ')}.`)
        warnOfKey(contents.keyFingerprint, key, config.dataDir)
      } finally {
        database.close()
        for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(unfinished + suffix, { force: true })
      }
    }
  },
}
