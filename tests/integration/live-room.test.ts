// What staff may do to running attempts, one or many, and who may watch them.
import { request, type IncomingMessage } from 'node:http'
import { eq } from 'drizzle-orm'
import type { ServerBuild } from '@remix-run/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import { roomHotRoutes } from '#app/server/hot-room.server.ts'
import { createHttpServer } from '#app/server/http.server.ts'
import { actInRoom, acceptClock, attemptForStaff, roomOf } from '#app/services/live-room.server.ts'
import { sweepAttempts } from '#app/services/attempts.server.ts'
import { createSession } from '#app/services/sessions.server.ts'
import { waitingFor } from '#app/services/waiting.server.ts'
import { attemptWorld, MINUTE, type Candidate, type World } from '#tests/setup/attempt-world.ts'
import { sqliteTestStore, type SqliteTestStore } from '#tests/setup/test-store.ts'

let store: SqliteTestStore
let world: World
beforeEach(async () => {
  store = await sqliteTestStore()
  world = await attemptWorld(store.store)
})
afterEach(() => store.cleanup())

async function running(count: number): Promise<Array<{ candidate: Candidate; attemptId: string }>> {
  const programmeId = await world.programme()
  const made = []
  for (let i = 0; i < count; i += 1) {
    const candidate = await world.candidate(programmeId)
    made.push({ candidate, attemptId: await world.start(candidate) })
  }
  return made
}
const act = (ids: string[], what: Parameters<typeof actInRoom>[3], actor: Actor = world.staff) => actInRoom(world.deps, actor, ids, what, world.clock.now())
const codes = (outcomes: Awaited<ReturnType<typeof act>>) => outcomes.map((outcome) => outcome.error?.code ?? 'done')
const statusOf = async (attemptId: string) => (await world.stored(attemptId)).row.status

describe('closing many', () => {
  it('spares whoever has time left, and names them', async () => {
    const [a, b, c] = await running(3)
    if (!a || !b || !c) throw new Error('three were asked for')
    // Two run out of time while the sweep has not come by; the third was given more.
    await act([c.attemptId], { type: 'grant', extraMs: 30 * MINUTE, reason: 'Lost time at the door' })
    world.clock.advance(31 * MINUTE)
    const outcomes = await act([a.attemptId, b.attemptId, c.attemptId], { type: 'close', reason: 'The room is closing', confirmed: [] })
    expect(codes(outcomes)).toEqual(['done', 'done', 'attempt.has_time_left'])
    expect(outcomes[2]).toMatchObject({ remainingMs: 29 * MINUTE, name: expect.stringMatching(/Person/) as string })
    expect(await Promise.all([a, b, c].map((one) => statusOf(one.attemptId)))).toEqual(['closed', 'closed', 'in_progress'])
    // Past its deadline it was the clock that ended it, whoever asked.
    expect((await world.stored(a.attemptId)).row.closingReason).toBe('time_up')
  })

  it('closes exactly those that were confirmed by name', async () => {
    const [a, b] = await running(2)
    if (!a || !b) throw new Error('two were asked for')
    const outcomes = await act([a.attemptId, b.attemptId], { type: 'close', reason: 'Evacuation', confirmed: [a.attemptId] })
    expect(codes(outcomes)).toEqual(['done', 'attempt.has_time_left'])
    expect(await statusOf(b.attemptId)).toBe('in_progress')
    const ledger = (await attemptForStaff(world.deps, world.staff, a.attemptId, 'en', world.clock.now()))?.ledger.at(-1)
    expect(ledger).toMatchObject({ kind: 'closed', reason: 'staff_closed', why: 'Evacuation' })
  })
})

describe('an act on one or many', () => {
  it('is decided for each by itself', async () => {
    const [a, b] = await running(2)
    if (!a || !b) throw new Error('two were asked for')
    await act([a.attemptId], { type: 'pause', reason: 'Fire drill' })
    expect(codes(await act([a.attemptId, b.attemptId, 'at_none'], { type: 'pause', reason: 'Fire drill' }))).toEqual(['attempt.already_paused', 'done', 'attempt.not_found'])
    expect(codes(await act([a.attemptId, b.attemptId], { type: 'resume' }))).toEqual(['done', 'done'])
    expect(codes(await act([a.attemptId], { type: 'resume' }))).toEqual(['attempt.not_paused'])
  })

  it('grants once for one request, with one note and one line in the trail', async () => {
    const [a] = await running(1)
    if (!a) throw new Error('one was asked for')
    const grant = { type: 'grant' as const, extraMs: 5 * MINUTE, reason: 'Lost time', requestId: 'rq_1' }
    expect(codes(await act([a.attemptId], grant))).toEqual(['done'])
    expect(codes(await act([a.attemptId], grant))).toEqual(['done'])
    const { t, q } = store.store.read
    expect((await world.stored(a.attemptId)).attempt.grants).toHaveLength(1)
    expect(await q.select().from(t.notes).where(eq(t.notes.subjectId, a.attemptId))).toHaveLength(1)
    const trail = await q.select().from(t.auditEvents).where(eq(t.auditEvents.action, 'attempt.grant'))
    expect(trail).toHaveLength(1)
    // The reason stands in an erasable row; the trail has its id.
    expect(JSON.stringify(trail)).not.toContain('Lost time')
  })

  it('never reaches an attempt of one’s own', async () => {
    const [a] = await running(1)
    if (!a) throw new Error('one was asked for')
    const own: Actor = { ...a.candidate.actor, roles: ['supervisor'], enrolmentId: null }
    expect(codes(await act([a.attemptId], { type: 'grant', extraMs: MINUTE, reason: 'x' }, own))).toEqual(['attempt.not_found'])
    expect((await roomOf(world.deps, own, 'en', world.clock.now())).rows).toEqual([])
    expect(await attemptForStaff(world.deps, own, a.attemptId, 'en', world.clock.now())).toBeNull()
  })
})

describe('the room', () => {
  it('shows time left, answers and lateness, and no accommodation', async () => {
    const programmeId = await world.programme()
    const plain = await world.candidate(programmeId)
    const eased = await world.candidate(programmeId, { accommodation: { factor: 2, unlimited: false, breakMinutes: 10 } })
    const ids = [await world.start(plain), await world.start(eased)]
    world.clock.advance(10 * MINUTE)
    const room = await roomOf(world.deps, world.staff, 'en', world.clock.now())
    expect(room.rows.map((row) => [row.attemptId, row.remainingMs, row.answered, row.items])).toEqual([
      [ids[0], 20 * MINUTE, 0, 2],
      [ids[1], 50 * MINUTE, 0, 2],
    ])
    const seen = await attemptForStaff(world.deps, world.staff, ids[1] ?? '', 'en', world.clock.now())
    expect(JSON.stringify([room, seen])).not.toMatch(/accommodation|factor|breakAllowance|unlimited|a reason/i)
    // The proof of the draw: seed, and for each slot why it was drawn and how often it was seen.
    expect(seen?.proof).toMatchObject({ seed: expect.any(String) as string, sections: [{ id: 'free', slots: [{ exposure: expect.any(Number) as number }, {}] }] })
  })

  it('does not close by looking, and counts what waits', async () => {
    const [a] = await running(1)
    world.clock.advance(40 * MINUTE)
    await roomOf(world.deps, world.staff, 'en', world.clock.now())
    await attemptForStaff(world.deps, world.staff, a?.attemptId ?? '', 'en', world.clock.now())
    expect(await statusOf(a?.attemptId ?? '')).toBe('in_progress')
    expect(await waitingFor(world.deps, world.staff, world.clock.now())).toMatchObject({ running: 1, ready: null, requests: null, accommodations: null, mails: null })
    expect(await waitingFor(world.deps, world.admin, world.clock.now())).toMatchObject({ running: 1, ready: 0, requests: 0, accommodations: null, mails: 1 })
  })
})

describe('the clock', () => {
  it('is confirmed once, and by nobody where there is no alarm', async () => {
    expect(await acceptClock(world.deps, world.staff, world.clock.now())).toMatchObject({ ok: false, error: { code: 'clock.no_alarm' } })
    await store.store.transact((w) => w.q.insert(w.t.settings).values({ key: 'clock_alarm', value: { raisedAt: 1, stepMs: 9000, status: 'raised' }, updatedAt: new Date() }))
    expect((await roomOf(world.deps, world.staff, 'en', world.clock.now())).alarm).toEqual({ raisedAt: 1, stepMs: 9000 })
    const both = await Promise.all([acceptClock(world.deps, world.staff, world.clock.now()), acceptClock(world.deps, world.admin, world.clock.now())])
    expect(both.map((result) => result.ok)).toEqual([true, false])
    expect((await roomOf(world.deps, world.staff, 'en', world.clock.now())).alarm).toBeNull()
  })

  it('closes nothing while it has jumped', async () => {
    const [a] = await running(1)
    world.clock.step(60 * MINUTE)
    world.clock.now()
    expect(await sweepAttempts(world.deps, world.clock.now() + 60 * MINUTE)).toBe(0)
    expect(await statusOf(a?.attemptId ?? '')).toBe('in_progress')
  })
})

describe('the room’s events', () => {
  it('answer 401 to nobody, 404 without the role, and ids only to who may watch', async () => {
    const build = { entry: { module: { default: () => new Response() } }, routes: {}, assets: { entry: { module: '', imports: [] }, routes: {}, url: '', version: '' }, publicPath: '/', assetsBuildDirectory: '', future: {}, isSpaMode: false } as unknown as ServerBuild
    const server = createHttpServer(world.deps, { remixBuild: build, staticDir: null, hotRoutes: roomHotRoutes })
    const { url } = await server.listen(0, '127.0.0.1')
    const open = (token: string | null, after: number) =>
      new Promise<IncomingMessage>((resolve, reject) => request(`${url}/api/room/events?after=${after}`, { headers: token ? { cookie: `poise=${token}` } : {} }, resolve).on('error', reject).end())
    const sessionOf = async (personId: string) => {
      const token = world.deps.ids.token()
      await store.store.transact((w) => createSession(w, world.deps, { token, personId, origin: 'password', enrolmentId: null, now: world.clock.now() }))
      return token
    }
    try {
      const [a] = await running(1)
      if (!a) throw new Error('one was asked for')
      for (const [token, status] of [
        [null, 401],
        ['not-a-session', 401],
        [a.candidate.token, 404],
      ] as const) {
        const refused = await open(token, 0)
        expect(refused.statusCode).toBe(status)
        refused.destroy()
      }
      const { streamSeq } = await roomOf(world.deps, world.staff, 'en', world.clock.now())
      const stream = await open(await sessionOf(world.staff.personId), streamSeq)
      expect(stream.statusCode).toBe(200)
      const heard = new Promise<string>((resolve) => {
        let text = ''
        stream.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
          if (text.includes('event: attempt')) resolve(text)
        })
      })
      await act([a.attemptId], { type: 'pause', reason: 'Fire drill in the hall' })
      const text = await heard
      expect(text).toContain(`data: {"attemptId":"${a.attemptId}"}`)
      // What was before the page is not told again, and nothing that a person wrote goes out.
      expect(text.match(/event: attempt/g)).toHaveLength(1)
      expect(text).not.toContain('Fire drill')
      stream.destroy()
    } finally {
      await server.stop(500)
    }
  })
})
