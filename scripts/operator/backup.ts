import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { databaseFile, makeDataDir } from '../../app/server/deps.server.ts'
import { KEY_FILE } from '../../app/server/secrets.server.ts'
import { CommandError, readArguments, UsageError, type Command } from './command.ts'
import { contentsInWords, hashFileOf, readCopy, sha256Of, withRoom } from './copy.ts'

const NAME = /^poise-\d{8}T\d{6}Z\.db$/

/** Removes the oldest copies of ours, and nothing else. */
async function prune(folder: string, keep: number): Promise<void> {
  const copies = (await readdir(folder)).filter((name) => NAME.test(name)).sort()
  for (const name of copies.slice(0, Math.max(0, copies.length - keep))) {
    await rm(join(folder, name))
    await rm(hashFileOf(join(folder, name)), { force: true })
  }
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

/**
 * Copies the database to a file while the server runs, checks the copy, and writes its SHA-256 beside it. The key file is not in the copy:
 * whoever holds both can read what is sealed.
 */
export const backup: Command = {
  does: 'copies the running database to a checked file; the key is not in it',
  usage: 'backup [--to folder] [--keep 14]',
  options: ['--to    where the copy goes; else to backups in the data folder', '--keep  how many copies stay there; the oldest go'],
  read(args) {
    const { to, keep = '14' } = readArguments(args, { options: ['to', 'keep'] }).options
    if (!/^[1-9]\d{0,4}$/.test(keep)) throw new UsageError('')
    return async ({ config, pathOf }) => {
      if (config.databaseUrl !== null) throw new CommandError('This installation uses PostgreSQL: back it up with pg_dump.')
      const source = databaseFile(config)
      const { size } = await stat(source).catch(() => {
        throw new CommandError(`There is no database in ${config.dataDir} yet.`)
      })
      if (size === 0) throw new CommandError(`The database ${source} is empty: there is nothing to copy.`)
      const folder = to === undefined ? join(config.dataDir, 'backups') : pathOf(to)
      try {
        makeDataDir(folder)
      } catch {
        throw new CommandError(`The folder ${folder} cannot be made: name another one with --to.`)
      }
      if (!(await stat(folder)).isDirectory()) throw new CommandError(`${folder} is not a folder: name another one with --to.`)
      const name = `poise-${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}.db`
      const file = join(folder, name)
      const unfinished = `${file}.part`
      const database = new BetterSqlite3(source, { readonly: true, fileMustExist: true })
      try {
        const contents = await withRoom(folder, async () => {
          await database.backup(unfinished)
          makeOneFile(unfinished)
          const found = readCopy(unfinished, `The database ${source}`)
          await writeFile(hashFileOf(file), `${await sha256Of(unfinished)}  ${name}\n`, { mode: 0o600 })
          // Under its final name only now: a file called so is a whole copy.
          await rename(unfinished, file)
          return found
        })
        await prune(folder, Number(keep))
        console.log(`${file}: ${(await stat(file)).size} bytes, ${contentsInWords(contents)}, checked. The key is not in it: keep ${KEY_FILE} of ${config.dataDir} in another place.`)
      } finally {
        database.close()
        for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(unfinished + suffix, { force: true })
      }
    }
  },
}
