import { openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readLineage } from '../../db/lineage.server.ts'
import { migrationsFolder } from '../../db/migrate.server.ts'
import { ConfigError } from './config.server.ts'

/**
 * Keeps the built program open until this process ends, however it ends. By that an install or a build notices that it
 * would take the files away from under somebody (scripts/lib/running.mjs). Reading is enough: the folder may belong to
 * another account.
 */
export function holdProgram(root: string): void {
  openSync(join(root, 'build/http/main.js'), 'r')
}

/**
 * Throws a ConfigError where a part of the program that is read beside the built one is missing. Before a data folder
 * is touched: a start that fails halfway would leave a beginning there.
 */
export function requireProgram(root: string): void {
  try {
    readdirSync(join(root, 'question-banks'))
    for (const dialect of ['sqlite', 'pg'] as const) readLineage(migrationsFolder(dialect))
  } catch (error) {
    throw new ConfigError([
      `A part of the program is missing (${error instanceof Error ? error.message : String(error)}): put it back from the version that you installed.`,
    ])
  }
}
