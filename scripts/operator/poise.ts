// One entry for whatever touches an installation: npm run poise -- <command>. It reads the same settings as the server,
// names the database on standard error before it acts, and answers a mistake with one sentence. Tools that work on
// files alone are scripts of their own.
import type { ServerConfig } from '../../app/server/config.server.ts'
import { databaseName } from '../../app/server/deps.server.ts'
import { projectRoot, readEnvironment } from '../../app/server/environment.server.ts'
import { holdProgram, requireProgram } from '../../app/server/program.server.ts'
import { startFailure } from '../../app/server/start-failure.server.ts'
import { callerPath, CommandError, UsageError, type Command } from './command.ts'

const COMMANDS: Record<string, () => Promise<Command>> = {
  'admin:create': async () => (await import('./admin-create.ts')).adminCreate,
  'admin:password': async () => (await import('./admin-password.ts')).adminPassword,
  backup: async () => (await import('./backup.ts')).backup,
  'bank:import': async () => (await import('./bank-import.ts')).bankImport,
  restore: async () => (await import('./restore.ts')).restore,
}

async function help(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(COMMANDS).map(async ([name, load]) => {
      const { does, usage, options = [] } = await load()
      return [
        `  ${name.padEnd(15)} ${does}`,
        ...[usage, ...options.map((line) => `  ${line}`)].map((line) => `  ${''.padEnd(15)} ${line}`),
      ].join('\n')
    }),
  )
  return `npm run poise -- <command>\n\n${lines.join('\n')}\n\nSettings come from the environment and from .env, as for the server; see .env.example.`
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help') {
    console.log(await help())
    return name === undefined ? 2 : 0
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load) {
    console.error(`There is no command ${name}; npm run poise lists them.`)
    return 2
  }
  const command = await load()
  const howTo = [`Usage: npm run poise -- ${command.usage}`, ...(command.options ?? []).map((line) => `  ${line}`)]
  if (args.includes('--help')) {
    console.log(howTo.join('\n'))
    return 0
  }
  // Whatever we write (database, key, copies) is for this account only.
  process.umask(0o077)
  let config: ServerConfig | null = null
  try {
    const work = command.read(args)
    const root = projectRoot()
    holdProgram(root)
    config = readEnvironment(root, (sentence) => console.error(sentence))
    requireProgram(root)
    console.error(`Database: ${databaseName(config)}`)
    await work({ config, root, pathOf: callerPath })
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      console.error([error.message, ...howTo].join('\n'))
      return 2
    }
    console.error(error instanceof CommandError ? error.message : (startFailure(error, config) ?? error))
    return 1
  }
}

process.exitCode = await main(process.argv.slice(2))
