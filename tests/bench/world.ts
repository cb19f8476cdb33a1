/**
 * Makes the data folder that the benchmark's server runs on: candidates with running attempts of 32 items, and their
 * session tokens.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Actor } from '../../app/core/access/actor.ts'
import { canonicalResponse } from '../../app/core/attempt/receipt.ts'
import { readConfig } from '../../app/server/config.server.ts'
import { createDeps, migrateFor } from '../../app/server/deps.server.ts'
import { startAttempt } from '../../app/services/attempt/start.server.ts'
import { importBanks } from '../../app/services/content/bank-import.server.ts'
import { currentContent } from '../../app/services/content/versions.server.ts'
import { acknowledgeNotice } from '../../app/services/enrolment/consents.server.ts'
import { invite } from '../../app/services/enrolment/invitations.server.ts'
import { addPerson } from '../../app/services/people/people.server.ts'
import { createSession } from '../../app/services/people/sessions.server.ts'
import { answersOf, attemptRow } from '../../db/repositories/attempts.server.ts'
import { insertVersion, upsertHead } from '../../db/repositories/content.server.ts'
import type { JsonObject } from '../../db/tables.server.ts'

const ANSWER = { kind: 'single_choice' as const, optionId: 'a' }

export type BenchCandidate = { attemptId: string; token: string; itemIds: string[]; options: Record<string, string[]> }

const [dataDir, countText, copiesText] = process.argv.slice(2)
if (!dataDir || !countText || !copiesText)
  throw new Error('usage: world.ts <data folder> <candidates> <copies of each attempt>')

const config = readConfig({ POISE_MODE: 'test', DATA_DIR: dataDir }, 'bench')
await migrateFor(config)
const deps = await createDeps(config)
const imported = await importBanks(deps, process.env['BANKS'] ?? 'question-banks')
if (imported.blocked.length > 0) throw new Error('question-banks/ has errors; run npm run bank:check')

/** A programme of one test of 32 choice items, which the shipped programmes do not have. */
async function benchProgramme(): Promise<void> {
  const hiring = await currentContent(deps.store.read, 'programme', 'hiring-loop')
  const stage = hiring?.body.stages[0]
  if (!hiring || !stage) throw new Error('the hiring loop is missing')
  const text = { 'zh-CN': '基准', en: 'Benchmark' }
  const blueprint = {
    id: 'bench-32',
    title: text,
    exposureCap: 1,
    exposureWindow: 50,
    languages: ['zh-CN', 'en'],
    sections: [
      {
        id: 'all',
        title: text,
        count: 32,
        banks: ['five-certificates'],
        kinds: ['single_choice'],
        bounds: [],
        itemsPerPage: 1,
        navigation: 'free',
        minimumSeconds: 0,
      },
    ],
  }
  const programme = {
    ...hiring.body,
    id: 'bench',
    stages: [
      {
        ...stage,
        id: 'bench',
        assessment: {
          kind: 'test',
          blueprint: 'bench-32',
          timeLimitMinutes: 600,
          latencyAllowanceSeconds: 10,
          switchLanguage: true,
        },
      },
    ],
  }
  await deps.store.transact(async (w) => {
    for (const [type, body] of [
      ['blueprint', blueprint],
      ['programme', programme],
    ] as const) {
      const id = deps.ids.id('cv')
      await insertVersion(w, {
        id,
        type,
        contentId: body.id,
        bankId: 'bench',
        number: 1,
        contentHash: deps.secrets.sha256(JSON.stringify(body)),
        body: body as unknown as JsonObject,
        origin: 'editor',
        createdAt: new Date(),
      })
      await upsertHead(w, {
        type,
        contentId: body.id,
        bankId: 'bench',
        versionId: id,
        status: 'active',
        searchText: '',
        updatedAt: new Date(),
      })
    }
  })
}
await benchProgramme()

const now = deps.clock.now()
const staff: Actor = { personId: 'bench-admin', roles: ['admin'], sessionId: 'bench', enrolmentId: null }
const candidates: BenchCandidate[] = []
for (let i = 0; i < Number(countText); i += 1) {
  const person = await addPerson(
    deps,
    staff,
    { displayName: `Bench ${i}`, email: `bench${i}@candidate.example`, roles: ['candidate'] },
    now,
  )
  if (!person.ok) throw new Error(person.error.code)
  const invited = await invite(
    deps,
    staff,
    { personId: person.value.personId, programmeId: 'bench', locale: 'en' },
    now,
  )
  if (!invited.ok) throw new Error(invited.error.code)
  const token = deps.ids.token()
  const actor: Actor = {
    personId: person.value.personId,
    roles: ['candidate'],
    sessionId: deps.secrets.sha256(token),
    enrolmentId: invited.value.enrolmentId,
  }
  await deps.store.transact((w) =>
    createSession(w, deps, {
      token,
      personId: actor.personId,
      origin: 'invitation',
      enrolmentId: actor.enrolmentId,
      now,
    }),
  )
  await acknowledgeNotice(deps, actor, now)
  const started = await startAttempt(deps, actor, { stageId: 'bench', locale: 'en' }, now)
  if (!started.ok) throw new Error(started.error.code)
  const row = await attemptRow(deps.store.read, started.value.attemptId)
  const answers = await answersOf(deps.store.read, started.value.attemptId)
  if (!row) throw new Error('the attempt is missing')
  candidates.push({ attemptId: row.id, token, itemIds: answers.map((answer) => answer.itemId), options: {} })
}
writeFileSync(join(dataDir, 'bench-candidates.json'), JSON.stringify(candidates))
await deps.close()

/**
 * Further running attempts of the same people, all items answered, for handing in: enough of them that the server is
 * warm. Copied row by row, because drawing thousands of forms would take minutes.
 */
function copyAttempts(copies: number): void {
  const db = new Database(join(dataDir as string, 'poise.db'))
  const columnsOf = (table: string): string[] =>
    (db.prepare(`pragma table_info(${table})`).all() as Array<{ name: string }>).map((column) => column.name)
  const copy = (table: string, changed: Record<string, string>) => {
    const columns = columnsOf(table)
    const key = table === 'attempts' ? 'id' : 'attempt_id'
    return db.prepare(
      `insert into ${table} (${columns.join(', ')}) select ${columns.map((name) => changed[name] ?? name).join(', ')} from ${table} where ${key} = :from`,
    )
  }
  const statements = [
    copy('attempts', { id: ':to', ordinal: 'ordinal + :n', setup: 'replace(setup, :from, :to)' }),
    copy('attempt_pulses', { attempt_id: ':to' }),
    copy('attempt_events', { attempt_id: ':to' }),
    copy('forms', { attempt_id: ':to' }),
    copy('form_items', { attempt_id: ':to' }),
    copy('answers', {
      attempt_id: ':to',
      revision: '1',
      content_hash: `'${deps.secrets.sha256(canonicalResponse(ANSWER))}'`,
      response: `'${JSON.stringify(ANSWER)}'`,
      received_at: String(now),
    }),
  ]
  const finishing: Array<{ attemptId: string; token: string }> = []
  db.transaction(() => {
    for (let n = 1; n <= copies; n += 1) {
      for (const { attemptId: from, token } of candidates) {
        const to = `${from}-${n}`
        for (const statement of statements) statement.run({ from, to, n })
        finishing.push({ attemptId: to, token })
      }
    }
  })()
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  writeFileSync(join(dataDir as string, 'bench-finishing.json'), JSON.stringify(finishing))
}
copyAttempts(Number(copiesText))
