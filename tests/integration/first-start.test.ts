// What an installation is bound to at its first start, and what becomes of a demo that was interrupted while it was
// made.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '#app/server/config.server.ts'
import { assembleDeps, type ServerDeps } from '#app/server/deps.server.ts'
import { prepareContent } from '#app/server/first-start.server.ts'
import { createAccount } from '#app/services/people/accounts.server.ts'
import { peopleCount } from '#db/queries/installation.server.ts'
import type { Store } from '#db/store.server.ts'
import { pgliteTestStore, sqliteTestStore } from '#tests/setup/test-store.ts'

const SHIPPED = 'question-banks'
const DATABASE_URL = 'postgres://poise:secret@db.example/poise'
const PUBLIC_URL = 'https://poise.example'
const SILENT = { info: () => {}, warn: () => {}, error: () => {} }
const cleanups: Array<() => Promise<void> | void> = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

describe.each(['sqlite', 'pg'] as const)('on %s', (engine) => {
  type Installation = {
    dataDir: string
    noBanks: string
    place: string
    deps(mode: string): Promise<ServerDeps>
    start(mode: string, banks?: string): ReturnType<typeof prepareContent>
  }

  /** An empty database and a data folder, on which the test starts again and again. */
  async function installation(): Promise<Installation> {
    const folder = mkdtempSync(join(tmpdir(), 'poise-first-'))
    const [dataDir, noBanks] = [join(folder, 'data'), join(folder, 'banks')]
    for (const made of [dataDir, noBanks]) mkdirSync(made)
    const { store, cleanup } = engine === 'sqlite' ? await sqliteTestStore() : await pgliteTestStore()
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }), cleanup)
    // The store outlives the single start.
    const kept: Store = { ...store, close: async () => {} }
    const deps = async (mode: string): Promise<ServerDeps> => {
      const environment = {
        POISE_MODE: mode,
        PORT: '0',
        DATA_DIR: dataDir,
        ...(mode === 'production' ? { PUBLIC_URL } : {}),
        ...(engine === 'pg' ? { DATABASE_URL } : {}),
      }
      const made = await assembleDeps(readConfig(environment, '0.0.0-test'), kept, { log: SILENT })
      cleanups.push(() => made.close())
      return made
    }
    const start = async (mode: string, banks = noBanks) => prepareContent(await deps(mode), banks, { seedDemo: true })
    return {
      dataDir,
      noBanks,
      place: engine === 'sqlite' ? `data folder ${dataDir}` : 'database postgres://poise@db.example/poise',
      deps,
      start,
    }
  }

  async function addAdmin(deps: ServerDeps): Promise<void> {
    const made = await createAccount(
      deps,
      {
        email: 'ada@example.org',
        displayName: 'Ada Wong',
        password: 'a long enough phrase 7',
        roles: ['admin'],
        actorId: null,
      },
      deps.clock.now(),
    )
    expect(made.ok).toBe(true)
  }

  const accountsIn = (dataDir: string): string => join(dataDir, 'demo-accounts.json')
  const refusal = async (started: Promise<unknown>): Promise<string> => {
    const error: unknown = await started.then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(ConfigError)
    return (error as ConfigError).message
  }
  const HOLDS_DEMO = 'holds a demo, whose passwords were printed: set '
  const HOLDS_PRODUCTION = 'holds an installation in production: set POISE_MODE=production, or '

  // A whole demo takes PGlite half a minute; what binds and notes it is proved on both below.
  it.runIf(engine === 'sqlite')('a demo is whole, starts again, and never starts as production', async () => {
    const { dataDir, place, deps, start } = await installation()
    const { demo } = await start('demo', SHIPPED)
    expect(demo?.accounts.map(({ role }) => role)).toEqual(['admin', 'trainer', 'interviewer'])
    expect(JSON.parse(readFileSync(accountsIn(dataDir), 'utf8'))).toEqual(demo)
    expect(statSync(accountsIn(dataDir)).mode & 0o777).toBe(0o600)
    const elsewhere = engine === 'sqlite' ? 'DATA_DIR to another folder' : 'DATABASE_URL to another database'
    expect(await refusal(start('production'))).toBe(`The ${place} ${HOLDS_DEMO}${elsewhere} for production.`)
    // Not by taking the list away either.
    rmSync(accountsIn(dataDir))
    expect(await refusal(start('production'))).toContain(HOLDS_DEMO)
    expect((await start('demo')).demo).toBeNull()
    expect((await start('test')).demo).toBeNull()
    expect(await peopleCount((await deps('test')).store.read)).toBe(6)
  })

  it('production never starts as a demo: nothing is imported, and nobody is added', async () => {
    const { dataDir, place, deps, start } = await installation()
    await start('production')
    const elsewhere = engine === 'sqlite' ? 'DATA_DIR to another folder' : 'DATABASE_URL to another database'
    expect(await refusal(start('demo', SHIPPED))).toBe(`The ${place} ${HOLDS_PRODUCTION}${elsewhere} for a demo.`)
    const { store } = await deps('test')
    expect(await peopleCount(store.read)).toBe(0)
    expect(await store.read.q.select().from(store.read.t.contentVersions)).toEqual([])
    expect(existsSync(accountsIn(dataDir))).toBe(false)
    await start('production')
  })

  it('of two first starts in both modes at once one is refused', async () => {
    const { start } = await installation()
    const outcomes = await Promise.allSettled([start('production'), start('demo', SHIPPED)])
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))
    expect(refused).toHaveLength(1)
    expect(refused[0]).toMatch(/holds (a demo|an installation in production)/)
  })

  it('test mode binds nothing', async () => {
    const { start } = await installation()
    await start('test')
    await start('production')
    await start('test')
  })

  it('a database from before with people and a list of accounts is a demo, and a whole one', async () => {
    const { dataDir, deps, start } = await installation()
    await addAdmin(await deps('test'))
    writeFileSync(accountsIn(dataDir), '{"accounts":[],"invitations":[]}\n')
    expect(await refusal(start('production'))).toContain(HOLDS_DEMO)
    expect((await start('demo')).demo).toBeNull()
  })

  it('an installation that has its first admin from the command is not made a demo by a start that forgot its mode', async () => {
    const { dataDir, deps, start } = await installation()
    await addAdmin(await deps('test'))
    expect((await start('demo')).demo).toBeNull()
    expect(existsSync(accountsIn(dataDir))).toBe(false)
    await start('production')
    expect(await refusal(start('demo'))).toContain(HOLDS_PRODUCTION)
  })

  it('a list of accounts that an earlier demo left beside an empty database binds nothing', async () => {
    const { dataDir, start } = await installation()
    writeFileSync(accountsIn(dataDir), '{"accounts":[],"invitations":[]}\n')
    await start('production')
  })

  it('a demo that was interrupted after its first people is refused in one sentence', async () => {
    const { dataDir, deps, start } = await installation()
    // Without banks there is nothing to invite the first candidate to: the staff have their accounts by then.
    await expect(start('demo')).rejects.toThrow('demo invitation')
    expect(await peopleCount((await deps('test')).store.read)).toBeGreaterThan(0)
    expect(existsSync(accountsIn(dataDir))).toBe(false)
    expect(await refusal(start('demo', SHIPPED))).toBe(
      engine === 'sqlite'
        ? `The demo in the data folder ${dataDir} was interrupted while it was made: remove that folder, or set DATA_DIR to another folder, and start again.`
        : 'The demo in the database postgres://poise@db.example/poise was interrupted while it was made: remove that database, or set DATABASE_URL to another database, and start again.',
    )
    // The passwords of half a demo were not printed; it is a demo all the same.
    expect(await refusal(start('production'))).toContain(HOLDS_DEMO)
  })

  // Everything up to the list is the same on both.
  it.runIf(engine === 'sqlite')('a demo that could not write its list down is not taken for whole', async () => {
    const { dataDir, start } = await installation()
    mkdirSync(accountsIn(dataDir))
    await expect(start('demo', SHIPPED)).rejects.toMatchObject({ code: 'EISDIR' })
    expect(await refusal(start('demo', SHIPPED))).toContain('was interrupted while it was made')
  })

  it('a demo that was refused for its banks is begun once they are mended', async () => {
    const { noBanks, start } = await installation()
    mkdirSync(join(noBanks, 'broken'))
    writeFileSync(join(noBanks, 'broken', 'bank.yaml'), 'id: [')
    expect(await refusal(start('demo'))).toContain('nothing was imported')
    rmSync(join(noBanks, 'broken'), { recursive: true })
    // It has begun with the people, and ended because these banks have no programme.
    await expect(start('demo')).rejects.toThrow('demo invitation')
  })
})
