// What is brought into the database when the server starts: the content of the banks, and at a demo's first start its people.
import type { DemoAccounts } from '../../db/seed/demo.server.ts'
import type { ServerDeps } from './deps.server.ts'

export type FirstStart = {
  banks: { created: number; unchanged: number; conflicts: number; retired: number }
  /** Only when they have just been made: passwords are shown once. */
  demo: DemoAccounts | null
}

const count = (value: number | readonly unknown[]): number => (typeof value === 'number' ? value : value.length)

/** Imports what changed in `bankFolder`, and seeds a demo that has no people yet. */
export async function prepareContent(deps: ServerDeps, bankFolder: string): Promise<FirstStart> {
  // Loaded here and not at the top: a command that only needs Deps does not carry the bank reader.
  const { importBanks } = await import('../services/bank-import.server.ts')
  const report = await importBanks(deps, bankFolder)
  const banks = { created: count(report.created), unchanged: count(report.unchanged), conflicts: count(report.conflicts), retired: count(report.retired) }
  if (banks.conflicts > 0) deps.log.warn('banks.conflicts', { conflicts: banks.conflicts })
  if (deps.config.mode !== 'demo') return { banks, demo: null }
  const { seedDemo } = await import('../../db/seed/demo.server.ts')
  return { banks, demo: await seedDemo(deps) }
}
