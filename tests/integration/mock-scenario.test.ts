/** A mock scenario from the waiting list to the score. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import { sweepAttempts } from '#app/services/attempt/acts.server.ts'
import { actOnContact } from '#app/services/rating/contact-acts.server.ts'
import { openContact, sheetOfContact } from '#app/services/rating/contact.server.ts'
import { prepareScenario, startScenario } from '#app/services/rating/mock-scenario-start.server.ts'
import { listScenarios } from '#app/services/rating/mock-scenarios.server.ts'
import { actOnSheet, type SheetAct } from '#app/services/rating/sheet-acts.server.ts'
import { scoreAttempt } from '#app/services/results/scoring.server.ts'
import * as attempts from '#db/repositories/attempts.server.ts'
import { notesOf } from '#db/repositories/notes.server.ts'
import * as scores from '#db/repositories/scores.server.ts'
import { MINUTE, ratingWorld, T0, type RatingWorld } from '#tests/setup/rating-world.ts'

let world: RatingWorld
let anna: Actor
let ben: Actor
beforeAll(async () => {
  world = await ratingWorld()
  ;[anna, ben] = [await world.rater('anna'), await world.rater('ben')]
})
afterAll(() => world.cleanup())

const START = T0 + 60 * MINUTE
const code = (result: { ok: boolean; error?: { code: string } }): string =>
  result.ok ? 'ok' : (result.error?.code ?? '')

async function begin(actor: Actor, enrolmentId: string, now = START): Promise<string> {
  const prepared = await prepareScenario(world.deps, actor, { enrolmentId, stageId: 'mock' }, 'en', now)
  const started = await startScenario(
    world.deps,
    actor,
    { enrolmentId, stageId: 'mock', versionId: prepared?.versionId ?? '' },
    'en',
    now,
  )
  if (!started.ok) throw new Error(started.error.code)
  return started.value.contactId
}
async function room(actor: Actor, contactId: string, now = START) {
  const opened = await openContact(world.deps, actor, contactId, 'en', now)
  if (!opened) throw new Error('no room')
  return opened
}
async function rate(actor: Actor, contactId: string, act: SheetAct, now = START) {
  const { attemptId, subjectHash } = await room(actor, contactId, now)
  return actOnSheet(
    world.deps,
    actor,
    (await sheetOfContact(world.deps, actor, contactId)) ?? '',
    { attemptId, subjectHash },
    act,
    now,
  )
}
const mark = (criterionId: string, level: number): SheetAct => ({
  type: 'mark',
  criterionId,
  level,
  notApplicable: false,
})

describe('who is next', () => {
  test('somebody whose earlier stages are closed, by code; not the interviewer themself', async () => {
    const { enrolmentId, actor, displayName, email } = await world.handedIn('next')
    const list = await listScenarios(world.deps, anna, 'en', START)
    expect(list.ready.map((row) => row.enrolmentId)).toContain(enrolmentId)
    expect(list.ready.find((row) => row.enrolmentId === enrolmentId)?.reference).toMatch(/^[A-Z]\d-\d{3}$/)
    for (const secret of [displayName, email, actor.personId]) expect(JSON.stringify(list)).not.toContain(secret)
    expect([...list.ready.map((row) => row.reference)].sort()).toEqual(list.ready.map((row) => row.reference))
    const self: Actor = { ...actor, roles: ['interviewer'], enrolmentId: null }
    expect((await listScenarios(world.deps, self, 'en', START)).ready.map((row) => row.enrolmentId)).not.toContain(
      enrolmentId,
    )
    expect(await prepareScenario(world.deps, self, { enrolmentId, stageId: 'mock' }, 'en', START)).toBeNull()
    expect(await prepareScenario(world.deps, anna, { enrolmentId, stageId: 'written' }, 'en', START)).toBeNull()
  })
  test('preparing draws the same scenario each time, for whoever asks, and writes nothing', async () => {
    const { enrolmentId } = await world.handedIn('prepare')
    const { commits } = world.deps.store.stats()
    const drawn = await Promise.all(
      [anna, ben, anna].map((actor) =>
        prepareScenario(world.deps, actor, { enrolmentId, stageId: 'mock' }, 'en', START),
      ),
    )
    expect(new Set(drawn.map((prepared) => prepared?.versionId)).size).toBe(1)
    expect(world.deps.store.stats().commits).toBe(commits)
  })
})

describe('starting', () => {
  test('of two interviewers who start at once one does, and the other is told', async () => {
    const { enrolmentId } = await world.handedIn('start-race')
    const prepared = await prepareScenario(world.deps, anna, { enrolmentId, stageId: 'mock' }, 'en', START)
    const input = { enrolmentId, stageId: 'mock', versionId: prepared?.versionId ?? '' }
    const results = await Promise.all([
      startScenario(world.deps, anna, input, 'en', START),
      startScenario(world.deps, ben, input, 'en', START),
    ])
    expect(results.map(code).sort()).toEqual(['ok', 'scenario.taken'])
    const winner = results[0]?.ok ? anna : ben
    // The winner's second click leads to the same contact.
    expect(await startScenario(world.deps, winner, input, 'en', START + 1000)).toEqual(
      results.find((result) => result.ok),
    )
    const rows = (await attempts.attemptsOfEnrolment(world.deps.store.read, enrolmentId)).filter(
      (row) => row.stageId === 'mock',
    )
    expect(rows).toHaveLength(1)
    expect((await listScenarios(world.deps, anna, 'en', START)).ready.map((row) => row.enrolmentId)).not.toContain(
      enrolmentId,
    )
  })
  test('a fact card that is no longer the one in use is read again first', async () => {
    const { enrolmentId } = await world.handedIn('start-stale')
    expect(
      code(await startScenario(world.deps, anna, { enrolmentId, stageId: 'mock', versionId: 'cv_old' }, 'en', START)),
    ).toBe('scenario.stale')
    expect(
      (await attempts.attemptsOfEnrolment(world.deps.store.read, enrolmentId)).some((row) => row.stageId === 'mock'),
    ).toBe(false)
  })
})

test('a contact from end to end: ticks, notes, a pause, the end, the sheet, the score', async () => {
  const { enrolmentId } = await world.handedIn('whole')
  const contactId = await begin(anna, enrolmentId)
  expect(await openContact(world.deps, ben, contactId, 'en', START)).toBeNull()
  expect(code(await actOnContact(world.deps, ben, contactId, { type: 'end', ending: 'completed' }, 'en', START))).toBe(
    'contact.not_found',
  )

  expect(
    code(
      await actOnContact(
        world.deps,
        anna,
        contactId,
        { type: 'disclose', factId: 'order', disclosed: true },
        'en',
        START + 65_000,
      ),
    ),
  ).toBe('ok')
  expect(
    code(
      await actOnContact(
        world.deps,
        anna,
        contactId,
        { type: 'disclose', factId: 'nonsense', disclosed: true },
        'en',
        START,
      ),
    ),
  ).toBe('scenario.unknown_fact')
  // Three minutes during which the clock stands: they are not played.
  await actOnContact(world.deps, anna, contactId, { type: 'hold' }, 'en', START + 2 * MINUTE)
  await actOnContact(world.deps, anna, contactId, { type: 'hold' }, 'en', START + 2 * MINUTE + 10)
  expect((await room(anna, contactId, START + 4 * MINUTE)).clock).toMatchObject({ held: true, playedMs: 2 * MINUTE })
  await actOnContact(world.deps, anna, contactId, { type: 'resume' }, 'en', START + 5 * MINUTE)
  await actOnContact(
    world.deps,
    anna,
    contactId,
    { type: 'disclose', factId: 'gift', disclosed: true },
    'en',
    START + 6 * MINUTE,
  )
  const playing = await room(anna, contactId, START + 6 * MINUTE)
  expect(playing.card.knows.map((fact) => fact.disclosedMs)).toEqual([65_000, 3 * MINUTE])
  expect(playing.clock).toMatchObject({ playedMs: 3 * MINUTE, remainingMs: 7 * MINUTE, held: false, over: false })

  expect(
    code(
      await rate(
        anna,
        contactId,
        { type: 'evidence', criterionId: 'words', polarity: 'for', quote: 'Named the daughter’s birthday' },
        START + 6 * MINUTE,
      ),
    ),
  ).toBe('ok')
  for (const act of [mark('identity', 4), mark('words', 3)])
    expect(code(await rate(anna, contactId, act, START + 7 * MINUTE))).toBe('ok')
  expect((await room(anna, contactId, START + 7 * MINUTE)).evidence).toMatchObject([
    { field: null, quote: 'Named the daughter’s birthday', playedMs: 3 * MINUTE },
  ])
  const seq = async () => (await room(anna, contactId, START + 8 * MINUTE)).seq
  expect(code(await rate(anna, contactId, { type: 'submit', seq: await seq() }, START + 8 * MINUTE))).toBe(
    'contact.not_ended',
  )

  expect(
    code(
      await actOnContact(world.deps, anna, contactId, { type: 'end', ending: 'completed' }, 'en', START + 8 * MINUTE),
    ),
  ).toBe('ok')
  expect(
    code(
      await actOnContact(world.deps, anna, contactId, { type: 'end', ending: 'broken_off' }, 'en', START + 9 * MINUTE),
    ),
  ).toBe('ok')
  expect(
    code(
      await actOnContact(
        world.deps,
        anna,
        contactId,
        { type: 'disclose', factId: 'gift', disclosed: false },
        'en',
        START + 9 * MINUTE,
      ),
    ),
  ).toBe('contact.closed')
  const { attemptId } = await room(anna, contactId)
  const closed = await attempts.attemptRow(world.deps.store.read, attemptId)
  expect(closed).toMatchObject({
    kind: 'mock_scenario',
    status: 'closed',
    closingReason: 'staff_closed',
    finishedAt: new Date(START + 8 * MINUTE),
    submittedAt: null,
  })
  expect((await notesOf(world.deps.store.read, 'attempt_reason', attemptId)).map((note) => note.text)).toContain(
    'Mock scenario: completed, closed by the interviewer',
  )
  await scoreAttempt(world.deps, attemptId)
  expect((await scores.latestScore(world.deps.store.read, attemptId))?.complete).toBe(false)

  expect(code(await rate(anna, contactId, { type: 'submit', seq: await seq() }, START + 20 * MINUTE))).toBe('ok')
  expect(code(await rate(anna, contactId, mark('words', 5), START + 21 * MINUTE))).toBe('sheet.already_submitted')
  await scoreAttempt(world.deps, attemptId)
  // Levels 4 and 3 of 5, equal weights: (75 + 50) / 2.
  expect(await scores.latestScore(world.deps.store.read, attemptId)).toMatchObject({ complete: true, percent: 62.5 })
  expect((await attempts.attemptRow(world.deps.store.read, attemptId))?.scoredAt).not.toBeNull()
})

test('the sweep closes the attempt at its deadline and leaves the talk to its interviewer', async () => {
  const { enrolmentId } = await world.handedIn('swept')
  const contactId = await begin(anna, enrolmentId)
  await rate(anna, contactId, mark('identity', 1), START + MINUTE)
  await sweepAttempts(world.deps, START + 12 * MINUTE)
  const over = await room(anna, contactId, START + 12 * MINUTE)
  expect(over.clock).toMatchObject({ over: true, playedMs: 10 * MINUTE })
  expect(over.endedAt).toBeNull()
  await rate(anna, contactId, mark('words', 5), START + 12 * MINUTE)
  expect(
    code(
      await actOnContact(world.deps, anna, contactId, { type: 'end', ending: 'completed' }, 'en', START + 13 * MINUTE),
    ),
  ).toBe('ok')
  expect(
    code(await rate(anna, contactId, { type: 'submit', seq: (await room(anna, contactId)).seq }, START + 14 * MINUTE)),
  ).toBe('ok')
  const row = await attempts.attemptRow(world.deps.store.read, over.attemptId)
  expect(row).toMatchObject({ closingReason: 'time_up', finishedAt: new Date(START + 10 * MINUTE) })
  await scoreAttempt(world.deps, over.attemptId)
  const score = await scores.latestScore(world.deps.store.read, over.attemptId)
  expect(score?.complete).toBe(true)
  expect(JSON.stringify(score?.profile)).toContain('identity')
})

test('a contact’s sheet does not lapse: nobody else was there', async () => {
  const { enrolmentId } = await world.handedIn('slow')
  const contactId = await begin(anna, enrolmentId)
  await actOnContact(world.deps, anna, contactId, { type: 'end', ending: 'candidate_left' }, 'en', START + MINUTE)
  expect(code(await rate(anna, contactId, mark('words', 2), START + 600 * MINUTE))).toBe('ok')
})
