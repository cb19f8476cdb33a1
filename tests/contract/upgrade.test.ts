// What people have is kept: a database of each released schema, made by the version of then, is brought to the present
// one and used.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import { AttemptEventSchema } from '#app/core/attempt/events.ts'
import { evolveAll } from '#app/core/attempt/evolve.ts'
import { headDeadlineAt, headOf, readyAttempt, type Attempt } from '#app/core/attempt/state.ts'
import { checkChain } from '#app/ground/audit.server.ts'
import { jobHandlers } from '#app/jobs/handlers/index.server.ts'
import { createRunner } from '#app/jobs/runner.server.ts'
import { readConfig } from '#app/server/config.server.ts'
import { assembleDeps, type ServerDeps } from '#app/server/deps.server.ts'
import { decideLateText } from '#app/services/attempt/late-texts.server.ts'
import { ledgerForCandidate } from '#app/services/attempt/ledger.server.ts'
import { receiptFor, saveAnswers } from '#app/services/attempt/saves.server.ts'
import { startAttempt } from '#app/services/attempt/start.server.ts'
import { requestIdentityCheck } from '#app/services/candidate/requests.server.ts'
import { listIdentityChecks } from '#app/services/enrolment/identity-checks.server.ts'
import { acceptClock, clockAlarmView } from '#app/services/invigilation/clock-alarm.server.ts'
import { openEvidence } from '#app/services/results/evidence.server.ts'
import { scoreAttempt } from '#app/services/results/scoring.server.ts'
import { attemptsOfEnrolment } from '#db/repositories/attempts.server.ts'
import { itemScoresOf } from '#db/repositories/scores.server.ts'
import { loadSession } from '#db/repositories/sessions.server.ts'
import type { Store } from '#db/store.server.ts'
import type { Told } from '#tests/fixtures/databases/world.ts'
import { MINUTE, SECOND, storedAttempt } from '#tests/setup/attempt-world.ts'
import {
  DATABASES,
  emptyDatabase,
  ENGINES,
  fixtureDatabase,
  migrationTable,
  migrationTags,
  toldBy,
  type Database,
} from '#tests/setup/fixture-database.ts'

/** Fixture → how many bridges lead from it to the first migration; 0 where a migration made it. */
const SHAPES = {
  before_1_pulses: 4,
  before_2_item_scores: 3,
  before_3_late_texts: 2,
  before_4_identity_checks: 1,
  '0000_initial': 0,
} as const

describe.each(ENGINES)('on %s', (engine) => {
  let fresh: Database
  beforeAll(async () => {
    fresh = await emptyDatabase(engine)
    await fresh.migrate()
  })
  afterAll(() => fresh.close())

  describe.each(Object.entries(SHAPES))('a database of the schema %s', (shape, bridges) => {
    const tags = migrationTags(engine)
    const steps = bridges + tags.length - 1 - Math.max(0, tags.indexOf(shape))
    let database: Database
    let before: Record<string, number>
    let store: Store
    let deps: ServerDeps
    let told: Told
    let now: number
    let dataDir: string
    const staff = (role: 'admin' | 'supervisor'): Actor => ({
      personId: role === 'admin' ? told.staff.adminId : told.staff.supervisorId,
      roles: [role],
      sessionId: role,
      enrolmentId: null,
    })
    const candidate = ({ personId, enrolmentId }: { personId: string; enrolmentId: string }): Actor => ({
      personId,
      roles: ['candidate'],
      sessionId: deps.secrets.sha256(told.running.token),
      enrolmentId,
    })

    beforeAll(async () => {
      dataDir = mkdtempSync(join(tmpdir(), 'poise-upgrade-'))
      told = toldBy(engine, shape)
      now = told.endsAt + SECOND
      database = await fixtureDatabase(engine, shape)
      before = await database.counts()
      expect(await database.migrate()).toEqual({ applied: steps, total: tags.length })
      // Opening looks whether the key belongs to the database.
      copyFileSync(join(DATABASES, 'secret.key'), join(dataDir, 'secret.key'))
      store = await database.open()
      const note = (): void => {}
      deps = await assembleDeps(readConfig({ POISE_MODE: 'test', PORT: '0', DATA_DIR: dataDir }, '0.0.0-test'), store, {
        log: { info: note, warn: note, error: note },
      })
    })
    afterAll(async () => {
      await deps?.close()
      await database.close()
      rmSync(dataDir, { recursive: true, force: true })
    })

    it('has the schema of a fresh one, says so itself, and has lost no row', async () => {
      expect(await database.schema()).toEqual(await fresh.schema())
      const recorded = `SELECT * FROM ${migrationTable[engine]}`
      expect(await database.rows(recorded)).toEqual(await fresh.rows(recorded))
      if (engine === 'sqlite') expect(await database.rows('PRAGMA foreign_key_check')).toEqual([])
      expect(await database.migrate()).toEqual({ applied: 0, total: tags.length })
      const { item_scores: _, ...kept } = before
      const after = await database.counts()
      // A table that a later migration made is empty, unless that migration moves rows into it.
      const added = Object.fromEntries(Object.keys(after).map((name) => [name, 0]))
      const journal = Object.keys(after).filter((name) => name.endsWith('__drizzle_migrations'))
      const applied = Object.fromEntries(journal.map((name) => [name, tags.length]))
      expect(after).toEqual({ ...added, ...kept, ...applied, attempt_pulses: before['attempts'] })
    })

    it('opens with its own key; its trail, mails and sessions are whole', async () => {
      expect(await checkChain(deps)).toMatchObject({ entries: before['audit_events'], brokenSeq: null })
      const mails = await store.read.q.select().from(store.read.t.mails)
      expect(mails.length).toBe(before['mails'])
      for (const mail of mails)
        expect(JSON.parse(deps.secrets.open(mail.sealedBody ?? '', `mail:${mail.id}`))).toHaveProperty('to')
      expect(await loadSession(store.read, deps.secrets.sha256(told.running.token), new Date(now))).toMatchObject({
        personId: told.running.personId,
        enrolmentId: told.running.enrolmentId,
      })
    })

    it('has attempts whose stories the present core reads, and which they add up to', async () => {
      for (const attemptId of [told.released, told.contact, told.late, told.running].map((one) => one.attemptId)) {
        const { attempt, events, row } = await storedAttempt(store, attemptId)
        for (const event of events) expect(AttemptEventSchema.parse(event)).toEqual(event)
        expect(withoutReplies(evolveAll(readyAttempt(row.setup), events))).toEqual(withoutReplies(attempt))
        expect(row.head).toEqual({ ...headOf(attempt), seq: row.head.seq })
      }
    })

    it('has its scores item by item, the very ones that a scoring of today would give', async () => {
      for (const { attemptId, items } of [told.released, told.contact, told.late]) {
        const scored = await itemScoresOf(store.read, attemptId)
        const byItem = (a: { itemId: string }, b: { itemId: string }) => (a.itemId < b.itemId ? -1 : 1)
        expect(
          scored.map(({ itemId, credit, points, origin }) => ({ itemId, credit, points, origin })).sort(byItem),
        ).toEqual([...items].sort(byItem))
        // The same to the last part and digit: otherwise there would be another score.
        const rows = await store.read.q.select().from(store.read.t.scores)
        await scoreAttempt(deps, attemptId)
        expect(await store.read.q.select().from(store.read.t.scores)).toHaveLength(rows.length)
      }
      // Two thirds of the way, in the order of the rubric.
      expect(
        (await itemScoresOf(store.read, told.contact.attemptId)).map(({ itemId, credit }) => [itemId, credit]),
      ).toEqual([
        ['words', 0],
        ['identity', 1 / 3],
        ['ending', 2 / 3],
      ])
      const evidence = await openEvidence(deps, staff('admin'), told.released.attemptId, 'en', now)
      expect(evidence?.score).toMatchObject({ number: 2 })
      expect(evidence?.items.map(({ late }) => late)).toEqual([false, false, false])
    })

    it('gives the receipts that it gave', async () => {
      for (const { attemptId, receipt } of [told.released, told.late])
        expect(await receiptFor(store.read, deps, attemptId)).toEqual(receipt)
    })

    it('has every late text under the number of its event, and staff can decide on the one that is open', async () => {
      const { quarantined, events } = await storedAttempt(store, told.late.attemptId)
      const arrived = events.flatMap((event) => (event.type === 'answer_quarantined' ? [event] : []))
      expect(arrived.map(({ mutationId, hasText }) => [mutationId, hasText])).toEqual([
        ['late-counted-fr-short', true],
        ['late-refused-fr-short', true],
        ['late-open-fr-short', true],
        ['late-taken-back-fr-short', false],
      ])
      expect(quarantined.map(({ seq, contentHash, decision }) => [seq, contentHash, decision])).toEqual(
        arrived.slice(0, 3).map(({ seq, contentHash }, i) => [seq, contentHash, ['counted', 'not_counted', null][i]]),
      )
      expect(quarantined[2]?.response).toEqual({ kind: 'short_text', text: '您好，晚了一点' })
      const input = {
        attemptId: told.late.attemptId,
        seq: quarantined[2]?.seq ?? 0,
        decision: 'not_counted' as const,
        reason: 'Too late.',
      }
      expect(await decideLateText(deps, staff('supervisor'), input, now)).toEqual({ ok: true, value: true })
    })

    it('lets a running attempt go on: its ledger, the next answer, and the clock that staff confirm', async () => {
      const { attemptId } = told.running
      const { row, attempt } = await storedAttempt(store, attemptId)
      const ledger = await ledgerForCandidate(deps, row, 'en', now)
      expect(
        ledger.filter(({ kind }) => kind === 'disconnected' || kind === 'reconnected').map(({ kind }) => kind),
      ).toEqual(['disconnected', 'reconnected', 'disconnected'])
      for (const entry of ledger) if (entry.kind === 'reconnected') expect(entry.lengthMs).toBeGreaterThan(0)
      // 30 minutes, 10 more by the accommodation, 3 by staff, and a break of one minute; each clock that was set ahead
      // gives its step back.
      const stepped = ledger.reduce((sum, entry) => sum + (entry.kind === 'clock_confirmed' ? entry.givenBackMs : 0), 0)
      expect(headDeadlineAt(headOf(attempt), now)).toBe((attempt.startedAt ?? 0) + 44 * MINUTE + stepped)

      const mutation = {
        mutationId: 'after',
        itemId: 'fr-short',
        baseRevision: 1,
        response: { kind: 'short_text' as const, text: 'still here' },
      }
      const saved = await saveAnswers(
        deps,
        candidate(told.running),
        { attemptId, epoch: 1, mutations: [mutation] },
        now,
      )
      expect(saved).toMatchObject({ ok: true, value: { reply: { results: [{ result: 'accepted', revision: 2 }] } } })

      const alarm = await clockAlarmView(deps, now)
      if (!alarm) throw new Error('the alarm is gone')
      expect(await acceptClock(deps, staff('admin'), alarm, now)).toEqual({ ok: true, value: true })
      await createRunner(deps, { handlers: jobHandlers }).drain()
      expect((await storedAttempt(store, attemptId)).events.at(-1)).toMatchObject({
        type: 'clock_confirmed',
        alarmId: alarm.alarmId,
      })
    })

    it('admits nobody twice by one identity check, and locks nobody out', async () => {
      const checks = async () =>
        new Map(
          (await listIdentityChecks(deps, staff('supervisor'))).map((check) => [
            `${check.enrolmentId} ${check.number}`,
            [check.status, check.used],
          ]),
        )
      expect(await checks()).toEqual(
        new Map([
          [`${told.waiting.enrolmentId} 1`, ['waiting', false]],
          [`${told.running.enrolmentId} 1`, ['confirmed', true]],
          [`${told.checked.enrolmentId} 1`, ['confirmed_in_person', false]],
          [`${told.late.enrolmentId} 1`, ['confirmed_in_person', true]],
        ]),
      )
      const start = (actor: Actor) => startAttempt(deps, actor, { stageId: 'test', locale: 'en' }, now)
      expect(await start(candidate(told.checked))).toMatchObject({ ok: true })
      expect((await checks()).get(`${told.checked.enrolmentId} 1`)).toEqual(['confirmed_in_person', true])
      // The second attempt on the confirmation of the first one.
      expect(await start(candidate(told.late))).toMatchObject({ ok: false, error: { code: 'start.identity_first' } })
      expect(await requestIdentityCheck(deps, candidate(told.late), 'test', now)).toEqual({ ok: true, value: true })
      expect((await checks()).get(`${told.late.enrolmentId} 2`)).toEqual(['waiting', false])
      expect(await attemptsOfEnrolment(store.read, told.late.enrolmentId)).toHaveLength(1)
    })
  })
})

/** Earlier versions remembered more replies of each answer. */
const withoutReplies = (attempt: Attempt) => ({
  ...attempt,
  answers: Object.fromEntries(
    Object.entries(attempt.answers).map(([itemId, { replies: _, ...answer }]) => [itemId, answer]),
  ),
})
