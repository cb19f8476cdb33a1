// The bad day, rehearsed with the built product: a backup under load, a server that is killed, the copy brought back;
// and an upgrade from each schema that was ever released, with the way back.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkChain } from '#app/ground/audit.server.ts'
import { readConfig } from '#app/server/config.server.ts'
import { createDeps } from '#app/server/deps.server.ts'
import { migrateSqlite } from '#db/migrate.server.ts'
import { openSqlite } from '#db/sqlite.server.ts'
import type { Store } from '#db/store.server.ts'
import { canonical, ProtocolClient, type Json } from '#tests/integration/protocol-client.ts'
import { attemptWorld, sha256, storedAttempt } from '#tests/setup/attempt-world.ts'
import { DATABASES, fixtureSql, toldBy } from '#tests/setup/fixture-database.ts'
import { installation, type Installation } from '#tests/setup/operator.ts'

type Acknowledged = { attemptId: string; itemId: string; revision: number; hash: string }
type Seat = { attemptId: string; token: string }

const SEATS = 6
/** Enough that the copy is made while answers arrive. */
const BEFORE_BACKUP = 200
const AFTER_BACKUP = 200

async function withStore<T>(poise: Installation, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openSqlite({ file: join(poise.dataDir, 'poise.db') })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

const integrityOf = (file: string): unknown => {
  const database = new Database(file, { readonly: true })
  try {
    return database.pragma('integrity_check', { simple: true })
  } finally {
    database.close()
  }
}

/** Whether the trail of an installation holds, read as its server would. */
async function trailHolds(poise: Installation): Promise<boolean> {
  const silent = { info: () => {}, warn: () => {}, error: () => {} }
  const deps = await createDeps(readConfig({ POISE_MODE: 'test', PORT: '0', DATA_DIR: poise.dataDir }, '0.0.0-test'), {
    log: silent,
  })
  try {
    const chain = await checkChain(deps)
    return chain.brokenSeq === null && chain.entries > 0
  } finally {
    await deps.close()
  }
}

async function statusOf(url: string, path: string): Promise<number> {
  return (await fetch(url + path)).status
}

describe('a backup under load, kill -9, restore', () => {
  let poise: Installation
  let seats: Seat[]
  beforeAll(async () => {
    poise = await installation()
    mkdirSync(poise.dataDir, { recursive: true })
    migrateSqlite(join(poise.dataDir, 'poise.db'))
    seats = await withStore(poise, async (store) => {
      const world = await attemptWorld(store, { seed: 'rehearsal', startsAt: Date.now() - 5_000 })
      const programme = await world.programme({ long: true, limitMinutes: 600 })
      const made: Seat[] = []
      for (let n = 0; n < SEATS; n += 1) {
        const candidate = await world.candidate(programme)
        made.push({ attemptId: await world.start(candidate), token: candidate.token })
      }
      return made
    })
  })
  afterAll(() => poise.remove())

  it('brings back every answer that was acknowledged before the copy began, and the exam goes on', async () => {
    const server = await poise.serve()
    const url = server.url ?? ''
    const acknowledged: Acknowledged[] = []
    let watched: { count: number; reached: () => void } | null = null
    const after = (count: number): Promise<void> =>
      new Promise((reached) => (watched = { count: acknowledged.length + count, reached }))
    const sitting = seats.map(async ({ attemptId, token }) => {
      const client = new ProtocolClient({ base: url, cookie: `poise=${token}`, attemptId })
      for (let n = 1; ; n += 1) {
        const response: Json = { kind: 'essay', text: `第 ${n} 次 ✍️` }
        client.write('lo-essay', response)
        const outcome = await client.save()
        if (outcome.kind === 'lost') return client.close()
        const [result] = outcome.kind === 'reply' ? outcome.reply.results : []
        if (result?.result !== 'accepted') throw new Error(`an honest client was answered ${JSON.stringify(outcome)}`)
        acknowledged.push({
          attemptId,
          itemId: 'lo-essay',
          revision: result.revision ?? 0,
          hash: sha256(canonical(response)),
        })
        if (watched && acknowledged.length >= watched.count) watched.reached()
      }
    })
    await after(BEFORE_BACKUP)
    const promised = [...acknowledged]
    const copied = await poise.poise(['backup'])
    expect(copied.stderr + copied.stdout).toContain('checked.')
    const whenCopied = acknowledged.length
    await after(AFTER_BACKUP)
    await server.stop('SIGKILL')
    await Promise.all(sitting)
    // Otherwise the copy was made of a server at rest.
    expect(whenCopied).toBeGreaterThan(promised.length)

    const restored = await poise.poise(['restore', poise.newestCopy()])
    expect(restored.stderr + restored.stdout).toContain('Restored')
    expect(integrityOf(join(poise.dataDir, 'poise.db'))).toBe('ok')
    const again = await poise.serve()
    expect(again.url).not.toBeNull()
    expect(await statusOf(again.url ?? '', '/healthz')).toBe(200)
    await withStore(poise, async (store) => {
      for (const { attemptId } of seats) {
        const { events, answers } = await storedAttempt(store, attemptId)
        const saved = new Set(
          events.flatMap((event) =>
            event.type === 'answer_saved' ? [`${event.itemId} ${event.revision} ${event.contentHash}`] : [],
          ),
        )
        const mine = promised.filter((ack) => ack.attemptId === attemptId)
        expect(mine.length).toBeGreaterThan(0)
        expect(mine.filter((ack) => !saved.has(`${ack.itemId} ${ack.revision} ${ack.hash}`))).toEqual([])
        const row = answers.find(({ itemId }) => itemId === 'lo-essay')
        expect(sha256(canonical((row?.response ?? null) as Json))).toBe(row?.contentHash)
      }
    })
    expect(await trailHolds(poise)).toBe(true)
    // Each candidate writes on, with the session that they had.
    for (const { attemptId, token } of seats) {
      const revisions = await withStore(poise, async (store) =>
        Object.fromEntries(
          (await storedAttempt(store, attemptId)).answers.map(({ itemId, revision }) => [itemId, revision]),
        ),
      )
      const client = new ProtocolClient({ base: again.url ?? '', cookie: `poise=${token}`, attemptId, revisions })
      client.write('lo-essay', { kind: 'essay', text: 'after the restore' })
      expect(await client.save()).toMatchObject({ kind: 'reply', reply: { results: [{ result: 'accepted' }] } })
      client.close()
    }
    await again.stop()
    poise.keep()
  })

  // The last steps take a few milliseconds: the third may be over before the signal comes, and must hold then as well.
  it.each([
    ['while the copy is read', /\.restoring$/, true],
    ['while the copy is brought to its schema', /\.restoring-wal$/, true],
    ['while the old database goes aside', /^before-restore-/, false],
  ])('a restore that is killed %s loses nothing, and the next one ends it', async (_when, name, certain) => {
    await poise.reset()
    const copy = poise.newestCopy()
    const file = join(poise.dataDir, 'poise.db')
    // What the copy does not have, in a log that a crash has left.
    const server = await poise.serve()
    const { attemptId, token } = seats[0] as Seat
    const writeThere = await withStore(poise, async (store) =>
      Object.fromEntries(
        (await storedAttempt(store, attemptId)).answers.map(({ itemId, revision }) => [itemId, revision]),
      ),
    )
    const client = new ProtocolClient({
      base: server.url ?? '',
      cookie: `poise=${token}`,
      attemptId,
      revisions: writeThere,
    })
    client.write('lo-essay', { kind: 'essay', text: 'only in the old database' })
    expect(await client.save()).toMatchObject({ kind: 'reply', reply: { results: [{ result: 'accepted' }] } })
    client.close()
    await server.stop('SIGKILL')

    const killed = await poise.poiseKilledAt(name, ['restore', copy])
    expect(killed || !certain).toBe(true)
    const finished = await poise.poise(['restore', copy])
    expect(finished.stderr + finished.stdout).toContain('Restored')
    const answerIn = async (at: string): Promise<string> => {
      const store = openSqlite({ file: at })
      try {
        return JSON.stringify((await storedAttempt(store, attemptId)).answers.map(({ response }) => response))
      } finally {
        await store.close()
      }
    }
    expect(await answerIn(file)).not.toContain('only in the old database')
    const kept = readdirSync(poise.dataDir).filter(
      (entry) => entry.startsWith('before-restore-') && existsSync(join(poise.dataDir, entry, 'poise.db')),
    )
    const answers = await Promise.all(kept.map((entry) => answerIn(join(poise.dataDir, entry, 'poise.db'))))
    expect(answers.some((text) => text.includes('only in the old database'))).toBe(true)
    expect(readdirSync(poise.dataDir).filter((entry) => entry.includes('.restoring'))).toEqual([])
    const again = await poise.serve()
    expect(await statusOf(again.url ?? '', '/healthz')).toBe(200)
    await again.stop()
  })
})

const RELEASED = readdirSync(join(DATABASES, 'sqlite'))
  .filter((name) => name.endsWith('.sql'))
  .map((name) => basename(name, '.sql'))

describe.each(RELEASED)('an installation of the schema %s', (shape) => {
  let poise: Installation
  const told = toldBy('sqlite', shape)
  beforeAll(async () => {
    // The attempt that runs in it has not much time left: the server begins where the version of then ended.
    poise = await installation({ POISE_CLOCK_OFFSET_MS: String(told.endsAt + 1_000 - Date.now()) })
    mkdirSync(poise.dataDir, { recursive: true })
    const database = new Database(join(poise.dataDir, 'poise.db'))
    database.exec(fixtureSql('sqlite', shape))
    database.close()
    copyFileSync(join(DATABASES, 'secret.key'), join(poise.dataDir, 'secret.key'))
    poise.keep()
  })
  beforeEach(() => poise.reset())
  afterAll(() => poise.remove())

  it('is copied before it is upgraded, upgraded by a start, and goes back', async () => {
    expect((await poise.poise(['backup'])).stdout).toContain('checked.')
    const before = poise.newestCopy()
    const server = await poise.serve()
    expect(server.stderr).toBe('')
    const url = server.url ?? ''
    expect([await statusOf(url, '/livez'), await statusOf(url, '/healthz'), await statusOf(url, '/login')]).toEqual([
      200, 200, 200,
    ])
    const { attemptId, token } = told.running
    const revisions = await withStore(poise, async (store) =>
      Object.fromEntries(
        (await storedAttempt(store, attemptId)).answers.map(({ itemId, revision }) => [itemId, revision]),
      ),
    )
    const client = new ProtocolClient({ base: url, cookie: `poise=${token}`, attemptId, revisions })
    client.write('fr-short', { kind: 'short_text', text: 'after the upgrade' })
    expect(await client.save()).toMatchObject({ kind: 'reply', reply: { results: [{ result: 'accepted' }] } })
    client.close()
    await server.stop()
    expect(integrityOf(join(poise.dataDir, 'poise.db'))).toBe('ok')
    expect(await trailHolds(poise)).toBe(true)

    // The copy of then is still one that this version can bring back, and a rehearsal says so.
    const rehearsed = await poise.poise(['restore', before, '--rehearse'])
    expect(rehearsed.stderr + rehearsed.stdout).toContain('Rehearsed')
    const back = await poise.poise(['restore', before])
    expect(back.stderr + back.stdout).toContain('Restored')
    const { answers } = await withStore(poise, (store) => storedAttempt(store, attemptId))
    expect(answers.map(({ response }) => JSON.stringify(response)).join()).not.toContain('after the upgrade')
  })
})
