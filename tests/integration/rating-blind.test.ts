/** Blindness is a property of the answers that the server gives, so it is looked for in every one of them. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#app/core/access/actor.ts'
import { prepareScenario, startScenario } from '#app/services/rating/mock-scenario-start.server.ts'
import { takeTask } from '#app/services/rating/queue.server.ts'
import { openSheet } from '#app/services/rating/rating-room.server.ts'
import { actOnSheet } from '#app/services/rating/sheet-acts.server.ts'
import { MINUTE, ratingWorld, T0, type RatingWorld } from '#tests/setup/rating-world.ts'

type Handler = (args: never) => Promise<unknown>
type RouteModule = { loader?: Handler; action?: Handler }
const MODULES = import.meta.glob<RouteModule>('../../app/routes/interviewer/*.tsx')

type Rater = Actor & { cookie: string }
const LATER = T0 + 10 * MINUTE
let world: RatingWorld
let anna: Rater
let ben: Rater
let person: Awaited<ReturnType<RatingWorld['handedIn']>>
let annaSheet: string
let benSheet: string
let contactId: string
let taskId: string

beforeAll(async () => {
  world = await ratingWorld()
  ;[anna, ben] = [await world.rater('anna'), await world.rater('ben')]
  person = await world.handedIn('Wilhelmina')
  await world.handedIn('Xiaowen')
  taskId = (await world.tasks(person.attemptId)).get('st-beh')?.id ?? ''
  await world.deps.store.transact(
    async (w) =>
      void (await w.q.update(w.t.ratingTasks).set({ sheetsWanted: 2 }).where(eq(w.t.ratingTasks.id, taskId))),
  )
  const taken = await Promise.all([takeTask(world.deps, anna, taskId, LATER), takeTask(world.deps, ben, taskId, LATER)])
  ;[annaSheet, benSheet] = taken.map((result) => (result.ok ? result.value.sheetId : '')) as [string, string]
  // Anna has said what there is to say, with words that nobody else would use, and has handed in.
  const opened = await openSheet(world.deps, anna, annaSheet, 'en', LATER)
  if (!opened.ok || opened.value.contactId !== null) throw new Error('no room')
  const subject = { attemptId: opened.value.room.attemptId, subjectHash: opened.value.room.subjectHash }
  await actOnSheet(
    world.deps,
    anna,
    annaSheet,
    subject,
    { type: 'mark', criterionId: 'feeling', level: 4, notApplicable: false },
    LATER,
  )
  await actOnSheet(
    world.deps,
    anna,
    annaSheet,
    subject,
    { type: 'mark', criterionId: 'clear', level: 2, notApplicable: false },
    LATER,
  )
  await actOnSheet(
    world.deps,
    anna,
    annaSheet,
    subject,
    { type: 'evidence', criterionId: 'feeling', polarity: 'for', quote: '他没有再投诉' },
    LATER,
  )
  await actOnSheet(
    world.deps,
    anna,
    annaSheet,
    subject,
    { type: 'comment', criterionId: 'clear', text: 'ANNA-COMMENT' },
    LATER,
  )
  const after = await openSheet(world.deps, anna, annaSheet, 'en', LATER)
  if (!after.ok || after.value.contactId !== null) throw new Error('no room')
  const done = await actOnSheet(
    world.deps,
    anna,
    annaSheet,
    subject,
    { type: 'submit', seq: after.value.room.seq },
    LATER,
  )
  expect(done.ok).toBe(true)
  const prepared = await prepareScenario(
    world.deps,
    anna,
    { enrolmentId: person.enrolmentId, stageId: 'mock' },
    'en',
    LATER,
  )
  const started = await startScenario(
    world.deps,
    anna,
    { enrolmentId: person.enrolmentId, stageId: 'mock', versionId: prepared?.versionId ?? '' },
    'en',
    LATER,
  )
  contactId = started.ok ? started.value.contactId : ''
})
afterAll(() => world.cleanup())

/** Everything that a request gets back: status, headers, body. */
async function ask(
  handler: Handler | undefined,
  rater: Rater | null,
  path: string,
  params: Record<string, string>,
  form?: Record<string, string>,
): Promise<{ status: number; text: string }> {
  if (!handler) throw new Error(`${path} has no handler`)
  const request = new Request(`http://127.0.0.1:3000${path}`, {
    headers: { ...(rater ? { cookie: rater.cookie } : {}) },
    ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
  })
  const context = {
    deps: world.deps,
    receivedAt: LATER,
    nonce: '',
    clientAddress: '127.0.0.1',
    closeSignal: new AbortController().signal,
  }
  let reply: unknown
  try {
    reply = await handler({ request, params, context } as never)
  } catch (thrown) {
    reply = thrown
  }
  if (!(reply instanceof Response)) throw reply
  return { status: reply.status, text: `${[...reply.headers].join('\n')}\n${await reply.text()}` }
}

const load = async (name: string): Promise<RouteModule> => {
  const entry = MODULES[`../../app/routes/interviewer/${name}.tsx`]
  if (!entry) throw new Error(`no route ${name}`)
  return entry()
}

test('every page and every act of the room: no name, no address, no other rater', async () => {
  const own = await openSheet(world.deps, ben, benSheet, 'en', LATER)
  if (!own.ok || own.value.contactId !== null) throw new Error('no room')
  const subject = { attemptId: person.attemptId, subjectHash: own.value.room.subjectHash }
  const requests: Array<[string, string, Record<string, string>, Record<string, string>?]> = [
    ['_index', '/interviewer', {}],
    ['queue', '/interviewer/queue', {}],
    ['queue', '/interviewer/queue', {}, { intent: 'take', taskId }],
    ['queue', '/interviewer/queue', {}, { intent: 'next', itemId: 'st-four' }],
    ['queue', '/interviewer/queue', {}, { intent: 'nonsense' }],
    ['sheets.$sheetId', `/interviewer/sheets/${benSheet}`, { sheetId: benSheet }],
    ['sheets.$sheetId', `/interviewer/sheets/${annaSheet}`, { sheetId: annaSheet }],
    [
      'sheets.$sheetId',
      `/interviewer/sheets/${benSheet}`,
      { sheetId: benSheet },
      { ...subject, intent: 'mark', criterionId: 'clear', level: '3', n: '1' },
    ],
    [
      'sheets.$sheetId',
      `/interviewer/sheets/${benSheet}`,
      { sheetId: benSheet },
      { ...subject, intent: 'evidence', criterionId: 'clear', polarity: 'for', quote: '客户很急', n: '2' },
    ],
    [
      'sheets.$sheetId',
      `/interviewer/sheets/${benSheet}`,
      { sheetId: benSheet },
      { ...subject, intent: 'submit', seq: '3' },
    ],
    [
      'sheets.$sheetId',
      `/interviewer/sheets/${annaSheet}`,
      { sheetId: annaSheet },
      { ...subject, intent: 'submit', seq: '5' },
    ],
    ['scenarios._index', '/interviewer/scenarios', {}],
    [
      'scenarios.$enrolmentId.$stageId',
      '/interviewer/scenarios/x/mock',
      { enrolmentId: person.enrolmentId, stageId: 'mock' },
    ],
    [
      'scenarios.$enrolmentId.$stageId',
      '/interviewer/scenarios/x/mock',
      { enrolmentId: person.enrolmentId, stageId: 'mock' },
      { versionId: 'x' },
    ],
    ['contacts.$contactId', `/interviewer/contacts/${contactId}`, { contactId }],
    [
      'contacts.$contactId',
      `/interviewer/contacts/${contactId}`,
      { contactId },
      { intent: 'end', ending: 'completed' },
    ],
    ['kits._index', '/interviewer/kits', {}],
    ['kits.$kitId', '/interviewer/kits/phone-screen', { kitId: 'phone-screen' }],
  ]
  const asked = new Set(requests.map(([name]) => `../../app/routes/interviewer/${name}.tsx`))
  expect([...asked].sort(), 'every route of the room is asked').toEqual(Object.keys(MODULES).sort())
  // Ben's view: nothing of the candidates, nothing of Anna.
  const secrets = [
    'Wilhelmina',
    'Xiaowen',
    'candidate.example',
    person.actor.personId,
    anna.personId,
    annaSheet,
    'ANNA-COMMENT',
    '"feeling","level":4',
    'Rater anna',
    'staff.example',
  ]
  for (const [name, path, params, form] of requests) {
    const module = await load(name)
    const reply = await ask(form ? module.action : module.loader, ben, path, params, form)
    for (const secret of secrets) expect(reply.text, `${name} ${JSON.stringify(form ?? {})}`).not.toContain(secret)
    expect(reply.status, name).not.toBe(500)
  }
  // Her own room shows Anna's words to Anna: the search above would find them.
  const sheet = await load('sheets.$sheetId')
  expect((await ask(sheet.loader, anna, '/x', { sheetId: annaSheet })).text).toContain('ANNA-COMMENT')
  expect((await ask(sheet.loader, ben, '/x', { sheetId: benSheet })).text).toContain('PROBE-ONE')
})

test('what is another rater’s does not exist, and nobody comes in without the role', async () => {
  const [sheet, contact] = [await load('sheets.$sheetId'), await load('contacts.$contactId')]
  expect((await ask(sheet.loader, ben, '/x', { sheetId: annaSheet })).status).toBe(404)
  expect((await ask(contact.loader, ben, '/x', { contactId })).status).toBe(404)
  expect((await ask(contact.action, ben, '/x', { contactId }, { intent: 'hold' })).status).toBe(404)
  for (const [path, entry] of Object.entries(MODULES)) {
    const module = await entry()
    for (const handler of [module.loader, module.action]) {
      if (!handler) continue
      const reply = await ask(
        handler,
        null,
        '/interviewer/x',
        { sheetId: benSheet, contactId, kitId: 'x', enrolmentId: 'x', stageId: 'x' },
        handler === module.action ? {} : undefined,
      )
      expect(reply.status, path).toBe(302)
      expect(reply.text).toContain('/login')
    }
  }
})

test('the queue tells Ben neither that the other place is taken nor by whom', async () => {
  const queue = await load('queue')
  const third = await world.rater('third')
  const reply = await ask(queue.loader, third, '/interviewer/queue', {})
  // Both places of this task are taken: it is simply not there.
  expect(reply.text).not.toContain(taskId)
  for (const secret of [anna.personId, ben.personId, annaSheet, benSheet]) expect(reply.text).not.toContain(secret)
})
