// What the operator's commands share: options, questions on the terminal, Deps, and one sentence when something is wrong.
import { parseArgs } from 'node:util'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { readConfig, type ServerConfig } from '../../app/server/config.server.ts'
import { createDeps, migrateFor, type ServerDeps } from '../../app/server/deps.server.ts'
import { startFailure } from '../../app/server/start-failure.server.ts'

export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Reads `--name value` options; an unknown one is told, not ignored. */
export function readOptions<Names extends string>(names: readonly Names[], usage: string): Partial<Record<Names, string>> {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
    return parseArgs({ options }).values as Partial<Record<Names, string>>
  } catch {
    throw new CommandError(usage)
  }
}

export const configuration = (): ServerConfig => {
  const { version = '0.0.0' } = JSON.parse(readFileSync('package.json', 'utf8')) as { version?: string }
  return readConfig(process.env, version)
}

/** Runs one command and ends the process: 0, or 1 with a sentence. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  process.umask(0o077)
  let config: ServerConfig | null = null
  try {
    config = configuration()
    await work()
  } catch (error) {
    console.error(error instanceof CommandError ? error.message : (startFailure(error, config) ?? error))
    process.exitCode = 1
  }
}

/** Deps for one command; the database is brought to the present schema first. */
export async function withDeps<T>(work: (deps: ServerDeps) => Promise<T>): Promise<T> {
  const config = configuration()
  await migrateFor(config)
  const deps = await createDeps(config)
  try {
    return await work(deps)
  } finally {
    await deps.close()
  }
}

/** Asks without showing what is typed; from a pipe it reads the first line. */
export async function askPassword(prompt: string): Promise<string> {
  const { stdin, stderr } = process
  const lines = createInterface({ input: stdin, output: stdin.isTTY ? stderr : undefined, terminal: stdin.isTTY === true })
  return new Promise((resolve, reject) => {
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
      resolve(line)
    })
    lines.once('close', () => {
      if (!answered) reject(new CommandError('No password was given.'))
    })
  })
}

/** The new password: typed twice at a terminal, or one line from a pipe. */
export async function newPassword(): Promise<string> {
  const password = await askPassword('New password (at least 15 characters): ')
  if (process.stdin.isTTY && (await askPassword('Once more: ')) !== password) throw new CommandError('The two passwords are not the same.')
  return password
}

export const PASSWORD_SENTENCES = {
  'auth.password_short': 'A password needs at least 15 characters; a few words do well.',
  'auth.password_common': 'This password stands on the lists that attackers try first; choose another.',
} as const
