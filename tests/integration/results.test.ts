// Releasing results, and answering requests about them: the rules of the admin's room against a real store.
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import type { Response } from '#app/core/bank/response.ts'
import { staffAct } from '#app/services/attempt/acts.server.ts'
import { decideLateText } from '#app/services/attempt/late-texts.server.ts'
import { saveAnswers } from '#app/services/attempt/saves.server.ts'
import { ledgerPage } from '#app/services/candidate/ledger.server.ts'
import { receiptPage } from '#app/services/candidate/receipt.server.ts'
import { requestAfterResult } from '#app/services/candidate/report.server.ts'
import { attemptForStaff } from '#app/services/invigilation/live-room.server.ts'
import { addPerson } from '#app/services/people/people.server.ts'
import { openEvidence } from '#app/services/results/evidence.server.ts'
import { checkRelease, releaseResult } from '#app/services/results/release.server.ts'
import { listResults } from '#app/services/results/results.server.ts'
import { answerRequest, listReviewRequests } from '#app/services/results/review-requests.server.ts'
import { scoreAttempt } from '#app/services/results/scoring.server.ts'
import { answerOf } from '#db/queries/rating.server.ts'
import { insertReviewRequest } from '#db/repositories/candidate-requests.server.ts'
import * as ratings from '#db/repositories/ratings.server.ts'
import { latestScore } from '#db/repositories/scores.server.ts'
import { attemptWorld, MINUTE, type Candidate, type World } from '#tests/setup/attempt-world.ts'
import { sqliteTestStore, type SqliteTestStore } from '#tests/setup/test-store.ts'

let store: SqliteTestStore
let world: World
beforeEach(async () => {
  store = await sqliteTestStore()
  world = await attemptWorld(store.store)
})
afterEach(() => store.cleanup())

const CHOICE: Response = { kind: 'single_choice', optionId: 'c' }
const GREETING: Response = { kind: 'short_text', text: 'hello' }
const ESSAY: Response = { kind: 'essay', text: 'Sorry. Here is what I do next.' }
type Answers = Record<string, Response>
const RIGHT: Answers = { 'fr-choice': CHOICE, 'fr-short': GREETING }

async function save(
  candidate: Candidate,
  attemptId: string,
  answers: Answers,
  options: { final?: boolean; at?: number; tag?: string } = {},
) {
  const mutations = Object.entries(answers).map(([itemId, response]) => ({
    mutationId: `${options.tag ?? 'm'}-${itemId}`,
    itemId,
    baseRevision: 0,
    response,
  }))
  const saved = await saveAnswers(
    world.deps,
    candidate.actor,
    { attemptId, epoch: 1, mutations, ...(options.final ? { final: true } : {}) },
    options.at ?? world.clock.now(),
  )
  if (!saved.ok) throw new Error(saved.error.code)
  return saved.value.reply
}

/** A test that was taken, handed in and scored. */
async function taken(answers: Answers = RIGHT, options: { long?: boolean } = {}) {
  const candidate = await world.candidate(await world.programme(options))
  const attemptId = await world.start(candidate)
  world.clock.advance(MINUTE)
  await save(candidate, attemptId, answers, { final: true })
  world.clock.advance(MINUTE)
  await scoreAttempt(world.deps, attemptId)
  world.clock.advance(MINUTE)
  return { candidate, attemptId }
}
async function anotherAdmin(name: string): Promise<Actor> {
  const added = await addPerson(
    world.deps,
    world.admin,
    { displayName: name, email: `${name}@world.example`, roles: ['admin'] },
    world.clock.now(),
  )
  if (!added.ok) throw new Error(added.error.code)
  return { personId: added.value.personId, roles: ['admin'], sessionId: name, enrolmentId: null }
}
const evidence = async (attemptId: string, actor = world.admin) => {
  const opened = await openEvidence(world.deps, actor, attemptId, 'en', world.clock.now())
  if (!opened) throw new Error('no evidence')
  return opened
}
const release = (attemptId: string, over: Partial<Parameters<typeof releaseResult>[2]> = {}, actor = world.admin) =>
  releaseResult(
    world.deps,
    actor,
    { attemptId, outcome: 'passed', scoreNumber: 1, reason: 'Seen and discussed.', ...over },
    world.clock.now(),
  )
const lateSeq = async (attemptId: string, mutationId: string) =>
  (await world.stored(attemptId)).quarantined.find((text) => text.mutationId === mutationId)?.seq ?? 0
const rowsOf = async (name: 'releases' | 'auditEvents' | 'notes' | 'scores') =>
  store.store.read.q.select().from(store.store.read.t[name])

describe('a release', () => {
  it('asks that its author has seen the evidence since the score was computed', async () => {
    const { attemptId } = await taken()
    expect(await release(attemptId)).toMatchObject({ ok: false, error: { code: 'result.evidence_first' } })
    // Somebody else's look does not count.
    await evidence(attemptId, await anotherAdmin('looker'))
    expect(await release(attemptId)).toMatchObject({ ok: false, error: { code: 'result.evidence_first' } })
    await evidence(attemptId)
    expect(
      await checkRelease(world.deps, world.admin, { attemptId, outcome: 'passed', scoreNumber: 1, reason: 'x' }),
    ).toMatchObject({ ok: true })
    expect(await release(attemptId)).toEqual({ ok: true, value: true })
    const [row] = await store.store.read.q.select().from(store.store.read.t.releases)
    expect(row).toMatchObject({ attemptId, outcome: 'passed', releasedBy: world.admin.personId, scoreNumber: 1 })
    expect((row?.evidenceSeenAt.getTime() ?? 0) <= (row?.releasedAt.getTime() ?? 0)).toBe(true)
  })

  it('is refused on a score that is not the latest, and a look at the former one is no look at this one', async () => {
    const { candidate, attemptId } = await taken({ 'fr-choice': CHOICE })
    await evidence(attemptId)
    // A late text is counted, and the score computed anew.
    await save(candidate, attemptId, { 'fr-short': GREETING }, { tag: 'late' })
    world.clock.advance(MINUTE)
    expect(
      await decideLateText(
        world.deps,
        world.staff,
        { attemptId, seq: await lateSeq(attemptId, 'late-fr-short'), decision: 'counted', reason: '' },
        world.clock.now(),
      ),
    ).toEqual({ ok: true, value: true })
    await world.runner.drain()
    expect(await release(attemptId)).toMatchObject({ ok: false, error: { code: 'result.stale' } })
    expect(await release(attemptId, { scoreNumber: 2 })).toMatchObject({
      ok: false,
      error: { code: 'result.evidence_first' },
    })
    world.clock.advance(MINUTE)
    const seen = await evidence(attemptId)
    expect(seen.score).toMatchObject({ number: 2, percent: 100 })
    expect(await release(attemptId, { scoreNumber: 2 })).toEqual({ ok: true, value: true })
  })

  it('of "not passed", or against the proposal, needs a reason', async () => {
    const { attemptId } = await taken({})
    await evidence(attemptId)
    for (const reason of ['', '   '])
      expect(await release(attemptId, { outcome: 'not_passed', reason })).toMatchObject({
        ok: false,
        error: { code: 'result.reason_needed' },
      })
    // The proposal is a fail, so passing departs from it.
    expect(await release(attemptId, { outcome: 'passed', reason: '' })).toMatchObject({
      ok: false,
      error: { code: 'result.reason_needed' },
    })
    expect(await rowsOf('releases')).toEqual([])
    expect(await release(attemptId, { outcome: 'not_passed', reason: 'Nothing was answered.' })).toEqual({
      ok: true,
      value: true,
    })
    expect((await rowsOf('notes')).map((note) => (note as { text: string }).text)).toContain('Nothing was answered.')
    // The trail names the reason by id only.
    expect(JSON.stringify(await rowsOf('auditEvents'))).not.toContain('Nothing was answered')
  })

  it('happens once, also when two ask at the same time', async () => {
    const { attemptId } = await taken()
    const other = await anotherAdmin('other')
    await evidence(attemptId)
    await evidence(attemptId, other)
    const both = await Promise.all([
      release(attemptId),
      release(attemptId, { outcome: 'not_passed' }, other),
      release(attemptId),
    ])
    expect(both.filter((result) => result.ok)).toHaveLength(1)
    expect(both.filter((result) => !result.ok).map((result) => (result.ok ? '' : result.error.code))).toEqual([
      'result.already_released',
      'result.already_released',
    ])
    expect(await rowsOf('releases')).toHaveLength(1)
    expect(
      (await rowsOf('auditEvents')).filter((entry) => (entry as { action: string }).action === 'result.released'),
    ).toHaveLength(1)
  })

  it('waits for the raters', async () => {
    const { attemptId } = await taken({ ...RIGHT, 'lo-essay': ESSAY }, { long: true })
    await evidence(attemptId)
    expect(await release(attemptId)).toMatchObject({ ok: false, error: { code: 'result.not_complete' } })
  })

  it('of a result of one’s own does not exist, nor its evidence', async () => {
    const { candidate, attemptId } = await taken()
    const own: Actor = { ...candidate.actor, roles: ['admin'], enrolmentId: null }
    expect(await openEvidence(world.deps, own, attemptId, 'en', world.clock.now())).toBeNull()
    expect(await release(attemptId, {}, own)).toMatchObject({ ok: false, error: { code: 'result.not_found' } })
    expect((await listResults(world.deps, own, { state: null, programmeId: null, q: '' }, 'en')).total).toBe(0)
    expect(
      (await listResults(world.deps, world.admin, { state: 'ready', programmeId: null, q: '' }, 'en')).rows.map(
        (row) => row.attemptId,
      ),
    ).toEqual([attemptId])
  })
})

describe('two sheets of one answer', () => {
  it('count by the mean of what was marked on them', async () => {
    const { attemptId } = await taken({ ...RIGHT, 'lo-essay': ESSAY }, { long: true })
    const [task] = await store.store.read.q.select().from(store.store.read.t.ratingTasks)
    await store.store.transact(async (w) => {
      await w.q
        .update(w.t.ratingTasks)
        .set({ sheetsWanted: 2 })
        .where(eq(w.t.ratingTasks.id, task?.id ?? ''))
      for (const [slot, level] of [
        [1, 2],
        [2, 3],
      ] as const) {
        await ratings.insertSheet(w, {
          id: `sh-${slot}`,
          taskId: task?.id ?? '',
          raterId: slot === 1 ? world.admin.personId : world.staff.personId,
          slot,
          status: 'submitted',
          claimedAt: new Date(),
          leaseUntil: new Date(),
          submittedAt: new Date(),
        })
        await ratings.upsertMark(w, {
          sheetId: `sh-${slot}`,
          criterionId: 'feeling',
          level,
          notApplicable: false,
          updatedAt: new Date(),
        })
      }
    })
    await scoreAttempt(world.deps, attemptId)
    // Three levels: the second is 50 %, the third 100 %.
    const score = await latestScore(store.store.read, attemptId)
    expect(score?.items.find((item) => item.itemId === 'lo-essay')).toMatchObject({ status: 'scored', credit: 0.75 })
  })
})

describe('blindness', () => {
  it('shows no rater’s sheet before all that are wanted are in', async () => {
    const { attemptId } = await taken({ ...RIGHT, 'lo-essay': ESSAY }, { long: true })
    const rater = await anotherAdmin('rater')
    const [task] = await store.store.read.q.select().from(store.store.read.t.ratingTasks)
    const taskId = task?.id ?? ''
    const hand = (slot: number, raterId: string) =>
      store.store.transact(async (w) => {
        await ratings.insertSheet(w, {
          id: `sh-${slot}`,
          taskId,
          raterId,
          slot,
          status: 'submitted',
          claimedAt: new Date(),
          leaseUntil: new Date(),
          submittedAt: new Date(),
          percent: 50,
        })
        await ratings.upsertMark(w, {
          sheetId: `sh-${slot}`,
          criterionId: 'feeling',
          level: 2,
          notApplicable: false,
          updatedAt: new Date(),
        })
      })
    await store.store.transact((w) =>
      w.q.update(w.t.ratingTasks).set({ sheetsWanted: 2 }).where(eq(w.t.ratingTasks.id, taskId)),
    )
    await hand(1, rater.personId)
    const before = await evidence(attemptId)
    expect(before.sheets).toEqual([])
    expect(before.sheetsWaiting).toEqual([{ subjectId: 'lo-essay', in: 1, wanted: 2 }])
    await hand(2, world.staff.personId)
    const after = await evidence(attemptId)
    expect(after.sheets).toHaveLength(2)
    expect(after.sheets[0]?.criteria[0]).toMatchObject({ level: 2, anchor: 'Says one stock line of regret.' })
  })
})

describe('a request', () => {
  async function released(raterId?: string) {
    const { candidate, attemptId } = await taken()
    await evidence(attemptId)
    await release(attemptId)
    if (raterId) {
      await store.store.transact(async (w) => {
        const [version] = await w.q.select().from(w.t.contentVersions).where(eq(w.t.contentVersions.type, 'rubric'))
        await ratings.insertTask(w, {
          id: 'task',
          attemptId,
          subjectType: 'answer',
          subjectId: 'fr-short',
          rubricVersionId: version?.id ?? '',
          orderKey: 'x',
          status: 'done',
          createdAt: new Date(),
        })
        await ratings.insertSheet(w, {
          id: 'sheet',
          taskId: 'task',
          raterId,
          slot: 1,
          status: 'submitted',
          claimedAt: new Date(),
          leaseUntil: new Date(),
          submittedAt: new Date(),
          percent: 50,
        })
      })
    }
    const ask = (kind: 'reasons' | 'review') =>
      store.store.transact((w) =>
        insertReviewRequest(w, { id: `rr-${kind}`, attemptId, kind, noteId: null, now: new Date(world.clock.now()) }),
      )
    await ask('review')
    await ask('reasons')
    return { candidate, attemptId }
  }
  const answer = (actor: Actor, attemptId: string, kind: 'reasons' | 'review') =>
    answerRequest(
      world.deps,
      actor,
      { requestId: `rr-${kind}`, attemptId, text: 'Both items were looked at again.' },
      world.clock.now(),
    )

  it('for a review is not answered by who released it or rated it, one for reasons may be', async () => {
    const rater = await anotherAdmin('rater')
    const third = await anotherAdmin('third')
    const { attemptId } = await released(rater.personId)
    for (const involved of [world.admin, rater])
      expect(await answer(involved, attemptId, 'review')).toMatchObject({
        ok: false,
        error: { code: 'review.own_decision' },
      })
    expect((await listReviewRequests(world.deps, world.admin, 'en')).map((row) => [row.kind, row.mayAnswer])).toEqual([
      ['review', false],
      ['reasons', true],
    ])
    expect(await answer(world.admin, attemptId, 'reasons')).toEqual({ ok: true, value: true })
    expect(await answer(third, attemptId, 'review')).toEqual({ ok: true, value: true })
    expect(await answer(third, attemptId, 'review')).toMatchObject({
      ok: false,
      error: { code: 'review.already_answered' },
    })
    expect(await listReviewRequests(world.deps, third, 'en')).toEqual([])
    expect(
      (await evidence(attemptId, third)).requests.every(
        (request) => request.answer?.text === 'Both items were looked at again.',
      ),
    ).toBe(true)
  })

  it('says what it is about: without a text nobody could answer it', async () => {
    const { candidate, attemptId } = await taken()
    await evidence(attemptId)
    await release(attemptId)
    const ask = (text: string) =>
      requestAfterResult(world.deps, candidate.actor, { attemptId, kind: 'review', text }, 'en', world.clock.now())
    for (const text of ['', ' \n '])
      expect(await ask(text)).toMatchObject({ ok: false, error: { code: 'review.text_missing' } })
    expect(await ask('Item 2 was answered.')).toEqual({ ok: true, value: true })
  })

  it('about oneself, or of another attempt, does not exist', async () => {
    const { candidate, attemptId } = await released()
    const own: Actor = { ...candidate.actor, roles: ['admin'], enrolmentId: null }
    expect(await listReviewRequests(world.deps, own, 'en')).toEqual([])
    expect(await answer(own, attemptId, 'reasons')).toMatchObject({ ok: false, error: { code: 'review.not_found' } })
    expect(await answer(world.admin, 'at_none', 'reasons')).toMatchObject({
      ok: false,
      error: { code: 'review.not_found' },
    })
  })
})

describe('a late text', () => {
  async function withLateText(
    answers: Answers = { 'fr-choice': CHOICE },
    late: Answers = { 'fr-short': GREETING },
    options: { long?: boolean } = {},
  ) {
    const candidate = await world.candidate(await world.programme(options))
    const attemptId = await world.start(candidate)
    world.clock.advance(MINUTE)
    await save(candidate, attemptId, answers, { final: true })
    world.clock.advance(MINUTE)
    await save(candidate, attemptId, late, { tag: 'late' })
    await world.runner.drain()
    return { candidate, attemptId }
  }
  const decide = async (
    attemptId: string,
    decision: 'counted' | 'not_counted',
    mutationId = 'late-fr-short',
    actor = world.staff,
    reason = decision === 'counted' ? '' : 'The line held',
  ) =>
    decideLateText(
      world.deps,
      actor,
      { attemptId, seq: await lateSeq(attemptId, mutationId), decision, reason },
      world.clock.now(),
    )
  const percents = async (attemptId: string) =>
    (
      await store.store.read.q
        .select()
        .from(store.store.read.t.scores)
        .where(eq(store.store.read.t.scores.attemptId, attemptId))
    ).map((row) => row.percent)

  it('that is counted is scored in place of the stored answer; answer, late text and receipt stay', async () => {
    const { attemptId } = await withLateText()
    const before = await world.stored(attemptId)
    expect(await decide(attemptId, 'counted')).toEqual({ ok: true, value: true })
    await world.runner.drain()
    expect(await percents(attemptId)).toEqual([50, 100])
    const after = await world.stored(attemptId)
    expect(after.answers).toEqual(before.answers)
    expect(after.events.filter((event) => event.type !== 'scored' && event.type !== 'late_text_decided')).toEqual(
      before.events.filter((event) => event.type !== 'scored'),
    )
    expect(after.quarantined).toMatchObject([
      { response: GREETING, decision: 'counted', decidedBy: world.staff.personId },
    ])
    const audited = (await rowsOf('auditEvents')).find(
      (entry) => (entry as { action: string }).action === 'quarantine.decided',
    )
    expect(audited).toMatchObject({ actorId: world.staff.personId, data: { decision: 'counted', itemId: 'fr-short' } })
    expect(JSON.stringify(audited)).not.toContain('hello')
    const shown = await attemptForStaff(world.deps, world.staff, attemptId, 'en', world.clock.now())
    // Who watches does not get the key.
    expect(shown?.quarantine[0]?.late?.lines[0]).toMatchObject({ given: 'hello', expected: null, why: null })
  })

  it('is told to the candidate with what was decided, when and why, on the receipt and in the ledger', async () => {
    const { candidate, attemptId } = await withLateText(
      { 'fr-choice': CHOICE },
      { 'fr-short': GREETING, 'fr-choice': { kind: 'single_choice', optionId: 'a' } },
    )
    const fates = async () => {
      const page = await receiptPage(world.deps, candidate.actor, attemptId, 'en', world.clock.now())
      return page.ok ? page.value.lateTexts : []
    }
    const ledger = async () => {
      const page = await ledgerPage(world.deps, candidate.actor, attemptId, 'en', world.clock.now())
      return page.ok ? page.value.rows.filter((row) => row.kind === 'late_text_decided') : []
    }
    const receivedAt = new Date(world.clock.now()).toISOString()
    expect((await fates()).map(({ fate, receivedAt: at, decidedAt }) => [fate, at, decidedAt])).toEqual([
      ['undecided', receivedAt, null],
      ['undecided', receivedAt, null],
    ])
    expect(await decide(attemptId, 'not_counted', 'late-fr-short', world.staff, '  ')).toMatchObject({
      ok: false,
      error: { code: 'quarantine.reason_needed' },
    })
    const at = world.clock.advance(MINUTE)
    await decide(attemptId, 'not_counted', 'late-fr-short', world.staff, 'The line held until the end')
    await decide(attemptId, 'counted', 'late-fr-choice')
    const told = Object.fromEntries((await fates()).map((text) => [text.fate, text]))
    expect(told['not_counted']).toMatchObject({
      decidedAt: new Date(at).toISOString(),
      why: 'The line held until the end',
    })
    expect(told['counted']).toMatchObject({ decidedAt: new Date(at).toISOString(), why: null })
    expect(new Set((await fates()).map((text) => text.number))).toEqual(new Set([1, 2]))
    expect(await ledger()).toMatchObject([
      { at, decision: 'not_counted', why: 'The line held until the end' },
      { at, decision: 'counted', why: null },
    ])
    expect(JSON.stringify([await fates(), await ledger()])).not.toContain(world.staff.personId)
    // Events are kept for ever: the words stand in the erasable note.
    const { events } = await world.stored(attemptId)
    expect(JSON.stringify(events)).not.toContain('line held')
  })

  it('on which nobody had decided before the release is said to have lapsed', async () => {
    const { candidate, attemptId } = await withLateText()
    await store.store.transact((w) =>
      w.q
        .update(w.t.attempts)
        .set({ releasedAt: new Date(world.clock.now()) })
        .where(eq(w.t.attempts.id, attemptId)),
    )
    expect(await receiptPage(world.deps, candidate.actor, attemptId, 'en', world.clock.now())).toMatchObject({
      value: { lateTexts: [{ fate: 'lapsed', decidedAt: null }] },
    })
  })

  it('is each kept for itself, also where a client gives several the same id', async () => {
    const { candidate, attemptId } = await withLateText(RIGHT, {}, { long: true })
    const send = async (changes: Array<[string, Response | null]>, flagged?: boolean) => {
      const mutations = changes.map(([itemId, response]) => ({
        mutationId: 'one-id',
        itemId,
        baseRevision: 1,
        response,
        ...(flagged ? { flagged } : {}),
      }))
      const saved = await saveAnswers(
        world.deps,
        candidate.actor,
        { attemptId, epoch: 1, mutations },
        world.clock.now(),
      )
      return saved.ok ? saved.value.reply.results.map((result) => ('code' in result ? result.code : result.result)) : []
    }
    const kept = async () =>
      (await world.stored(attemptId)).quarantined.map((text) => [
        text.itemId,
        text.mutationId,
        (text.response as { text?: string; optionId?: string }).text ??
          (text.response as { optionId?: string }).optionId,
      ])
    expect(
      await send([
        ['fr-short', { kind: 'short_text', text: 'one' }],
        ['fr-choice', { kind: 'single_choice', optionId: 'a' }],
        ['lo-essay', ESSAY],
      ]),
    ).toEqual(['quarantined', 'quarantined', 'quarantined'])
    const three = [
      ['fr-short', 'one-id', 'one'],
      ['fr-choice', 'one-id', 'a'],
      ['lo-essay', 'one-id', 'Sorry. Here is what I do next.'],
    ]
    expect(await kept()).toEqual(three)
    // Another text under the same id is refused as long as the first is remembered …
    expect(await send([['fr-short', { kind: 'short_text', text: 'two' }]])).toEqual(['answer.mutation_reused'])
    // … and once eight others have pushed it out, kept beside it; the same text again is not kept twice.
    for (let i = 0; i < 8; i += 1)
      await save(candidate, attemptId, { 'fr-short': { kind: 'short_text', text: `other ${i}` } }, { tag: `o${i}` })
    expect(await send([['fr-short', { kind: 'short_text', text: 'two' }]])).toEqual(['quarantined'])
    for (let i = 0; i < 8; i += 1)
      await save(candidate, attemptId, { 'fr-short': { kind: 'short_text', text: `more ${i}` } }, { tag: `p${i}` })
    expect(await send([['fr-short', { kind: 'short_text', text: 'one' }]])).toEqual(['quarantined'])
    const mine = (await kept()).filter(([, id]) => id === 'one-id')
    expect(mine).toEqual([...three, ['fr-short', 'one-id', 'two']])
    // Each is decided for itself.
    const seqs = (await world.stored(attemptId)).quarantined
      .filter((text) => text.mutationId === 'one-id')
      .map((text) => text.seq)
    for (const seq of seqs)
      expect(
        await decideLateText(
          world.deps,
          world.staff,
          { attemptId, seq, decision: 'not_counted', reason: 'Too late' },
          world.clock.now(),
        ),
      ).toEqual({ ok: true, value: true })
    expect((await world.stored(attemptId)).quarantined.filter((text) => text.decision !== null)).toHaveLength(4)
  })

  it('that holds no new text is not put before staff', async () => {
    const { candidate, attemptId } = await withLateText(RIGHT, {})
    const send = (mutationId: string, itemId: string, response: Response | null, flagged = false) =>
      saveAnswers(
        world.deps,
        candidate.actor,
        { attemptId, epoch: 1, mutations: [{ mutationId, itemId, baseRevision: 1, response, flagged }] },
        world.clock.now(),
      )
    await send('mark', 'fr-short', GREETING, true)
    await send('mark-empty', 'lo-essay', null, true)
    await send('take-back', 'fr-choice', null)
    expect((await world.stored(attemptId)).quarantined).toEqual([])
    expect(
      (await attemptForStaff(world.deps, world.staff, attemptId, 'en', world.clock.now()))?.ledger.filter(
        (row) => row.kind === 'quarantined',
      ),
    ).toMatchObject([{ hasText: false }, { hasText: false }])
    expect(await receiptPage(world.deps, candidate.actor, attemptId, 'en', world.clock.now())).toMatchObject({
      value: { lateTexts: [] },
    })
  })

  it('that a person has to rate goes to the raters, who read it in place of the stored answer', async () => {
    const late: Response = { kind: 'essay', text: 'Sorry for the wait.' }
    const { attemptId } = await withLateText(RIGHT, { 'lo-essay': late }, { long: true })
    expect((await evidence(attemptId)).score).toMatchObject({ complete: true })
    await decide(attemptId, 'counted', 'late-lo-essay')
    await world.runner.drain()
    expect((await evidence(attemptId)).score).toMatchObject({ complete: false, waiting: 1 })
    expect(await store.store.read.q.select().from(store.store.read.t.ratingTasks)).toMatchObject([
      { subjectId: 'lo-essay', status: 'open' },
    ])
    expect((await answerOf(store.store.read, attemptId, 'lo-essay'))?.response).toEqual(late)
  })

  it('that is not counted changes no score, and is decided once', async () => {
    const { attemptId } = await withLateText()
    const both = await Promise.all([decide(attemptId, 'not_counted'), decide(attemptId, 'counted')])
    expect(both.map((result) => result.ok)).toEqual([true, false])
    expect(both[1]).toMatchObject({ error: { code: 'quarantine.already_decided' } })
    await world.runner.drain()
    expect(await percents(attemptId)).toEqual([50])
  })

  it('is not exchanged under a rater’s hands, nor after the release', async () => {
    const { attemptId } = await withLateText(
      { 'lo-essay': ESSAY },
      { 'lo-essay': { kind: 'essay', text: 'Another text.' }, 'fr-short': GREETING },
      { long: true },
    )
    const [task] = await store.store.read.q.select().from(store.store.read.t.ratingTasks)
    await store.store.transact((w) =>
      ratings.insertSheet(w, {
        id: 'sheet',
        taskId: task?.id ?? '',
        raterId: world.admin.personId,
        slot: 1,
        status: 'claimed',
        claimedAt: new Date(),
        leaseUntil: new Date(),
      }),
    )
    expect(await decide(attemptId, 'counted', 'late-lo-essay')).toMatchObject({
      ok: false,
      error: { code: 'quarantine.already_rated' },
    })
    await store.store.transact((w) =>
      w.q
        .update(w.t.attempts)
        .set({ releasedAt: new Date(world.clock.now()) })
        .where(eq(w.t.attempts.id, attemptId)),
    )
    expect(await decide(attemptId, 'not_counted')).toMatchObject({ ok: false, error: { code: 'quarantine.released' } })
  })

  it('of one’s own, or by a made-up id, does not exist', async () => {
    const { candidate, attemptId } = await withLateText()
    expect(
      await decide(attemptId, 'counted', 'late-fr-short', {
        ...candidate.actor,
        roles: ['supervisor'],
        enrolmentId: null,
      }),
    ).toMatchObject({ ok: false, error: { code: 'quarantine.not_found' } })
    expect(await decide(attemptId, 'counted', 'nothing')).toMatchObject({
      ok: false,
      error: { code: 'quarantine.not_found' },
    })
  })
})

describe('the evidence', () => {
  it('bears the ledger with names and reasons, and no accommodation', async () => {
    const candidate = await world.candidate(await world.programme(), {
      accommodation: { factor: 1.5, breakMinutes: 10 },
    })
    const attemptId = await world.start(candidate)
    await staffAct(
      world.deps,
      world.staff,
      attemptId,
      { type: 'grant', extraMs: MINUTE, reason: 'Fire drill' },
      world.clock.now(),
    )
    await save(candidate, attemptId, RIGHT, { final: true })
    await scoreAttempt(world.deps, attemptId)
    const seen = await evidence(attemptId)
    expect(seen.ledger.map((row) => row.kind)).toEqual(['started', 'granted', 'closed'])
    expect(seen.ledger[1]).toMatchObject({ why: 'Fire drill', by: expect.stringContaining('Person') as string })
    expect(seen.ledger[2]).toMatchObject({ reason: 'submitted' })
    expect(JSON.stringify(seen)).not.toMatch(/accommodation|factor|breakAllowance|unlimited/i)
  })
})
