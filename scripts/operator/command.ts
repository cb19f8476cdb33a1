// What the operator's commands share: options, a password from the terminal, Deps, and one sentence when something is
// wrong.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ConfigError, type ServerConfig } from '../../app/server/config.server.ts'
import { lockDataDir, type DataLock } from '../../app/server/data-lock.server.ts'
import { createDeps, databaseFile, makeDataDir, migrateFor, type ServerDeps } from '../../app/server/deps.server.ts'
import { judgePassword } from '../../app/services/people/accounts.server.ts'
import { pendingMigrations } from '../../db/migrate.server.ts'

/** A command that cannot be carried out, told in one sentence. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
}

/** Asked for wrongly: the answer is how to ask. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError'
}

export type Surroundings = {
  config: ServerConfig
  /** The project's folder. */
  root: string
  /** A path as the operator typed it, seen from where they typed it: npm runs commands in the project's folder. */
  pathOf(typed: string): string
}

export type Command = {
  /** What it does, for the list of commands. */
  does: string
  /** What follows `npm run poise -- `. */
  usage: string
  /** What its options mean, a line each, where their names do not say it. */
  options?: readonly string[]
  /** Throws a UsageError before anything is touched, or gives the work. */
  read(args: readonly string[]): (about: Surroundings) => Promise<void>
}

export const callerPath = (typed: string): string => resolve(process.env['INIT_CWD'] ?? process.cwd(), typed)

type Spec<Names extends string, Flags extends string> = {
  options?: readonly Names[]
  flags?: readonly Flags[]
  positionals?: number
}
type Read<Names extends string, Flags extends string> = {
  options: Partial<Record<Names, string>>
  flags: Record<Flags, boolean>
  positionals: string[]
}

/**
 * Reads `--name value` options, `--flag`s and exactly so many positional arguments; whatever else is typed is told, not
 * ignored.
 */
export function readArguments<Names extends string = never, Flags extends string = never>(
  args: readonly string[],
  { options = [], flags = [], positionals = 0 }: Spec<Names, Flags>,
): Read<Names, Flags> {
  const kinds = {
    ...Object.fromEntries(options.map((name) => [name, { type: 'string' as const }])),
    ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' as const }])),
  }
  try {
    const { values, positionals: rest } = parseArgs({
      args: [...args],
      options: kinds,
      allowPositionals: positionals > 0,
    })
    if (rest.length < positionals) throw new UsageError('A file is missing.')
    if (rest.length > positionals) throw new UsageError(`${rest[positionals]} is one argument too many.`)
    return {
      options: Object.fromEntries(options.map((name) => [name, values[name]])) as Partial<Record<Names, string>>,
      flags: Object.fromEntries(flags.map((name) => [name, values[name] === true])) as Record<Flags, boolean>,
      positionals: rest,
    }
  } catch (error) {
    // The first sentence names the mistake; what follows is about Node's own way of asking.
    if (error instanceof UsageError || !(error instanceof Error)) throw error
    throw new UsageError(`${error.message.split('. ')[0]}.`)
  }
}

/** The place of the server, or null where somebody has it. */
function placeOfServer(dataDir: string): DataLock | null {
  try {
    return lockDataDir(dataDir, 'server')
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}

/** Somebody else may be making the database this very moment: a server that starts, or another command. */
const PATIENCE_MS = 10_000
const LOOK_EVERY_MS = 100

const isUpToDate = (file: string): boolean =>
  (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0 && pendingMigrations(file) === 0

/** Brings the database to the present schema, but not under a server that runs on the one that it has. */
async function bringUpToDate(config: ServerConfig): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; ; await sleep(LOOK_EVERY_MS)) {
    const place = placeOfServer(config.dataDir)
    try {
      if (place) await migrateFor(config)
      if (place || isUpToDate(databaseFile(config))) return
    } finally {
      place?.release()
    }
    if (performance.now() > deadline)
      throw new CommandError(
        'A server is running on this database, and its version of Poise is another: use the commands of that version, or stop it first.',
      )
  }
}

/**
 * Deps for one command. No restore begins meanwhile: what is written here would be lost with the database that it takes
 * away.
 */
export async function withDeps<T>(config: ServerConfig, work: (deps: ServerDeps) => Promise<T>): Promise<T> {
  makeDataDir(config.dataDir)
  const lock = config.databaseUrl === null ? lockDataDir(config.dataDir, 'command') : null
  try {
    await (lock ? bringUpToDate(config) : migrateFor(config))
    const deps = await createDeps(config)
    try {
      return await work(deps)
    } finally {
      await deps.close()
    }
  } finally {
    lock?.release()
  }
}

/** Asks without showing what is typed; from a pipe it reads the first line. */
async function askPassword(prompt: string): Promise<string> {
  const { stdin, stderr } = process
  const lines = createInterface({
    input: stdin,
    output: stdin.isTTY ? stderr : undefined,
    terminal: stdin.isTTY === true,
  })
  return new Promise((done, failed) => {
    if (stdin.isTTY) {
      stderr.write(prompt)
      // readline repeats each key on its output; a password is not repeated.
      Object.assign(lines, { _writeToOutput: () => {} })
    }
    let answered = false
    lines.once('line', (line) => {
      answered = true
      lines.close()
      if (stdin.isTTY) stderr.write('\n')
      done(line)
    })
    lines.once('close', () => {
      if (!answered) failed(new CommandError('No password was given.'))
    })
  })
}

/**
 * The new password: typed twice at a terminal, or one line from a pipe. One that will not do is told before anything is
 * opened.
 */
export async function newPassword(): Promise<string> {
  const password = await askPassword('New password (at least 15 characters): ')
  const judged = judgePassword(password)
  if (!judged.ok) throw new CommandError(PASSWORD_SENTENCES[judged.error.code])
  if (process.stdin.isTTY && (await askPassword('Once more: ')) !== password)
    throw new CommandError('The two passwords are not the same.')
  return password
}

export const PASSWORD_SENTENCES = {
  'auth.password_short': 'A password needs at least 15 characters; a few words do well.',
  'auth.password_common': 'This password is on the lists that attackers try first; choose another.',
} as const
