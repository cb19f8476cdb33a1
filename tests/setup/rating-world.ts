// Content, people and a handed-in attempt for the tests of the interviewer's room; all through the product's own
// services.
import type { z } from 'zod'
import type { Actor, Role } from '#app/core/access/actor.ts'
import type { Response as Answer } from '#app/core/bank/response.ts'
import { BlueprintSchema, RubricSchema, type Item, type Rubric } from '#app/core/bank/schema.ts'
import { itemsOfAttempt } from '#app/services/attempt/form.server.ts'
import { saveAnswers } from '#app/services/attempt/saves.server.ts'
import { startAttempt } from '#app/services/attempt/start.server.ts'
import { acknowledgeNotice } from '#app/services/enrolment/consents.server.ts'
import { invite } from '#app/services/enrolment/invitations.server.ts'
import { addPerson } from '#app/services/people/people.server.ts'
import { createSession } from '#app/services/people/sessions.server.ts'
import { scoreAttempt } from '#app/services/results/scoring.server.ts'
import { insertVersion, upsertHead } from '#db/repositories/content.server.ts'
import * as ratings from '#db/repositories/ratings.server.ts'
import type { JsonObject } from '#db/tables.server.ts'
import { both, item, kit, notice, policy, programme, scenario, type Both } from '#tests/fixtures/bank.ts'
import { testDeps, type TestDeps } from './server-deps.ts'

export const T0 = Date.UTC(2026, 10, 14, 9, 0)
export const MINUTE = 60_000

type CriterionInput = Partial<z.input<typeof RubricSchema>['criteria'][number]> & { id: string }
export function rubricOf(id: string, levels: number, criteria: CriterionInput[]): Rubric {
  const anchors = (criterion: string): Both[] =>
    Array.from({ length: levels }, (_, i) => both(`${criterion}第${i + 1}级`, `${criterion} level ${i + 1}`))
  return RubricSchema.parse({
    id,
    title: both(`评分表${id}`, `Rubric ${id}`),
    appliesTo: ['answer', 'contact'],
    levels,
    criteria: criteria.map((criterion) => ({
      title: both(criterion.id, criterion.id),
      competency: 'empathy',
      evidence: 'optional',
      anchors: anchors(criterion.id),
      ...criterion,
    })),
  })
}

export const RUBRICS = [
  rubricOf('quoted', 5, [{ id: 'feeling', evidence: 'required' }, { id: 'clear' }]),
  rubricOf('three', 3, [{ id: 'only' }]),
  rubricOf('four', 4, [{ id: 'only' }]),
  rubricOf('five', 5, [{ id: 'only' }]),
  // Zendesk's example card in small: solution twice the weight, one criterion that may not apply, one that is critical.
  rubricOf('card', 5, [
    { id: 'privacy', critical: { failBelow: 3 } },
    { id: 'solution', weight: 2 },
    { id: 'upsell', notApplicable: true },
  ]),
  rubricOf('call', 5, [{ id: 'identity', critical: { failBelow: 2 } }, { id: 'words' }]),
]

const essay = (id: string, rubric: string): Item =>
  item('essay', {
    id,
    stem: both(`论述${id}`, `Essay ${id}`),
    rubric,
    expected: [both('要点一', 'Point one'), both('要点二', 'Point two')],
    source: { document: 'service-standard', statements: ['SS-10'] },
  } as never)

export const ITEMS: Item[] = [
  item('behavioural', {
    id: 'st-beh',
    stem: both('讲一次经历。', 'Tell of one time.'),
    rubric: 'quoted',
    probes: [both('追问一', 'PROBE-ONE'), both('追问二', 'Probe two'), both('追问三', 'Probe three')],
  } as never),
  item('written_reply', {
    id: 'st-reply',
    stem: both('回信。', 'Reply.'),
    rubric: 'card',
    replyChannel: 'mail',
    policies: ['returns'],
    thread: [{ from: 'customer', text: both('我的水壶呢？', 'Where is my kettle?') }],
    expected: [both('说明时间', 'EXPECTED-ONE'), both('道歉', 'Apology')],
  } as never),
  essay('st-three', 'three'),
  essay('st-four', 'four'),
  essay('st-five', 'five'),
]

const ANSWERS: Record<string, Answer> = {
  'st-beh': {
    kind: 'behavioural',
    situation: '大促那天😀，客户很急。',
    task: '我要安抚他。',
    action: '我先说：您等了三天，换我也急。\r\n然后查单。',
    result: '他没有再投诉。',
  },
  'st-reply': { kind: 'written_reply', subject: 'Your kettle', text: 'You waited three days.\nIt arrives on Friday.' },
}
const answerTo = (id: string): Answer => ANSWERS[id] ?? { kind: 'essay', text: `An essay about ${id}.` }

export type RatingWorld = TestDeps & {
  rater(name: string): Promise<Actor & { cookie: string }>
  /** A candidate who has handed in the written stage. */
  handedIn(
    name: string,
  ): Promise<{ actor: Actor; attemptId: string; enrolmentId: string; email: string; displayName: string }>
  tasks(attemptId: string): Promise<Map<string, ratings.TaskRow>>
}

export async function ratingWorld(): Promise<RatingWorld> {
  const context = await testDeps()
  const { deps } = context
  const put = async (
    type: 'rubric' | 'item' | 'policy' | 'scenario' | 'kit' | 'blueprint' | 'programme' | 'notice',
    body: { id: string },
  ) => {
    const hash = deps.secrets.sha256(JSON.stringify(body))
    await deps.store.transact(async (w) => {
      const made = await insertVersion(w, {
        id: deps.ids.id('cv'),
        type,
        contentId: body.id,
        bankId: 'service-standard',
        number: 1,
        contentHash: hash,
        scoringHash: hash,
        body: body as unknown as JsonObject,
        origin: 'import',
        createdAt: new Date(T0),
      })
      if (made)
        await upsertHead(w, {
          type,
          contentId: body.id,
          bankId: 'service-standard',
          versionId: made.version.id,
          status: 'active',
          searchText: '',
          updatedAt: new Date(T0),
        })
    })
  }
  for (const rubric of RUBRICS) await put('rubric', rubric)
  for (const one of ITEMS) await put('item', one)
  await put('policy', policy())
  await put('scenario', scenario({ rubric: 'call', durationMinutes: 10 }))
  await put('scenario', scenario({ id: 'other-parcel', rubric: 'call', durationMinutes: 10 }))
  await put('kit', kit(both('你能上这些班次吗？', 'Can you work these shifts?')))
  await put('notice', notice())
  await put(
    'blueprint',
    BlueprintSchema.parse({
      id: 'written',
      title: both('书面', 'Written'),
      sections: [{ id: 's1', title: both('部分', 'Part'), count: ITEMS.length, banks: ['service-standard'] }],
    }),
  )
  const stage = {
    attempts: { max: 1, cooldownDays: 0 },
    cutScore: { percent: 50, reason: both('暂定', 'Provisional') },
    whatToExpect: both('书面题', 'Written items'),
  }
  await put(
    'programme',
    programme({
      id: 'hiring',
      stages: [
        {
          ...stage,
          id: 'written',
          title: both('书面', 'Written'),
          assessment: { kind: 'test', blueprint: 'written', timeLimitMinutes: 60 },
        },
        {
          ...stage,
          id: 'mock',
          title: both('模拟', 'Mock'),
          assessment: { kind: 'mock_scenario', scenarios: ['late-parcel', 'other-parcel'], timeLimitMinutes: 30 },
        },
      ],
    }),
  )

  const person = async (displayName: string, email: string, roles: Role[]): Promise<string> => {
    const added = await addPerson(
      deps,
      { personId: 'admin', roles: ['admin'], sessionId: 's', enrolmentId: null },
      { displayName, email, roles },
      T0,
    )
    if (!added.ok) throw new Error(added.error.code)
    return added.value.personId
  }
  return {
    ...context,
    async rater(name) {
      const personId = await person(`Rater ${name}`, `${name}@staff.example`, ['interviewer'])
      const token = deps.ids.token()
      // The session's age is measured by the request's instant, which these tests choose.
      await deps.store.transact((w) =>
        createSession(w, deps, { token, personId, origin: 'password', enrolmentId: null, now: T0 }),
      )
      return {
        personId,
        roles: ['interviewer'],
        sessionId: deps.secrets.sha256(token),
        enrolmentId: null,
        cookie: `poise=${token}`,
      }
    },
    async handedIn(name) {
      const email = `${name}@candidate.example`
      const displayName = `Candidate ${name}`
      const personId = await person(displayName, email, ['candidate'])
      const invited = await invite(
        deps,
        { personId: 'admin' },
        { personId, programmeId: 'hiring', locale: 'zh-CN' },
        T0,
      )
      if (!invited.ok) throw new Error(invited.error.code)
      const { enrolmentId } = invited.value
      const actor: Actor = { personId, roles: ['candidate'], sessionId: `session-${name}`, enrolmentId }
      await acknowledgeNotice(deps, actor, T0)
      const started = await startAttempt(deps, actor, { stageId: 'written', locale: 'zh-CN' }, T0)
      if (!started.ok) throw new Error(started.error.code)
      const { attemptId } = started.value
      const items = await itemsOfAttempt(deps.store, attemptId)
      const mutations = [...items.keys()].map((itemId) => ({
        mutationId: `m-${itemId}`,
        itemId,
        baseRevision: 0,
        response: answerTo(itemId),
      }))
      const saved = await saveAnswers(deps, actor, { attemptId, epoch: 1, mutations, final: true }, T0 + MINUTE)
      if (!saved.ok) throw new Error(saved.error.code)
      await scoreAttempt(deps, attemptId)
      return { actor, attemptId, enrolmentId, email, displayName }
    },
    async tasks(attemptId) {
      return new Map((await ratings.tasksOfAttempt(deps.store.read, attemptId)).map((task) => [task.subjectId, task]))
    },
  }
}
