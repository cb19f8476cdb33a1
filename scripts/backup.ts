// Copies the running database to a file, checks the copy, and writes its SHA-256 beside it.
//   npm run backup                              to DATA_DIR/backups, keeping the newest 14
//   npm run backup -- --to /mnt/copies --keep 30
// The key file (DATA_DIR/secret.key) is not in the copy: keep it in another place. Without it sealed mails cannot be read.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { databaseFile } from '../app/server/deps.server.ts'
import { CommandError, configuration, readOptions, runCommand } from './lib/command.ts'

const USAGE = 'Usage: npm run backup -- [--to folder] [--keep number]'
const NAME = /^poise-\d{8}T\d{6}Z\.db$/

/** The copy is worth something only if it can be read whole. */
function checkCopy(file: string): number {
  const copy = new BetterSqlite3(file)
  try {
    // The server's journal mode comes along; without it the copy is one file and leaves nothing beside it.
    copy.pragma('journal_mode = DELETE')
    const verdict = copy.pragma('integrity_check', { simple: true })
    if (verdict !== 'ok') throw new CommandError('The copy is damaged, so it was not kept; check the disk.')
    return (copy.prepare('SELECT count(*) AS n FROM people').get() as { n: number }).n
  } finally {
    copy.close()
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Removes the oldest copies of ours, and nothing else. */
async function prune(folder: string, keep: number): Promise<void> {
  const copies = (await readdir(folder)).filter((name) => NAME.test(name)).sort()
  for (const name of copies.slice(0, Math.max(0, copies.length - keep))) {
    await rm(join(folder, name))
    await rm(join(folder, `${name}.sha256`), { force: true })
  }
}

await runCommand(async () => {
  const config = configuration()
  const { to = join(config.dataDir, 'backups'), keep = '14' } = readOptions(['to', 'keep'], USAGE)
  if (!/^[1-9]\d{0,4}$/.test(keep)) throw new CommandError(USAGE)
  if (config.databaseUrl !== null) throw new CommandError('This installation uses PostgreSQL: back it up with pg_dump.')
  const source = databaseFile(config)
  await stat(source).catch(() => {
    throw new CommandError(`There is no database in ${config.dataDir} yet.`)
  })
  await mkdir(to, { recursive: true, mode: 0o700 })
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const name = `poise-${stamp}.db`
  const unfinished = join(to, `${name}.part`)
  const database = new BetterSqlite3(source, { readonly: true, fileMustExist: true })
  try {
    await database.backup(unfinished)
    const people = checkCopy(unfinished)
    await writeFile(join(to, `${name}.sha256`), `${await sha256Of(unfinished)}  ${name}\n`, { mode: 0o600 })
    // Under its final name only now: a file called so is a whole copy.
    await rename(unfinished, join(to, name))
    await prune(to, Number(keep))
    console.log(`${join(to, name)}: ${(await stat(join(to, name))).size} bytes, ${people} people, checked.`)
  } finally {
    database.close()
    for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(unfinished + suffix, { force: true })
  }
})
