// What is brought into the database when the server starts: the content of the banks, and at a demo's first start its
// people.
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { peopleCount } from '../../db/queries/installation.server.ts'
import type { DemoAccounts } from '../demo/demo.server.ts'
import { ConfigError, type ServerConfig } from './config.server.ts'
import { databaseName, type ServerDeps } from './deps.server.ts'
import { bindInstallation, boundMode, noteDemo } from './installation.server.ts'

export type FirstStart = {
  banks: { created: number; unchanged: number; conflicts: number; retired: number; blocked: number }
  /** Only when they have just been made: passwords are shown once. */
  demo: DemoAccounts | null
}

const DEMO_ACCOUNTS_FILE = 'demo-accounts.json'

/** An installation that has content goes on with it. */
export const blockedSentence = (errors: number): string =>
  `The question banks have ${errors} ${errors === 1 ? 'error' : 'errors'}, so nothing was imported: npm run bank:import lists them.`

/** Where the data are, and where else they could be, in words. */
function placeOf(config: ServerConfig): { kind: 'folder' | 'database'; place: string; elsewhere: string } {
  return config.databaseUrl === null
    ? { kind: 'folder', place: `data folder ${config.dataDir}`, elsewhere: 'DATA_DIR to another folder' }
    : { kind: 'database', place: `database ${databaseName(config)}`, elsewhere: 'DATABASE_URL to another database' }
}

/**
 * Throws a ConfigError for an installation that is bound to demo or production and is started in the other mode. Test
 * mode does not mind.
 */
export function requireMode(boundTo: string | null, config: ServerConfig): void {
  if (config.mode === 'test' || boundTo === null || boundTo === config.mode) return
  const { place, elsewhere } = placeOf(config)
  throw new ConfigError([
    boundTo === 'demo'
      ? `The ${place} holds a demo, whose passwords were printed: set ${elsewhere} for production.`
      : `The ${place} holds an installation in production: set POISE_MODE=production, or ${elsewhere} for a demo.`,
  ])
}

/**
 * Binds an installation to demo or production at its first start, and refuses a start in the other mode, or on a demo
 * that is half made, with a ConfigError. An installation that has accounts of its own is not made a demo: production
 * may still begin on it. Test mode neither binds nor minds. Tells whether anybody is in it yet.
 */
async function bindMode({ store, config, clock }: ServerDeps): Promise<{ hasPeople: boolean }> {
  const hasPeople = (await peopleCount(store.read)) > 0
  if (config.mode === 'test') return { hasPeople }
  let bound = await boundMode(store)
  // From before installations were bound: the file with its passwords tells a demo.
  const isOldDemo = hasPeople && existsSync(join(config.dataDir, DEMO_ACCOUNTS_FILE))
  if (bound === null && hasPeople && !isOldDemo && config.mode === 'demo') return { hasPeople }
  bound ??= await bindInstallation(store, isOldDemo ? 'demo' : config.mode, new Date(clock.now()))
  requireMode(bound.mode, config)
  // Interrupted before anybody was in it, it is begun anew.
  if (bound.made !== false || !hasPeople) return { hasPeople }
  const { kind, place, elsewhere } = placeOf(config)
  throw new ConfigError([
    `The demo in the ${place} was interrupted while it was made: remove that ${kind}, or set ${elsewhere}, and start again.`,
  ])
}

/** Settles when they are on the disk. */
async function keepAccounts(path: string, demo: DemoAccounts): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(demo, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
}

/**
 * Imports what changed in `bankFolder`, and seeds a demo that has no people yet, unless `seedDemo` is false. Throws a
 * ConfigError, before anything is brought in, for an installation that this start does not fit.
 */
export async function prepareContent(
  deps: ServerDeps,
  bankFolder: string,
  { seedDemo: seeds }: { seedDemo: boolean },
): Promise<FirstStart> {
  const { hasPeople } = await bindMode(deps)
  // Loaded here and not at the top: a command that only needs Deps does not carry the bank reader.
  const { importBanks } = await import('../services/content/bank-import.server.ts')
  const { created, unchanged, retired, conflicts, blocked } = await importBanks(deps, bankFolder)
  const banks = { created, unchanged, retired, conflicts: conflicts.length, blocked: blocked.length }
  if (banks.conflicts > 0) deps.log.warn('banks.conflicts', { conflicts: banks.conflicts })
  if (banks.blocked > 0) deps.log.warn('banks.blocked', { errors: banks.blocked })
  if (deps.config.mode !== 'demo' || !seeds || hasPeople) return { banks, demo: null }
  // Its seeds are drawn from the banks.
  if (banks.blocked > 0) throw new ConfigError([blockedSentence(banks.blocked)])
  const { seedDemo } = await import('../demo/demo.server.ts')
  // It is made in many transactions, and its passwords are written down last: a later start must know whether it came
  // so far.
  await noteDemo(deps.store, false, new Date(deps.clock.now()))
  const demo = await seedDemo(deps)
  await keepAccounts(join(deps.config.dataDir, DEMO_ACCOUNTS_FILE), demo)
  await noteDemo(deps.store, true, new Date(deps.clock.now()))
  return { banks, demo }
}
