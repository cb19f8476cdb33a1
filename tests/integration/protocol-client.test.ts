/**
 * The small client of protocol-client.ts, which knows nothing but docs/attempt-protocol.md, against the real HTTP
 * server. What it could not know from the document was added there.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerBuild } from '@remix-run/node'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LoadContext } from '#app/http/load-context.ts'
import { hotRoutes } from '#app/server/hot-routes.server.ts'
import { createHttpServer, type PoiseServer } from '#app/server/http.server.ts'
import { staffAct, sweepAttempts, takeOverAttempt } from '#app/services/attempt/acts.server.ts'
import { saveAnswers } from '#app/services/attempt/saves.server.ts'
import type { Store } from '#db/store.server.ts'
import { attemptWorld, MINUTE, SECOND, T0, type Candidate, type World } from '#tests/setup/attempt-world.ts'
import { sqliteTestStore } from '#tests/setup/test-store.ts'
import { ProtocolClient, type ClientOptions, type Json, type Outcome, type Reply } from './protocol-client.ts'

const END = T0 + 30 * MINUTE
const short = (text: string): Json => ({ kind: 'short_text', text })
const chosen = (optionId: string): Json => ({ kind: 'single_choice', optionId })

let world: World
let store: Store
let server: PoiseServer
let base: string
let asked: () => void
const cleanups: Array<() => Promise<void> | void> = []

/**
 * One action that saves as the player's plain form does: with the services and the Deps that the load context brings.
 */
let formAction: (context: LoadContext) => Promise<unknown> = async () => null
const remixBuild = {
  entry: { module: { handleError: () => {}, default: () => new Response('') } },
  routes: {
    root: { id: 'root', path: '', module: { default: () => null } },
    form: {
      id: 'form',
      path: 'form',
      parentId: 'root',
      module: { action: async ({ context }: { context: LoadContext }) => Response.json(await formAction(context)) },
    },
  },
  assets: { entry: { module: '', imports: [] }, routes: {}, url: '', version: '' },
  publicPath: '/',
  assetsBuildDirectory: '',
  future: {},
  isSpaMode: false,
} as unknown as ServerBuild

beforeEach(async () => {
  const opened = await sqliteTestStore()
  asked = () => {}
  // The store itself; each request for a transaction is heard.
  store = { ...opened.store, transact: (body) => (asked(), opened.store.transact(body)) }
  world = await attemptWorld(store)
  server = createHttpServer(world.deps, { remixBuild, staticDir: null, hotRoutes })
  base = (await server.listen(0)).url
  cleanups.push(opened.cleanup, () => server.stop(1_000))
})
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

type Seat = { candidate: Candidate; id: string; client: ProtocolClient }
function clientOf(
  candidate: Pick<Candidate, 'token'> | null,
  attemptId: string,
  more: Partial<ClientOptions> = {},
): ProtocolClient {
  const client = new ProtocolClient({
    base,
    cookie: candidate && `poise=${candidate.token}`,
    attemptId,
    wait: async () => {},
    ...more,
  })
  cleanups.push(() => client.close())
  return client
}
async function seat(): Promise<Seat> {
  const candidate = await world.candidate(await world.programme())
  const id = await world.start(candidate)
  return { candidate, id, client: clientOf(candidate, id) }
}
const replyOf = (outcome: Outcome): Reply => {
  if (outcome.kind !== 'reply') throw new Error(`not a reply: ${JSON.stringify(outcome)}`)
  return outcome.reply
}
const stored = async (id: string, itemId: string) =>
  (await world.stored(id)).answers.find((answer) => answer.itemId === itemId)

describe('a client written from the document', () => {
  test('shares no code with the product, and is small', () => {
    const source = readFileSync(join(import.meta.dirname, 'protocol-client.ts'), 'utf8')
    expect([...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name)).toEqual(['node:crypto', 'node:http'])
    // Without blanks: lines depend on who formats them.
    expect(source.replaceAll(/\s/g, '').length).toBeLessThanOrEqual(9_000)
  })

  test('saves, and has the clock with every reply', async () => {
    const { id, client } = await seat()
    world.clock.to(T0 + 10 * MINUTE)
    client.write('fr-short', short('您好 👋'), true)
    client.write('fr-choice', chosen('c'))
    expect(replyOf(await client.save())).toMatchObject({
      serverTime: T0 + 10 * MINUTE,
      deadlineAt: END,
      remainingMs: 20 * MINUTE,
      paused: false,
      sectionDeadlineAt: null,
      epoch: 1,
      status: 'in_progress',
      results: [
        { result: 'accepted', revision: 1, late: false },
        { result: 'accepted', revision: 1 },
      ],
    })
    expect([client.drafts.size, client.remainingMs()]).toEqual([0, expect.any(Number)])
    expect(await stored(id, 'fr-short')).toMatchObject({ response: short('您好 👋'), revision: 1, flagged: true })
    client.write('fr-short', null)
    expect(replyOf(await client.save()).results).toMatchObject([{ result: 'accepted', revision: 2 }])
    expect(await stored(id, 'fr-short')).toMatchObject({ response: null, revision: 2, flagged: true })
    expect(replyOf(await client.heartbeat())).toMatchObject({
      remainingMs: 20 * MINUTE,
      status: 'in_progress',
      results: [],
    })
  })

  test('repeats unchanged what it had no answer to, and gets the first answer', async () => {
    const { id, client } = await seat()
    const mutation = client.write('fr-short', short('once'))
    await client.save()
    client.known.clear()
    client.drafts.set('fr-short', mutation)
    expect(replyOf(await client.save()).results).toMatchObject([
      { result: 'duplicate', first: { result: 'accepted', revision: 1, late: false } },
    ])
    expect([client.drafts.size, client.known.get('fr-short')?.revision]).toEqual([0, 1])
    expect((await world.stored(id)).events.filter((e) => e.type === 'answer_saved')).toHaveLength(1)
  })

  test('is given both texts of a conflict and saves the one that was chosen', async () => {
    const { candidate, id, client } = await seat()
    const otherTab = clientOf(candidate, id)
    otherTab.write('fr-short', short('the other tab'))
    await otherTab.save()
    client.write('fr-short', short('mine'))
    expect(replyOf(await client.save()).results).toMatchObject([{ result: 'conflict', serverRevision: 1 }])
    expect(client.conflicts.get('fr-short')).toEqual({
      mine: short('mine'),
      theirs: short('the other tab'),
      serverRevision: 1,
    })
    client.choose('fr-short', short('mine'))
    expect(replyOf(await client.save()).results).toMatchObject([{ result: 'accepted', revision: 2 }])
    expect(await stored(id, 'fr-short')).toMatchObject({ response: short('mine') })
  })

  test('learns by 409 that another device holds the attempt, and keeps its text', async () => {
    const { candidate, id, client } = await seat()
    const device = await candidate.onAnotherDevice()
    expect((await takeOverAttempt(world.deps, device.actor, id, 1, T0)).ok).toBe(true)
    client.write('fr-short', short('unsent'))
    const told = await client.save()
    expect(told).toMatchObject({
      kind: 'error',
      status: 409,
      failure: {
        code: 'attempt.taken_over',
        reply: { epoch: 2, results: [{ result: 'refused', code: 'attempt.taken_over' }] },
      },
    })
    expect([...client.drafts.values()].map((m) => m.response)).toEqual([short('unsent')])
    expect(await client.heartbeat()).toMatchObject({
      kind: 'error',
      status: 409,
      failure: { code: 'attempt.taken_over' },
    })
    const second = clientOf(device, id, { epoch: 2 })
    second.write('fr-short', short('from the other'))
    expect(replyOf(await second.save()).results).toMatchObject([{ result: 'accepted', revision: 1 }])
  })

  test('hands in with its last changes in one call; a repeated call gets the same receipt, whose fingerprint it can recompute', async () => {
    const { client } = await seat()
    client.write('fr-choice', chosen('b'))
    await client.save()
    client.write('fr-choice', null)
    client.write('fr-short', short('\n和中文 "\\" \u2028 €'))
    const first = replyOf(await client.saveUntilAnswered({ final: true }))
    expect(first).toMatchObject({
      status: 'closed',
      remainingMs: 0,
      closing: { result: 'closed' },
      receipt: { attemptId: client.options.attemptId, reason: 'submitted', finishedAt: T0, answers: 1 },
    })
    expect(first.receipt?.fingerprint).toBe(client.fingerprint())
    const again = replyOf(await client.save({ final: true }))
    expect(again).toMatchObject({ closing: { result: 'already_closed' } })
    expect(again.receipt).toEqual(first.receipt)
    client.write('fr-short', short('afterthought'))
    expect(await client.save()).toMatchObject({
      kind: 'error',
      status: 409,
      failure: { code: 'attempt.not_open', reply: { results: [{ result: 'quarantined', reason: 'closed' }] } },
    })
    expect([client.quarantined.length, client.drafts.size]).toEqual([1, 0])
  })

  test('is told why it cannot hand in while a refused text is open, and which text it is', async () => {
    const { client } = await seat()
    client.write('fr-short', short('字'.repeat(21)))
    client.write('fr-choice', chosen('a'))
    expect(replyOf(await client.save({ final: true }))).toMatchObject({
      status: 'in_progress',
      closing: { result: 'refused', code: 'attempt.unsettled_answers' },
      results: [{ result: 'refused', code: 'response.too_long' }, { result: 'accepted' }],
    })
    expect([...client.drafts.keys()]).toEqual(['fr-short'])
    client.write('fr-short', short('a\u0000b'))
    expect(replyOf(await client.save()).results).toMatchObject([
      { result: 'refused', code: 'response.forbidden_character' },
    ])
    client.write('fr-short', short('字'.repeat(20)))
    expect(replyOf(await client.save({ final: true })).closing).toEqual({ result: 'closed' })
  })

  test('late saves: within the allowance accepted and marked, after it kept for staff', async () => {
    const { id, client } = await seat()
    world.clock.to(END + 10 * SECOND)
    client.write('fr-short', short('just'))
    expect(replyOf(await client.save())).toMatchObject({
      status: 'in_progress',
      remainingMs: 0,
      results: [{ result: 'accepted', late: true }],
    })
    world.clock.to(END + 10 * SECOND + 1)
    client.write('fr-short', short('too late'))
    expect(await client.save()).toMatchObject({
      kind: 'error',
      status: 409,
      failure: {
        code: 'attempt.not_open',
        reply: { status: 'closed', results: [{ result: 'quarantined', reason: 'late' }] },
      },
    })
    expect((await world.stored(id)).quarantined).toMatchObject([{ response: short('too late') }])
  })
})

describe('what the server answers to what is not of the protocol', () => {
  const save = (client: ProtocolClient, body: Json) => client.post('/api/attempts/save', body)
  test('401 without a session, and with one that has ended', async () => {
    const { id } = await seat()
    for (const cookie of [null, 'poise=unknown', 'other=1']) {
      const nobody = clientOf(null, id, { cookie })
      nobody.write('fr-short', short('x'))
      expect(await nobody.save()).toMatchObject({
        kind: 'error',
        status: 401,
        failure: { status: 401, code: 'request.unauthenticated' },
      })
      expect(nobody.drafts.size).toBe(1)
      expect(await nobody.draftKey()).toBeNull()
      await expect(nobody.events(null, () => true)).rejects.toThrow('401')
    }
  })

  test('404 for an attempt that is not this person’s, as for one that does not exist', async () => {
    const [mine, theirs] = [await seat(), await seat()]
    const before = await world.stored(theirs.id)
    for (const id of [theirs.id, 'at_nothing']) {
      const curious = clientOf(mine.candidate, id)
      curious.write('fr-short', short('x'))
      expect(await curious.save()).toMatchObject({
        kind: 'error',
        status: 404,
        failure: { status: 404, code: 'attempt.not_found' },
      })
      expect(await curious.save({ final: true })).toMatchObject({ status: 404 })
      expect(await curious.heartbeat()).toMatchObject({ status: 404 })
      expect(await curious.draftKey()).toBeNull()
      await expect(curious.events(null, () => true)).rejects.toThrow('404')
    }
    expect(await world.stored(theirs.id)).toEqual(before)
  })

  test('403 for a request from another site, before anything reads it', async () => {
    const { candidate, id } = await seat()
    const before = await world.stored(id)
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]
    for (const headers of foreign) {
      const client = clientOf(candidate, id, { headers })
      client.write('fr-short', short('x'))
      expect(await client.save(), JSON.stringify(headers)).toMatchObject({ kind: 'error', status: 403 })
    }
    expect(await world.stored(id)).toEqual(before)
    const own = clientOf(candidate, id, { headers: { 'sec-fetch-site': 'same-origin', origin: base } })
    own.write('fr-short', short('x'))
    expect(replyOf(await own.save()).results).toMatchObject([{ result: 'accepted' }])
  })

  test('413 for too many changes and for too many bytes: fewer at once go through', async () => {
    const { id, client } = await seat()
    const many = Array.from({ length: 101 }, (_, n) => ({
      mutationId: `n-${n}`,
      itemId: 'fr-short',
      baseRevision: n,
      response: short(String(n)),
    }))
    expect(await save(client, { attemptId: id, epoch: 1, mutations: many })).toMatchObject({
      kind: 'error',
      status: 413,
      failure: { status: 413, code: 'request.too_large' },
    })
    expect(
      await save(client, {
        attemptId: id,
        epoch: 1,
        mutations: [{ ...many[0], response: short('很'.repeat(360_000)) }] as Json,
      }),
    ).toMatchObject({ kind: 'error', status: 413 })
    expect(
      replyOf(await save(client, { attemptId: id, epoch: 1, mutations: many.slice(0, 100) })).results.map(
        (r) => r.revision,
      ),
    ).toEqual(many.slice(0, 100).map((_, n) => n + 1))
  })

  test.each<[string, (id: string) => Json]>([
    ['not an object', () => 'save'],
    ['no attempt', () => ({ epoch: 1, mutations: [] })],
    ['an unknown member', (attemptId) => ({ attemptId, epoch: 1, mutations: [], receivedAt: 0 })],
    ['an epoch of 0', (attemptId) => ({ attemptId, epoch: 0, mutations: [] })],
    [
      'a sentence as a name',
      (attemptId) => ({
        attemptId,
        epoch: 1,
        mutations: [{ mutationId: 'not a name', itemId: 'fr-short', baseRevision: 0, response: null }],
      }),
    ],
    [
      'a position instead of an option',
      (attemptId) => ({
        attemptId,
        epoch: 1,
        mutations: [
          { mutationId: 'm', itemId: 'fr-choice', baseRevision: 0, response: { kind: 'single_choice', option: 2 } },
        ],
      }),
    ],
    ['JSON nested without need', (attemptId) => ({ attemptId, epoch: 1, mutations: [[[[[[[[]]]]]]]] })],
  ])('422 for %s', async (_, body) => {
    const { id, client } = await seat()
    expect(await save(client, body(id))).toMatchObject({
      kind: 'error',
      status: 422,
      failure: { status: 422, code: 'request.invalid' },
    })
    expect((await world.stored(id)).events).toHaveLength(1)
  })
})

describe('events', () => {
  test('tell what staff and the clock do, and go on after the last one that was seen', async () => {
    const { candidate, id, client } = await seat()
    const staff = (act: Parameters<typeof staffAct>[3]) =>
      staffAct(world.deps, world.staff, id, act, world.clock.advance(MINUTE))
    const first = client.events(null, (events) => events.length >= 3)
    await staff({ type: 'grant', extraMs: 10 * MINUTE, reason: 'noise' })
    await staff({ type: 'pause', reason: 'fire alarm' })
    await staff({ type: 'message', text: '请留在座位上' })
    const seen = await first
    expect(seen.map((e) => e.event)).toEqual(['deadline_changed', 'paused', 'message'])
    expect(seen[0]?.data).toMatchObject({
      clock: { deadlineAt: T0 + 40 * MINUTE, serverTime: T0 + MINUTE, remainingMs: 39 * MINUTE },
    })
    expect(seen[1]?.data).toMatchObject({ clock: { paused: true, remainingMs: 38 * MINUTE } })
    expect(seen[2]?.data).toMatchObject({ text: '请留在座位上', sentAt: T0 + 3 * MINUTE })
    // No reason and no name: what is not of the protocol stays inside.
    expect(JSON.stringify(seen)).not.toMatch(/fire alarm|noise|pe_/)

    // The connection breaks; meanwhile more happens.
    await staff({ type: 'resume' })
    await takeOverAttempt(world.deps, (await candidate.onAnotherDevice()).actor, id, 1, world.clock.now())
    await sweepAttempts(world.deps, world.clock.to(T0 + 60 * MINUTE))
    const rest = await client.events(seen[1]?.id ?? null, (events) => events.at(-1)?.event === 'closed')
    expect(rest.map((e) => e.event)).toEqual(['message', 'resumed', 'taken_over', 'closed'])
    expect(rest.slice(2).map((e) => e.data)).toEqual([
      { epoch: 2 },
      { reason: 'time_up', finishedAt: T0 + 42 * MINUTE },
    ])
    const all = await client.events(null, (events) => events.at(-1)?.event === 'closed')
    expect(all.map((e) => e.event)).toEqual([...seen, ...rest.slice(1)].map((e) => e.event))
    const numbers = all.map((e) => Number(e.id))
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  })

  test('wake a page that waits', async () => {
    const { id, client } = await seat()
    const waiting = client.events(null, (events) => events.length === 1)
    const began = performance.now()
    await staffAct(world.deps, world.staff, id, { type: 'grant', extraMs: MINUTE, reason: 'x' }, T0)
    expect((await waiting)[0]?.event).toBe('deadline_changed')
    // The poll of the table comes after two seconds; the hint comes at once.
    expect(performance.now() - began).toBeLessThan(1_500)
  })
})

describe('one store, one write queue', () => {
  /** Holds the writer, lets `requests` queue up behind it, and counts what they cost once it is free. */
  async function costOf(requests: Array<() => Promise<unknown>>) {
    let release = () => {}
    let waiting = 0
    let queued = () => {}
    const allQueued = new Promise<void>((resolve) => (queued = resolve))
    const held = store.transact(() => new Promise<void>((resolve) => (release = resolve)))
    const before = store.stats()
    asked = () => void ((waiting += 1) === requests.length && queued())
    const answers = requests.map((request) => request())
    await allQueued
    release()
    await held
    await Promise.all(answers)
    const after = store.stats()
    // One commit and one transaction of these are the holder's own.
    return {
      commits: after.commits - before.commits - 1,
      transactions: after.transactions - before.transactions - 1,
      writeConnections: after.writeConnections,
    }
  }

  test('an action of Remix and a save on the hot path share one COMMIT', async () => {
    const [inForm, hot] = [await seat(), await seat()]
    formAction = ({ deps, receivedAt }) =>
      saveAnswers(
        deps,
        inForm.candidate.actor,
        {
          attemptId: inForm.id,
          epoch: 1,
          mutations: [
            {
              mutationId: 'form-1',
              itemId: 'fr-short',
              baseRevision: 0,
              response: { kind: 'short_text', text: 'by form' },
            },
          ],
        },
        receivedAt,
      )
    hot.client.write('fr-short', short('by script'))
    const form = async () => {
      const answer = await fetch(`${base}/form`, {
        method: 'POST',
        headers: { origin: base },
        body: new URLSearchParams({ answer: 'x' }),
      })
      expect(await answer.json()).toMatchObject({
        ok: true,
        value: { conflict: null, reply: { results: [{ result: 'accepted' }] } },
      })
    }
    const script = async () =>
      void expect(replyOf(await hot.client.save()).results).toMatchObject([{ result: 'accepted' }])
    expect(await costOf([form, script])).toEqual({ commits: 1, transactions: 2, writeConnections: 1 })
    expect([await stored(inForm.id, 'fr-short'), await stored(hot.id, 'fr-short')]).toMatchObject([
      { response: short('by form') },
      { response: short('by script') },
    ])
  })

  test('so do twenty saves of twenty candidates', async () => {
    const programme = await world.programme()
    const clients: ProtocolClient[] = []
    for (let n = 0; n < 20; n += 1) {
      const candidate = await world.candidate(programme)
      clients.push(clientOf(candidate, await world.start(candidate)))
    }
    const saves = clients.map((client, n) => async () => {
      client.write('fr-short', short(`candidate ${n}`))
      expect(replyOf(await client.save()).results).toMatchObject([{ result: 'accepted', revision: 1 }])
    })
    expect(await costOf(saves)).toEqual({ commits: 1, transactions: 20, writeConnections: 1 })
  })
})
