/**
 * The cases in which other assessment systems failed (docs/design.md, section 4), as far as the server decides them: each
 * test bears the number and the defect. All expected times are worked out by hand: an attempt starts at T0 and lasts 30
 * minutes unless the test says otherwise, with an allowance of 10 seconds. Cases 2 and 20 are mostly the browser's, and
 * 26 to 39 belong to scoring and rating.
 */
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { candidateLedger, ledgerOf, staffLedger } from '#app/core/attempt/ledger.ts'
import { SaveRequestSchema, type SaveRequest } from '#app/core/attempt/protocol.ts'
import type { Response } from '#app/core/bank/response.ts'
import { jobHandlers } from '#app/jobs/handlers/index.server.ts'
import { createRunner } from '#app/jobs/runner.server.ts'
import { createClock } from '#app/server/clock.server.ts'
import { watchClock } from '#app/server/installation.server.ts'
import {
  actOnAttempt,
  noteDisconnects,
  staffAct,
  submitAttempt,
  sweepAttempts,
  takeOverAttempt,
} from '#app/services/attempt/acts.server.ts'
import { draftKey } from '#app/services/attempt/draft-key.server.ts'
import { playerStep } from '#app/services/attempt/player-form.server.ts'
import { readPlayer } from '#app/services/attempt/player.server.ts'
import { heartbeat, receiptFor, saveAnswers } from '#app/services/attempt/saves.server.ts'
import { startAttempt } from '#app/services/attempt/start.server.ts'
import { ledgerPage } from '#app/services/candidate/ledger.server.ts'
import { receiptPage } from '#app/services/candidate/receipt.server.ts'
import { resultPage } from '#app/services/candidate/report.server.ts'
import { stagePage } from '#app/services/candidate/stage.server.ts'
import { acceptClock, clockAlarmView } from '#app/services/invigilation/clock-alarm.server.ts'
import { actInRoom, attemptForStaff, roomOf } from '#app/services/invigilation/live-room.server.ts'
import { openEvidence } from '#app/services/results/evidence.server.ts'
import { releaseResult } from '#app/services/results/release.server.ts'
import { scoreAttempt } from '#app/services/results/scoring.server.ts'
import { tasksOfAttempt } from '#db/repositories/ratings.server.ts'
import { itemScoresOf } from '#db/repositories/scores.server.ts'
import {
  attemptWorld,
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  sha256,
  T0,
  type Candidate,
  type World,
} from '#tests/setup/attempt-world.ts'
import { sqliteTestStore } from '#tests/setup/test-store.ts'

const ALLOWANCE = 10 * SECOND
/** 30 minutes after the start. */
const END = T0 + 30 * MINUTE
const short = (text: string): Response => ({ kind: 'short_text', text })
const chosen = (optionId: string): Response => ({ kind: 'single_choice', optionId })
const yes: Response = { kind: 'true_false', value: true }

let world: World
let cleanup: () => Promise<void>
beforeEach(async () => {
  const opened = await sqliteTestStore()
  cleanup = opened.cleanup
  world = await attemptWorld(opened.store)
})
afterEach(() => cleanup())

// ---- Words ----

type Running = { candidate: Candidate; id: string }
async function running(
  options: Parameters<World['programme']>[0] = {},
  person: Parameters<World['candidate']>[1] = {},
): Promise<Running> {
  const candidate = await world.candidate(await world.programme(options), person)
  return { candidate, id: await world.start(candidate) }
}

let serial = 0
const change = (
  itemId: string,
  baseRevision: number,
  response: Response | null,
  more: Partial<SaveRequest['mutations'][number]> = {},
) => ({ mutationId: `m-${(serial += 1)}`, itemId, baseRevision, response, ...more })

/** Sends at `at`; time goes there if it is not there yet. */
async function send(
  { candidate, id }: Running,
  at: number,
  mutations: SaveRequest['mutations'],
  more: Partial<SaveRequest> = {},
) {
  if (at > world.clock.now()) world.clock.to(at)
  const saved = await saveAnswers(world.deps, candidate.actor, { attemptId: id, epoch: 1, mutations, ...more }, at)
  if (!saved.ok) throw new Error(saved.error.code)
  return { ...saved.value.reply, conflict: saved.value.conflict }
}
async function beat({ candidate, id }: Running, at: number, epoch = 1) {
  if (at > world.clock.now()) world.clock.to(at)
  const heard = await heartbeat(world.deps, candidate.actor, { attemptId: id, epoch }, at)
  if (!heard.ok) throw new Error(heard.error.code)
  return heard.value
}
const staffDoes = (run: Running, act: Parameters<typeof staffAct>[3], at: number) =>
  staffAct(world.deps, world.staff, run.id, act, world.clock.now() < at ? world.clock.to(at) : at)
const holder = (run: Running, act: Parameters<typeof actOnAttempt>[4], at: number, epoch = 1) =>
  actOnAttempt(world.deps, run.candidate.actor, run.id, epoch, act, world.clock.now() < at ? world.clock.to(at) : at)
const sweep = (at: number) => sweepAttempts(world.deps, world.clock.now() < at ? world.clock.to(at) : at)
const code = (result: { ok: true } | { ok: false; error: { code: string } }): string =>
  result.ok ? 'ok' : result.error.code
const text = async ({ id }: Running, itemId: string) =>
  (await world.stored(id)).answers.find((answer) => answer.itemId === itemId)
const ending = async ({ id }: Running) => {
  const { row } = await world.stored(id)
  return {
    status: row.status,
    reason: row.closingReason,
    finishedAt: row.finishedAt?.getTime() ?? null,
    submittedAt: row.submittedAt?.getTime() ?? null,
  }
}

// ---- Clock and closing ----

describe('clock and closing', () => {
  test('1 · an old tab that does not know of extra time cannot end the exam', async () => {
    const run = await running()
    await staffDoes(run, { type: 'grant', extraMs: 10 * MINUTE, reason: 'late lift' }, T0 + 5 * MINUTE)
    // By its own count the tab is over; all it can do is ask.
    expect(await beat(run, END + MINUTE)).toMatchObject({
      reply: { status: 'in_progress', deadlineAt: T0 + 40 * MINUTE, remainingMs: 9 * MINUTE },
    })
    const reply = await send(run, END + MINUTE, [change('fr-short', 0, short('still writing'))])
    expect(reply).toMatchObject({ status: 'in_progress', results: [{ result: 'accepted', revision: 1, late: false }] })
    expect(await sweep(END + 2 * MINUTE)).toBe(0)
  })

  test('2 · a client clock that is wrong by a day changes nothing', async () => {
    const run = await running()
    const early = await send(run, T0 + MINUTE, [change('fr-short', 0, short('a'), { clientSavedAtMs: T0 - DAY })])
    const late = await send(run, T0 + 2 * MINUTE, [change('fr-short', 1, short('b'), { clientSavedAtMs: T0 + DAY })])
    expect([early.deadlineAt, late.deadlineAt, late.serverTime, late.remainingMs]).toEqual([
      END,
      END,
      T0 + 2 * MINUTE,
      28 * MINUTE,
    ])
    expect(late.results).toMatchObject([{ result: 'accepted', late: false }])
  })

  test('3 · extra time granted during the exam is in the next reply and on the stream', async () => {
    const run = await running()
    expect((await send(run, T0 + MINUTE, [change('fr-short', 0, short('a'))])).deadlineAt).toBe(END)
    await staffDoes(run, { type: 'grant', extraMs: 10 * MINUTE, reason: 'noise' }, T0 + 2 * MINUTE)
    await staffDoes(
      run,
      { type: 'grant', extraMs: 5 * MINUTE, reason: 'more noise', requestId: 'rq-2' },
      T0 + 2 * MINUTE,
    )
    // The form of the second was sent twice.
    await staffDoes(
      run,
      { type: 'grant', extraMs: 5 * MINUTE, reason: 'more noise', requestId: 'rq-2' },
      T0 + 2 * MINUTE,
    )
    expect(await send(run, T0 + 3 * MINUTE, [change('fr-short', 1, short('b'))])).toMatchObject({
      deadlineAt: T0 + 45 * MINUTE,
      remainingMs: 42 * MINUTE,
    })
    const { q, t } = world.deps.store.read
    const told = (await q.select().from(t.streamEvents)).filter(
      (e) => e.streamId === `attempt:${run.id}` && e.type === 'deadline_changed',
    )
    expect(told.map((e) => e.data)).toMatchObject([
      { clock: { deadlineAt: T0 + 40 * MINUTE } },
      { clock: { deadlineAt: T0 + 45 * MINUTE } },
    ])
  })

  describe('4 · the end of the window against the personal limit', () => {
    const closesAt = T0 + 20 * MINUTE
    test('a window that gates the start leaves the personal time whole, and is shut from its end on', async () => {
      const programme = await world.programme({ window: 'start' })
      const [inTime, tooLate] = [
        await world.candidate(programme, { closesAt }),
        await world.candidate(programme, { closesAt }),
      ]
      world.clock.to(closesAt - 1)
      const id = await world.start(inTime)
      expect((await beat({ candidate: inTime, id }, closesAt)).reply.deadlineAt).toBe(closesAt - 1 + 30 * MINUTE)
      expect(code(await startAttempt(world.deps, tooLate.actor, { stageId: 'test', locale: 'en' }, closesAt))).toBe(
        'start.window_over',
      )
    })
    test('a window that gates the end closes the attempt there, and the candidate is told before the start', async () => {
      const candidate = await world.candidate(await world.programme({ window: 'end' }), { closesAt })
      world.clock.to(T0 + 9 * MINUTE)
      const page = await stagePage(world.deps, candidate.actor, 'test', 'en', world.clock.now())
      expect(page).toMatchObject({
        ok: true,
        value: {
          stage: { limitMs: 30 * MINUTE },
          wouldEndAt: new Date(closesAt).toISOString(),
          shortenedByWindow: true,
        },
      })
      const run = { candidate, id: await world.start(candidate) }
      expect((await beat(run, T0 + 10 * MINUTE)).reply).toMatchObject({
        deadlineAt: closesAt,
        remainingMs: 10 * MINUTE,
      })
      await sweep(closesAt + HOUR)
      expect(await ending(run)).toEqual({
        status: 'closed',
        reason: 'window_closed',
        finishedAt: closesAt,
        submittedAt: null,
      })
    })
    test('an accommodation moves both the deadline and the window', async () => {
      const programme = await world.programme({ window: 'end' })
      // 30 minutes × 1.5 = 45; the window ends as much later: T0 + 35.
      const person = () => world.candidate(programme, { closesAt, accommodation: { factor: 1.5 } })
      const [early, late, tooLate] = [await person(), await person(), await person()]
      const first = { candidate: early, id: await world.start(early) }
      expect((await beat(first, T0)).reply.deadlineAt).toBe(T0 + 35 * MINUTE)
      world.clock.to(T0 + 34 * MINUTE)
      const last = { candidate: late, id: await world.start(late) }
      expect((await beat(last, T0 + 34 * MINUTE)).reply.remainingMs).toBe(MINUTE)
      expect(
        code(await startAttempt(world.deps, tooLate.actor, { stageId: 'test', locale: 'en' }, T0 + 35 * MINUTE)),
      ).toBe('start.window_over')
    })
  })

  test('5 · a sweep that comes late does not lengthen the attempt, and the cooldown counts from the deadline', async () => {
    const run = await running({ attempts: 2, cooldownDays: 1 })
    await send(run, T0 + MINUTE, [change('fr-short', 0, short('kept'))])
    expect(await sweep(T0 + 67 * MINUTE)).toBe(1)
    expect(await ending(run)).toEqual({ status: 'closed', reason: 'time_up', finishedAt: END, submittedAt: null })
    const again = (at: number) => startAttempt(world.deps, run.candidate.actor, { stageId: 'test', locale: 'en' }, at)
    expect(await again(END + DAY - 1)).toEqual({
      ok: false,
      error: { code: 'start.cooldown', params: { readyAt: END + DAY } },
    })
    expect(code(await again(END + DAY))).toBe('ok')
  })

  test('6 · an attempt whose time is up is over for every reader, before anything has closed it', async () => {
    const run = await running()
    const reply = (await beat(run, END + ALLOWANCE + 1)).reply
    expect(reply).toMatchObject({ status: 'closed', remainingMs: 0, deadlineAt: END })
    expect(
      await readPlayer(world.deps, run.candidate.actor, run.id, { itemId: null, query: null }, 'en', world.clock.now()),
    ).toEqual({ ok: true, value: { phase: 'over', attemptId: run.id } })
    expect((await ending(run)).status).toBe('in_progress')
    expect(await sweep(END + ALLOWANCE + 2)).toBe(1)
  })

  test('6 · one attempt that cannot be read does not keep the sweep from the others', async () => {
    const [broken, fine] = [await running(), await running()]
    await staffDoes(fine, { type: 'grant', extraMs: MINUTE, reason: 'swept after the other' }, T0 + MINUTE)
    await world.deps.store.transact(async (w) => {
      await w.q
        .update(w.t.attempts)
        .set({ setup: {} as never })
        .where(eq(w.t.attempts.id, broken.id))
    })
    expect(await sweep(END + HOUR)).toBe(1)
    expect((await ending(fine)).finishedAt).toBe(END + MINUTE)
    expect(world.logged).toContain('sweep.failed')
  })

  test('7 · a crash between closing and scoring loses no scoring: the job is in the transaction of the closing', async () => {
    const run = await running()
    await send(run, T0 + MINUTE, [change('fr-choice', 0, chosen('c'))], { final: true })
    let { row } = await world.stored(run.id)
    expect([row.submittedAt?.getTime(), row.scoredAt, row.releasedAt]).toEqual([T0 + MINUTE, null, null])
    // The server dies here. Another process finds the job.
    const later = createRunner(world.deps, { handlers: jobHandlers })
    expect(await later.drain()).toBe(1)
    expect(await later.drain()).toBe(0)
    ;({ row } = await world.stored(run.id))
    expect([row.submittedAt?.getTime(), row.scoredAt?.getTime(), row.releasedAt]).toEqual([
      T0 + MINUTE,
      T0 + MINUTE,
      null,
    ])
  })

  test('8 · the last seconds: in time at the deadline, late within the allowance, in quarantine after it', async () => {
    const run = await running()
    const results = []
    for (const [at, base] of [
      [END, 0],
      [END + 1, 1],
      [END + ALLOWANCE, 2],
    ] as const)
      results.push((await send(run, at, [change('fr-short', base, short(`at ${at}`))])).results[0])
    const reply = await send(run, END + ALLOWANCE + 1, [change('fr-short', 3, short('too late'))])
    expect(results).toMatchObject([
      { result: 'accepted', late: false },
      { result: 'accepted', late: true },
      { result: 'accepted', late: true },
    ])
    expect(reply).toMatchObject({ conflict: 'attempt.not_open', results: [{ result: 'quarantined', reason: 'late' }] })
    const { answers, quarantined } = await world.stored(run.id)
    expect(answers.find((a) => a.itemId === 'fr-short')).toMatchObject({
      response: short(`at ${END + ALLOWANCE}`),
      revision: 3,
      late: true,
    })
    expect(quarantined).toMatchObject([{ response: short('too late'), code: 'late', itemId: 'fr-short' }])
    const ledger = await ledgerPage(world.deps, run.candidate.actor, run.id, 'en', world.clock.now())
    expect(ledger.ok && ledger.value.rows.map((row) => [row.kind, 'lateMs' in row ? row.lateMs : null])).toEqual([
      ['started', null],
      ['late_accepted', 1],
      ['late_accepted', ALLOWANCE],
      ['quarantined', null],
    ])
  })

  test('8 · a save that was received in time and overtaken by the sweep in our own queue counts; once scored, nothing does', async () => {
    const run = await running()
    expect(await sweep(END + ALLOWANCE + 1)).toBe(1)
    expect((await send(run, END + 5 * SECOND, [change('fr-short', 0, short('overtaken'))])).results).toMatchObject([
      { result: 'accepted', late: true },
    ])
    await world.runner.drain()
    expect((await world.stored(run.id)).row.scoredAt).not.toBeNull()
    expect((await send(run, END + 6 * SECOND, [change('fr-short', 1, short('after scoring'))])).results).toMatchObject([
      { result: 'quarantined', reason: 'closed' },
    ])
    expect(await text(run, 'fr-short')).toMatchObject({ response: short('overtaken'), revision: 1 })
  })

  test('9 · the last flush and the submit are one call, and repeating it is harmless', async () => {
    const run = await running()
    const request = [change('fr-short', 0, short('last words'))]
    const first = await send(run, END - SECOND, request, { final: true })
    const again = await send(run, END - 500, request, { final: true })
    expect(first).toMatchObject({
      status: 'closed',
      closing: { result: 'closed' },
      results: [{ result: 'accepted', revision: 1 }],
      receipt: { answers: 1, reason: 'submitted', finishedAt: END - SECOND },
    })
    expect(again).toMatchObject({
      conflict: null,
      closing: { result: 'already_closed' },
      results: [{ result: 'duplicate', first: { result: 'accepted', revision: 1, late: false } }],
    })
    expect(again.receipt).toEqual(first.receipt)
  })

  test('9 · the receipt is made of hashes: it stays when what the person wrote is erased', async () => {
    const run = await running()
    await send(run, T0 + MINUTE, [change('fr-choice', 0, null)])
    const { receipt } = await send(run, T0 + MINUTE, [change('fr-short', 0, short('to be erased'))], { final: true })
    expect(receipt).toMatchObject({ answers: 1 })
    await world.deps.store.transact(async (w) => {
      await w.q.update(w.t.answers).set({ response: null }).where(eq(w.t.answers.attemptId, run.id))
    })
    expect(await receiptFor(world.deps.store.read, world.deps, run.id)).toEqual(receipt)
  })

  test('10 · nobody closes an attempt by looking at it', async () => {
    const run = await running()
    await send(run, T0 + MINUTE, [change('fr-short', 0, short('x'))])
    const at = world.clock.to(END + HOUR)
    const before = await world.stored(run.id)
    await attemptForStaff(world.deps, world.staff, run.id, 'en', at)
    await roomOf(world.deps, world.staff, 'en', at)
    await readPlayer(world.deps, run.candidate.actor, run.id, { itemId: null, query: null }, 'en', at)
    await receiptPage(world.deps, run.candidate.actor, run.id, 'en', at)
    await ledgerPage(world.deps, run.candidate.actor, run.id, 'en', at)
    await openEvidence(world.deps, world.admin, run.id, 'en', at)
    await beat(run, at)
    const after = await world.stored(run.id)
    expect(after.events).toEqual(before.events)
    expect({ ...after.row, lastSeenAt: null }).toEqual({ ...before.row, lastSeenAt: null })
  })

  test('11 · who leaves and comes back after time-up can do nothing any more, and a start gives the whole time', async () => {
    const candidate = await world.candidate(await world.programme({ sections: ['free', 'timed'] }))
    world.clock.advance(3 * HOUR)
    const startedAt = world.clock.now()
    const run = { candidate, id: await world.start(candidate) }
    expect((await beat(run, startedAt)).reply.remainingMs).toBe(30 * MINUTE)
    const back = startedAt + 30 * MINUTE + 1
    expect(code(await takeOverAttempt(world.deps, candidate.actor, run.id, 1, world.clock.to(back)))).toBe(
      'attempt.not_open',
    )
    expect(code(await holder(run, { type: 'enterSection', sectionId: 'timed' }, back))).toBe('attempt.not_open')
    expect(code(await holder(run, { type: 'flag', itemId: 'fr-short', flagged: true }, back))).toBe('attempt.not_open')
    expect((await send(run, back + ALLOWANCE, [change('fr-short', 0, short('x'))])).results).toMatchObject([
      { result: 'quarantined' },
    ])
  })

  test('12 · a pause needs nobody online, stands in every clock, and is credited in full', async () => {
    const run = await running()
    const elsewhere = await running()
    await staffDoes(run, { type: 'pause', reason: 'fire alarm' }, T0 + 10 * MINUTE)
    // On its way when the pause began: it counts. Written during it: it waits in the browser.
    expect(
      (await send(run, T0 + 10 * MINUTE + ALLOWANCE, [change('fr-short', 0, short('under way'))])).results,
    ).toMatchObject([{ result: 'accepted', revision: 1 }])
    const waiting = [change('fr-short', 1, short('written meanwhile'))]
    expect((await send(run, T0 + 15 * MINUTE, waiting)).results).toMatchObject([
      { result: 'refused', code: 'attempt.paused' },
    ])
    expect((await beat(run, T0 + 2 * HOUR)).reply).toMatchObject({
      paused: true,
      remainingMs: 20 * MINUTE,
      deadlineAt: T0 + 2 * HOUR + 20 * MINUTE,
      status: 'in_progress',
    })
    expect(await sweep(T0 + 2 * HOUR)).toBe(1)
    expect([(await ending(run)).status, (await ending(elsewhere)).status]).toEqual(['in_progress', 'closed'])
    await staffDoes(run, { type: 'resume' }, T0 + 2 * HOUR + 10 * MINUTE)
    // Paused from +10 to +130 minutes: the deadline is 30 + 120 minutes after the start.
    expect(await send(run, T0 + 2 * HOUR + 11 * MINUTE, waiting)).toMatchObject({
      paused: false,
      deadlineAt: T0 + 150 * MINUTE,
      results: [{ result: 'accepted', revision: 2 }],
    })
    expect(await sweep(T0 + 150 * MINUTE + ALLOWANCE)).toBe(0)
    expect(await sweep(T0 + 150 * MINUTE + ALLOWANCE + 1)).toBe(1)
    expect((await ending(run)).finishedAt).toBe(T0 + 150 * MINUTE)
  })

  test('12 · a break is the candidate’s own, ends by itself when its allowance is spent, and is swept then', async () => {
    const run = await running({}, { accommodation: { breakMinutes: 5 } })
    expect(code(await holder(run, { type: 'takeBreak' }, T0 + 10 * MINUTE))).toBe('ok')
    expect((await beat(run, T0 + 14 * MINUTE)).reply).toMatchObject({ paused: true, remainingMs: 20 * MINUTE })
    expect((await beat(run, T0 + 16 * MINUTE)).reply).toMatchObject({
      paused: false,
      deadlineAt: T0 + 35 * MINUTE,
      remainingMs: 19 * MINUTE,
    })
    expect(code(await holder(run, { type: 'endBreak' }, T0 + 17 * MINUTE))).toBe('ok')
    expect(code(await holder(run, { type: 'takeBreak' }, T0 + 18 * MINUTE))).toBe('attempt.no_break_left')
    await sweep(T0 + 36 * MINUTE)
    expect((await ending(run)).finishedAt).toBe(T0 + 35 * MINUTE)
  })

  test('13 · finishing all spares those with time left, added time reopens nothing, and no new attempt appears', async () => {
    const [over, left] = [await running(), await running()]
    await staffDoes(left, { type: 'grant', extraMs: 10 * MINUTE, reason: 'x' }, T0 + MINUTE)
    const at = world.clock.to(END + 5 * MINUTE)
    const outcomes = await actInRoom(
      world.deps,
      world.staff,
      [over.id, left.id],
      { type: 'close', reason: 'room closes', confirmed: [] },
      at,
    )
    expect(outcomes).toMatchObject([
      { attemptId: over.id, error: null },
      { attemptId: left.id, error: { code: 'attempt.has_time_left' }, remainingMs: 5 * MINUTE },
    ])
    expect(await ending(over)).toEqual({ status: 'closed', reason: 'time_up', finishedAt: END, submittedAt: null })
    expect((await ending(left)).status).toBe('in_progress')
    expect(code(await staffDoes(over, { type: 'grant', extraMs: HOUR, reason: 'sorry' }, at + 1))).toBe(
      'attempt.not_open',
    )
    expect((await send(over, at + 2, [change('fr-short', 0, short('x'))])).results).toMatchObject([
      { result: 'quarantined', reason: 'closed' },
    ])
    expect(code(await startAttempt(world.deps, over.candidate.actor, { stageId: 'test', locale: 'en' }, at + 3))).toBe(
      'start.no_attempts_left',
    )
    const { q, t } = world.deps.store.read
    expect(
      (await q.select().from(t.attempts)).filter((row) => row.enrolmentId === over.candidate.enrolmentId),
    ).toHaveLength(1)
  })

  test('13 · a person with time left is closed by an explicit act with a reason only', async () => {
    const run = await running()
    expect(
      code(await staffDoes(run, { type: 'close', reason: 'cheating seen', evenWithTimeLeft: true }, T0 + 12 * MINUTE)),
    ).toBe('ok')
    expect(await ending(run)).toEqual({
      status: 'closed',
      reason: 'staff_closed',
      finishedAt: T0 + 12 * MINUTE,
      submittedAt: null,
    })
    const { events } = await world.stored(run.id)
    const shown = await attemptForStaff(world.deps, world.staff, run.id, 'en', world.clock.now())
    expect(shown?.ledger.at(-1)).toMatchObject({
      kind: 'closed',
      reason: 'staff_closed',
      byId: world.staff.personId,
      why: 'cheating seen',
    })
    expect(JSON.stringify(events)).not.toContain('cheating')
  })

  test('14 · however an attempt comes to its end after its time, the end is the same', async () => {
    const runs = [await running(), await running(), await running(), await running(), await running()] as const
    for (const run of runs) await send(run, T0 + MINUTE, [change('fr-short', 0, short('same'))])
    const at = world.clock.to(END + ALLOWANCE + SECOND)
    const [bySubmit, byFinal, byStaff, byRoom, bySweep] = runs
    expect(code(await submitAttempt(world.deps, bySubmit.candidate.actor, bySubmit.id, 1, at))).toBe('ok')
    expect((await send(byFinal, at, [], { final: true })).closing).toEqual({ result: 'closed' })
    expect(code(await staffDoes(byStaff, { type: 'close', reason: 'x', evenWithTimeLeft: true }, at))).toBe('ok')
    await actInRoom(world.deps, world.staff, [byRoom.id], { type: 'close', reason: 'x', confirmed: [] }, at)
    expect(await sweep(at)).toBe(1)
    for (const run of runs) {
      expect(await ending(run)).toEqual({ status: 'closed', reason: 'time_up', finishedAt: END, submittedAt: null })
      expect(await receiptFor(world.deps.store.read, world.deps, run.id)).toMatchObject({
        reason: 'time_up',
        finishedAt: END,
        answers: 1,
      })
      expect(await text(run, 'fr-short')).toMatchObject({ revision: 1, response: short('same') })
    }
    expect(bySweep.id).not.toBe(byStaff.id)
  })

  test('the wall clock steps: the sweep stops until somebody confirms, and running deadlines go on in monotonic time', async () => {
    const alarmed: number[] = []
    const opened = await sqliteTestStore()
    let [wall, monotonic] = [T0, 0]
    const pass = (ms: number) => {
      wall += ms
      monotonic += ms
    }
    const inner = await attemptWorld(opened.store)
    let raise = (_: { raisedAt: number; stepMs: number }) => {}
    const clock = createClock({
      sources: { wall: () => wall, monotonicMs: () => monotonic },
      onAlarm: (alarm) => (alarmed.push(alarm.stepMs), raise(alarm)),
    })
    const deps = { ...inner.deps, clock }
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const watch = watchClock(deps)
    raise = watch.raise
    try {
      const candidate = await inner.candidate(await inner.programme())
      const started = await startAttempt(deps, candidate.actor, { stageId: 'test', locale: 'en' }, clock.now())
      if (!started.ok) throw new Error(started.error.code)
      const id = started.value.attemptId
      pass(5 * MINUTE)
      wall += DAY
      const clockNow = async () => await heartbeat(deps, candidate.actor, { attemptId: id, epoch: 1 }, clock.now())
      expect(await clockNow()).toMatchObject({
        value: { reply: { serverTime: T0 + 5 * MINUTE, remainingMs: 25 * MINUTE, status: 'in_progress' } },
      })
      expect(alarmed).toEqual([DAY])
      pass(40 * MINUTE)
      // Even what is really over waits: nobody knows which of the clocks was right.
      expect(await sweepAttempts(deps, clock.now())).toBe(0)
      expect((await roomOf(deps, inner.staff, 'en', clock.now())).alarm ?? { stepMs: 0 }).toMatchObject({ stepMs: DAY })
      wall -= DAY
      expect(
        code(
          await acceptClock(
            deps,
            inner.staff,
            (await clockAlarmView(deps, clock.now())) ?? { alarmId: 'none', aheadMs: 0 },
            clock.now(),
          ),
        ),
      ).toBe('ok')
      expect(await sweepAttempts(deps, clock.now())).toBe(0)
      // The clock counts again only when every running attempt has the confirmation in its story.
      await vi.advanceTimersByTimeAsync(5_000)
      expect(clock.alarm()).not.toBeNull()
      await inner.runner.drain()
      await vi.advanceTimersByTimeAsync(5_000)
      await watch.close()
      expect(clock.alarm()).toBeNull()
      expect(await sweepAttempts(deps, clock.now())).toBe(1)
      const { row } = await inner.stored(id)
      expect([row.finishedAt?.getTime(), row.closingReason]).toEqual([END, 'time_up'])
    } finally {
      vi.useRealTimers()
      await watch.close()
      await opened.cleanup()
    }
  })
})

// ---- Saving ----

describe('saving', () => {
  test('15 · of two saves on one base one is taken, the other learns what was stored; a submit beats neither into silence', async () => {
    const run = await running()
    world.clock.to(T0 + MINUTE)
    const [a, b] = await Promise.all([
      send(run, T0 + MINUTE, [change('fr-short', 0, short('first'))]),
      send(run, T0 + MINUTE, [change('fr-short', 0, short('second'))]),
    ])
    const results = [a.results[0], b.results[0]]
    expect(results.map((r) => r?.result).sort()).toEqual(['accepted', 'conflict'])
    const stored = await text(run, 'fr-short')
    expect(results.find((r) => r?.result === 'conflict')).toMatchObject({
      serverRevision: 1,
      serverResponse: stored?.response,
    })

    const [save, submit] = await Promise.all([
      send(run, T0 + MINUTE, [change('fr-choice', 0, chosen('c'))]),
      send(run, T0 + MINUTE, [], { final: true }),
    ])
    expect(submit.closing).toEqual({ result: 'closed' })
    const kept =
      save.results[0]?.result === 'accepted'
        ? (await text(run, 'fr-choice'))?.response
        : (await world.stored(run.id)).quarantined[0]?.response
    expect(kept).toEqual(chosen('c'))
  })

  test('15 · finishing without a last word scores what was saved, and scoring during the attempt does nothing', async () => {
    const run = await running()
    await send(run, T0 + MINUTE, [change('fr-choice', 0, chosen('c'))])
    const before = await world.stored(run.id)
    await scoreAttempt(world.deps, run.id)
    expect(await world.stored(run.id)).toEqual(before)
    expect((await send(run, T0 + 2 * MINUTE, [change('fr-choice', 1, chosen('a'))])).results).toMatchObject([
      { result: 'accepted', revision: 2 },
    ])
    expect((await send(run, T0 + 3 * MINUTE, [change('fr-choice', 2, chosen('c'))])).results).toMatchObject([
      { result: 'accepted', revision: 3 },
    ])
    await sweep(END + ALLOWANCE + 1)
    await world.runner.drain()
    const scored = await itemScoresOf(world.deps.store.read, run.id)
    expect(Object.fromEntries(scored.map((s) => [s.itemId, s.credit]))).toEqual({ 'fr-choice': 1, 'fr-short': 0 })
  })

  test('16 · a stale tab cannot overwrite an answer with a blank, nor write to a question that is not of this form', async () => {
    const run = await running()
    await send(run, T0 + MINUTE, [change('fr-short', 0, short('您好，请稍等'))])
    const stale = await send(run, T0 + 2 * MINUTE, [
      change('fr-short', 0, short('')),
      change('fr-choice', 0, null),
      change('lo-essay', 0, { kind: 'essay', text: 'x' }),
    ])
    expect(stale.results).toMatchObject([
      { result: 'conflict', serverRevision: 1, serverResponse: short('您好，请稍等') },
      { result: 'accepted', revision: 1 },
      { result: 'refused', code: 'answer.unknown_item' },
    ])
    expect(await text(run, 'fr-short')).toMatchObject({ revision: 1, response: short('您好，请稍等') })
    // The candidate has seen both and chooses.
    expect((await send(run, T0 + 3 * MINUTE, [change('fr-short', 1, short(''))])).results).toMatchObject([
      { result: 'accepted', revision: 2 },
    ])
  })

  test('16 · while a conflict is open, handing in waits for the candidate’s choice', async () => {
    const run = await running()
    await send(run, T0 + MINUTE, [change('fr-short', 0, short('theirs'))])
    const reply = await send(run, T0 + 2 * MINUTE, [change('fr-short', 0, short('mine'))], { final: true })
    expect(reply).toMatchObject({
      status: 'in_progress',
      closing: { result: 'refused', code: 'attempt.unsettled_answers' },
      results: [{ result: 'conflict' }],
    })
    expect(reply.receipt).toBeUndefined()
  })

  test('16 · a name that is used for two texts never stores one text under the hash of the other', async () => {
    const run = await running()
    const [one, other] = [change('fr-short', 0, short('one')), change('fr-short', 0, short('other'))]
    const reply = await send(run, T0 + MINUTE, [
      one,
      { ...other, mutationId: one.mutationId },
      { ...change('fr-choice', 0, chosen('b')), mutationId: one.mutationId },
    ])
    expect(reply.results).toMatchObject([
      { result: 'accepted', revision: 1 },
      { result: 'refused', code: 'answer.mutation_reused' },
      { result: 'accepted', revision: 1 },
    ])
    expect(await text(run, 'fr-short')).toMatchObject({
      response: short('one'),
      contentHash: sha256('{"kind":"short_text","text":"one"}'),
    })
    expect(await text(run, 'fr-choice')).toMatchObject({
      response: chosen('b'),
      contentHash: sha256('{"kind":"single_choice","optionId":"b"}'),
    })
  })

  test('17 · a save after the end neither reopens nor changes the attempt', async () => {
    const run = await running()
    await send(run, T0 + MINUTE, [change('fr-short', 0, short('handed in'))], { final: true })
    const before = await world.stored(run.id)
    const reply = await send(run, T0 + 2 * MINUTE, [change('fr-short', 1, short('afterthought'))])
    expect(reply).toMatchObject({
      status: 'closed',
      conflict: 'attempt.not_open',
      results: [{ result: 'quarantined', reason: 'closed' }],
    })
    const after = await world.stored(run.id)
    expect(after.quarantined).toMatchObject([{ response: short('afterthought'), code: 'closed' }])
    expect(after.attempt).toMatchObject({
      status: 'closed',
      closingReason: 'submitted',
      finishedAt: before.attempt.finishedAt,
      submittedAt: before.attempt.submittedAt,
    })
    expect(await text(run, 'fr-short')).toMatchObject({ revision: 1, response: short('handed in') })
  })

  test('18 · a save whose reply was lost is answered with the first reply when it is repeated after a reload', async () => {
    const run = await running()
    const request = [change('fr-short', 0, short('once'))]
    await send(run, T0 + MINUTE, request)
    await send(run, T0 + 2 * MINUTE, [change('fr-short', 1, short('twice'))])
    expect((await send(run, T0 + 3 * MINUTE, request)).results).toEqual([
      {
        mutationId: request[0]?.mutationId,
        itemId: 'fr-short',
        result: 'duplicate',
        first: { result: 'accepted', revision: 1, late: false },
      },
    ])
    expect(await text(run, 'fr-short')).toMatchObject({ revision: 2, response: short('twice') })
  })

  test('19 · the key of local drafts is this candidate’s alone: the same each time, another for anybody else', async () => {
    const [run, other] = [await running(), await running()]
    const key = await draftKey(world.deps, run.candidate.actor, run.id)
    const again = await draftKey(world.deps, (await run.candidate.onAnotherDevice()).actor, run.id)
    expect(key.ok && Buffer.from(key.value, 'base64url')).toHaveLength(32)
    expect(again).toEqual(key)
    expect(await draftKey(world.deps, other.candidate.actor, other.id)).not.toEqual(key)
    expect(code(await draftKey(world.deps, other.candidate.actor, run.id))).toBe('attempt.not_found')
  })

  test.each([
    ['twenty Chinese characters (60 bytes)', '您'.repeat(20), 'accepted'],
    ['twenty-one', '您'.repeat(21), 'response.too_long'],
    ['twenty emoji (40 UTF-16 units, 80 bytes)', '😀'.repeat(20), 'accepted'],
    ['twenty-one emoji', '😀'.repeat(21), 'response.too_long'],
    ['rare Han characters beyond the first plane', '𠮷'.repeat(20), 'accepted'],
    ['a family of seven code points, twice, and six letters', `${'👨‍👩‍👧‍👦'.repeat(2)}abcdef`, 'accepted'],
    ['the same with one letter more', `${'👨‍👩‍👧‍👦'.repeat(2)}abcdefg`, 'response.too_long'],
    ['quotes and backslashes, which JSON doubles', '"\\'.repeat(10), 'accepted'],
    ['a whole essay in a short answer', '很'.repeat(5_000), 'response.too_long'],
    ['U+0000', 'a\u0000b', 'response.forbidden_character'],
    ['half of a surrogate pair', 'a\ud83d', 'response.forbidden_character'],
  ])('21 · limits count code points, whatever the language: %s', async (_, value, expected) => {
    const run = await running()
    const mutations = [change('fr-short', 0, short(value)), change('fr-choice', 0, chosen('a'))]
    expect(SaveRequestSchema.safeParse({ attemptId: run.id, epoch: 1, mutations }).success).toBe(true)
    const reply = await send(run, T0 + MINUTE, mutations)
    // One answer that does not fit holds nothing else up.
    expect(reply.results).toMatchObject([
      expected === 'accepted' ? { result: 'accepted' } : { result: 'refused', code: expected },
      { result: 'accepted' },
    ])
    expect((await text(run, 'fr-short'))?.response ?? null).toEqual(expected === 'accepted' ? short(value) : null)
  })

  test('22 · what was saved by itself is what is marked, with the time it came', async () => {
    const run = await running({ long: true })
    await send(run, T0 + MINUTE, [change('lo-essay', 0, { kind: 'essay', text: '很抱歉' })])
    await send(run, END + 2 * SECOND, [change('lo-essay', 1, { kind: 'essay', text: '很抱歉，我们马上处理' })])
    await sweep(END + ALLOWANCE + 1)
    await world.runner.drain()
    const evidence = await openEvidence(world.deps, world.admin, run.id, 'zh-CN', world.clock.now())
    expect(evidence?.items.find((item) => item.itemId === 'lo-essay')).toMatchObject({
      written: [{ field: 'text', text: '很抱歉，我们马上处理' }],
    })
    expect(await tasksOfAttempt(world.deps.store.read, run.id)).toMatchObject([
      { subjectId: 'lo-essay', status: 'open' },
    ])
    expect(await text(run, 'lo-essay')).toMatchObject({ late: true, receivedAt: new Date(END + 2 * SECOND) })
    expect((await world.stored(run.id)).row).toMatchObject({ status: 'closed', scoredAt: null })
  })

  test('22 · staff see when an answer was last saved, not when somebody tried to', async () => {
    const run = await running()
    await send(run, T0 + MINUTE, [change('fr-short', 0, short('x'))])
    await send(run, END + HOUR, [change('fr-short', 1, short('too late'))], { final: true })
    expect((await world.stored(run.id)).row.lastSaveAt?.getTime()).toBe(T0 + MINUTE)
  })

  test('23 · an open tab does not fill the database: one row an answer, every fifth version as history', async () => {
    const run = await running()
    for (let n = 0; n < 42; n += 1) await send(run, T0 + n * SECOND, [change('fr-short', n, short(`version ${n + 1}`))])
    const { answers } = await world.stored(run.id)
    expect(answers).toHaveLength(2)
    const { q, t } = world.deps.store.read
    const kept = await q.select().from(t.answerSnapshots)
    expect(kept.map((s) => s.revision)).toEqual([5, 10, 15, 20, 25, 30, 35, 40])
    expect(answers.find((a) => a.itemId === 'fr-short')).toMatchObject({ revision: 42, response: short('version 42') })
    expect(answers.find((a) => a.itemId === 'fr-short')?.replies).toHaveLength(3)
  })

  test('24 · a submit that is pressed five times closes once, scores once and has one receipt', async () => {
    const run = await running()
    const request = [change('fr-short', 0, short('x'))]
    world.clock.to(T0 + MINUTE)
    const replies = await Promise.all(Array.from({ length: 5 }, () => send(run, T0 + MINUTE, request, { final: true })))
    expect(replies.map((r) => r.closing?.result).sort()).toEqual([
      'already_closed',
      'already_closed',
      'already_closed',
      'already_closed',
      'closed',
    ])
    expect(new Set(replies.map((r) => JSON.stringify(r.receipt))).size).toBe(1)
    expect(replies.map((r) => r.results[0]?.result).sort()).toEqual([
      'accepted',
      'duplicate',
      'duplicate',
      'duplicate',
      'duplicate',
    ])
    const { events } = await world.stored(run.id)
    expect(events.map((e) => e.type)).toEqual(['started', 'answer_saved', 'closed'])
    expect(await world.runner.drain()).toBe(1)
  })

  test('24 · a second click on start is sent to the attempt of the first', async () => {
    const candidate = await world.candidate(await world.programme({ attempts: 3 }))
    const click = () => startAttempt(world.deps, candidate.actor, { stageId: 'test', locale: 'en' }, T0)
    const clicks = await Promise.all([click(), click(), click()])
    const ids = new Set([...clicks, await click()].map((r) => (r.ok ? r.value.attemptId : r.error.code)))
    expect(ids.size).toBe(1)
    const { q, t } = world.deps.store.read
    expect([await q.select().from(t.attempts), await q.select().from(t.forms)].map((rows) => rows.length)).toEqual([
      1, 1,
    ])
  })

  test('8 · a pause at the very instant of the deadline holds nothing up: the attempt ends there', async () => {
    const run = await running()
    expect(code(await staffDoes(run, { type: 'pause', reason: 'one moment too late' }, END))).toBe('ok')
    expect(await sweep(END + ALLOWANCE + 1)).toBe(1)
    expect(await ending(run)).toMatchObject({ status: 'closed', reason: 'time_up', finishedAt: END })
  })

  test('25 · what the limit refuses in time is kept for staff once time is over, and nothing else that is refused', async () => {
    const run = await running()
    const long = short('长'.repeat(5_000))
    const nul = short('a\u0000b')
    expect((await send(run, T0 + MINUTE, [change('fr-short', 0, long)])).results).toMatchObject([
      { result: 'refused', code: 'response.too_long' },
    ])
    // Within the allowance nobody can shorten it any more either.
    expect((await send(run, END + 1, [change('fr-short', 0, long)])).results).toMatchObject([
      { result: 'quarantined', reason: 'late' },
    ])
    const later = await send(run, END + ALLOWANCE + 1, [
      change('fr-short', 0, nul),
      change('fr-choice', 0, chosen('nowhere')),
    ])
    expect(later.results).toMatchObject([{ result: 'quarantined', reason: 'late' }, { result: 'refused' }])
    const { quarantined } = await world.stored(run.id)
    expect(quarantined.map((q) => q.response)).toEqual([long, short('a\ufffdb')])
  })

  test('25 · a copy of an earlier version that comes after the end is no late text', async () => {
    const run = await running()
    const first = change('fr-short', 0, short('version 0'))
    await send(run, T0 + MINUTE, [first])
    for (let i = 1; i <= 5; i += 1)
      await send(run, T0 + MINUTE + i * SECOND, [change('fr-short', i, short(`version ${i}`))])
    expect(
      (await send(run, END + ALLOWANCE + 1, [first, change('fr-short', 0, short('written too late'))])).results,
    ).toMatchObject([{ result: 'quarantined' }, { result: 'quarantined' }])
    expect((await world.stored(run.id)).quarantined.map((q) => q.response)).toEqual([short('written too late')])
  })

  test('23 · late texts have an end too: a client that goes on is told, and staff can open the page', async () => {
    const run = await running()
    await sweep(END + ALLOWANCE + 1)
    const results = []
    for (let i = 0; i < 3; i += 1)
      results.push(
        ...(
          await send(
            run,
            END + MINUTE + i,
            Array.from({ length: 60 }, (_, n) => change('fr-short', 0, short(`late ${i} ${n}`))),
          )
        ).results,
      )
    expect(results.filter((r) => r.result === 'refused' && r.code === 'request.too_many').length).toBeGreaterThan(0)
    expect((await world.stored(run.id)).quarantined.length).toBeLessThanOrEqual(160)
  })

  test('25 · offline when time is up: what comes back an hour later is kept for staff, and the candidate is told', async () => {
    const run = await running()
    await send(run, T0 + MINUTE, [change('fr-short', 0, short('before the tunnel'))])
    await noteDisconnects(world.deps, world.clock.to(T0 + 10 * MINUTE))
    await sweep(END + MINUTE)
    const receipt = await receiptFor(world.deps.store.read, world.deps, run.id)
    const back = await send(
      run,
      END + HOUR,
      [change('fr-short', 1, short('in the tunnel')), change('fr-choice', 0, chosen('c'))],
      { final: true },
    )
    expect(back).toMatchObject({
      closing: { result: 'already_closed' },
      results: [
        { result: 'quarantined', reason: 'closed' },
        { result: 'quarantined', reason: 'closed' },
      ],
    })
    expect(back.receipt).toEqual(receipt)
    const { quarantined, events } = await world.stored(run.id)
    expect(quarantined.map((q) => q.response)).toEqual(expect.arrayContaining([short('in the tunnel'), chosen('c')]))
    expect(events.map((e) => e.type)).toEqual([
      'started',
      'answer_saved',
      'disconnected',
      'closed',
      'answer_quarantined',
      'answer_quarantined',
    ])
    expect(await receiptPage(world.deps, run.candidate.actor, run.id, 'en', world.clock.now())).toMatchObject({
      value: { lateTexts: [{ fate: 'undecided' }, { fate: 'undecided' }], receipt: { answers: 1 } },
    })
  })
})

test('25 · a page that is back is noted as back, also when it saves and sends no heartbeat', async () => {
  const run = await running()
  await noteDisconnects(world.deps, world.clock.to(T0 + 75 * SECOND - 1))
  expect((await world.stored(run.id)).row.state.connected).toBe(true)
  await noteDisconnects(world.deps, world.clock.to(T0 + 75 * SECOND))
  expect((await world.stored(run.id)).row.state.connected).toBe(false)
  await send(run, T0 + 5 * MINUTE, [change('fr-short', 0, short('here again'))])
  // It saves every few seconds, so no heartbeat of its ever finds it silent.
  await beat(run, T0 + 5 * MINUTE + 5 * SECOND)
  await noteDisconnects(world.deps, world.clock.to(T0 + 5 * MINUTE + 10 * SECOND))
  const { row, events } = await world.stored(run.id)
  expect(row.state.connected).toBe(true)
  expect(candidateLedger(ledgerOf(row.setup, events, world.clock.now())).map((entry) => entry.kind)).toEqual([
    'started',
    'disconnected',
    'reconnected',
  ])
})

// ---- Access ----

describe('access', () => {
  test('40 · a released result is not shown while another attempt at the same stage is open', async () => {
    const run = await running({ attempts: 2 })
    await send(run, T0 + MINUTE, [change('fr-choice', 0, chosen('c')), change('fr-short', 0, short('hello'))], {
      final: true,
    })
    await world.runner.drain()
    const evidence = await openEvidence(world.deps, world.admin, run.id, 'en', world.clock.advance(SECOND))
    const released = await releaseResult(
      world.deps,
      world.admin,
      { attemptId: run.id, outcome: 'passed', scoreNumber: evidence?.score?.number ?? 0, reason: 'seen' },
      world.clock.advance(SECOND),
    )
    expect(code(released)).toBe('ok')
    const shown = async () => {
      const page = await resultPage(world.deps, run.candidate.actor, run.id, 'en', world.clock.now())
      return page.ok && page.value.released
    }
    expect(await shown()).toBe(true)
    const second = { candidate: run.candidate, id: await world.start(run.candidate) }
    expect(await shown()).toBe(false)
    await send(second, world.clock.advance(MINUTE), [], { final: true })
    expect(await shown()).toBe(true)
  })

  describe('43 · the rules of navigation hold on every write, whatever the page showed', () => {
    const place = async (run: Running) =>
      (await world.stored(run.id)).row.setup.sections.find((s) => s.id === 'forward')?.itemIds ?? []
    const answer: Record<string, Response> = {
      'fw-true': yes,
      'fw-false': yes,
      'fw-order': { kind: 'ordering', order: ['e1'] },
      'fw-cloze': { kind: 'cloze', gaps: { days: '七' } },
    }
    test('forward only: not before it is entered, not ahead, not back, not once left', async () => {
      const run = await running({ sections: ['free', 'forward'] })
      const [first = '', second = '', third = '', fourth = ''] = await place(run)
      const tried = async (at: number, ...ids: string[]) =>
        (
          await send(
            run,
            at,
            ids.map((id) => change(id, 0, answer[id] ?? null)),
          )
        ).results.map((r) => ('code' in r ? r.code : r.result))
      expect(await tried(T0 + MINUTE, first, third)).toEqual([
        'navigation.section_not_entered',
        'navigation.section_not_entered',
      ])
      expect(code(await holder(run, { type: 'moveTo', itemId: third }, T0 + MINUTE))).toBe(
        'navigation.section_not_entered',
      )
      expect(code(await holder(run, { type: 'enterSection', sectionId: 'forward' }, T0 + 2 * MINUTE))).toBe('ok')
      // Two items a page.
      expect(await tried(T0 + 3 * MINUTE, first, third, fourth)).toEqual([
        'accepted',
        'navigation.not_reached',
        'navigation.not_reached',
      ])
      expect(code(await holder(run, { type: 'moveTo', itemId: third }, T0 + 4 * MINUTE))).toBe('ok')
      expect(await tried(T0 + 5 * MINUTE, second, fourth)).toEqual(['navigation.item_left', 'accepted'])
      expect((await send(run, T0 + 5 * MINUTE, [change(first, 1, null)])).results).toMatchObject([
        { result: 'refused', code: 'navigation.item_left' },
      ])
      expect(code(await holder(run, { type: 'moveTo', itemId: first }, T0 + 6 * MINUTE))).toBe(
        'navigation.forward_only',
      )
      expect(code(await holder(run, { type: 'leaveSection', sectionId: 'forward' }, T0 + 7 * MINUTE))).toBe('ok')
      expect(await tried(T0 + 8 * MINUTE, third, 'fr-choice')).toEqual(['navigation.section_left', 'accepted'])
      expect(code(await holder(run, { type: 'enterSection', sectionId: 'forward' }, T0 + 9 * MINUTE))).toBe(
        'navigation.section_left',
      )
      // What was refused for its place does not hold the hand-in up.
      expect(
        (await send(run, T0 + 10 * MINUTE, [change(third, 0, answer[third] ?? null)], { final: true })).closing,
      ).toEqual({ result: 'closed' })
    })
    test('a section’s own time and minimum hold as the whole’s do', async () => {
      const run = await running({ sections: ['free', 'timed'] })
      await holder(run, { type: 'enterSection', sectionId: 'timed' }, T0 + 5 * MINUTE)
      const number = (value: string): Response => ({ kind: 'numeric', text: value })
      expect(await send(run, T0 + 5 * MINUTE + 30 * SECOND, [change('ti-number', 0, number('41'))])).toMatchObject({
        sectionDeadlineAt: T0 + 15 * MINUTE,
        results: [{ result: 'accepted' }],
      })
      expect(code(await holder(run, { type: 'leaveSection', sectionId: 'timed' }, T0 + 6 * MINUTE - 1))).toBe(
        'section.minimum_time',
      )
      expect((await send(run, T0 + 6 * MINUTE - 1, [], { final: true })).closing).toEqual({
        result: 'refused',
        code: 'section.minimum_time',
      })
      expect(
        (await send(run, T0 + 15 * MINUTE + ALLOWANCE, [change('ti-number', 1, number('42'))])).results,
      ).toMatchObject([{ result: 'accepted', late: true }])
      expect(
        (await send(run, T0 + 15 * MINUTE + ALLOWANCE + 1, [change('ti-number', 2, number('43'))])).results,
      ).toMatchObject([{ result: 'quarantined', reason: 'section_late' }])
      expect(
        (await send(run, T0 + 16 * MINUTE, [change('fr-short', 0, short('the rest is open'))])).results,
      ).toMatchObject([{ result: 'accepted', late: false }])
      expect(await text(run, 'ti-number')).toMatchObject({ revision: 2, response: number('42'), late: true })
    })
  })

  test('45 · a second device takes over after confirmation only; the first is told, and staff see it', async () => {
    const run = await running()
    await send(run, T0 + MINUTE, [change('fr-short', 0, short('from the first'))])
    const second = await run.candidate.onAnotherDevice()
    const third = await run.candidate.onAnotherDevice()
    const at = world.clock.to(T0 + 2 * MINUTE)
    // Having a session is not holding the attempt: the other device sees no question before it has confirmed.
    expect(await readPlayer(world.deps, second.actor, run.id, { itemId: null, query: null }, 'en', at)).toMatchObject({
      ok: true,
      value: { phase: 'elsewhere' },
    })
    const both = await Promise.all([
      takeOverAttempt(world.deps, second.actor, run.id, 1, at),
      takeOverAttempt(world.deps, third.actor, run.id, 1, at),
    ])
    expect(both.map(code)).toEqual(['ok', 'attempt.taken_over'])
    const old = await send(run, T0 + 3 * MINUTE, [change('fr-short', 1, short('unsent text'))])
    expect(old).toMatchObject({
      conflict: 'attempt.taken_over',
      epoch: 2,
      results: [{ result: 'refused', code: 'attempt.taken_over' }],
    })
    expect((await beat(run, T0 + 3 * MINUTE)).takenOver).toBe(true)
    expect(await send(run, T0 + 4 * MINUTE, [], { final: true })).toMatchObject({
      conflict: 'attempt.taken_over',
      status: 'in_progress',
      closing: { code: 'attempt.taken_over' },
    })
    expect(
      (await send(run, T0 + 5 * MINUTE, [change('fr-short', 1, short('from the second'))], { epoch: 2 })).results,
    ).toMatchObject([{ result: 'accepted', revision: 2 }])
    expect((await roomOf(world.deps, world.staff, 'en', world.clock.now())).rows).toMatchObject([{ attemptId: run.id }])
    const shown = await attemptForStaff(world.deps, world.staff, run.id, 'en', world.clock.now())
    expect(shown?.ledger.filter((row) => row.kind === 'taken_over')).toMatchObject([{ at: T0 + 2 * MINUTE, epoch: 2 }])
  })

  test('45 · the form of a take-over names the epoch in digits: nothing that only counts as the same number is taken', async () => {
    const run = await running()
    const { actor } = await run.candidate.onAnotherDevice()
    const at = world.clock.to(T0 + MINUTE)
    const press = (go: string) =>
      playerStep(world.deps, actor, run.id, { epoch: 1, go, query: '', items: [], at: '' }, at)
    for (const epoch of ['1.0', '1e0', ' 1', '0x1', '+1', '']) {
      expect(await press(`take-over:${epoch}`)).toMatchObject({ ok: true, value: { to: 'item' } })
      expect(
        (await world.stored(run.id)).events.filter((event) => event.type === 'taken_over'),
        epoch,
      ).toEqual([])
    }
    await press('take-over:1')
    expect((await world.stored(run.id)).events.filter((event) => event.type === 'taken_over')).toMatchObject([
      { epoch: 2 },
    ])
  })

  test('without scripts, Enter in the search field searches and saves first; in any other field it stays', async () => {
    const run = await running()
    const at = world.clock.to(T0 + MINUTE)
    const enter = (query: string, base: number, text: string) =>
      playerStep(
        world.deps,
        run.candidate.actor,
        run.id,
        { epoch: 1, go: 'save', query, items: [{ itemId: 'fr-short', base, fields: { text } }], at: 'fr-short' },
        at,
      )
    expect(await enter('refund', 0, 'first')).toMatchObject({
      ok: true,
      value: { to: 'item', itemId: 'fr-short', query: 'refund' },
    })
    expect(await text(run, 'fr-short')).toMatchObject({ revision: 1, response: short('first') })
    expect(await enter('', 1, 'second')).toEqual({ ok: true, value: { to: 'item', itemId: 'fr-short' } })
  })

  test('an accommodation moves the deadline and is seen in no ledger', async () => {
    const run = await running({}, { accommodation: { factor: 1.5, extraMinutes: 5, breakMinutes: 10 } })
    // 30 × 1.5 + 5 minutes.
    expect((await beat(run, T0)).reply.deadlineAt).toBe(T0 + 50 * MINUTE)
    await holder(run, { type: 'takeBreak' }, T0 + 10 * MINUTE)
    await holder(run, { type: 'endBreak' }, T0 + 12 * MINUTE)
    await sweep(T0 + 53 * MINUTE)
    const { row, events } = await world.stored(run.id)
    const whole = ledgerOf(row.setup, events, world.clock.now())
    const ledgers = JSON.stringify([
      staffLedger(whole),
      candidateLedger(whole),
      await ledgerPage(world.deps, run.candidate.actor, run.id, 'en', world.clock.now()),
      await roomOf(world.deps, world.staff, 'en', world.clock.now()),
    ])
    for (const word of ['accommodation', 'factor', 'extraMinutes', 'unlimited', 'break', 'allowance', '1.5'])
      expect(ledgers, word).not.toContain(word)
    expect(whole).toMatchObject([
      { kind: 'started', limitMs: 50 * MINUTE, deadlineAt: T0 + 50 * MINUTE },
      { kind: 'paused', byId: null, reasonId: null },
      { kind: 'resumed', lengthMs: 2 * MINUTE, deadlineAt: T0 + 52 * MINUTE },
      { kind: 'closed', reason: 'time_up', finishedAt: T0 + 52 * MINUTE },
    ])
  })

  test('an unlimited accommodation: nothing ends the attempt but the candidate or staff', async () => {
    const run = await running({ window: 'end' }, { closesAt: T0 + HOUR, accommodation: { unlimited: true } })
    expect((await beat(run, T0 + DAY)).reply).toMatchObject({
      deadlineAt: null,
      remainingMs: null,
      status: 'in_progress',
    })
    expect(await sweep(T0 + DAY)).toBe(0)
    expect(
      (await send(run, T0 + DAY, [change('fr-short', 0, short('no hurry'))], { final: true })).receipt,
    ).toMatchObject({ reason: 'submitted', finishedAt: T0 + DAY })
  })
})
