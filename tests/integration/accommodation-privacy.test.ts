// docs/design.md 6.2: nobody but the candidate and the accommodation role can tell who has an accommodation. Two people
// take the same test at the same instants, one with extra time and breaks; what staff and raters are given may differ
// only in deadlines.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor, Role } from '#app/core/access/actor.ts'
import type { Response } from '#app/core/bank/response.ts'
import { auditTrail } from '#app/ground/audit.server.ts'
import { actOnAttempt, staffAct } from '#app/services/attempt/acts.server.ts'
import { saveAnswers } from '#app/services/attempt/saves.server.ts'
import { ledgerPage } from '#app/services/candidate/ledger.server.ts'
import { requestAccommodation } from '#app/services/candidate/requests.server.ts'
import { attemptForStaff, roomOf } from '#app/services/invigilation/live-room.server.ts'
import { addPerson, personPage } from '#app/services/people/people.server.ts'
import { readQueue, takeTask } from '#app/services/rating/queue.server.ts'
import { openSheet } from '#app/services/rating/rating-room.server.ts'
import { openEvidence } from '#app/services/results/evidence.server.ts'
import { listResults } from '#app/services/results/results.server.ts'
import { attemptWorld, MINUTE, T0, type Candidate, type World } from '#tests/setup/attempt-world.ts'
import { sqliteTestStore, type SqliteTestStore } from '#tests/setup/test-store.ts'

let store: SqliteTestStore
let world: World
let plain: Candidate
let eased: Candidate
let ids: { plain: string; eased: string }
let during: Record<'plain' | 'eased', unknown>

const ANSWERS: Record<string, Response> = {
  'fr-choice': { kind: 'single_choice', optionId: 'c' },
  'fr-short': { kind: 'short_text', text: 'hello' },
  'lo-essay': { kind: 'essay', text: 'Sorry for the wait.' },
}
const now = () => world.clock.now()

beforeAll(async () => {
  store = await sqliteTestStore()
  world = await attemptWorld(store.store)
  const programmeId = await world.programme({ sections: ['free', 'timed'], long: true })
  plain = await world.candidate(programmeId)
  eased = await world.candidate(programmeId, { accommodation: { factor: 1.5, extraMinutes: 5, breakMinutes: 10 } })
  ids = { plain: await world.start(plain), eased: await world.start(eased) }
  const holders = [
    [plain, ids.plain],
    [eased, ids.eased],
  ] as const
  const all = async (act: Parameters<typeof actOnAttempt>[4]) => {
    for (const [one, id] of holders)
      expect((await actOnAttempt(world.deps, one.actor, id, 1, act, now())).ok).toBe(true)
  }
  world.clock.to(T0 + 2 * MINUTE)
  await all({ type: 'enterSection', sectionId: 'timed' })
  world.clock.to(T0 + 4 * MINUTE)
  // The same three minutes of standstill: one by staff, the other a break of the candidate's own choice.
  await staffAct(world.deps, world.staff, ids.plain, { type: 'pause', reason: 'Fire drill' }, now())
  await actOnAttempt(world.deps, eased.actor, ids.eased, 1, { type: 'takeBreak' }, now())
  during = { plain: await roomRow(ids.plain), eased: await roomRow(ids.eased) }
  world.clock.to(T0 + 7 * MINUTE)
  await staffAct(world.deps, world.staff, ids.plain, { type: 'resume' }, now())
  await actOnAttempt(world.deps, eased.actor, ids.eased, 1, { type: 'endBreak' }, now())
  world.clock.to(T0 + 9 * MINUTE)
  await all({ type: 'leaveSection', sectionId: 'timed' })
  for (const id of [ids.plain, ids.eased])
    await staffAct(world.deps, world.staff, id, { type: 'grant', extraMs: MINUTE, reason: 'Noise' }, now())
})
afterAll(() => store.cleanup())

const roomRow = async (attemptId: string) =>
  (await roomOf(world.deps, world.staff, 'en', now())).rows.find((row) => row.attemptId === attemptId)

async function handIn(): Promise<void> {
  world.clock.to(T0 + 12 * MINUTE)
  for (const [one, attemptId] of [
    [plain, ids.plain],
    [eased, ids.eased],
  ] as const) {
    const mutations = Object.entries(ANSWERS).map(([itemId, response]) => ({
      mutationId: `m-${itemId}`,
      itemId,
      baseRevision: 0,
      response,
    }))
    await saveAnswers(world.deps, one.actor, { attemptId, epoch: 1, mutations, final: true }, now())
  }
  await world.runner.drain()
}

/**
 * path → value; lists of items in the order of their ids, because each person's form is drawn and shuffled by a seed of
 * its own.
 */
function flat(value: unknown, path = ''): Array<[string, unknown]> {
  if (Array.isArray(value)) {
    const keyed = value.map((entry, i) => [String((entry as { itemId?: string } | null)?.itemId ?? i), entry] as const)
    return keyed.flatMap(([key, entry]) => flat(entry, `${path}/${key}`))
  }
  if (value !== null && typeof value === 'object')
    return Object.entries(value).flatMap(([key, entry]) => flat(entry, path === '' ? key : `${path}/${key}`))
  return [[path, value]]
}
/** Whose it is, and what the seed decides; of an attempt that runs also the deadline. */
const WHO =
  /(^|\/)(attemptId|enrolmentId|personId|name|email|displayName|references?|requestId|taskId|sheetId|reasonId|subjectHash|id|href|streamSeq|seed|position|exposure|orderKey|lines|proof|seen|order)(\/|$)/
const DEADLINE = /(^|\/)(deadlineAt|sectionDeadlineAt|remainingMs)$/

function differences(a: unknown, b: unknown): string[] {
  const [left, right] = [new Map(flat(a)), new Map(flat(b))]
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((path) => !WHO.test(path) && left.get(path) !== right.get(path))
    .sort()
}
const noFlag = (seen: unknown) =>
  expect(JSON.stringify(seen)).not.toMatch(
    /accommodation|factor|allowance|unlimited|limitMs|cutShort|takeBreak|"break"|a reason|Fire drill/i,
  )

describe('while it runs', () => {
  test('the live room’s row differs in deadline and time left alone, also during a break', async () => {
    expect(differences(during.plain, during.eased)).toEqual(['deadlineAt', 'remainingMs'])
    const rows = [await roomRow(ids.plain), await roomRow(ids.eased)]
    expect(differences(rows[0], rows[1])).toEqual(['deadlineAt', 'remainingMs'])
    noFlag([during, rows])
  })

  test('the page of one attempt, its ledger included, differs in deadlines alone', async () => {
    const [a, b] = [
      await attemptForStaff(world.deps, world.staff, ids.plain, 'en', now()),
      await attemptForStaff(world.deps, world.staff, ids.eased, 'en', now()),
    ]
    expect(a?.ledger.map((row) => row.kind)).toEqual([
      'started',
      'section_entered',
      'paused',
      'resumed',
      'section_left',
      'granted',
    ])
    const different = differences(a, b)
    expect(different).toContain('deadlineAt')
    expect(different.filter((path) => !DEADLINE.test(path))).toEqual([])
    noFlag([a, b])
    // What staff did is told, with the name; a pause is not.
    expect(b?.ledger.filter((row) => 'by' in row && row.by !== null).map((row) => row.kind)).toEqual(['granted'])
  })

  test('the candidate’s own ledger has the limit and the reasons, and adds up', async () => {
    const page = await ledgerPage(world.deps, eased.actor, ids.eased, 'en', now())
    const rows = page.ok ? page.value.rows : []
    // 30 × 1.5 + 5 = 50; the section's 10 in the same proportion, 16:40.
    expect(rows.slice(0, 2)).toMatchObject([
      { limitMs: 50 * MINUTE, deadlineAt: T0 + 50 * MINUTE },
      { section: 'Section', limitMs: 1_000_000, sectionDeadlineAt: T0 + 2 * MINUTE + 1_000_000 },
    ])
    expect(rows.at(-1)).toMatchObject({ kind: 'granted', extraMs: MINUTE, why: 'Noise', deadlineAt: T0 + 54 * MINUTE })
  })

  test('nothing can be asked for or decided that would move a deadline under way', async () => {
    expect(await requestAccommodation(world.deps, plain.actor, 'more time', now())).toMatchObject({
      ok: false,
      error: { code: 'accommodation.too_late' },
    })
  })
})

describe('afterwards', () => {
  let rater: Actor
  beforeAll(async () => {
    await handIn()
    const added = await addPerson(
      world.deps,
      world.admin,
      { displayName: 'Rater', email: 'rater@world.example', roles: ['interviewer'] satisfies Role[] },
      now(),
    )
    if (!added.ok) throw new Error(added.error.code)
    rater = { personId: added.value.personId, roles: ['interviewer'], sessionId: 'rater', enrolmentId: null }
  })

  test('the evidence differs in deadlines alone, and results and people in nothing', async () => {
    const open = (id: string) => openEvidence(world.deps, world.admin, id, 'en', now())
    const [a, b] = [await open(ids.plain), await open(ids.eased)]
    expect(differences(a, b).filter((path) => !DEADLINE.test(path))).toEqual([])
    const list = await listResults(world.deps, world.admin, { state: null, programmeId: null, q: '' }, 'en')
    const [first, second] = [ids.plain, ids.eased].map((id) => list.rows.find((row) => row.attemptId === id))
    expect(differences(first, second)).toEqual([])
    const [one, two] = [
      await personPage(world.deps, world.admin, plain.actor.personId, 'en', now()),
      await personPage(world.deps, world.admin, eased.actor.personId, 'en', now()),
    ]
    expect(differences(one, two)).toEqual([])
    noFlag([a, b, list, one, two])
  })

  test('the rating room knows nothing of time at all', async () => {
    const tasks = await store.store.read.q.select().from(store.store.read.t.ratingTasks)
    const open = async (attemptId: string) => {
      const task = tasks.find((entry) => entry.attemptId === attemptId)
      const taken = await takeTask(world.deps, rater, task?.id ?? '', now())
      if (!taken.ok) throw new Error(taken.error.code)
      const opened = await openSheet(world.deps, rater, taken.value.sheetId, 'en', now())
      if (!opened.ok || opened.value.contactId !== null) throw new Error('no room')
      return opened.value
    }
    const queue = await readQueue(world.deps, rater, 'en', now())
    const [a, b] = [await open(ids.plain), await open(ids.eased)]
    expect(differences(a, b).filter((path) => !/queue|waiting|(^|\/)n$|progress/.test(path))).toEqual([])
    noFlag([queue, a, b])
    expect(JSON.stringify([queue, a, b])).not.toMatch(/deadlineAt|remainingMs/)
  })

  test('the trail names who paused, and neither who asked for an accommodation nor what was decided', async () => {
    const { entries } = await auditTrail(world.deps, world.admin, { subjectType: null, subjectId: null, before: null })
    expect(
      entries.flatMap((entry) => (entry.withheld ? [] : [entry])).find((entry) => entry.action === 'attempt.pause')
        ?.actor,
    ).toMatch(/Person/)
    expect(entries.filter((entry) => entry.withheld).map((entry) => Object.keys(entry))).toEqual([
      ['seq', 'withheld'],
      ['seq', 'withheld'],
    ])
    expect(JSON.stringify(entries)).not.toMatch(/accommodation(?!_officer)/)
  })
})
