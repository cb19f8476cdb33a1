// What staff may do to running attempts, one or many, and who may watch them.
import { request, type IncomingMessage } from 'node:http'
import type { ServerBuild } from '@remix-run/node'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import { roomHotRoutes } from '#app/server/hot-room.server.ts'
import { createHttpServer } from '#app/server/http.server.ts'
import { noteClock, noteDisconnects, pageOpened, sweepAttempts } from '#app/services/attempt/acts.server.ts'
import { ledgerPage } from '#app/services/candidate/ledger.server.ts'
import { acceptClock, clockAlarmView, recordClockAlarm } from '#app/services/invigilation/clock-alarm.server.ts'
import { actInRoom, attemptForStaff, roomOf } from '#app/services/invigilation/live-room.server.ts'
import { waitingFor } from '#app/services/invigilation/waiting.server.ts'
import { createSession } from '#app/services/people/sessions.server.ts'
import { notesOf } from '#db/repositories/notes.server.ts'
import { clockNotesDue, lastClockAlarm } from '#db/repositories/settings.server.ts'
import { attemptWorld, MINUTE, T0, type Candidate, type World } from '#tests/setup/attempt-world.ts'
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
const act = (ids: string[], what: Parameters<typeof actInRoom>[3], actor: Actor = world.staff) =>
  actInRoom(world.deps, actor, ids, what, world.clock.now())
const codes = (outcomes: Awaited<ReturnType<typeof act>>) => outcomes.map((outcome) => outcome.error?.code ?? 'done')
const statusOf = async (attemptId: string) => (await world.stored(attemptId)).row.status

describe('a form sent twice', () => {
  it('is one message to each of those it was for', async () => {
    const [a, b] = await running(2)
    if (!a || !b) throw new Error('two were asked for')
    const message = { type: 'message' as const, text: 'Ten minutes to go', requestId: 'rq_1' }
    expect(codes(await act([a.attemptId, b.attemptId], message))).toEqual(['done', 'done'])
    expect(codes(await act([a.attemptId, b.attemptId], message))).toEqual(['done', 'done'])
    await act([a.attemptId], { ...message, requestId: 'rq_2' })
    const texts = async (id: string) => (await notesOf(store.store.read, 'attempt_message', id)).length
    expect([await texts(a.attemptId), await texts(b.attemptId)]).toEqual([2, 1])
    const told = (await world.stored(b.attemptId)).events.filter((event) => event.type === 'message_sent')
    expect(told).toHaveLength(1)
  })
})

describe('closing many', () => {
  it('spares whoever has time left, and names them', async () => {
    const [a, b, c] = await running(3)
    if (!a || !b || !c) throw new Error('three were asked for')
    // Two run out of time while the sweep has not come by; the third was given more.
    await act([c.attemptId], { type: 'grant', extraMs: 30 * MINUTE, reason: 'Lost time at the door' })
    world.clock.advance(31 * MINUTE)
    const outcomes = await act([a.attemptId, b.attemptId, c.attemptId], {
      type: 'close',
      reason: 'The room is closing',
      confirmed: [],
    })
    expect(codes(outcomes)).toEqual(['done', 'done', 'attempt.has_time_left'])
    expect(outcomes[2]).toMatchObject({ remainingMs: 29 * MINUTE, name: expect.stringMatching(/Person/) as string })
    expect(await Promise.all([a, b, c].map((one) => statusOf(one.attemptId)))).toEqual([
      'closed',
      'closed',
      'in_progress',
    ])
    // Past its deadline it was the clock that ended it, whoever asked.
    expect((await world.stored(a.attemptId)).row.closingReason).toBe('time_up')
  })

  it('closes exactly those that were confirmed by name', async () => {
    const [a, b] = await running(2)
    if (!a || !b) throw new Error('two were asked for')
    const outcomes = await act([a.attemptId, b.attemptId], {
      type: 'close',
      reason: 'Evacuation',
      confirmed: [a.attemptId],
    })
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
    expect(codes(await act([a.attemptId, b.attemptId, 'at_none'], { type: 'pause', reason: 'Fire drill' }))).toEqual([
      'attempt.already_paused',
      'done',
      'attempt.not_found',
    ])
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
    expect(codes(await act([a.attemptId], { type: 'grant', extraMs: MINUTE, reason: 'x' }, own))).toEqual([
      'attempt.not_found',
    ])
    expect((await roomOf(world.deps, own, 'en', world.clock.now())).rows).toEqual([])
    expect(await attemptForStaff(world.deps, own, a.attemptId, 'en', world.clock.now())).toBeNull()
  })
})

describe('the room', () => {
  it('shows time left, answers and lateness, and no accommodation', async () => {
    const programmeId = await world.programme()
    const plain = await world.candidate(programmeId)
    const eased = await world.candidate(programmeId, {
      accommodation: { factor: 2, unlimited: false, breakMinutes: 10 },
    })
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
    expect(seen?.proof).toMatchObject({
      seed: expect.any(String) as string,
      sections: [{ id: 'free', slots: [{ exposure: expect.any(Number) as number }, {}] }],
    })
  })

  it('does not close by looking, and counts what waits', async () => {
    const [a] = await running(1)
    world.clock.advance(40 * MINUTE)
    await roomOf(world.deps, world.staff, 'en', world.clock.now())
    await attemptForStaff(world.deps, world.staff, a?.attemptId ?? '', 'en', world.clock.now())
    expect(await statusOf(a?.attemptId ?? '')).toBe('in_progress')
    expect(await waitingFor(world.deps, world.staff, world.clock.now())).toMatchObject({
      running: 1,
      ready: null,
      requests: null,
      accommodations: null,
      mails: null,
    })
    expect(await waitingFor(world.deps, world.admin, world.clock.now())).toMatchObject({
      running: 1,
      ready: 0,
      requests: 0,
      accommodations: null,
      mails: 1,
    })
  })
})

describe('the clock', () => {
  const HOUR = 60 * MINUTE
  const now = () => world.clock.now()
  const raise = (stepMs: number, raisedAt = now()) => recordClockAlarm(world.deps, { raisedAt, stepMs })
  /** Confirms what a page made now would show. */
  const confirm = async (by = world.staff) =>
    acceptClock(world.deps, by, (await clockAlarmView(world.deps, now())) ?? { alarmId: 'none', aheadMs: 0 }, now())
  const ledgerOf = async (attemptId: string, kinds = /^clock_/) =>
    (await attemptForStaff(world.deps, world.staff, attemptId, 'en', now()))?.ledger.filter((row) =>
      kinds.test(row.kind),
    ) ?? []

  it('is confirmed once, and by nobody where there is no alarm', async () => {
    expect(await confirm()).toMatchObject({ ok: false, error: { code: 'clock.no_alarm' } })
    await raise(9000)
    expect((await roomOf(world.deps, world.staff, 'en', now())).alarm).toMatchObject({ raisedAt: T0, stepMs: 9000 })
    const both = await Promise.all([confirm(), confirm(world.admin)])
    expect(both.map((result) => result.ok)).toEqual([true, false])
    expect((await roomOf(world.deps, world.staff, 'en', now())).alarm).toBeNull()
  })

  it('is not confirmed by a page that showed something else', async () => {
    await raise(9000)
    const shown = await clockAlarmView(world.deps, now())
    if (!shown) throw new Error('an alarm was raised')
    const refused = { ok: false, error: { code: 'clock.stale' } }
    expect(await acceptClock(world.deps, world.staff, { ...shown, aheadMs: 9000 + 40 * MINUTE }, now())).toMatchObject(
      refused,
    )
    expect(await acceptClock(world.deps, world.staff, { ...shown, alarmId: 'ck_other' }, now())).toMatchObject(refused)
    expect((await roomOf(world.deps, world.staff, 'en', now())).alarm).toMatchObject({ alarmId: shown.alarmId })
    expect(await acceptClock(world.deps, world.staff, shown, now())).toMatchObject({ ok: true })
  })

  it('closes nothing while it has jumped', async () => {
    const [a] = await running(1)
    world.clock.step(60 * MINUTE)
    world.clock.now()
    expect(await sweepAttempts(world.deps, world.clock.now() + 60 * MINUTE)).toBe(0)
    expect(await statusOf(a?.attemptId ?? '')).toBe('in_progress')
  })

  it('is in the ledger of each attempt that ran then, closed since or not, and of no other', async () => {
    const [a, b, before] = await running(3)
    if (!a || !b || !before) throw new Error('three were asked for')
    await act([before.attemptId], { type: 'close', reason: 'x', confirmed: [before.attemptId] })
    world.clock.advance(MINUTE)
    await raise(-HOUR)
    await act([b.attemptId], { type: 'close', reason: 'x', confirmed: [b.attemptId] })
    const [later] = await running(1)
    await world.runner.drain()
    world.clock.advance(MINUTE)
    await confirm()
    await world.runner.drain()
    const alarm = { kind: 'clock_alarm', at: T0 + MINUTE, stepMs: -HOUR }
    const confirmed = {
      kind: 'clock_confirmed',
      at: T0 + 2 * MINUTE,
      stepMs: -HOUR,
      by: expect.stringContaining('Person') as string,
    }
    expect(await ledgerOf(a.attemptId)).toMatchObject([alarm, confirmed])
    expect(await ledgerOf(b.attemptId)).toMatchObject([alarm])
    expect(await ledgerOf(before.attemptId)).toEqual([])
    // It began on the clock that was confirmed under it.
    expect(await ledgerOf(later?.attemptId ?? '')).toMatchObject([confirmed])
    // The clock goes back an hour here; a minute later the candidate has worked for three.
    const page = await ledgerPage(world.deps, a.candidate.actor, a.attemptId, 'en', now() - HOUR + MINUTE)
    expect(page.ok && page.value.workedMs).toBe(3 * MINUTE)
    expect(page.ok && page.value.rows.filter((row) => row.kind.startsWith('clock_'))).toMatchObject([
      { stepMs: -HOUR },
      { stepMs: -HOUR },
    ])
    expect(JSON.stringify(page)).not.toContain(world.staff.personId)
  })

  it('is noted once, however often the alarm is kept, the work is done again, or the server dies in between', async () => {
    const [a] = await running(1)
    if (!a) throw new Error('one was asked for')
    const raisedAt = now()
    // Two processes see the same step, at instants of their own.
    const kept = await Promise.all([raise(7000, raisedAt), raise(7001, raisedAt + 40)])
    expect(new Set(kept).size).toBe(1)
    const jobs = (await store.store.read.q.select().from(store.store.read.t.jobs)).filter(
      (job) => job.kind === 'note-clock',
    )
    expect(jobs).toHaveLength(1)
    // As after a crash between the note and the job's own end: it is done a second time.
    const payload = jobs[0]?.payload as Parameters<typeof noteClock>[1]
    await noteClock(world.deps, payload)
    await world.runner.drain()
    await noteClock(world.deps, payload)
    expect(await ledgerOf(a.attemptId)).toMatchObject([{ kind: 'clock_alarm', stepMs: 7000 }])
  })

  it('says before it is confirmed what moves for how many', async () => {
    const programmeId = await world.programme({ limitMinutes: 30 })
    const [short, long, held, free] = [
      await world.candidate(programmeId),
      await world.candidate(await world.programme({ limitMinutes: 90 })),
      await world.candidate(programmeId),
      await world.candidate(programmeId, { accommodation: { unlimited: true } }),
    ]
    for (const one of [short, long, free]) await world.start(one)
    await act([await world.start(held)], { type: 'pause', reason: 'Fire drill' })
    world.clock.advance(10 * MINUTE)
    world.clock.step(HOUR)
    await raise(HOUR)
    const view = async () => (await roomOf(world.deps, world.staff, 'en', now())).alarm
    // 20 and 80 minutes left; time stands still for the third, and nothing ends the fourth.
    expect(await view()).toMatchObject({ aheadMs: HOUR, moved: 2 })
    // The operator corrects it in part, then wholly.
    world.clock.step(-50 * MINUTE)
    expect(await view()).toMatchObject({ stepMs: HOUR, aheadMs: 10 * MINUTE, moved: 2 })
    world.clock.step(-10 * MINUTE)
    expect(await view()).toMatchObject({ aheadMs: 0, moved: 0 })
    world.clock.step(-10 * MINUTE)
    expect(await view()).toMatchObject({ aheadMs: -10 * MINUTE, moved: 2 })
  })

  it('set ahead takes no time from anybody, and gives none to whoever is paused, over or without a limit', async () => {
    const programmeId = await world.programme({ limitMinutes: 30 })
    const [runs, over, held, free] = [
      await world.candidate(programmeId),
      await world.candidate(await world.programme({ limitMinutes: 5 })),
      await world.candidate(programmeId),
      await world.candidate(programmeId, { accommodation: { unlimited: true } }),
    ]
    const ids = {
      runs: await world.start(runs),
      over: await world.start(over),
      held: await world.start(held),
      free: await world.start(free),
    }
    await act([ids.held], { type: 'pause', reason: 'Fire drill' })
    world.clock.advance(10 * MINUTE)
    await raise(HOUR)
    await confirm()
    expect(
      await clockNotesDue(world.deps.store.read, (await lastClockAlarm(world.deps.store.read))?.alarmId ?? ''),
    ).toBe(true)
    await world.runner.drain()
    expect(
      await clockNotesDue(world.deps.store.read, (await lastClockAlarm(world.deps.store.read))?.alarmId ?? ''),
    ).toBe(false)
    const deadlineOf = async (id: string) => (await world.stored(id)).row.head.deadlineAt
    // Thirty minutes from the start by the old clock, and an hour more by the new one.
    expect(await deadlineOf(ids.runs)).toBe(T0 + 90 * MINUTE)
    expect(await deadlineOf(ids.over)).toBe(T0 + 5 * MINUTE)
    expect(await deadlineOf(ids.held)).toBe(T0 + 30 * MINUTE)
    expect(await deadlineOf(ids.free)).toBeNull()
    expect(await ledgerOf(ids.runs)).toMatchObject([
      { kind: 'clock_alarm' },
      { kind: 'clock_confirmed', stepMs: HOUR, givenBackMs: HOUR, deadlineAt: T0 + 90 * MINUTE },
    ])
  })
})

describe('the candidate’s page', () => {
  const connection = async () => (await roomOf(world.deps, world.staff, 'en', world.clock.now())).rows[0]?.connection
  const iso = (at: number) => new Date(at).toISOString()
  it('is told apart: not seen yet, there, and gone', async () => {
    const [a] = await running(1)
    if (!a) throw new Error('one was asked for')
    expect(await connection()).toEqual({ state: 'unseen', since: iso(T0) })
    await noteDisconnects(world.deps, world.clock.advance(2 * MINUTE))
    // Never seen is not lost.
    expect(await connection()).toEqual({ state: 'unseen', since: iso(T0) })
    // Another device's page is no sign of the one that holds the attempt.
    await pageOpened(world.deps, (await a.candidate.onAnotherDevice()).actor, a.attemptId, world.clock.now())
    expect((await connection())?.state).toBe('unseen')
    const opened = world.clock.advance(MINUTE)
    await pageOpened(world.deps, a.candidate.actor, a.attemptId, opened)
    await noteDisconnects(world.deps, opened)
    expect(await connection()).toEqual({ state: 'connected', since: iso(opened) })
    await noteDisconnects(world.deps, world.clock.advance(2 * MINUTE))
    expect(await connection()).toEqual({ state: 'lost', since: iso(opened) })
    const ledger = (await attemptForStaff(world.deps, world.staff, a.attemptId, 'en', world.clock.now()))?.ledger ?? []
    expect(ledger.slice(1)).toMatchObject([
      { kind: 'disconnected', neverSeen: true, lastSeenAt: T0 },
      { kind: 'reconnected', lengthMs: 3 * MINUTE },
      { kind: 'disconnected', neverSeen: false, lastSeenAt: opened },
    ])
  })
})

describe('the room’s events', () => {
  it('answer 401 to nobody, 404 without the role, and ids only to who may watch', async () => {
    const build = {
      entry: { module: { default: () => new Response() } },
      routes: {},
      assets: { entry: { module: '', imports: [] }, routes: {}, url: '', version: '' },
      publicPath: '/',
      assetsBuildDirectory: '',
      future: {},
      isSpaMode: false,
    } as unknown as ServerBuild
    const server = createHttpServer(world.deps, { remixBuild: build, staticDir: null, hotRoutes: roomHotRoutes })
    const { url } = await server.listen(0, '127.0.0.1')
    const open = (token: string | null, after: number) =>
      new Promise<IncomingMessage>((resolve, reject) =>
        request(
          `${url}/api/room/events?after=${after}`,
          { headers: token ? { cookie: `poise=${token}` } : {} },
          resolve,
        )
          .on('error', reject)
          .end(),
      )
    const sessionOf = async (personId: string) => {
      const token = world.deps.ids.token()
      await store.store.transact((w) =>
        createSession(w, world.deps, {
          token,
          personId,
          origin: 'password',
          enrolmentId: null,
          now: world.clock.now(),
        }),
      )
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
