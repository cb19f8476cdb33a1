// A disk without room, seen from outside: every loader, action and endpoint of the route matrix is asked while nothing
// can be written. What would have written answers 507 with its code and its sentence, what only reads answers as ever,
// and the same request succeeds on the same server once there is room.
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isSecretField } from '#app/forms/form.ts'
import { errorSentence } from '#app/i18n/areas/errors.ts'
import { answersOf } from '#db/repositories/attempts.server.ts'
import { databaseHash, serveCopy, type Running } from '#tests/setup/matrix-world.ts'
import { CASES, makeMatrix, personOf, type Case, type Given, type Matrix } from '#tests/setup/matrix.ts'
import { ensureBuilt } from '#tests/setup/poise-server.ts'
import { smallDisk, type SmallDisk } from '#tests/setup/small-disk.ts'
import { limitPages } from '#tests/setup/test-store.ts'

let dataDir = ''
let matrix: Matrix
/** Where nothing may be mounted, the file itself may not grow: then a change that fits where it was still succeeds. */
let disk: SmallDisk | null = null
beforeAll(async () => {
  await ensureBuilt()
  disk = smallDisk(24)
  const made = await makeMatrix()
  dataDir = made.dataDir
  matrix = made.matrix
}, 240_000)
afterAll(() => {
  disk?.remove()
  if (dataDir) rmSync(dataDir, { recursive: true, force: true })
})

type Full = Running & { given: Given; fill(): Promise<void>; empty(): Promise<void> }
async function onSmallDisk(work: (running: Full) => Promise<void>): Promise<void> {
  const running = await serveCopy(dataDir, undefined, disk?.folder)
  const store = running.deps.store
  const empty = async (): Promise<void> => (disk ? disk.empty() : limitPages(store, 'none'))
  try {
    await work({
      ...running,
      given: { matrix, deps: running.deps },
      fill: async () => (disk ? disk.fill() : limitPages(store, 'now')),
      empty,
    })
  } finally {
    await empty()
    await running.stop()
  }
}

type Sent = { url: URL; init: RequestInit; fields: Array<[string, string]> }
async function requestOf(
  { url: base, given }: Full,
  one: Case,
  as: 'document' | 'data',
  language: string,
): Promise<Sent> {
  const person = personOf(given.matrix, one.may === 'anyone' ? 'nobody' : one.may[0])
  const headers: Record<string, string> = {
    'sec-fetch-site': 'same-origin',
    'accept-language': language,
    accept: one.kind === 'endpoint' ? 'application/json' : as === 'document' ? 'text/html' : '*/*',
  }
  if (person) headers['cookie'] = `poise=${person.token}`
  const fields = one.form
    ? Object.entries(await one.form(given)).flatMap(([name, value]) =>
        [value].flat().map((each): [string, string] => [name, each]),
      )
    : []
  const body = one.form
    ? new URLSearchParams(fields).toString()
    : one.json
      ? JSON.stringify(one.json(given))
      : undefined
  if (body !== undefined) headers['content-type'] = one.form ? 'application/x-www-form-urlencoded' : 'application/json'
  const url = new URL(typeof one.path === 'string' ? one.path : one.path(given.matrix), base)
  if (as === 'data') url.searchParams.set('_data', one.route)
  const method = one.kind === 'endpoint' ? one.route.split(' ')[0]! : one.kind === 'action' ? 'POST' : 'GET'
  return { url, init: { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) }, fields }
}
type Answer = { status: number; text: string; retryAfter: string | null }
async function ask({ url, init }: Sent): Promise<Answer> {
  const enough = new AbortController()
  const response = await fetch(url, { ...init, signal: enough.signal })
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (isStream) enough.abort()
  return {
    status: response.status,
    text: isStream ? '' : await response.text(),
    retryAfter: response.headers.get('retry-after'),
  }
}
/** As React writes a text into a page. */
const asHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;')

const label = ({ route, kind, intent }: Case): string => [kind, route, intent].filter(Boolean).join(' ')

describe.each(CASES.filter(({ never }) => !never).map((one) => [label(one), one] as const))('%s', (_, one) => {
  test('is honest about a full disk', async () => {
    let usual = 0
    const writes = { document: false, data: false }
    // A page's own loader may write where its action does not.
    for (const as of one.kind === 'endpoint' ? (['document'] as const) : (['data', 'document'] as const)) {
      await onSmallDisk(async (running) => {
        await one.prepare?.(running.given)
        const before = databaseHash(running.file)
        usual = (await ask(await requestOf(running, one, as, 'en'))).status
        writes[as] = databaseHash(running.file) !== before
      })
    }
    // The note that a page was opened is not worth refusing the stream for.
    const mayDoWithout = one.intent === 'events'
    await onSmallDisk(async (running) => {
      await one.prepare?.(running.given)
      const document = await requestOf(running, one, 'document', 'zh-CN')
      const data = await requestOf(running, one, 'data', 'en')
      await running.fill()
      const before = databaseHash(running.file)
      const page = await ask(document)
      if (!writes.document || mayDoWithout || (disk === null && page.status !== 507)) {
        expect(page.status).toBe(usual)
        return
      }
      expect(page.status, page.text.slice(0, 300)).toBe(507)
      expect(page.retryAfter).toBe('5')
      if (one.kind === 'endpoint')
        expect(JSON.parse(page.text)).toEqual({ status: 507, code: 'db.full', retryAfterMs: 5_000 })
      else {
        expect(page.text).toContain(errorSentence('zh-CN', 'db.full'))
        // Everything that was sent is given back, unless a secret was among it.
        if (one.kind === 'action' && page.text.includes('method="post"'))
          for (const [name, value] of document.fields) expect(page.text, name).toContain(asHtml(value))
        expect(page.text.includes('name="password"')).toBe(false)
        const scripted = await ask(data)
        if (writes.data && (disk || scripted.status === 507)) {
          expect(scripted.status).toBe(507)
          const reply = JSON.parse(scripted.text) as { code?: string; error?: { code: string } }
          expect(reply.code ?? reply.error?.code).toBe('db.full')
        } else expect(scripted.status).toBeLessThan(400)
      }
      // Of an action in several steps the first ones may fit into a file that cannot grow.
      if (disk) expect(databaseHash(running.file)).toBe(before)
      await running.empty()
      expect((await ask(document)).status).toBe(usual)
    })
  })
})

test('a form with a secret is not written into a page', async () => {
  await onSmallDisk(async (running) => {
    const one = CASES.find(({ route, kind }) => route === 'routes/public/login' && kind === 'action')!
    const document = await requestOf(running, one, 'document', 'en')
    expect(document.fields.some(([name]) => isSecretField(name))).toBe(true)
    await running.fill()
    const page = await ask(document)
    expect(page.status).toBe(disk ? 507 : page.status)
    for (const [name, value] of document.fields) if (isSecretField(name)) expect(page.text).not.toContain(value)
    if (disk) expect(page.text).toContain(asHtml(errorSentence('en', 'db.full')))
  })
})

test('health says so, the process lives, and no acknowledged answer is lost from the first to the last', async () => {
  await onSmallDisk(async (running) => {
    const { running: candidate } = matrix.candidates
    const health = async (): Promise<[number, unknown]> => {
      const response = await fetch(`${running.url}/healthz`)
      return [response.status, await response.json()]
    }
    let revision = 0
    let sent = 0
    const save = async (): Promise<number> => {
      sent += 1
      const mutations = [
        {
          mutationId: `full-${sent}`,
          itemId: 'mx-essay',
          baseRevision: revision,
          response: { kind: 'essay', text: `version ${sent} ${'x'.repeat(2_000)}` },
        },
      ]
      const response = await fetch(`${running.url}/api/attempts/save`, {
        method: 'POST',
        headers: {
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/json',
          cookie: `poise=${candidate.token}`,
        },
        body: JSON.stringify({ attemptId: candidate.attemptId, epoch: 1, mutations }),
      })
      const reply = (await response.json()) as { results?: Array<{ result: string; revision: number }> }
      if (response.status === 200) {
        expect(reply.results?.[0]).toMatchObject({ result: 'accepted', revision: revision + 1 })
        revision += 1
      }
      return response.status
    }
    const stored = async () =>
      (await answersOf(running.deps.store.read, candidate.attemptId)).find(({ itemId }) => itemId === 'mx-essay')
    expect((await health())[0]).toBe(200)
    for (let i = 0; i < 3; i += 1) expect(await save()).toBe(200)
    await running.fill()
    let refused = 0
    while (refused < 20) if ((await save()) === 507) refused += 1
    const acknowledged = revision
    expect(await health()).toEqual([
      503,
      expect.objectContaining({ status: 'failing', database: 'failing', code: 'db.full' }),
    ])
    expect((await fetch(`${running.url}/healthz`, { method: 'HEAD' })).status).toBe(503)
    for (const method of ['GET', 'HEAD']) expect((await fetch(`${running.url}/livez`, { method })).status).toBe(200)
    expect((await stored())?.revision).toBe(acknowledged)
    await running.empty()
    // The one that was refused last, sent again as it was.
    expect(await save()).toBe(200)
    expect((await stored())?.revision).toBe(acknowledged + 1)
    await expect.poll(async () => (await health())[0], { timeout: 10_000 }).toBe(200)
    expect((await fetch(`${running.url}/livez`)).status).toBe(200)
  })
})
