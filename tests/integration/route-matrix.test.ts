// Who may what, for every loader, action and endpoint that is built: generated from the built routes and the hot path.
// Each case first proves that the rightful actor succeeds with this very request; then everybody else gets the login or
// 404 for the same request on the same state, and not a row of the database has changed.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hotRoutes } from '#app/server/hot-routes.server.ts'
import { testRoutes } from '#app/server/test-clock.server.ts'
import { databaseHash, remixBuild, serveCopy, type Running } from '#tests/setup/matrix-world.ts'
import {
  BARE_PAGES,
  CANDIDATES,
  CASES,
  makeMatrix,
  personOf,
  STAFF,
  type Case,
  type Given,
  type Matrix,
  type Who,
} from '#tests/setup/matrix.ts'
import { ensureBuilt, ROOT } from '#tests/setup/poise-server.ts'

let dataDir = ''
let matrix: Matrix
const open = new Set<Running>()
beforeAll(async () => {
  await ensureBuilt()
  const made = await makeMatrix()
  dataDir = made.dataDir
  matrix = made.matrix
}, 240_000)
afterAll(async () => {
  for (const one of open) await one.stop()
  if (dataDir) rmSync(dataDir, { recursive: true, force: true })
})

async function onCopy<T>(work: (running: Running, given: Given) => Promise<T>): Promise<T> {
  const running = await serveCopy(dataDir)
  open.add(running)
  try {
    return await work(running, { matrix, deps: running.deps })
  } finally {
    open.delete(running)
    await running.stop()
  }
}

// ---- Is everything listed? ----

/**
 * What a route's action tells apart by `intent` (or by the button `go`), read from its source and from what it parses
 * forms with.
 */
function intentsOf(routeId: string): string[] {
  const file = ['.tsx', '.ts'].map((end) => join(ROOT, 'app', routeId + end)).find((path) => existsSync(path))
  if (!file) throw new Error(`no source of ${routeId}`)
  const own = readFileSync(file, 'utf8')
  const beside = [...own.matchAll(/from '(\.\.?\/[^']+\.tsx?)'/g)].map(([, path]) =>
    readFileSync(join(dirname(file), path ?? ''), 'utf8'),
  )
  const found = new Set<string>()
  const add = (text: string, pattern: RegExp): void => {
    for (const [, list] of text.matchAll(pattern))
      for (const value of (list ?? '').match(/[\w!-]+/g) ?? []) if (value !== 'string') found.add(value)
  }
  for (const text of [own, ...beside]) {
    // In a page's component the word stands in a form, which may post elsewhere; in a schema it is what is parsed here.
    add(text, /intent:\s*z\.literal\(('[^']+')/g)
    add(text, /intent:\s*z\.enum\(\[([^\]]+)\]/g)
  }
  add(own, /(?:get\('intent'\)|\bintent)\s*===\s*('[^']+')/g)
  // The player's one form: its buttons are words of a small language.
  if (own.includes('runPlayerForm')) {
    const player = readFileSync(join(ROOT, 'app/services/attempt/player-form.server.ts'), 'utf8')
    add(player.slice(player.indexOf('async function follow')), /case '([a-z!-]+)':/g)
    for (const text of [player, ...beside]) add(text, /['`](take-over|clear):/g)
  }
  // The editor's buttons are read by a service, which also keeps the lists' buttons apart.
  if (own.includes('actOnItem')) {
    const acts = readFileSync(join(ROOT, 'app/services/content/item-editor-act.server.ts'), 'utf8')
    add(acts, /\bintent === ('[^']+')/g)
    add(acts, /\^(continue)\\\./g)
    add(readFileSync(join(ROOT, 'app/core/bank/editing/form-values.ts'), 'utf8'), /\^\(([\w|]+)\)\\\.\(add/g)
  }
  return [...found]
}

/** What an endpoint with a prefix tells apart behind it. */
const behindPrefix = (path: string): string[] => {
  if (path !== '/api/attempts/') return []
  const text = readFileSync(join(ROOT, 'app/server/hot-attempts.server.ts'), 'utf8')
  return [...new Set([...text.matchAll(/what [!=]== '([^']+)'/g)].map(([, value]) => value ?? ''))]
}

const label = ({ route, kind, intent }: Pick<Case, 'route' | 'kind' | 'intent'>): string =>
  [kind, route, intent].filter(Boolean).join(' ')

describe('the table', () => {
  const listed = new Set(CASES.map(label))

  test('lists every loader and every action with every intent of the build', async () => {
    const { routes } = await remixBuild()
    const unlisted: string[] = []
    for (const [id, route] of Object.entries(routes)) {
      if (!route) continue
      const { loader, action } = route.module
      if (loader && !listed.has(label({ route: id, kind: 'loader' })))
        unlisted.push(label({ route: id, kind: 'loader' }))
      if (action) {
        const intents = intentsOf(id)
        const wanted =
          intents.length > 0
            ? intents.map((intent) => label({ route: id, kind: 'action', intent }))
            : [label({ route: id, kind: 'action' })]
        unlisted.push(...wanted.filter((one) => !listed.has(one)))
      }
      if (!loader && !action && id.startsWith('routes/') && !BARE_PAGES.includes(id)) unlisted.push(`page ${id}`)
    }
    expect(unlisted).toEqual([])
  })

  test('lists every endpoint of the hot path', () => {
    const clock = { setOffset: () => {} } as never
    const unlisted = [...hotRoutes, ...testRoutes(clock, 'test')].flatMap(({ method, path }) => {
      const route = `${method} ${path}`
      const parts = behindPrefix(path)
      const wanted =
        parts.length > 0
          ? parts.map((intent) => label({ route, kind: 'endpoint', intent }))
          : [label({ route, kind: 'endpoint' })]
      return wanted.filter((one) => !listed.has(one))
    })
    expect(unlisted).toEqual([])
  })

  test('lists nothing that is not built', async () => {
    const { routes } = await remixBuild()
    const hot = new Set(
      [...hotRoutes, ...testRoutes({ setOffset: () => {} } as never, 'test')].map(
        ({ method, path }) => `${method} ${path}`,
      ),
    )
    expect(
      CASES.filter(({ route, kind }) => (kind === 'endpoint' ? !hot.has(route) : routes[route] === undefined)).map(
        label,
      ),
    ).toEqual([])
  })

  test('finds an intent that nobody has listed', () => {
    // The reader of the sources must not have gone blind.
    expect(intentsOf('routes/public/account')).toEqual(expect.arrayContaining(['password', 'sign-out-everywhere']))
    expect(intentsOf('routes/interviewer/contacts.$contactId')).toEqual(
      expect.arrayContaining(['disclose', 'hold', 'end', 'mark', 'submit']),
    )
    expect(intentsOf('routes/candidate/attempt.$attemptId')).toEqual(
      expect.arrayContaining(['next!', 'take-over', 'submit', 'leave']),
    )
    expect(intentsOf('routes/trainer/items_.$itemId')).toEqual(
      expect.arrayContaining(['publish', 'continue', 'options', 'discard-confirmed']),
    )
    expect(behindPrefix('/api/attempts/')).toEqual(expect.arrayContaining(['events', 'draft-key']))
  })
})

// ---- Who may ----

type Answer = { status: number; location: string; type: string; title: string | null }
const asks = { document: 'text/html,application/xhtml+xml', data: '*/*' }

async function ask(running: Running, given: Given, one: Case, who: Who, as: 'document' | 'data'): Promise<Answer> {
  const path = typeof one.path === 'string' ? one.path : one.path(given.matrix)
  const person = personOf(given.matrix, who)
  const headers: Record<string, string> = {
    'sec-fetch-site': 'same-origin',
    accept: one.kind === 'endpoint' ? 'application/json' : asks[as],
  }
  if (person) headers['cookie'] = `poise=${person.token}`
  let body: string | undefined
  if (one.form) {
    headers['content-type'] = 'application/x-www-form-urlencoded'
    const form = new URLSearchParams()
    for (const [name, value] of Object.entries(await one.form(given)))
      for (const each of [value].flat()) form.append(name, each)
    body = form.toString()
  } else if (one.json) {
    headers['content-type'] = 'application/json'
    body = JSON.stringify(one.json(given))
  }
  const url = new URL(path, running.url)
  if (as === 'data') url.searchParams.set('_data', one.route)
  const method = one.kind === 'endpoint' ? (one.route.split(' ')[0] ?? 'GET') : one.kind === 'action' ? 'POST' : 'GET'
  const enough = new AbortController()
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    signal: enough.signal,
    ...(body === undefined ? {} : { body }),
  })
  const answer: Answer = {
    status: response.status,
    location: response.headers.get('location') ?? response.headers.get('x-remix-redirect') ?? '',
    type: response.headers.get('content-type') ?? '',
    title: null,
  }
  // A stream has no end to wait for.
  if (answer.type.startsWith('text/event-stream')) enough.abort()
  else answer.title = /<title>(.*?)<\/title>/.exec(await response.text())?.[1] ?? null
  return answer
}

const toLogin = ({ location }: Answer): boolean => /^\/(login|signed-out)(\?|$)/.test(location)
const succeeded = (answer: Answer): boolean => answer.status >= 200 && answer.status < 400 && !toLogin(answer)

/**
 * The login, 401 for a script, or nothing at all. Whoever was signed out by what the case prepared is nobody as well.
 */
function refused(answer: Answer, one: Case, who: Who, signedOut: readonly Who[]): boolean {
  if (answer.status === 404) return true
  if (who !== 'nobody' && !signedOut.includes(who)) return false
  const endpoint = one.kind === 'endpoint' || one.route.startsWith('routes/resources/')
  return endpoint
    ? answer.status === 401
    : toLogin(answer) && (answer.status === 204 || (answer.status >= 300 && answer.status < 400))
}

const EVERYBODY: Who[] = ['nobody', ...STAFF, ...CANDIDATES]
const forms = (one: Case): Array<'document' | 'data'> => (one.kind === 'endpoint' ? ['document'] : ['document', 'data'])

describe.each(CASES.map((one) => [label(one), one] as const))('%s', (_, one) => {
  const rightful: readonly Who[] = one.may === 'anyone' ? ['nobody'] : one.may

  test('is answered to whom it belongs', async () => {
    await onCopy(async (running, given) => {
      await one.prepare?.(given)
      const before = databaseHash(running.file)
      const answer = await ask(running, given, one, rightful[0] ?? 'nobody', 'document')
      if (one.never) return void expect(answer.status, JSON.stringify(answer)).toBeGreaterThanOrEqual(400)
      expect(
        succeeded(answer) || (one.leadsTo !== undefined && answer.location === one.leadsTo),
        JSON.stringify(answer),
      ).toBe(true)
      if (one.leadsTo && one.kind !== 'loader' && rightful[0] !== 'nobody')
        expect(databaseHash(running.file), 'something was stored').not.toBe(before)
      if (one.kind !== 'loader') return
      // Whoever has several tabs open tells them apart by this.
      if (answer.title !== null) expect(answer.title).toMatch(/^\S.+ · Poise$/)
      for (const who of rightful) {
        const again = await ask(running, given, one, who, 'data')
        expect(succeeded(again), `${who} ${JSON.stringify(again)}`).toBe(true)
      }
      // Looking changes nothing.
      if (!one.writes) expect(databaseHash(running.file)).toBe(before)
    })
  })

  if (one.may === 'anyone') return
  test('does not exist for anybody else', async () => {
    await onCopy(async (running, given) => {
      await one.prepare?.(given)
      const before = databaseHash(running.file)
      const others = [
        ...EVERYBODY.filter((who) => !rightful.includes(who)),
        ...(one.about ? [`self:${one.about}` as const] : []),
      ]
      const let_in: string[] = []
      for (const who of others)
        for (const as of forms(one)) {
          const answer = await ask(running, given, one, who, as)
          if (!refused(answer, one, who, one.intent === 'enable' ? ['ready'] : []))
            let_in.push(`${who} by ${as}: ${JSON.stringify(answer)}`)
        }
      expect(let_in).toEqual([])
      expect(databaseHash(running.file), 'the database').toBe(before)
    })
  })
})

describe('the matrix itself', () => {
  test('sees a row that changed', async () => {
    await onCopy(async (running, given) => {
      const before = databaseHash(running.file)
      await given.deps.store.transact(async (w) => void (await w.q.update(w.t.people).set({ status: 'disabled' })))
      expect(databaseHash(running.file)).not.toBe(before)
    })
  })
})
