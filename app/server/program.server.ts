import { existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from './config.server.ts'

/**
 * Keeps the built program open until this process ends, however it ends. By that an install or a build notices that it would take the
 * files away from under somebody (scripts/lib/running.mjs). Reading is enough: the folder may belong to another account.
 */
export function holdProgram(root: string): void {
  openSync(join(root, 'build/http/main.js'), 'r')
}

type Journal = { entries: ReadonlyArray<{ tag: string }> }

/**
 * Throws a ConfigError where a part of the program that is read beside the built one is missing. Before a data folder is touched: a start
 * that fails halfway would leave a beginning there.
 */
export function requireProgram(root: string): void {
  const journals = ['sqlite', 'pg'].map((dialect) => join('db/migrations', dialect))
  const missing =
    ['question-banks', ...journals.map((folder) => join(folder, 'meta/_journal.json'))].find((path) => !existsSync(join(root, path))) ??
    journals
      .flatMap((folder) => (JSON.parse(readFileSync(join(root, folder, 'meta/_journal.json'), 'utf8')) as Journal).entries.map(({ tag }) => join(folder, `${tag}.sql`)))
      .find((path) => !existsSync(join(root, path)))
  if (missing !== undefined) throw new ConfigError([`A part of the program is missing (${join(root, missing)}): put it back from the version that you installed.`])
}
