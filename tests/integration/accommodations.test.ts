// Accommodations are private to one role, and the identity check notes nothing without consent and nothing for ever.
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import { auditTrail } from '#app/ground/audit.server.ts'
import { submitAttempt } from '#app/services/attempt/acts.server.ts'
import { startAttempt } from '#app/services/attempt/start.server.ts'
import { requestAccommodation, requestIdentityCheck } from '#app/services/candidate/requests.server.ts'
import { stagePage } from '#app/services/candidate/stage.server.ts'
import {
  decide,
  listAccommodations,
  type AccommodationDecision,
} from '#app/services/enrolment/accommodations.server.ts'
import { giveConsent } from '#app/services/enrolment/consents.server.ts'
import {
  confirmCheck,
  eraseExpiredIdentity,
  listIdentityChecks,
} from '#app/services/enrolment/identity-checks.server.ts'
import { waitingFor } from '#app/services/invigilation/waiting.server.ts'
import { awaitIdentityCheck } from '#db/repositories/candidate-requests.server.ts'
import { insertConsent } from '#db/repositories/enrolments.server.ts'
import { attemptWorld, DAY, MINUTE, type Candidate, type World } from '#tests/setup/attempt-world.ts'
import { sqliteTestStore, type SqliteTestStore } from '#tests/setup/test-store.ts'

let store: SqliteTestStore
let world: World
let officer: Actor
beforeEach(async () => {
  store = await sqliteTestStore()
  world = await attemptWorld(store.store)
  officer = { personId: 'officer', roles: ['accommodation_officer'], sessionId: 'o', enrolmentId: null }
})
afterEach(() => store.cleanup())

const REASON = 'A clinic has confirmed that I need half as much time again.'
const NOTHING: Omit<AccommodationDecision, 'accommodationId'> = {
  decision: 'granted',
  factor: 1,
  extraMinutes: 0,
  unlimited: false,
  breakMinutes: 0,
  answer: '',
}

async function asked(): Promise<{ candidate: Candidate; id: string }> {
  const candidate = await world.candidate(await world.programme())
  const result = await requestAccommodation(world.deps, candidate.actor, REASON, world.clock.now())
  if (!result.ok) throw new Error(result.error.code)
  const [row] = await listAccommodations(world.deps, officer)
  return { candidate, id: row?.id ?? '' }
}
const rule = (id: string, over: Partial<AccommodationDecision> = {}, actor = officer) =>
  decide(world.deps, actor, { ...NOTHING, accommodationId: id, ...over }, world.clock.now())

describe('an accommodation', () => {
  it('is seen and decided by one role only, and never by who asked', async () => {
    const { candidate, id } = await asked()
    for (const actor of [
      world.admin,
      world.staff,
      { ...candidate.actor, roles: ['accommodation_officer'] as const },
    ] satisfies Actor[]) {
      expect(await listAccommodations(world.deps, actor)).toEqual([])
      expect(await rule(id, { factor: 1.5 }, actor)).toMatchObject({
        ok: false,
        error: { code: 'accommodation.not_found' },
      })
    }
    expect(await listAccommodations(world.deps, officer)).toMatchObject([{ reason: REASON, status: 'requested' }])
    // Nobody else is even told that one waits.
    expect((await waitingFor(world.deps, world.admin, world.clock.now())).accommodations).toBeNull()
    expect((await waitingFor(world.deps, officer, world.clock.now())).accommodations).toBe(1)
  })

  it('says something: a refusal its reason, a grant its terms', async () => {
    const { id } = await asked()
    expect(await rule(id, { decision: 'declined' })).toMatchObject({
      ok: false,
      error: { code: 'accommodation.answer_needed' },
    })
    expect(await rule(id)).toMatchObject({ ok: false, error: { code: 'accommodation.nothing_granted' } })
    expect(await rule(id, { answer: 'The phone task is done in writing.' })).toEqual({ ok: true, value: true })
  })

  it('is decided once', async () => {
    const { id } = await asked()
    const both = await Promise.all([rule(id, { factor: 1.5 }), rule(id, { decision: 'declined', answer: 'No.' })])
    expect(both.map((result) => result.ok)).toEqual([true, false])
    expect(await listAccommodations(world.deps, officer)).toMatchObject([
      { status: 'granted', factor: 1.5, answer: null },
    ])
  })

  it('can be corrected until an attempt runs on it, and the trail keeps what was', async () => {
    const candidate = await world.candidate(await world.programme({ attempts: 2 }), { accommodation: { factor: 1.5 } })
    const list = async () => (await listAccommodations(world.deps, officer))[0]
    const first = await list()
    const former = first?.decidedAt ?? ''
    const correct = (over: Partial<AccommodationDecision>) => rule(first?.id ?? '', { former, ...over })
    world.clock.advance(MINUTE)
    // Two at once: the second one corrects a decision that stands no longer.
    const both = await Promise.all([
      correct({ factor: 2, answer: 'Twice the time.' }),
      correct({ decision: 'declined', answer: 'No.' }),
    ])
    expect(both).toMatchObject([{ ok: true }, { ok: false, error: { code: 'accommodation.already_decided' } }])
    const page = await stagePage(world.deps, candidate.actor, 'test', 'en', world.clock.now())
    // 30 minutes × 2.
    expect(page).toMatchObject({
      ok: true,
      value: { stage: { limitMs: 60 * MINUTE }, accommodation: { status: 'granted', answer: 'Twice the time.' } },
    })
    const { q, t } = store.store.read
    const kept = await q.select().from(t.auditEvents).where(eq(t.auditEvents.action, 'accommodation.corrected'))
    expect(kept.map((row) => row.data)).toMatchObject([
      { former: { status: 'granted', factor: 1.5, decidedAt: former } },
    ])

    const attemptId = await world.start(candidate)
    const second = (await list())?.decidedAt ?? ''
    expect(await correct({ former: second, factor: 3 })).toMatchObject({
      ok: false,
      error: { code: 'accommodation.running' },
    })
    const ended = await submitAttempt(world.deps, candidate.actor, attemptId, 1, world.clock.now())
    expect(ended).toMatchObject({ ok: true })
    expect(await correct({ former: second, factor: 3 })).toEqual({ ok: true, value: true })
  })

  it('leaves no detail in the trail, and to anybody but the officer neither a name nor an id', async () => {
    const { id } = await asked()
    await rule(id, { factor: 1.5, answer: 'Half as much time again.' })
    const { q, t } = store.store.read
    const rows = await q.select().from(t.auditEvents).where(eq(t.auditEvents.subjectType, 'accommodation'))
    expect(rows.map((row) => [row.action, row.data])).toEqual([
      ['accommodation.requested', {}],
      ['accommodation.decided', {}],
    ])
    const all = { subjectType: null, subjectId: null, before: null }
    const shown = await auditTrail(world.deps, world.admin, all)
    // A time beside somebody's other acts would name them, so would the kind of act, or a hash that can be computed
    // from both.
    expect(shown.entries.filter((entry) => entry.withheld)).toEqual(
      rows.map((row) => ({ seq: row.seq, withheld: true })).reverse(),
    )
    expect(shown.entries.some((entry) => !entry.withheld && entry.subjectType === 'accommodation')).toBe(false)
    expect(shown.subjectTypes).not.toContain('accommodation')
    expect(
      (await auditTrail(world.deps, world.admin, { subjectType: 'accommodation', subjectId: null, before: null }))
        .entries,
    ).toEqual([])
    expect(
      (await auditTrail(world.deps, world.admin, { subjectType: null, subjectId: id, before: null })).entries,
    ).toEqual([])
    const open = (
      await auditTrail(world.deps, { ...world.admin, roles: ['auditor', 'accommodation_officer'] }, all)
    ).entries.flatMap((entry) => (!entry.withheld && entry.subjectType === 'accommodation' ? [entry.subjectId] : []))
    expect(open).toEqual([id, id])
    expect(JSON.stringify(shown)).not.toContain(REASON)
  })
})

describe('the identity check', () => {
  async function waiting(consent: boolean | null): Promise<string> {
    return (await waitingCandidate(consent)).enrolmentId
  }
  async function waitingCandidate(consent: boolean | null) {
    const candidate = await world.candidate(await world.programme())
    await store.store.transact(async (w) => {
      await awaitIdentityCheck(w, candidate.enrolmentId)
      const [notice] = await w.q.select().from(w.t.contentVersions).where(eq(w.t.contentVersions.type, 'notice'))
      if (consent !== null)
        await insertConsent(w, {
          id: world.deps.ids.id('co'),
          enrolmentId: candidate.enrolmentId,
          consentId: 'identity_check',
          noticeVersionId: notice?.id ?? '',
          noticeHash: 'x',
          given: consent,
          at: new Date(world.clock.now()),
        })
    })
    return candidate
  }
  const confirm = (
    enrolmentId: string,
    documentType: 'passport' | null,
    lastCharacters: string | null,
    actor = world.staff,
  ) => confirmCheck(world.deps, actor, { enrolmentId, documentType, lastCharacters }, world.clock.now())
  const row = async (enrolmentId: string) =>
    (
      await store.store.read.q
        .select()
        .from(store.store.read.t.identityChecks)
        .where(eq(store.store.read.t.identityChecks.enrolmentId, enrolmentId))
    )[0]

  it('notes characters with consent only; without it the person is confirmed and nothing is noted', async () => {
    for (const consent of [null, false]) {
      const id = await waiting(consent)
      expect(await confirm(id, 'passport', '12X4')).toMatchObject({ ok: false, error: { code: 'identity.no_consent' } })
      expect(await confirm(id, null, null)).toEqual({ ok: true, value: true })
      expect(await row(id)).toMatchObject({
        status: 'confirmed_in_person',
        documentType: null,
        lastCharacters: null,
        eraseAfter: null,
        supervisorId: world.staff.personId,
      })
    }
    const agreed = await waiting(true)
    for (const characters of ['', '1', '1234567', '12 4', '１２'])
      expect(await confirm(agreed, 'passport', characters)).toMatchObject({
        ok: false,
        error: { code: 'identity.characters_needed' },
      })
    expect(await confirm(agreed, 'passport', '12X4')).toEqual({ ok: true, value: true })
    expect(await confirm(agreed, null, null)).toMatchObject({
      ok: false,
      error: { code: 'identity.already_confirmed' },
    })
  })

  it('admits to one attempt: the next needs a check of its own, with or without paper', async () => {
    const candidate = await world.candidate(await world.programme({ attempts: 2, identityCheck: true }))
    const { deps } = world
    const now = () => world.clock.now()
    const start = () => startAttempt(deps, candidate.actor, { stageId: 'test', locale: 'en' }, now())
    const identity = async () => {
      const page = await stagePage(deps, candidate.actor, 'test', 'en', now())
      return page.ok ? page.value.identity : page.error.code
    }
    const waiting = async () =>
      (await listIdentityChecks(deps, world.staff)).filter((check) => check.status === 'waiting').length
    expect(await identity()).toBe('needed')
    expect(await requestIdentityCheck(deps, candidate.actor, 'test', now())).toEqual({ ok: true, value: true })
    expect(await requestIdentityCheck(deps, candidate.actor, 'test', now())).toEqual({ ok: true, value: true })
    expect([await identity(), await waiting()]).toEqual(['waiting', 1])
    expect(await giveConsent(deps, candidate.actor, 'identity_check', true, now())).toMatchObject({ ok: true })
    expect(await confirm(candidate.enrolmentId, 'passport', '12X4')).toEqual({ ok: true, value: true })
    expect(await identity()).toBe('confirmed')
    // A double click uses it up once.
    const both = await Promise.all([start(), start()])
    expect(both[0]).toMatchObject({ ok: true })
    expect(both[1]).toEqual(both[0])
    if (!both[0]?.ok) throw new Error(both[0]?.error.code)
    await submitAttempt(deps, candidate.actor, both[0].value.attemptId, 1, now())

    expect([await identity(), await waiting()]).toEqual(['needed', 0])
    expect(await start()).toMatchObject({ ok: false, error: { code: 'start.identity_first' } })
    await requestIdentityCheck(deps, candidate.actor, 'test', now())
    expect(await start()).toMatchObject({ ok: false, error: { code: 'start.identity_first' } })
    expect(await confirm(candidate.enrolmentId, null, null)).toEqual({ ok: true, value: true })
    expect(await start()).toMatchObject({ ok: true })
    // What was noted at the first keeps its own retention; the consent taken back erases it wherever it stands.
    expect(
      (await listIdentityChecks(deps, world.staff)).map((check) => [check.number, check.used, check.lastCharacters]),
    ).toEqual(
      expect.arrayContaining([
        [1, true, '12X4'],
        [2, true, null],
      ]),
    )
    world.clock.advance(DAY)
    await giveConsent(deps, candidate.actor, 'identity_check', false, now())
    expect((await listIdentityChecks(deps, world.staff)).map((check) => check.lastCharacters)).toEqual([null, null])
  })

  it('erases them when their time is over, and the fact stays', async () => {
    const id = await waiting(true)
    await confirm(id, 'passport', '12X4')
    expect((await row(id))?.eraseAfter?.getTime()).toBe(world.clock.now() + 30 * DAY)
    expect(await eraseExpiredIdentity(world.deps, world.clock.now() + 30 * DAY - 1)).toBe(0)
    expect(await eraseExpiredIdentity(world.deps, world.clock.now() + 30 * DAY)).toBe(1)
    expect(await row(id)).toMatchObject({
      status: 'confirmed',
      documentType: null,
      lastCharacters: null,
      eraseAfter: null,
    })
    expect(await listIdentityChecks(world.deps, world.staff)).toMatchObject([{ erased: true }])
    const trail = await store.store.read.q
      .select()
      .from(store.store.read.t.auditEvents)
      .where(eq(store.store.read.t.auditEvents.action, 'identity.confirmed'))
    expect(trail.map((entry) => entry.data)).toEqual([{ noted: true }])
  })

  it('erases them at once when the candidate takes the consent back, with a trace, and the fact stays', async () => {
    const candidate = await waitingCandidate(true)
    const id = candidate.enrolmentId
    await confirm(id, 'passport', '12X4')
    world.clock.advance(DAY)
    expect(await giveConsent(world.deps, candidate.actor, 'identity_check', false, world.clock.now())).toEqual({
      ok: true,
      value: true,
    })
    expect(await row(id)).toMatchObject({
      status: 'confirmed',
      documentType: null,
      lastCharacters: null,
      eraseAfter: null,
    })
    expect(await listIdentityChecks(world.deps, world.staff)).toMatchObject([{ erased: true, consented: false }])
    const { t } = store.store.read
    const erased = await store.store.read.q
      .select()
      .from(t.auditEvents)
      .where(eq(t.auditEvents.action, 'identity.erased'))
    expect(erased.map((entry) => [entry.actorId, entry.subjectId, entry.data])).toEqual([
      [candidate.actor.personId, id, { because: 'consent_withdrawn' }],
    ])
    // Given again, it brings nothing back, and taken back again it erases nothing twice.
    world.clock.advance(DAY)
    await giveConsent(world.deps, candidate.actor, 'identity_check', true, world.clock.now())
    world.clock.advance(DAY)
    await giveConsent(world.deps, candidate.actor, 'identity_check', false, world.clock.now())
    expect(
      (await store.store.read.q.select().from(t.auditEvents).where(eq(t.auditEvents.action, 'identity.erased'))).length,
    ).toBe(1)
  })

  it('is nobody’s but a supervisor’s, and never one’s own', async () => {
    const id = await waiting(true)
    expect(await confirm(id, null, null, officer)).toMatchObject({ ok: false, error: { code: 'identity.not_found' } })
    const [enrolment] = await store.store.read.q
      .select()
      .from(store.store.read.t.enrolments)
      .where(eq(store.store.read.t.enrolments.id, id))
    expect(await confirm(id, null, null, { ...world.staff, personId: enrolment?.personId ?? '' })).toMatchObject({
      ok: false,
      error: { code: 'identity.not_found' },
    })
  })
})
