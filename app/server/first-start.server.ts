// What is brought into the database when the server starts: the content of the banks, and at a demo's first start its people.
import { peopleCount } from '../../db/queries/installation.server.ts'
import type { DemoAccounts } from '../../db/seed/demo.server.ts'
import { ConfigError } from './config.server.ts'
import type { ServerDeps } from './deps.server.ts'

export type FirstStart = {
  banks: { created: number; unchanged: number; conflicts: number; retired: number; blocked: number }
  /** Only when they have just been made: passwords are shown once. */
  demo: DemoAccounts | null
}

/** An installation that has content goes on with it. */
export const blockedSentence = (errors: number): string =>
  `The question banks have ${errors} ${errors === 1 ? 'error' : 'errors'}, so nothing was imported: npm run bank:check lists them.`

/** Imports what changed in `bankFolder`, and seeds a demo that has no people yet, unless `seedDemo` is false. */
export async function prepareContent(deps: ServerDeps, bankFolder: string, { seedDemo: seeds }: { seedDemo: boolean }): Promise<FirstStart> {
  // Loaded here and not at the top: a command that only needs Deps does not carry the bank reader.
  const { importBanks } = await import('../services/bank-import.server.ts')
  const { created, unchanged, retired, conflicts, blocked } = await importBanks(deps, bankFolder)
  const banks = { created, unchanged, retired, conflicts: conflicts.length, blocked: blocked.length }
  if (banks.conflicts > 0) deps.log.warn('banks.conflicts', { conflicts: banks.conflicts })
  if (banks.blocked > 0) deps.log.warn('banks.blocked', { errors: banks.blocked })
  if (deps.config.mode !== 'demo' || !seeds) return { banks, demo: null }
  // A demo half made is worse than none: its seeds are drawn from the banks.
  if (banks.blocked > 0 && (await peopleCount(deps.store.read)) === 0) throw new ConfigError([blockedSentence(banks.blocked)])
  const { seedDemo } = await import('../../db/seed/demo.server.ts')
  return { banks, demo: await seedDemo(deps) }
}
