// People in every state that a route knows, made through the product's own services on a database that can be copied:
// for the route matrix and for the canary.
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerBuild } from '@remix-run/node'
import Database from 'better-sqlite3'
import type { Actor, Role } from '#app/core/access/actor.ts'
import type { Item } from '#app/core/bank/schema.ts'
import { searchTextOf } from '#app/core/bank/search.ts'
import { canonicalJson } from '#app/core/shared/canonical-json.ts'
import { demoAnswer } from '#app/demo/demo-answers.ts'
import { readConfig } from '#app/server/config.server.ts'
import { createDeps, databaseFile, migrateFor, type ServerDeps } from '#app/server/deps.server.ts'
import { hotRoutes } from '#app/server/hot-routes.server.ts'
import { createHttpServer } from '#app/server/http.server.ts'
import { itemsOfAttempt } from '#app/services/attempt/form.server.ts'
import { saveAnswers } from '#app/services/attempt/saves.server.ts'
import { startAttempt } from '#app/services/attempt/start.server.ts'
import { chooseConsents } from '#app/services/candidate/notice.server.ts'
import { requestAccommodation } from '#app/services/candidate/requests.server.ts'
import * as accommodations from '#app/services/enrolment/accommodations.server.ts'
import { acknowledgeNotice } from '#app/services/enrolment/consents.server.ts'
import { invite } from '#app/services/enrolment/invitations.server.ts'
import { createAccount } from '#app/services/people/accounts.server.ts'
import { addPerson } from '#app/services/people/people.server.ts'
import { createSession } from '#app/services/people/sessions.server.ts'
import { prepareScenario, startScenario } from '#app/services/rating/mock-scenario-start.server.ts'
import { takeTask } from '#app/services/rating/queue.server.ts'
import { actOnSheet } from '#app/services/rating/sheet-acts.server.ts'
import { readSheet } from '#app/services/rating/sheet.server.ts'
import { openEvidence } from '#app/services/results/evidence.server.ts'
import { releaseResult } from '#app/services/results/release.server.ts'
import { scoreAttempt } from '#app/services/results/scoring.server.ts'
import { insertVersion, upsertHead, versionHistory, type ContentType } from '#db/repositories/content.server.ts'
import * as ratings from '#db/repositories/ratings.server.ts'
import type { JsonObject } from '#db/tables.server.ts'
import {
  bank,
  blueprint,
  both,
  goodAnchors,
  item,
  kit,
  multipleChoice,
  noticeWithConsent,
  policy,
  programme,
  rubric,
  scenario,
  singleChoice,
  trueFalse,
} from '#tests/fixtures/bank.ts'
import { ROOT } from './poise-server.ts'

const SILENT = { info: () => {}, warn: () => {}, error: () => {} }

// ---- Content: one programme with every kind of section, one scenario, one programme with an identity check ----

export type Content = { type: ContentType; bank: string; body: { id: string } & object }

const rationale = both('说明理由。', 'The reason.')
const steps = (...pairs: string[]) =>
  pairs.map((pair, i) => ({ id: `e${i + 1}`, text: both(`步骤${pair}`, `step ${pair}`) }))

export const SMALL_ITEMS: Array<{ bank: string; item: Item }> = [
  {
    bank: 'mx-free',
    item: singleChoice({}, { id: 'mx-choice', policySearch: true, policy: { id: 'returns', revision: 2 } }),
  },
  {
    bank: 'mx-free',
    item: item('essay', {
      id: 'mx-essay',
      stem: both('写一封道歉信。', 'Write an apology.'),
      rubric: 'empathy',
      expected: [both('道歉', 'regret'), both('步骤', 'a step')],
    } as never),
  },
  {
    bank: 'mx-timed',
    item: item('numeric', {
      id: 'mx-number',
      stem: both('退款多少元？', 'How much is refunded?'),
      key: 42,
      rationale,
    } as never),
  },
  { bank: 'mx-timed', item: multipleChoice({}, { id: 'mx-several' }) },
  { bank: 'mx-forward', item: trueFalse(both('先道歉。', 'Say sorry first.'), true, { id: 'mx-true' }) },
  {
    bank: 'mx-forward',
    item: item('ordering', {
      id: 'mx-order',
      stem: both('排序。', 'Put in order.'),
      elements: steps('甲', '乙', '丙'),
      order: ['e1', 'e2', 'e3'],
      rationale,
    } as never),
  },
  {
    bank: 'mx-forward',
    item: trueFalse(both('可以催促买家。', 'Hurrying a buyer is fine.'), false, { id: 'mx-false' }),
  },
]

const smallStage = (id: string, plan: string, minutes = 30) => ({
  id,
  title: both('小测', 'Small test'),
  whatToExpect: both('几道题。', 'A few items.'),
  assessment: {
    kind: 'test' as const,
    blueprint: plan,
    timeLimitMinutes: minutes,
    latencyAllowanceSeconds: 10,
    switchLanguage: true,
  },
  attempts: { max: 2, cooldownDays: 0 },
  cutScore: { percent: 60, reason: both('暂定。', 'Provisional.') },
})

export function smallContent(): Content[] {
  const plan = blueprint({
    id: 'mx-plan',
    sections: [
      { id: 'free', title: both('自由', 'Free'), count: 2, banks: ['mx-free'] },
      { id: 'timed', title: both('限时', 'Timed'), count: 2, banks: ['mx-timed'], timeLimitMinutes: 10 },
      {
        id: 'forward',
        title: both('单向', 'Forward'),
        count: 3,
        banks: ['mx-forward'],
        itemsPerPage: 1,
        navigation: 'forward_only',
      },
    ],
  })
  const short = blueprint({
    id: 'mx-short-plan',
    sections: [{ id: 'free', title: both('自由', 'Free'), count: 2, banks: ['mx-free'] }],
  })
  const talk = {
    id: 'talk',
    title: both('模拟接待', 'Mock contact'),
    whatToExpect: both('由面试官扮演客户。', 'An interviewer plays a customer.'),
    assessment: { kind: 'mock_scenario' as const, scenarios: ['late-parcel'], timeLimitMinutes: 15 },
    attempts: { max: 1, cooldownDays: 0 },
    cutScore: { percent: 50, reason: both('暂定。', 'Provisional.') },
  }
  const bank1 = 'mx'
  return [
    { type: 'bank', bank: bank1, body: bank(bank1) },
    ...['mx-free', 'mx-timed', 'mx-forward'].map((id): Content => ({ type: 'bank', bank: id, body: bank(id) })),
    ...SMALL_ITEMS.map(({ bank: own, item: body }): Content => ({ type: 'item', bank: own, body })),
    { type: 'item', bank: 'mx-free', body: singleChoice({}, { id: 'mx-practice', practice: true }) },
    { type: 'rubric', bank: 'shared', body: rubric(goodAnchors) },
    { type: 'policy', bank: 'mx-free', body: policy() },
    { type: 'scenario', bank: bank1, body: scenario() },
    { type: 'kit', bank: bank1, body: kit(both('讲一次你安抚客户的经历。', 'Tell of a time you calmed a customer.')) },
    { type: 'notice', bank: 'shared', body: noticeWithConsent() },
    { type: 'blueprint', bank: bank1, body: plan },
    { type: 'blueprint', bank: bank1, body: short },
    {
      type: 'programme',
      bank: bank1,
      body: programme({ id: 'mx-short', stages: [smallStage('test', 'mx-short-plan')] }),
    },
    {
      type: 'programme',
      bank: bank1,
      body: programme({ id: 'mx', practiceItems: ['mx-practice'], stages: [smallStage('test', 'mx-plan'), talk] }),
    },
    {
      type: 'programme',
      bank: bank1,
      body: programme({ id: 'mx-identity', identityCheck: true, stages: [smallStage('test', 'mx-plan')] }),
    },
  ]
}

const sha = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Puts content in use without files. An import that follows does not know it and leaves it alone. */
export async function publish(deps: ServerDeps, contents: readonly Content[]): Promise<void> {
  for (const { type, bank: bankId, body } of contents) {
    const contentHash = sha(canonicalJson(body))
    const at = new Date(deps.clock.now())
    await deps.store.transact(async (w) => {
      const fields = body as { kind?: string; competency?: string }
      // Beside the banks of the product some names are taken already.
      const number = ((await versionHistory(w, type, body.id))[0]?.number ?? 0) + 1
      const stored = await insertVersion(w, {
        id: deps.ids.id('cv'),
        type,
        contentId: body.id,
        bankId,
        number,
        contentHash,
        scoringHash: type === 'item' || type === 'rubric' ? contentHash : null,
        body: body as unknown as JsonObject,
        origin: 'import',
        createdBy: null,
        createdAt: at,
      })
      const versionId = stored?.version.id
      if (versionId === undefined) throw new Error(`${type} ${body.id} was not published`)
      await upsertHead(w, {
        type,
        contentId: body.id,
        bankId,
        versionId,
        status: 'active',
        lastImportedHash: null,
        kind: type === 'item' ? (fields.kind ?? null) : null,
        competency: type === 'item' ? (fields.competency ?? null) : null,
        searchText: searchTextOf(body.id, body as never),
        updatedAt: at,
      })
    })
  }
}

// ---- People ----

export type Person = { actor: Actor; token: string; name: string; email: string; password?: string }
export type Candidate = Person & { enrolmentId: string; invitation: string; attemptId: string; mailId: string }

const must = <T>(result: { ok: true; value: T } | { ok: false; error: { code: string } }, what: string): T => {
  if (!result.ok) throw new Error(`${what}: ${result.error.code}`)
  return result.value
}

/**
 * Makes people through the services. `label` goes into every name and address, so that a leak of one to another can be
 * seen.
 */
export function peopleMaker(deps: ServerDeps, label: (name: string) => string = (name) => name) {
  const root: Actor = { personId: 'root', roles: ['admin'], sessionId: 'root', enrolmentId: null }
  const now = (): number => deps.clock.now()
  async function session(
    personId: string,
    origin: 'password' | 'invitation',
    enrolmentId: string | null,
  ): Promise<string> {
    const token = deps.ids.token()
    await deps.store.transact((w) => createSession(w, deps, { token, personId, origin, enrolmentId, now: now() }))
    return token
  }
  const maker = {
    async staff(name: string, ...roles: Role[]): Promise<Person> {
      const email = `${name}@staff.example`
      const added = must(await addPerson(deps, root, { displayName: label(name), email, roles }, now()), name)
      const token = await session(added.personId, 'password', null)
      return {
        actor: { personId: added.personId, roles, sessionId: deps.secrets.sha256(token), enrolmentId: null },
        token,
        name: label(name),
        email,
      }
    },
    async account(name: string, ...roles: Role[]): Promise<Person> {
      const password = `a long sentence for ${name}`
      const email = `${name}@staff.example`
      const made = must(
        await createAccount(deps, { email, displayName: label(name), password, roles, actorId: null }, now()),
        name,
      )
      const token = await session(made.personId, 'password', null)
      return {
        actor: { personId: made.personId, roles, sessionId: deps.secrets.sha256(token), enrolmentId: null },
        token,
        name: label(name),
        email,
        password,
      }
    },
    async candidate(
      name: string,
      programmeId: string,
      options: { notice?: boolean; roles?: Role[] } = {},
    ): Promise<Candidate> {
      const email = `${name}@candidate.example`
      const added = must(
        await addPerson(
          deps,
          root,
          { displayName: label(name), email, roles: ['candidate', ...(options.roles ?? [])] },
          now(),
        ),
        name,
      )
      const invited = must(
        await invite(deps, root, { personId: added.personId, programmeId, locale: 'en' }, now()),
        name,
      )
      const token = await session(added.personId, 'invitation', invited.enrolmentId)
      const actor: Actor = {
        personId: added.personId,
        roles: ['candidate'],
        sessionId: deps.secrets.sha256(token),
        enrolmentId: invited.enrolmentId,
      }
      if (options.notice !== false) must(await acknowledgeNotice(deps, actor, now()), name)
      return {
        actor,
        token,
        name: label(name),
        email,
        enrolmentId: invited.enrolmentId,
        invitation: invited.token,
        attemptId: '',
        mailId: invited.mailId,
      }
    },
    /** A password session of somebody who is a candidate elsewhere. */
    async staffSessionOf(person: Person, ...roles: Role[]): Promise<Person> {
      const token = await session(person.actor.personId, 'password', null)
      return {
        ...person,
        token,
        actor: { personId: person.actor.personId, roles, sessionId: deps.secrets.sha256(token), enrolmentId: null },
      }
    },
    async start(candidate: Candidate, stageId = 'test'): Promise<Candidate> {
      const { attemptId } = must(
        await startAttempt(deps, candidate.actor, { stageId, locale: 'en' }, now()),
        `start of ${candidate.name}`,
      )
      return { ...candidate, attemptId }
    },
    /**
     * Answers everything and hands in; gated sections are passed by the clock's own rules, so only what is open is
     * answered.
     */
    async handIn(candidate: Candidate, answer = (one: Item) => demoAnswer(one, candidate.name)): Promise<void> {
      const items = await itemsOfAttempt(deps.store, candidate.attemptId)
      const mutations = [...items.values()].map((one) => ({
        mutationId: `m-${one.id}`,
        itemId: one.id,
        baseRevision: 0,
        response: answer(one),
      }))
      must(
        await saveAnswers(deps, candidate.actor, { attemptId: candidate.attemptId, epoch: 1, mutations }, now()),
        'save',
      )
      must(
        await saveAnswers(
          deps,
          candidate.actor,
          { attemptId: candidate.attemptId, epoch: 1, mutations: [], final: true },
          now(),
        ),
        'submit',
      )
      await scoreAttempt(deps, candidate.attemptId)
    },
    async tasksOf(attemptId: string) {
      return ratings.tasksOfAttempt(deps.store.read, attemptId)
    },
    async take(rater: Person, taskId: string): Promise<string> {
      return must(await takeTask(deps, rater.actor, taskId, now()), 'take').sheetId
    },
    /** Rates every criterion with the level, with a note as evidence. */
    async rate(rater: Person, sheetId: string, level: number, quote: string): Promise<void> {
      const read = await readSheet(deps, rater.actor, sheetId, 'en')
      if (!read) throw new Error('no such sheet')
      const subject = await subjectOf(deps, sheetId)
      for (const criterion of read.view.rubric.criteria) {
        must(
          await actOnSheet(
            deps,
            rater.actor,
            sheetId,
            subject,
            { type: 'mark', criterionId: criterion.id, level, notApplicable: false },
            now(),
          ),
          'mark',
        )
        must(
          await actOnSheet(
            deps,
            rater.actor,
            sheetId,
            subject,
            { type: 'evidence', criterionId: criterion.id, polarity: 'for', quote },
            now(),
          ),
          'evidence',
        )
        must(
          await actOnSheet(
            deps,
            rater.actor,
            sheetId,
            subject,
            { type: 'comment', criterionId: criterion.id, text: label(`comment on ${criterion.id}`) },
            now(),
          ),
          'comment',
        )
      }
    },
    async submitSheet(rater: Person, sheetId: string): Promise<void> {
      const read = await readSheet(deps, rater.actor, sheetId, 'en')
      must(
        await actOnSheet(
          deps,
          rater.actor,
          sheetId,
          await subjectOf(deps, sheetId),
          { type: 'submit', seq: read?.view.seq ?? 0 },
          now(),
        ),
        'submit sheet',
      )
    },
    async release(admin: Person, attemptId: string): Promise<void> {
      const seen = await openEvidence(deps, admin.actor, attemptId, 'en', now())
      must(
        await releaseResult(
          deps,
          admin.actor,
          { attemptId, outcome: 'passed', scoreNumber: seen?.score?.number ?? 0, reason: label('why it was released') },
          now(),
        ),
        'release',
      )
    },
    async playScenario(interviewer: Person, candidate: Candidate, stageId = 'talk'): Promise<string> {
      const prepared = await prepareScenario(
        deps,
        interviewer.actor,
        { enrolmentId: candidate.enrolmentId, stageId },
        'en',
        now(),
      )
      return must(
        await startScenario(
          deps,
          interviewer.actor,
          { enrolmentId: candidate.enrolmentId, stageId, versionId: prepared?.versionId ?? '' },
          'en',
          now(),
        ),
        'scenario',
      ).contactId
    },
    async askAccommodation(candidate: Candidate, reason: string): Promise<void> {
      must(await requestAccommodation(deps, candidate.actor, reason, now()), 'accommodation')
    },
    async grantAccommodation(officer: Person, over: Partial<accommodations.AccommodationDecision> = {}): Promise<void> {
      const open = (await accommodations.listAccommodations(deps, officer.actor)).find(
        (row) => row.status === 'requested',
      )
      must(
        await accommodations.decide(
          deps,
          officer.actor,
          {
            accommodationId: open?.id ?? '',
            decision: 'granted',
            factor: 1,
            extraMinutes: 0,
            unlimited: false,
            breakMinutes: 10,
            answer: 'Granted.',
            ...over,
          },
          now(),
        ),
        'grant',
      )
    },
    consents: async (candidate: Candidate, given: string[]) =>
      must(await chooseConsents(deps, candidate.actor, given, now()), 'consents'),
  }
  return maker
}

/** What a rater's page names with every act: the attempt, and the hash of the answer or the contact. */
export async function subjectOf(
  deps: ServerDeps,
  sheetId: string,
): Promise<{ attemptId: string; subjectHash: string }> {
  const sheet = await ratings.sheetById(deps.store.read, sheetId)
  const task = sheet && (await ratings.taskById(deps.store.read, sheet.taskId))
  if (!task) throw new Error('no such sheet')
  if (task.subjectType === 'contact') return { attemptId: task.attemptId, subjectHash: task.subjectId }
  const { q, t } = deps.store.read
  const rows = await q.select().from(t.answers)
  return {
    attemptId: task.attemptId,
    subjectHash:
      rows.find((row) => row.attemptId === task.attemptId && row.itemId === task.subjectId)?.contentHash ?? '',
  }
}

// ---- The server, in this process, on a copy ----

const PORT = 0

export type Running = { deps: ServerDeps; url: string; file: string; stop(): Promise<void> }

let loaded: Promise<ServerBuild> | null = null
/** The routes as they are built and served. */
export async function remixBuild(): Promise<ServerBuild> {
  loaded ??= import(/* @vite-ignore */ join(ROOT, 'build/server/index.js')) as Promise<ServerBuild>
  return loaded
}

export async function emptyWorld(): Promise<{ deps: ServerDeps; dataDir: string; close(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'poise-matrix-'))
  const config = readConfig({ POISE_MODE: 'test', PORT: String(PORT), DATA_DIR: dataDir }, '0.0.0-test')
  await migrateFor(config)
  const deps = await createDeps(config, { log: SILENT })
  return { deps, dataDir, close: () => deps.close() }
}

/** Serves a copy of the data: nothing runs but what a request asks for. */
export async function serveCopy(of: string, build?: ServerBuild, place = tmpdir()): Promise<Running> {
  const dataDir = mkdtempSync(join(place, 'poise-copy-'))
  cpSync(of, dataDir, { recursive: true })
  const config = readConfig({ POISE_MODE: 'test', PORT: String(PORT), DATA_DIR: dataDir }, '0.0.0-test')
  const deps = await createDeps(config, { log: SILENT })
  const server = createHttpServer(deps, {
    remixBuild: build ?? (await remixBuild()),
    staticDir: join(ROOT, 'build/client'),
    hotRoutes,
  })
  const { url } = await server.listen()
  return {
    deps,
    url,
    file: databaseFile(config),
    async stop() {
      await server.stop(1_000)
      await deps.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** A hash over every row of every table. `passOver` names what reading alone may change. */
export function databaseHash(file: string): string {
  const db = new Database(file, { readonly: true })
  try {
    const hash = createHash('sha256')
    const tables = db
      .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name")
      .all() as Array<{ name: string }>
    for (const { name } of tables) {
      const columns = (db.prepare(`pragma table_info("${name}")`).all() as Array<{ name: string }>)
        .map((column) => column.name)
        .filter((column) => !(name === 'sessions' && column === 'last_seen_at'))
      const rows = db
        .prepare(`select ${columns.map((column) => `"${column}"`).join(', ')} from "${name}" order by 1, 2`)
        .raw()
        .all()
      hash.update(`${name}\n`)
      for (const row of rows) hash.update(`${JSON.stringify(row)}\n`)
    }
    return hash.digest('hex')
  } finally {
    db.close()
  }
}
