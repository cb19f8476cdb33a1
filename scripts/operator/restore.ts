import { closeSync, constants, copyFileSync, existsSync, fsyncSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { lockDataDir } from '../../app/server/data-lock.server.ts'
import { databaseFile, makeDataDir } from '../../app/server/deps.server.ts'
import { createSecrets, KEY_FILE, keyFingerprint, readMasterKey } from '../../app/server/secrets.server.ts'
import type { ServerConfig } from '../../app/server/config.server.ts'
import { recordRestore } from '../../app/services/restored.server.ts'
import { migrateSqlite } from '../../db/migrate.server.ts'
import { openSqlite } from '../../db/sqlite.server.ts'
import { CommandError, readArguments, type Command, type Surroundings } from './command.ts'
import { contentsInWords, hashFileOf, readCopy, sha256Of, type CopyContents } from './copy.ts'
import { rehearse } from './rehearse.ts'

export type CheckedCopy = { file: string; hash: string; contents: CopyContents; secrets: ReturnType<typeof createSecrets> }

/** Hash, integrity and key of a copy. Throws a CommandError before anything of the installation is touched. */
async function checkCopy(file: string, config: ServerConfig, unverified: boolean): Promise<CheckedCopy> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new CommandError(`There is no file ${file}.`)
  // Counted with its log and copied without it, it would come back empty.
  if (existsSync(`${file}-wal`)) throw new CommandError(`The file ${file} is a database that was in use, not a copy: its log ${file}-wal lies beside it. Take a copy that backup made.`)
  const hash = await sha256Of(file)
  const noted = existsSync(hashFileOf(file)) ? readFileSync(hashFileOf(file), 'utf8').trim().split(/\s+/)[0] : null
  if (noted === null && !unverified) throw new CommandError(`The file ${hashFileOf(file)}, which backup wrote beside the copy, is missing: put it there, or add --unverified to do without it.`)
  if (noted !== null && noted !== hash) throw new CommandError(`The copy ${file} is not the one whose hash stands in ${basename(hashFileOf(file))}: it was changed or damaged. Take another copy.`)
  const contents = readCopy(file)
  const key = readMasterKey(config.dataDir)
  if (key === null) throw new CommandError(`There is no ${KEY_FILE} in ${config.dataDir}: put the key of this installation there first. It is not in the copy.`)
  const secrets = createSecrets(key)
  if (contents.keyFingerprint !== null && contents.keyFingerprint !== keyFingerprint(secrets))
    throw new CommandError(`The ${KEY_FILE} in ${config.dataDir} does not belong to this copy: put the key there with which the copy was made.`)
  return { file, hash, contents, secrets }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const SUFFIXES = ['', '-wal', '-shm', '-journal'] as const

function removeDatabase(file: string): void {
  for (const suffix of SUFFIXES) rmSync(file + suffix, { force: true })
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

/** Makes the copy the database that it will be, beside the one that is there: present schema, restore noted, staff signed out. */
async function stage(copy: CheckedCopy, staged: string): Promise<void> {
  removeDatabase(staged)
  copyFileSync(copy.file, staged, constants.COPYFILE_FICLONE)
  const found = readCopy(staged)
  for (const what of ['people', 'attempts', 'answers', 'auditRows'] as const) {
    if (found[what] !== copy.contents[what]) throw new CommandError(`The copy ${copy.file} changed while it was read: it held ${copy.contents[what]} ${what}, and then ${found[what]}. Nothing was restored.`)
  }
  migrateSqlite(staged)
  const store = openSqlite({ file: staged })
  try {
    await recordRestore({ store, secrets: copy.secrets }, { copyHash: copy.hash }, Date.now())
  } finally {
    await store.close()
  }
  sync(staged)
}

/**
 * Puts what is there into a folder of its own. The database goes first: should we be stopped between two files, a start finds no database
 * and says so, whereas a database without its log would pass for whole.
 */
function setAside(file: string, config: ServerConfig): string | null {
  const present = SUFFIXES.filter((suffix) => existsSync(file + suffix))
  if (present.length === 0) return null
  const folder = mkdtempSync(join(config.dataDir, `before-restore-${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}-`))
  for (const suffix of present) renameSync(file + suffix, join(folder, basename(file) + suffix))
  return folder
}

async function restoreInto({ config }: Surroundings, copy: CheckedCopy): Promise<void> {
  const lock = lockDataDir(config.dataDir)
  const file = databaseFile(config)
  const staged = `${file}.restoring`
  try {
    await stage(copy, staged)
    const aside = setAside(file, config)
    renameSync(staged, file)
    sync(config.dataDir)
    console.log(`Restored ${copy.file}: ${contentsInWords(copy.contents)}. Staff sign in again; start the server now.`)
    if (aside !== null) console.log(`What was there before is in ${aside}; remove it when you no longer need it.`)
  } finally {
    removeDatabase(staged)
    lock.release()
  }
}

/**
 * Puts a copy in the place of the database. Checks it first, refuses while a server runs, and takes the old database aside together with its
 * log: a log that stays behind would be replayed over the copy.
 */
export const restore: Command = {
  does: 'puts a copy made by backup in the place of the database, or rehearses that',
  usage: 'restore FILE [--rehearse] [--unverified]',
  read(args) {
    const { positionals, flags } = readArguments(args, { flags: ['rehearse', 'unverified'], positionals: 1 })
    return async (about) => {
      const { config, pathOf } = about
      if (config.databaseUrl !== null) throw new CommandError('This installation uses PostgreSQL: restore it with pg_restore.')
      makeDataDir(config.dataDir)
      const copy = await checkCopy(pathOf(positionals[0] ?? ''), config, flags.unverified)
      if (!flags.rehearse) return restoreInto(about, copy)
      const scratch = mkdtempSync(join(config.dataDir, 'rehearsal-'))
      // The key is in it for as long as the rehearsal lasts, and no longer.
      const leave = (): never => {
        rmSync(scratch, { recursive: true, force: true })
        process.exit(1)
      }
      for (const signal of SIGNALS) process.once(signal, leave)
      try {
        copyFileSync(join(config.dataDir, KEY_FILE), join(scratch, KEY_FILE))
        await stage(copy, databaseFile({ dataDir: scratch }))
        await rehearse({ ...about, config: { ...config, dataDir: scratch } }, copy.contents)
      } finally {
        rmSync(scratch, { recursive: true, force: true })
      }
    }
  },
}
