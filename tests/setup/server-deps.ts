// Deps for tests: a real store, a clock that the test moves, and a data folder of its own. Forms and queues are drawn
// alike in each run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '#app/ground/deps.server.ts'
import { readConfig, type ServerConfig } from '#app/server/config.server.ts'
import { assembleDeps, type ServerDeps } from '#app/server/deps.server.ts'
import { KEY_FILE } from '#app/server/secrets.server.ts'
import { seededIds } from './seeded-ids.ts'
import { sqliteTestStore } from './test-store.ts'

export type TestDeps = { deps: ServerDeps; logged: string[]; file: string; cleanup(): Promise<void> }

/** `environment` is read as the server reads its own; the mode is test unless it says otherwise. */
export async function testDeps(environment: Record<string, string> = {}): Promise<TestDeps> {
  const dataDir = mkdtempSync(join(tmpdir(), 'poise-data-'))
  const config: ServerConfig = readConfig(
    { POISE_MODE: 'test', PORT: '0', ...environment, DATA_DIR: dataDir },
    '0.0.0-test',
  )
  writeFileSync(join(dataDir, KEY_FILE), Buffer.alloc(32, 'world').toString('base64'), { mode: 0o600 })
  const { store, file, cleanup } = await sqliteTestStore()
  const logged: string[] = []
  const note = (event: string): void => void logged.push(event)
  const log: Log = { info: note, warn: note, error: (event) => note(event) }
  const deps = { ...(await assembleDeps(config, store, { log })), ids: seededIds('world') }
  return {
    deps,
    logged,
    file,
    async cleanup() {
      await deps.close()
      await cleanup()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
