// Nothing of a key, a rationale, a rubric, a fact card, an unreleased score or another person reaches a candidate. All
// that is secret bears a mark; the test fetches all that a candidate can fetch, in both languages, before, during and
// after an attempt, and looks for the marks.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { json, type ServerBuild } from '@remix-run/node'
import { eq } from 'drizzle-orm'
import { matchRoutes } from 'react-router'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Item } from '#app/core/bank/schema.ts'
import { ITEM_KINDS } from '#app/core/bank/vocabulary.ts'
import { demoAnswer } from '#app/demo/demo-answers.ts'
import type { ServerDeps } from '#app/server/deps.server.ts'
import { staffAct } from '#app/services/attempt/acts.server.ts'
import { itemsOfAttempt } from '#app/services/attempt/form.server.ts'
import { readBankFiles } from '#app/services/content/bank-files.server.ts'
import { currentContent } from '#app/services/content/versions.server.ts'
import { acknowledgeNotice } from '#app/services/enrolment/consents.server.ts'
import { actOnContact } from '#app/services/rating/contact-acts.server.ts'
import { scoreAttempt } from '#app/services/results/scoring.server.ts'
import { blueprint, both, programme } from '#tests/fixtures/bank.ts'
import { createCanary, type Canary } from '#tests/setup/matrix-canary.ts'
import {
  emptyWorld,
  peopleMaker,
  publish,
  remixBuild,
  serveCopy,
  type Candidate,
  type Person,
  type Running,
} from '#tests/setup/matrix-world.ts'
import { ensureBuilt, ROOT } from '#tests/setup/poise-server.ts'

const LOCALES = ['zh-CN', 'en'] as const
/** Names under which only staff is told something. They must not even be there empty. */
const SECRET_FIELDS =
  /"(rationale|rationales|effectiveness|accepted|tolerance|probes|expected|anchors|factCard|givesInWhen|doesNotKnow|disclose|enemies|difficulty|experts|scoringHash|cutScore|failBelow|percent|criticalFailure|otherCandidates)"\s*:/g

let canary: Canary
let dataDir = ''
let main: Candidate
let other: Candidate
let staff: { rater: Person; supervisor: Person }
let ids: {
  contact: string
  sheet: string
  items: string[]
  mainAttempt: string
  otherAttempt: string
  versions: string[]
}

/** An answer that the mark of its author stands in, wherever there is room for text. */
function markedAnswer(item: Item, mark: string) {
  const answer = demoAnswer(item, 'canary')
  switch (answer.kind) {
    case 'essay':
    case 'written_reply':
    case 'short_text':
      return { ...answer, text: `${answer.text.slice(0, 20)} ${mark}`.slice(0, 60) }
    case 'behavioural':
      return { ...answer, action: `${answer.action} ${mark}` }
    default:
      return answer
  }
}

/** The candidate's own answers know no secret. */
function ownAnswer(item: Item) {
  const answer = demoAnswer(item, 'main')
  if (answer.kind === 'short_text') return { ...answer, text: 'my own words' }
  if (answer.kind === 'numeric') return { ...answer, text: '7' }
  if (answer.kind === 'cloze')
    return {
      ...answer,
      gaps: Object.fromEntries(
        Object.keys(answer.gaps).map((id) => [
          id,
          item.kind === 'cloze' && item.gaps.find((gap) => gap.id === id)?.type === 'typed'
            ? 'mine'
            : (answer.gaps[id] ?? ''),
        ]),
      ),
    }
  return answer
}

/** One programme over every kind that the banks hold, and a mock scenario. */
async function canaryProgramme(deps: ServerDeps): Promise<void> {
  const { set } = await readBankFiles(join(ROOT, 'question-banks'))
  await publish(deps, canary.marked(set))
  const banks = set.banks.map(({ value }) => value.id)
  const kinds = ITEM_KINDS.filter((kind) => set.items.some(({ value }) => value.kind === kind && !value.practice))
  const plan = blueprint({
    id: 'canary-plan',
    sections: kinds.map((kind) => ({
      id: kind,
      title: both('部分', `Section ${kind}`),
      count: Math.min(4, set.items.filter(({ value }) => value.kind === kind && !value.practice).length),
      banks,
      kinds: [kind],
      itemsPerPage: 2,
    })),
  })
  const cut = {
    percent: canary.number(61, 'cut score'),
    reason: both(`暂定 ${canary.mark('cut score zh')}`, `Provisional ${canary.mark('cut score en')}`),
  }
  const practice = set.items.filter(({ value }) => value.practice).map(({ value }) => value.id)
  const course = programme({
    id: 'canary',
    practiceItems: practice,
    notice: set.notices[0]!.value.id,
    stages: [
      {
        id: 'all',
        title: both('全部', 'Everything'),
        whatToExpect: both('各种题型。', 'Every kind.'),
        assessment: { kind: 'test', blueprint: 'canary-plan', timeLimitMinutes: 90, switchLanguage: true },
        attempts: { max: 2, cooldownDays: 0 },
        cutScore: cut,
      },
      {
        id: 'talk',
        title: both('模拟', 'Mock'),
        whatToExpect: both('扮演。', 'Played.'),
        assessment: {
          kind: 'mock_scenario',
          scenarios: set.scenarios.map(({ value }) => value.id),
          timeLimitMinutes: 30,
        },
        attempts: { max: 1, cooldownDays: 0 },
        cutScore: cut,
      },
    ],
  })
  await publish(deps, [
    { type: 'blueprint', bank: 'canary', body: plan },
    { type: 'programme', bank: 'canary', body: course },
  ])
}

beforeAll(async () => {
  await ensureBuilt()
  canary = createCanary()
  const { deps, dataDir: made, close } = await emptyWorld()
  dataDir = made
  await canaryProgramme(deps)
  const make = peopleMaker(deps)
  const strangers = (what: string): string => `${what}${canary.mark(`name and address of ${what}`)}`
  staff = {
    rater: await make.staff(strangers('rater'), 'interviewer'),
    supervisor: await make.staff(strangers('supervisor'), 'supervisor', 'admin', 'accommodation_officer'),
  }
  main = await make.candidate('main', 'canary', { notice: false })
  // Somebody else with everything that a person can leave behind.
  other = await make.candidate(strangers('other'), 'canary')
  await make.askAccommodation(other, `because ${canary.mark('reason of an accommodation')}`)
  await make.grantAccommodation(staff.supervisor, { answer: `granted ${canary.mark('answer to an accommodation')}` })
  other = await make.start(other, 'all')
  const answer = canary.mark('answer of somebody else')
  await make.handIn(other, (item) => markedAnswer(item, answer) as never)
  const [task] = await make.tasksOf(other.attemptId)
  const sheet = await make.take(staff.rater, task!.id)
  await make.rate(staff.rater, sheet, 2, answer)
  ids = { contact: '', sheet, items: [], mainAttempt: '', otherAttempt: other.attemptId, versions: [] }
  const { q, t } = deps.store.read
  ids.versions = (await q.select({ id: t.contentVersions.id }).from(t.contentVersions).limit(3)).map((row) => row.id)
  await close()
}, 240_000)
afterAll(() => {
  if (dataDir) rmSync(dataDir, { recursive: true, force: true })
})

// ---- Fetching all that can be fetched ----

type Seen = { url: string; text: string }
type Reader = {
  get(path: string): Promise<void>
  post(path: string, body: unknown, type?: 'json' | 'form'): Promise<void>
  seen: Seen[]
}

function reader(running: Running, cookie: string): Reader {
  const seen: Seen[] = []
  const headers = { cookie, 'sec-fetch-site': 'same-origin', accept: 'text/html,application/json' }
  const keep = async (name: string, response: Response): Promise<void> =>
    void seen.push({ url: name, text: `${[...response.headers].join('\n')}\n${await response.text()}` })
  return {
    seen,
    get: async (path) => keep(path, await fetch(running.url + path, { headers, redirect: 'manual' })),
    async post(path, body, type = 'json') {
      const sent =
        type === 'json' ? JSON.stringify(body) : new URLSearchParams(body as Record<string, string>).toString()
      await keep(
        `POST ${path}`,
        await fetch(running.url + path, {
          method: 'POST',
          headers: {
            ...headers,
            'content-type': type === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
          },
          body: sent,
          redirect: 'manual',
        }),
      )
    },
  }
}

type Route = { id: string; path?: string; index?: boolean; children: Route[] }
function tree(build: ServerBuild, parentId?: string): Route[] {
  return Object.values(build.routes)
    .filter((route) => route !== undefined && route.parentId === parentId)
    .map((route) => ({
      id: route!.id,
      ...(route!.path === undefined ? {} : { path: route!.path }),
      ...(route!.index ? { index: true } : {}),
      children: tree(build, route!.id),
    }))
}

/** Whatever could stand in an address, by the name of the parameter. */
function parameters(): Record<string, string[]> {
  return {
    token: [main.invitation, 'nothing'],
    stageId: ['all', 'talk'],
    attemptId: [ids.mainAttempt, ids.otherAttempt].filter(Boolean),
    enrolmentId: [main.enrolmentId, other.enrolmentId],
    personId: [other.actor.personId, main.actor.personId],
    sheetId: [ids.sheet],
    contactId: [ids.contact].filter(Boolean),
    itemId: ids.items.slice(0, 2),
    kitId: ['phone-screen'],
    versionId: ids.versions,
  }
}

/** Every address of the route table, its parameters filled with what exists. */
function addresses(build: ServerBuild): string[] {
  const known = parameters()
  const fill = (path: string): string[] => {
    const name = /:(\w+)\??/.exec(path)
    if (!name) return [path]
    return (known[name[1] ?? ''] ?? ['x']).flatMap((value) => fill(path.replace(name[0], encodeURIComponent(value))))
  }
  const list = (routes: Route[], base: string): string[] =>
    routes.flatMap((route) => [
      ...(route.path !== undefined || route.index ? fill(`${base}/${route.path ?? ''}`.replace(/\/+/g, '/')) : []),
      ...list(route.children, `${base}/${route.path ?? ''}`),
    ])
  return [...new Set(list(tree(build), '').map((path) => path.replace(/(.)\/$/, '$1')))]
}

async function crawl(running: Running, build: ServerBuild): Promise<Seen[]> {
  const all: Seen[] = []
  const routes = tree(build)
  for (const locale of LOCALES) {
    const read = reader(running, `poise=${main.token}; lang=${locale}`)
    const queue = [...addresses(build), ...(ids.mainAttempt ? attemptAddresses() : [])]
    const known = new Set(queue)
    const datas = new Set<string>()
    while (queue.length > 0) {
      const path = queue.shift()!
      await read.get(path)
      // The same by script: each route of the branch, parents too.
      const url = new URL(path, running.url)
      for (const { route } of matchRoutes(routes as never, url.pathname) ?? []) {
        const data = new URL(url)
        data.searchParams.set('_data', route.id!)
        if (!datas.has(data.href)) await read.get(data.pathname + data.search)
        datas.add(data.href)
      }
      for (const [, href] of read.seen
        .find((one) => one.url === path)
        ?.text.matchAll(/(?:href|action)="(\/[^"#]*)"/g) ?? []) {
        const link = (href ?? '').replaceAll('&amp;', '&')
        if (link.startsWith('/assets/') || known.has(link) || known.size > 400) continue
        known.add(link)
        queue.push(link)
      }
    }
    // Any loader under any address of the candidate's.
    for (const id of Object.keys(build.routes))
      for (const path of [
        '/candidate',
        ids.mainAttempt ? `/candidate/attempt/${ids.mainAttempt}` : '/candidate/stage/all',
      ])
        await read.get(`${path}?_data=${encodeURIComponent(id)}`)
    if (ids.mainAttempt) await speak(running, read)
    all.push(...read.seen)
  }
  return all
}

const attemptAddresses = (): string[] => [
  ...ids.items.map((id) => `/candidate/attempt/${ids.mainAttempt}?item=${id}`),
  `/candidate/attempt/${ids.mainAttempt}?q=refund`,
  `/candidate/attempt/${ids.mainAttempt}?q=%E9%80%80%E6%AC%BE`,
  ...['refund', 'identity', '退款', '核验', 'cnry'].map(
    (word) => `/resources/policies?attempt=${ids.mainAttempt}&q=${encodeURIComponent(word)}`,
  ),
  `/api/attempts/${ids.mainAttempt}/draft-key`,
  `/api/attempts/${ids.otherAttempt}/draft-key`,
  `/api/attempts/${ids.otherAttempt}/events`,
  '/api/room/events',
]

/**
 * What the endpoints answer: to a save that fits, one that conflicts, one that is refused, one that is not of the
 * protocol.
 */
async function speak(running: Running, read: Reader): Promise<void> {
  const items = await itemsOfAttempt(running.deps.store, ids.mainAttempt)
  const mutation = (item: Item, baseRevision: number, n: string) => ({
    mutationId: `speak-${n}-${item.id}`,
    itemId: item.id,
    baseRevision,
    response: ownAnswer(item),
  })
  const chosen = [...items.values()].slice(0, 30)
  for (const [n, base] of [
    ['a', 0],
    ['b', 7],
  ] as const)
    await read.post('/api/attempts/save', {
      attemptId: ids.mainAttempt,
      epoch: 1,
      mutations: chosen.map((item) => mutation(item, base, n)),
    })
  await read.post('/api/attempts/save', {
    attemptId: ids.mainAttempt,
    epoch: 1,
    mutations: chosen
      .slice(0, 3)
      .map((item) => ({ ...mutation(item, 0, 'c'), response: { kind: 'essay', text: 'x' } })),
  })
  await read.post('/api/attempts/save', { attemptId: ids.otherAttempt, epoch: 1, mutations: [] })
  await read.post('/api/attempts/save', { nonsense: true })
  await read.post('/api/attempts/heartbeat', { attemptId: ids.mainAttempt, epoch: 1 })
  await read.post(
    `/candidate/attempt/${ids.mainAttempt}`,
    { go: 'next', epoch: '1', at: ids.items[0] ?? '', items: ids.items[0] ?? '', [`base/${ids.items[0]}`]: '5' },
    'form',
  )
  await read.post(
    `/candidate/attempt/${ids.mainAttempt}?_data=routes%2Fcandidate%2Fattempt.%24attemptId`,
    { go: 'search', q: 'refund', epoch: '1', at: ids.items[0] ?? '', items: '' },
    'form',
  )
  read.seen.push({ url: 'events', text: await events(running) })
}

/** The attempt's events from the first to one that is sent now. */
async function events(running: Running): Promise<string> {
  const last = (
    await running.deps.store.read.q
      .select()
      .from(running.deps.store.read.t.streamEvents)
      .where(eq(running.deps.store.read.t.streamEvents.streamId, `attempt:${ids.mainAttempt}`))
  )
    .map((row) => row.seq)
    .sort((a, b) => b - a)[0]
  const enough = new AbortController()
  const response = await fetch(`${running.url}/api/attempts/${ids.mainAttempt}/events`, {
    headers: { cookie: `poise=${main.token}` },
    signal: enough.signal,
  })
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true })
    // The last event may be one that is not for the candidate; then its successor by number is the sign.
    if (text.includes(`id: ${last}\n`) || /:\s/.test(text.split('\n').at(-2) ?? '') || text.includes('event: message'))
      break
  }
  enough.abort()
  return text
}

async function scripts(running: Running): Promise<Seen[]> {
  const read = reader(running, `poise=${main.token}`)
  for (const name of readdirSync(join(ROOT, 'build/client/assets'))) await read.get(`/assets/${name}`)
  return read.seen
}

/** What of the secrets stands in what was fetched. */
function leaks(all: readonly Seen[]): string[] {
  const found = new Map<string, string>()
  for (const { url, text } of all) {
    const here = [
      ...canary.found(text),
      ...(url.startsWith('/assets/') ? [] : [...text.matchAll(SECRET_FIELDS)].map(([field]) => `field ${field}`)),
    ]
    for (const what of here) if (!found.has(what)) found.set(what, url)
  }
  return [...found].map(([what, url]) => `${url}: ${what}`)
}

describe('a candidate who fetches everything', () => {
  let running: Running
  let build: ServerBuild
  beforeAll(async () => {
    build = await remixBuild()
    running = await serveCopy(dataDir)
  })
  afterAll(() => running.stop())

  test('finds no secret in scripts and style sheets', async () => {
    const all = await scripts(running)
    expect(all.length).toBeGreaterThan(10)
    expect(leaks(all)).toEqual([])
  })

  test('finds none before the start', async () => {
    const all = await crawl(running, build)
    expect(all.filter(({ text }) => text.includes('main')).length).toBeGreaterThan(1)
    expect(leaks(all)).toEqual([])
  }, 120_000)

  test('finds none during an attempt with every kind of item', async () => {
    const { deps } = running
    await acknowledgeNotice(deps, main.actor, deps.clock.now())
    main = await peopleMaker(deps).start(main, 'all')
    ids.mainAttempt = main.attemptId
    const items = await itemsOfAttempt(deps.store, main.attemptId)
    ids.items = [...items.keys()]
    expect(new Set([...items.values()].map((item) => item.kind)).size).toBeGreaterThanOrEqual(11)
    const told = await staffAct(
      deps,
      staff.supervisor.actor,
      main.attemptId,
      { type: 'message', text: 'a word to all' },
      deps.clock.now(),
    )
    expect(told.ok).toBe(true)
    const all = await crawl(running, build)
    // The items were really there to be seen.
    for (const [id, item] of items)
      if (item.kind !== 'cloze')
        expect(
          all.some(({ text }) => text.includes(id)),
          id,
        ).toBe(true)
    expect(all.find(({ url }) => url === 'events')?.text).toContain('a word to all')
    expect(leaks(all)).toEqual([])
  }, 240_000)

  test('finds none after handing in, while it is scored, rated, and the mock scenario is played; nothing is released', async () => {
    const { deps } = running
    const make = peopleMaker(deps, (text) => `${text} ${canary.mark(text)}`)
    await make.handIn(main, (item) => ownAnswer(item) as never)
    for (const task of await make.tasksOf(main.attemptId)) {
      const sheet = await make.take(staff.rater, task.id)
      ids.sheet = sheet
      const answers = await deps.store.read.q
        .select()
        .from(deps.store.read.t.answers)
        .where(eq(deps.store.read.t.answers.attemptId, main.attemptId))
      const response = answers.find((answer) => answer.itemId === task.subjectId)?.response
      const own =
        response?.kind === 'behavioural' ? response.action : response && 'text' in response ? response.text : ''
      await make.rate(staff.rater, sheet, 2, own.slice(0, 12))
      await make.submitSheet(staff.rater, sheet)
    }
    await scoreAttempt(deps, main.attemptId)
    await markScores(deps)
    ids.contact = await make.playScenario(staff.rater, main, 'talk')
    const during = await crawl(running, build)
    expect(during.filter(({ url }) => url.endsWith('/receipt')).length).toBeGreaterThan(0)
    expect(leaks(during)).toEqual([])
    const ended = await actOnContact(
      deps,
      staff.rater.actor,
      ids.contact,
      { type: 'end', ending: 'completed' },
      'en',
      deps.clock.now(),
    )
    expect(ended.ok).toBe(true)
    expect(leaks(await crawl(running, build))).toEqual([])
  }, 240_000)

  /** Scores are numbers of the program's own making: their marks are put on afterwards. */
  async function markScores(deps: ServerDeps): Promise<void> {
    const rows = await deps.store.read.q
      .select()
      .from(deps.store.read.t.scores)
      .where(eq(deps.store.read.t.scores.attemptId, main.attemptId))
    expect(rows.length).toBeGreaterThan(0)
    await deps.store.transact(async (w) => {
      for (const row of rows)
        await w.q
          .update(w.t.scores)
          .set({
            percent: canary.number(70, 'unreleased score'),
            profile: { ...row.profile, note: canary.mark('profile of an unreleased score') },
            items: row.items.map((item) => ({
              ...item,
              credit: canary.number(1, 'unreleased credit'),
              parts: [{ id: canary.mark('part of an unreleased credit'), mark: 'right' as const, credit: 1 }],
            })),
          })
          .where(eq(w.t.scores.attemptId, main.attemptId))
      await w.q.update(w.t.ratingSheets).set({ percent: canary.number(33, 'percent of a sheet') })
    })
  }
})

describe('the search', () => {
  test('has marked keys, rationales, anchors, fact cards, and what belongs to raters only', async () => {
    const world = await emptyWorld()
    const own = createCanary()
    const { set } = await readBankFiles(join(ROOT, 'question-banks'))
    await publish(world.deps, own.marked(set))
    expect(own.size).toBeGreaterThan(3_000)
    const kinds = new Map(set.items.map(({ value }) => [value.kind, value.id]))
    const text = async (type: 'item' | 'rubric' | 'scenario', id: string) =>
      JSON.stringify((await currentContent(world.deps.store.read, type, id))?.body)
    for (const [kind, part] of [
      ['single_choice', 'rationale'],
      ['numeric', 'key'],
      ['cloze', 'rationale'],
      ['short_text', 'accepted'],
      ['situational_judgement', 'effectiveness'],
      ['behavioural', 'probes'],
      ['written_reply', 'expected'],
      ['matching', 'rationales'],
    ] as const) {
      const id = kinds.get(kind)
      if (id)
        expect(
          own.found(await text('item', id)).some((what) => what.includes(part)),
          kind,
        ).toBe(true)
    }
    expect(own.found(await text('rubric', set.rubrics[0]!.value.id)).some((what) => what.includes('anchors'))).toBe(
      true,
    )
    expect(
      own.found(await text('scenario', set.scenarios[0]!.value.id)).some((what) => what.includes('factCard.knows')),
    ).toBe(true)
    await world.close()
    rmSync(world.dataDir, { recursive: true, force: true })
  })

  test('finds a leak that is planted in a page: a text, a number, and a field without a mark', async () => {
    const build = await remixBuild()
    const route = build.routes['routes/candidate/practice']!
    const planted: ServerBuild = {
      ...build,
      routes: {
        ...build.routes,
        'routes/candidate/practice': {
          ...route,
          module: {
            ...route.module,
            async loader(args) {
              const page = (await (
                await (route.module.loader as (given: unknown) => Promise<Response>)(args)
              ).json()) as { items: Array<{ id: string }> }
              const { deps } = args.context as unknown as { deps: ServerDeps }
              const whole = await currentContent(deps.store.read, 'item', page.items[0]!.id)
              return json({
                ...page,
                items: page.items.map((item) => ({ ...item, source: whole?.body, otherCandidates: [] })),
              })
            },
          },
        },
      },
    }
    const running = await serveCopy(dataDir, planted)
    try {
      const read = reader(running, `poise=${main.token}`)
      await read.get('/candidate/practice')
      await read.get('/candidate/practice?_data=routes%2Fcandidate%2Fpractice')
      for (const one of read.seen) {
        const here = leaks([one]).join('\n')
        expect(here).toMatch(/rationale/)
        expect(here).toMatch(/difficulty/)
        expect(here).toMatch(/field "otherCandidates"/)
      }
    } finally {
      await running.stop()
    }
  })
})
