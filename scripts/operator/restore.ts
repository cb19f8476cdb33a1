import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import type { ServerConfig } from '../../app/server/config.server.ts'
import { lockDataDir } from '../../app/server/data-lock.server.ts'
import { databaseFile } from '../../app/server/deps.server.ts'
import {
  REHEARSAL,
  removeDatabase,
  removeLeftRehearsals,
  stagedFor,
  SUFFIXES,
} from '../../app/server/left-by-restore.server.ts'
import { giveToOwnerOfFolder } from '../../app/server/owner.server.ts'
import { createSecrets, KEY_FILE, keyFingerprint, readMasterKey } from '../../app/server/secrets.server.ts'
import { recordRestore } from '../../app/services/people/restored.server.ts'
import { isSqliteBusy } from '../../db/dialect/errors.server.ts'
import { inspectSqlite } from '../../db/inspect.server.ts'
import { migrateSqlite } from '../../db/migrate.server.ts'
import { openSqlite } from '../../db/sqlite.server.ts'
import { StoreError } from '../../db/store.server.ts'
import { CommandError, readArguments, type Command, type Surroundings } from './command.ts'
import { contentsInWords, copyHashed, hashFileOf, readCopy, type CopyContents } from './copy.ts'
import { rehearse } from './rehearse.ts'

/** A file that somebody chose: `noted` is the hash that it should have, null where there is none to compare with. */
type ChosenCopy = { file: string; noted: string | null; secrets: ReturnType<typeof createSecrets> }

const SHA256 = /^\\?([0-9a-f]{64})\b/i

/** What the file beside a copy, in the form of sha256sum, says of it. */
function notedHash(file: string): string | null {
  const beside = hashFileOf(file)
  if (!existsSync(beside)) return null
  const hash = SHA256.exec(readFileSync(beside, 'utf8'))?.[1]
  if (hash === undefined)
    throw new CommandError(`The file ${beside} holds no SHA-256: put the one that backup wrote there.`)
  return hash.toLowerCase()
}

/** What can be told without reading the file. Throws a CommandError. */
function choose(file: string, config: ServerConfig, unverified: boolean): ChosenCopy {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found?.isFile())
    throw new CommandError(found ? `${file} is not a file: name a copy that backup made.` : `There is no file ${file}.`)
  const own = databaseFile(config)
  if ([own, stagedFor(own)].some((name) => existsSync(name) && realpathSync(name) === realpathSync(file)))
    throw new CommandError(
      `The file ${file} is the database itself, or what an interrupted restore has left, and would be replaced: name a copy that backup made.`,
    )
  // Copied without its log, it would come back without what was saved last.
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw new CommandError(
      `The file ${file} is a database that was in use, not a copy: its log ${file}-wal lies beside it. Take a copy that backup made.`,
    )
  const noted = notedHash(file)
  if (noted === null && !unverified)
    throw new CommandError(
      `The file ${hashFileOf(file)}, which backup wrote beside the copy, is missing: put it there, or add --unverified to do without it.`,
    )
  const key = readMasterKey(config.dataDir)
  if (key === null)
    throw new CommandError(
      `There is no ${KEY_FILE} in ${config.dataDir}: put the key of this installation there first. It is not in the copy.`,
    )
  return { file, noted, secrets: createSecrets(key) }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Cleans up and ends when somebody stops the command. */
function onSignals(cleanUp: () => void): void {
  for (const signal of SIGNALS)
    process.once(signal, () => {
      cleanUp()
      process.exit(1)
    })
}

/** What is on the disk by its name is on the disk. */
function sync(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Makes the copy the database that it will be, beside the one that is there: hash, integrity and key hold, present
 * schema, restore noted, staff signed out. All is judged by the bytes that were copied. Throws a CommandError that
 * names the first thing that is wrong.
 */
async function stage({ file, noted, secrets }: ChosenCopy, staged: string): Promise<CopyContents> {
  removeDatabase(staged)
  const hash = await copyHashed(file, staged)
  if (noted !== null && noted !== hash)
    throw new CommandError(
      `The copy ${file} does not match the hash in ${basename(hashFileOf(file))}: it was changed or damaged. Take another copy.`,
    )
  const contents = readCopy(staged, `The copy ${file}`)
  if (contents.keyFingerprint !== null && contents.keyFingerprint !== keyFingerprint(secrets))
    throw new CommandError(
      `The ${KEY_FILE} in the data folder does not belong to this copy: put the key there with which the copy was made.`,
    )
  migrateSqlite(staged)
  const store = openSqlite({ file: staged })
  try {
    await recordRestore({ store, secrets }, { copyHash: hash }, Date.now())
  } finally {
    await store.close()
  }
  sync(staged)
  return contents
}

/**
 * Whether the file is a database with a log of its own, if any. Throws where something is in the way that is no
 * database at all.
 */
function isSound(file: string): boolean {
  try {
    inspectSqlite(file, { expected: true })
    return true
  } catch (error) {
    if (error instanceof StoreError && error.code !== 'db.unwritable') return false
    throw error
  }
}

/**
 * Carries the log of a sound database into it, so that it is one file, and keeps everybody else out until it is let go.
 * A damaged one is left as it is: a repair begins with both files. Throws a CommandError when another program has it
 * open.
 */
function holdAlone(file: string): () => void {
  if (!isSound(file)) return () => {}
  const client = new BetterSqlite3(file, { timeout: 0, fileMustExist: true })
  try {
    client.pragma('journal_mode = DELETE')
    client.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    client.close()
    if (isSqliteBusy(error))
      throw new CommandError(`Another program has ${file} open: end it first. Nothing was restored.`)
    // A disk that is full, for one: then both files go aside.
    return () => {}
  }
  return () => void client.close()
}

const ASIDE = 'before-restore-'

/** The same file under a second name; where the disk knows none, a second file. */
function keepAs(file: string, name: string): void {
  try {
    linkSync(file, name)
  } catch {
    copyFileSync(file, name, constants.COPYFILE_EXCL)
  }
}

/**
 * Keeps what is there in a folder of its own, and takes it away. All of it is in the folder before any of it goes:
 * should we be stopped between two files, the folder holds them together. The database goes first, because a database
 * without its log would pass for whole, while a start that finds none says so.
 */
function setAside(file: string): string | null {
  if (!SUFFIXES.some((suffix) => lstatSync(file + suffix, { throwIfNoEntry: false }))) return null
  const letGo = holdAlone(file)
  try {
    const folder = mkdtempSync(join(dirname(file), `${ASIDE}${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}-`))
    try {
      for (const suffix of ['', '-wal', '-journal'])
        if (existsSync(file + suffix)) keepAs(file + suffix, join(folder, basename(file) + suffix))
      giveToOwnerOfFolder(folder, dirname(file))
      sync(folder)
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
    removeDatabase(file)
    return folder
  } finally {
    letGo()
  }
}

async function restoreInto({ config }: Surroundings, copy: ChosenCopy): Promise<void> {
  const lock = lockDataDir(config.dataDir, 'restore')
  const file = databaseFile(config)
  const staged = stagedFor(file)
  // All of it is a copy of what people wrote.
  onSignals(() => removeDatabase(staged))
  try {
    const contents = await stage(copy, staged)
    giveToOwnerOfFolder(staged, dirname(file))
    const aside = setAside(file)
    renameSync(staged, file)
    sync(dirname(file))
    console.log(`Restored ${copy.file}: ${contentsInWords(contents)}. Staff sign in again; start the server now.`)
    if (contents.mode !== null && contents.mode !== config.mode)
      console.log(
        `The copy is of an installation in ${contents.mode} mode, and starts with POISE_MODE=${contents.mode} only.`,
      )
    if (aside !== null) console.log(`What was there before is in ${aside}; remove it when you no longer need it.`)
    const earlier = readdirSync(dirname(file))
      .filter((name) => name.startsWith(ASIDE) && name !== basename(aside ?? ''))
      .sort()
    if (earlier.length > 0)
      console.log(`Earlier restores, also those that were interrupted, left ${earlier.join(', ')} there.`)
  } finally {
    removeDatabase(staged)
    lock.release()
  }
}

/** Restores into a folder of its own and starts a server there. */
async function restoreElsewhere(about: Surroundings, copy: ChosenCopy): Promise<void> {
  const { dataDir } = about.config
  const scratch = mkdtempSync(join(dataDir, REHEARSAL))
  // Held for as long as the folder is in use, so that another rehearsal leaves it alone.
  const lock = lockDataDir(scratch, 'command')
  // The key is in it for as long as the rehearsal lasts, and no longer.
  onSignals(() => rmSync(scratch, { recursive: true, force: true }))
  try {
    copyFileSync(join(dataDir, KEY_FILE), join(scratch, KEY_FILE))
    const contents = await stage(copy, databaseFile({ dataDir: scratch }))
    await rehearse({ ...about, config: { ...about.config, dataDir: scratch } }, contents)
  } finally {
    lock.release()
    rmSync(scratch, { recursive: true, force: true })
  }
}

/**
 * Puts a copy in the place of the database. Checks it first, refuses while a server runs, and takes the old database
 * aside together with its log: a log that stays behind would be replayed over the copy.
 */
export const restore: Command = {
  does: 'puts a copy made by backup in the place of the database, or rehearses that',
  usage: 'restore FILE [--rehearse] [--unverified]',
  options: [
    '--rehearse    start a server on the copy in a folder of its own; nothing else is touched',
    '--unverified  take a copy that has no .sha256 file beside it',
  ],
  read(args) {
    const { positionals, flags } = readArguments(args, { flags: ['rehearse', 'unverified'], positionals: 1 })
    return async (about) => {
      const { config, pathOf } = about
      if (config.databaseUrl !== null)
        throw new CommandError('This installation uses PostgreSQL: restore it with pg_restore.')
      const copy = choose(pathOf(positionals[0] ?? ''), config, flags.unverified)
      removeLeftRehearsals(config.dataDir)
      await (flags.rehearse ? restoreElsewhere(about, copy) : restoreInto(about, copy))
    }
  },
}
