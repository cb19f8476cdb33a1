// An installation that has an admin and a copy of itself, and what can happen to it.
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { installation, type Installation, type Ran } from './operator.ts'

export const PASSWORD = 'a harbour full of paper boats'

/** Makes an admin as the operator does. */
export const createAdmin = (poise: Installation, email: string): Promise<Ran> =>
  poise.poise(['admin:create', '--email', email, '--name', 'Ada Wong'], { input: `${PASSWORD}\n` })

export function rows<T>(file: string, query: string): T[] {
  const database = new Database(file, { readonly: true })
  try {
    return database.prepare(query).all() as T[]
  } finally {
    database.close()
  }
}

/** The addresses of everybody in a database file. */
export const emailsIn = (file: string): string[] =>
  rows<{ email: string }>(file, 'SELECT email FROM person_identities ORDER BY email').map(({ email }) => email)
export const emails = (poise: Installation): string[] => emailsIn(join(poise.dataDir, 'poise.db'))

/** Overwrites pages in the middle of a file. */
export function damage(file: string): void {
  const pages = Math.floor(statSync(file).size / 4096)
  const handle = openSync(file, 'r+')
  for (const page of [0.3, 0.5, 0.7].map((share) => Math.floor(pages * share)))
    writeSync(handle, randomBytes(4096), 0, 4096, page * 4096)
  closeSync(handle)
}

export type LivedInstallation = Installation & {
  /** Its database. */
  file: string
  /** Its key file. */
  key: string
  /** Runs a server that saves one more person, after-the-copy@example.org, and is killed: its log stays. */
  crash(): Promise<void>
}

/** `reset` puts it back to the one admin, ada@example.org, and the one copy. */
export async function livedInstallation(): Promise<LivedInstallation> {
  const poise = await installation()
  const file = join(poise.dataDir, 'poise.db')
  await createAdmin(poise, 'ada@example.org')
  await poise.poise(['backup'])
  poise.keep()
  return {
    ...poise,
    file,
    key: join(poise.dataDir, 'secret.key'),
    async crash() {
      const server = await poise.serve()
      if (server.url === null) throw new Error(`the server did not start: ${server.stderr}`)
      await createAdmin(poise, 'after-the-copy@example.org')
      await server.stop('SIGKILL')
      if (statSync(`${file}-wal`).size === 0) throw new Error('the server that was killed has left no log')
    },
  }
}
