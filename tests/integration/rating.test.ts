/** Rating as raters do it: taking places, losing them, marking, handing in; and what a rater must never see. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import type { Rubric } from '#app/core/bank/schema.ts'
import { readQueue, takeNext, takeTask } from '#app/services/rating/queue.server.ts'
import { openSheet } from '#app/services/rating/rating-room.server.ts'
import { actOnSheet, type SheetAct } from '#app/services/rating/sheet-acts.server.ts'
import { scoreAttempt } from '#app/services/results/scoring.server.ts'
import * as ratings from '#db/repositories/ratings.server.ts'
import * as scores from '#db/repositories/scores.server.ts'
import { MINUTE, ratingWorld, T0, type RatingWorld } from '#tests/setup/rating-world.ts'

let world: RatingWorld
let anna: Actor
let ben: Actor
let cleo: Actor
beforeAll(async () => {
  world = await ratingWorld()
  ;[anna, ben, cleo] = [await world.rater('anna'), await world.rater('ben'), await world.rater('cleo')]
})
afterAll(() => world.cleanup())

const LATER = T0 + 10 * MINUTE
const code = (result: { ok: boolean; error?: { code: string } }): string =>
  result.ok ? 'ok' : (result.error?.code ?? '')
const events = async (sheetId: string) => {
  const { q, t } = world.deps.store.read
  return q.select().from(t.ratingEvents).where(eq(t.ratingEvents.sheetId, sheetId))
}
async function room(actor: Actor, sheetId: string, now = LATER) {
  const opened = await openSheet(world.deps, actor, sheetId, 'en', now)
  if (!opened.ok || opened.value.contactId !== null) throw new Error(opened.ok ? 'a contact' : opened.error.code)
  return opened.value.room
}
async function take(actor: Actor, taskId: string, now = LATER): Promise<string> {
  const taken = await takeTask(world.deps, actor, taskId, now)
  if (!taken.ok) throw new Error(taken.error.code)
  return taken.value.sheetId
}
/** One act with the token that the page would have sent. */
async function act(actor: Actor, sheetId: string, what: SheetAct, now = LATER) {
  const { attemptId, subjectHash } = await room(actor, sheetId, now)
  return actOnSheet(world.deps, actor, sheetId, { attemptId, subjectHash }, what, now)
}
const mark = (criterionId: string, level: number | null): SheetAct => ({
  type: 'mark',
  criterionId,
  level,
  notApplicable: level === null,
})
const submit = async (actor: Actor, sheetId: string, now = LATER) =>
  act(actor, sheetId, { type: 'submit', seq: (await room(actor, sheetId, now)).seq }, now)
const task = async (attemptId: string, itemId: string): Promise<string> =>
  (await world.tasks(attemptId)).get(itemId)?.id ?? ''

describe('taking a place', () => {
  test('of two raters who take the same answer at once one gets it', async () => {
    const { attemptId } = await world.handedIn('race')
    const taskId = await task(attemptId, 'st-five')
    const results = await Promise.all([
      takeTask(world.deps, anna, taskId, LATER),
      takeTask(world.deps, ben, taskId, LATER),
    ])
    expect(results.map(code).sort()).toEqual(['ok', 'rating.taken'])
    const sheets = await ratings.sheetsOfTasks(world.deps.store.read, [taskId])
    expect(sheets).toHaveLength(1)
  })
  test('the same rater, twice at once, has one sheet', async () => {
    const { attemptId } = await world.handedIn('double')
    const taskId = await task(attemptId, 'st-five')
    const [a, b] = await Promise.all([
      takeTask(world.deps, anna, taskId, LATER),
      takeTask(world.deps, anna, taskId, LATER),
    ])
    expect(a).toEqual(b)
  })
  test('nobody rates their own answer, and it is not in their queue', async () => {
    const { actor, attemptId } = await world.handedIn('own')
    const both: Actor = { ...actor, roles: ['interviewer'], enrolmentId: null }
    const taskId = await task(attemptId, 'st-five')
    expect(code(await takeTask(world.deps, both, taskId, LATER))).toBe('rating.not_found')
    expect(JSON.stringify(await readQueue(world.deps, both, 'en', LATER))).not.toContain(taskId)
    expect(JSON.stringify(await readQueue(world.deps, cleo, 'en', LATER))).toContain(taskId)
  })
  test('a lease that has lapsed gives the place to the next; the first is told, and finds the marks again', async () => {
    const { attemptId } = await world.handedIn('lapse')
    const taskId = await task(attemptId, 'st-beh')
    const first = await take(anna, taskId)
    expect(code(await act(anna, first, mark('clear', 4)))).toBe('ok')
    expect(code(await takeTask(world.deps, ben, taskId, LATER + 30 * MINUTE))).toBe('rating.taken')
    const second = await take(ben, taskId, LATER + 31 * MINUTE)
    const { attemptId: id, subjectHash } = await room(ben, second)
    expect(
      code(
        await actOnSheet(
          world.deps,
          anna,
          first,
          { attemptId: id, subjectHash },
          mark('clear', 5),
          LATER + 32 * MINUTE,
        ),
      ),
    ).toBe('sheet.not_open')
    expect(code(await openSheet(world.deps, anna, first, 'en', LATER))).toBe('sheet.not_open')
    // A third takes the second's lapsed place: two returned sheets of one task must not meet in the unique key.
    const third = await take(cleo, taskId, LATER + 90 * MINUTE)
    expect(code(await act(cleo, third, { type: 'return' }, LATER + 91 * MINUTE))).toBe('ok')
    expect(await take(anna, taskId, LATER + 92 * MINUTE)).toBe(first)
    expect((await room(anna, first)).marks).toEqual([{ criterionId: 'clear', level: 4, notApplicable: false }])
    expect((await events(first)).map((event) => event.type)).toEqual(['claimed', 'marked', 'lapsed', 'claimed'])
  })
  test('work renews the lease, also after it has lapsed with nobody waiting', async () => {
    const { attemptId } = await world.handedIn('renew')
    const taskId = await task(attemptId, 'st-five')
    const sheetId = await take(anna, taskId)
    expect(code(await act(anna, sheetId, mark('only', 3), LATER + 40 * MINUTE))).toBe('ok')
    expect(code(await takeTask(world.deps, ben, taskId, LATER + 60 * MINUTE))).toBe('rating.taken')
  })
  test('the order is by question and stable, and taking the next goes through it without hoarding', async () => {
    for (const name of ['q1', 'q2', 'q3']) await world.handedIn(name)
    const listed = async () =>
      (await readQueue(world.deps, cleo, 'en', LATER)).questions
        .find((question) => question.itemId === 'st-four')
        ?.tasks.map((entry) => entry.taskId) ?? []
    const order = await listed()
    expect(await listed()).toEqual(order)
    const next = await takeNext(world.deps, cleo, 'st-four', LATER)
    const again = await takeNext(world.deps, cleo, 'st-four', LATER)
    expect(again).toEqual(next)
    const sheet = next.ok ? await ratings.sheetById(world.deps.store.read, next.value.sheetId) : null
    expect(sheet?.taskId).toBe(order[0])
    expect(await listed()).toEqual(order.slice(1))
  })
})

describe('marking', () => {
  test('evidence is a place in the answer, counted in code points, with the words that stand there', async () => {
    const { attemptId } = await world.handedIn('evidence')
    const sheetId = await take(anna, await task(attemptId, 'st-beh'))
    const add = (over: object): SheetAct => ({ type: 'evidence', criterionId: 'feeling', polarity: 'for', ...over })
    // After an emoji, which counts once: counted in UTF-16 units it would be one place further.
    expect(code(await act(anna, sheetId, add({ place: { field: 'situation', start: 6, end: 11 } })))).toBe('ok')
    // Typed words are found across the line end that the browser sent as CRLF.
    expect(code(await act(anna, sheetId, add({ quote: '换我也急。 然后查单', polarity: 'against' }), LATER + 1))).toBe(
      'ok',
    )
    expect(code(await act(anna, sheetId, add({ quote: '没有这句话' })))).toBe('evidence.not_in_answer')
    expect(code(await act(anna, sheetId, add({ place: { field: 'situation', start: 0, end: 999 } })))).toBe(
      'evidence.not_in_answer',
    )
    expect(
      (await room(anna, sheetId)).evidence.map(({ field, start, end, quote }) => ({ field, start, end, quote })),
    ).toEqual([
      { field: 'situation', start: 6, end: 11, quote: '客户很急。' },
      { field: 'action', start: 10, end: 20, quote: '换我也急。\n然后查单' },
    ])
    const kept = JSON.stringify(await events(sheetId))
    expect(kept).not.toContain('客户')
    expect(kept).toContain('"startAt":6')
  })
  test('a comment stands in a row of its own; the event names it', async () => {
    const { attemptId } = await world.handedIn('comment')
    const sheetId = await take(anna, await task(attemptId, 'st-beh'))
    await act(anna, sheetId, { type: 'comment', criterionId: 'clear', text: 'first thought' })
    await act(anna, sheetId, { type: 'comment', criterionId: 'clear', text: 'second thought' }, LATER + 1)
    expect((await room(anna, sheetId)).comments).toContainEqual({ criterionId: 'clear', text: 'second thought' })
    expect(JSON.stringify(await events(sheetId))).not.toContain('thought')
  })
  test.each([
    ['no such criterion', mark('nothing', 3), 'sheet.criterion_unknown'],
    ['off the scale', mark('only', 4), 'sheet.level_out_of_range'],
    ['not applicable where it must apply', mark('only', null), 'sheet.not_applicable_not_allowed'],
  ])('refuses %s', async (name, what, expected) => {
    const { attemptId } = await world.handedIn(`refuse-${name.replaceAll(' ', '-')}`)
    const sheetId = await take(anna, await task(attemptId, 'st-three'))
    expect(code(await act(anna, sheetId, what))).toBe(expected)
  })
  test('a page that shows another answer cannot mark this one', async () => {
    const [one, two] = [await world.handedIn('mixed-1'), await world.handedIn('mixed-2')]
    const sheetId = await take(anna, await task(one.attemptId, 'st-reply'))
    const own = await room(anna, sheetId)
    const wrongAttempt = { attemptId: two.attemptId, subjectHash: own.subjectHash }
    expect(code(await actOnSheet(world.deps, anna, sheetId, wrongAttempt, mark('privacy', 3), LATER))).toBe(
      'rating.stale',
    )
    const changedSince = { attemptId: one.attemptId, subjectHash: 'f'.repeat(64) }
    expect(
      code(await actOnSheet(world.deps, anna, sheetId, changedSince, { type: 'submit', seq: own.seq }, LATER)),
    ).toBe('rating.stale')
    expect((await room(anna, sheetId)).marks).toEqual([])
  })
})

describe('handing in', () => {
  test('what is missing is named; then once, and frozen', async () => {
    const { attemptId } = await world.handedIn('submit')
    const taskId = await task(attemptId, 'st-beh')
    const sheetId = await take(anna, taskId)
    await act(anna, sheetId, mark('feeling', 3))
    expect(await submit(anna, sheetId)).toMatchObject({
      ok: false,
      error: { code: 'sheet.incomplete', params: { n: 2 } },
    })
    expect((await room(anna, sheetId)).problems).toEqual([
      { code: 'sheet.evidence_missing', criterionId: 'feeling' },
      { code: 'sheet.criterion_missing', criterionId: 'clear' },
    ])
    await act(anna, sheetId, { type: 'evidence', criterionId: 'feeling', polarity: 'for', quote: '客户很急' })
    await act(anna, sheetId, mark('clear', 5))
    const { attemptId: id, subjectHash, seq } = await room(anna, sheetId)
    const twice = await Promise.all(
      [1, 2].map(() =>
        actOnSheet(world.deps, anna, sheetId, { attemptId: id, subjectHash }, { type: 'submit', seq }, LATER),
      ),
    )
    expect(twice.map(code)).toEqual(['ok', 'sheet.already_submitted'])
    expect(code(await act(anna, sheetId, mark('clear', 1)))).toBe('sheet.already_submitted')
    expect((await events(sheetId)).filter((event) => event.type === 'submitted')).toHaveLength(1)
    expect(await ratings.taskById(world.deps.store.read, taskId)).toMatchObject({ status: 'done' })
    expect(code(await takeTask(world.deps, anna, taskId, LATER))).toBe('rating.already_rated')
    const jobs = await world.deps.store.read.q
      .select()
      .from(world.deps.store.read.t.jobs)
      .where(eq(world.deps.store.read.t.jobs.kind, 'score-attempt'))
    expect(jobs.some((job) => job.payload['attemptId'] === attemptId && job.dedupeKey === null)).toBe(true)
  })
  test('a sheet on which nothing applies is not taken: its answer would wait for a score for ever', async () => {
    const { attemptId } = await world.handedIn('nothing')
    const taskId = await task(attemptId, 'st-beh')
    const rubricVersionId = (await ratings.taskById(world.deps.store.read, taskId))?.rubricVersionId ?? ''
    await world.deps.store.transact(async (w) => {
      const { contentVersions: t, ratingTasks } = w.t
      const [row] = await w.q.select().from(t).where(eq(t.id, rubricVersionId))
      const { criteria, ...rest } = row?.body as unknown as Rubric
      await w.q.insert(t).values({
        ...row!,
        id: 'cv-lenient',
        contentId: 'lenient',
        contentHash: 'lenient',
        body: { ...rest, criteria: criteria.map((criterion) => ({ ...criterion, notApplicable: true })) },
      })
      await w.q.update(ratingTasks).set({ rubricVersionId: 'cv-lenient' }).where(eq(ratingTasks.id, taskId))
    })
    const sheetId = await take(anna, taskId)
    for (const criterionId of ['feeling', 'clear'])
      expect(code(await act(anna, sheetId, mark(criterionId, null)))).toBe('ok')
    expect(code(await submit(anna, sheetId))).toBe('sheet.nothing_rated')
    expect(await ratings.taskById(world.deps.store.read, taskId)).toMatchObject({ status: 'open' })
  })
  test('a sheet that moved in another window is looked at again first', async () => {
    const { attemptId } = await world.handedIn('stale')
    const sheetId = await take(anna, await task(attemptId, 'st-five'))
    await act(anna, sheetId, mark('only', 3))
    const { seq } = await room(anna, sheetId)
    await act(anna, sheetId, mark('only', 1))
    expect(code(await act(anna, sheetId, { type: 'submit', seq }))).toBe('sheet.stale')
  })

  // Zendesk QA and the four scales, by their published arithmetic.
  test.each([
    ['st-three', [['only', 1]], 0, false],
    ['st-three', [['only', 2]], 50, false],
    ['st-three', [['only', 3]], 100, false],
    ['st-four', [['only', 2]], 100 / 3, false],
    ['st-four', [['only', 3]], 200 / 3, false],
    ['st-five', [['only', 2]], 25, false],
    ['st-five', [['only', 4]], 75, false],
    [
      'st-reply',
      [
        ['privacy', 5],
        ['solution', 3],
        ['upsell', null],
      ],
      (100 + 2 * 50) / 3,
      false,
    ],
    [
      'st-reply',
      [
        ['privacy', 3],
        ['solution', 5],
        ['upsell', 1],
      ],
      (50 + 200 + 0) / 4,
      false,
    ],
    [
      'st-reply',
      [
        ['privacy', 2],
        ['solution', 5],
        ['upsell', 5],
      ],
      0,
      true,
    ],
  ] as Array<[string, Array<[string, number | null]>, number, boolean]>)(
    '%s %j gives %d %%, critical %s',
    async (itemId, marks, percent, critical) => {
      const { attemptId } = await world.handedIn(`vector-${itemId}-${percent.toFixed(0)}-${critical}`)
      const taskId = await task(attemptId, itemId)
      const sheetId = await take(ben, taskId)
      for (const [criterionId, level] of marks)
        expect(code(await act(ben, sheetId, mark(criterionId, level)))).toBe('ok')
      expect(code(await submit(ben, sheetId))).toBe('ok')
      const sheet = await ratings.sheetById(world.deps.store.read, sheetId)
      expect(sheet?.percent).toBeCloseTo(percent, 10)
      expect(sheet?.criticalFailure).toBe(critical)
      await scoreAttempt(world.deps, attemptId)
      const scored = (await scores.itemScoresOf(world.deps.store.read, attemptId)).find(
        (entry) => entry.itemId === itemId,
      )
      expect(scored?.credit).toBeCloseTo(percent / 100, 10)
    },
  )
})
