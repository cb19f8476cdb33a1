import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerBuild } from '@remix-run/node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { appendStreamEvent } from '#app/ground/streams.server.ts'
import { serveStream } from '#app/live/stream.server.ts'
import { createRefusalNotes } from '#app/server/border.server.ts'
import { readJson, sendJson } from '#app/server/hot-route.server.ts'
import { createHttpServer, type HotRoute, type PoiseServer } from '#app/server/http.server.ts'
import { StoreError } from '#db/store.server.ts'
import { testDeps, type TestDeps } from '#tests/setup/server-deps.ts'

/** A Remix build with a page, a resource route, and nothing else: what the server adds is what is tested here. */
let written: string[] = []
let seen: Array<{
  url: string
  nonce: unknown
  receivedAt: unknown
  clientAddress: unknown
  aborted: () => boolean
  headers: Record<string, string>
}> = []
type Args = { request: Request; context: Record<string, unknown> }
const note = ({ request, context }: Args): void => {
  const signal = context['closeSignal'] as AbortSignal
  seen.push({
    url: request.url,
    nonce: context['nonce'],
    receivedAt: context['receivedAt'],
    clientAddress: context['clientAddress'],
    aborted: () => signal.aborted,
    headers: Object.fromEntries(request.headers),
  })
}
const route = (id: string, path: string | undefined, withPage: boolean) => ({
  id,
  path,
  parentId: 'root',
  module: {
    loader: (args: Args) => {
      note(args)
      if (id === 'hang')
        return new Promise<Response>((resolve) =>
          (args.context['closeSignal'] as AbortSignal).addEventListener('abort', () => resolve(new Response('late'))),
        )
      return id === 'big'
        ? new Response('x'.repeat(50_000), { headers: { 'content-type': 'text/plain' } })
        : Response.json({ ok: true })
    },
    action: async (args: Args) => {
      note(args)
      written.push(`${id}: ${(await args.request.text()).slice(0, 20)}`)
      return Response.json({ ok: true })
    },
    ...(withPage ? { default: () => null } : {}),
  },
})
const remixBuild = {
  entry: {
    module: {
      handleError: () => {},
      default: (
        _request: Request,
        status: number,
        headers: Headers,
        _context: unknown,
        loadContext: { nonce: string },
      ) =>
        new Response(`<script nonce="${loadContext.nonce}"></script>`, {
          status,
          headers: new Headers([...headers, ['content-type', 'text/html']]),
        }),
    },
  },
  routes: {
    root: { id: 'root', path: '', module: { default: () => null } },
    page: route('page', 'page', true),
    resource: route('resource', 'resource', false),
    hang: route('hang', 'hang', false),
    big: route('big', 'big', false),
  },
  assets: { entry: { module: '', imports: [] }, routes: {}, url: '', version: '' },
  publicPath: '/',
  assetsBuildDirectory: '',
  future: {},
  isSpaMode: false,
} as unknown as ServerBuild

let broken = new Error('broken on purpose')
let releaseSlow = () => {}
let slowArrived = () => {}
const hotRoutes: HotRoute[] = [
  {
    method: 'POST',
    path: '/hot/save',
    async handler(req, res, { receivedAt, clientAddress }) {
      const body = await readJson(req, 1_000)
      written.push(`hot: ${JSON.stringify(body)}`)
      sendJson(res, 200, { receivedAt, clientAddress })
    },
  },
  {
    method: 'POST',
    path: '/hot/slow',
    async handler(req, res, { deps }) {
      await readJson(req)
      slowArrived()
      await new Promise<void>((resolve) => (releaseSlow = resolve))
      await deps.store.transact(async (w) => {
        await w.q
          .insert(w.t.settings)
          .values({ key: 'slow', value: { saved: true }, updatedAt: new Date(deps.clock.now()) })
      })
      sendJson(res, 200, { saved: true })
    },
  },
  {
    method: 'POST',
    path: '/hot/broken',
    handler() {
      throw broken
    },
  },
  {
    method: 'GET',
    path: '/hot/stream/',
    handler: (req, res, { deps, rest, stopping }) =>
      serveStream(req, res, deps, {
        streamId: rest,
        lastEventId: String(req.headers['last-event-id'] ?? '') || null,
        allowed: async () => rest !== 'secret',
        stopping,
        view: (event) => (event.type === 'hidden' ? null : { type: event.type, data: { n: event.data['n'] ?? null } }),
        times: { pollMs: 50, commentMs: 100 },
      }),
  },
]

const staticDir = mkdtempSync(join(tmpdir(), 'poise-static-'))
beforeAll(() => {
  mkdirSync(join(staticDir, 'assets'))
  writeFileSync(join(staticDir, 'assets/app-1a2b.js'), `console.log(${'1+'.repeat(2_000)}1)`)
  writeFileSync(join(staticDir, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
})
afterAll(() => rmSync(staticDir, { recursive: true }))

type Running = TestDeps & { server: PoiseServer; port: number }
const open: Running[] = []
async function start(environment: Record<string, string> = {}): Promise<Running> {
  const context = await testDeps(environment)
  const server = createHttpServer(context.deps, { remixBuild, staticDir, hotRoutes })
  const { port } = await server.listen(0, '127.0.0.1')
  const running = { ...context, server, port }
  open.push(running)
  return running
}
beforeEach(() => {
  broken = new Error('broken on purpose')
  written = []
  seen = []
})
afterEach(async () => {
  for (const { server, cleanup } of open.splice(0)) {
    releaseSlow()
    await server.stop(500)
    await cleanup()
  }
})

type Answer = { status: number; headers: IncomingHttpHeaders; body: string }
/** Plain http, because fetch does not let a test choose Host, Origin and Sec-Fetch-Site. */
function send(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length =
      body === undefined
        ? {}
        : { 'content-length': String(Buffer.byteLength(body)), 'content-type': 'application/x-www-form-urlencoded' }
    const req = httpRequest(
      { port, host: '127.0.0.1', path, method, headers: { ...length, ...headers }, agent: false },
      (res) => {
        let text = ''
        res.setEncoding('utf8')
        res.on('data', (chunk: string) => (text += chunk))
        res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }))
        res.on('error', reject)
      },
    )
    req.on('error', reject)
    req.end(body)
  })
}

describe('origin guard', () => {
  const targets = {
    document: '/page',
    'data request': '/page?_data=page',
    'resource route': '/resource',
    'hot path': '/hot/save',
  }
  const EVIL = 'https://evil.example'
  type Case = { name: string; site?: string; origin?: (own: string) => string; passes: boolean }
  const cases: Case[] = [
    { name: 'same-origin by the browser', site: 'same-origin', origin: (own) => own, passes: true },
    { name: 'same-origin without Origin', site: 'same-origin', passes: true },
    { name: 'old browser, our Origin', origin: (own) => own, passes: true },
    { name: 'neither header', passes: false },
    { name: 'old browser, foreign Origin', origin: () => EVIL, passes: false },
    { name: 'old browser, Origin null', origin: () => 'null', passes: false },
    { name: 'old browser, malformed Origin', origin: () => 'http//:@', passes: false },
    { name: 'old browser, our Origin with a path', origin: (own) => `${own}/`, passes: false },
    { name: 'old browser, our host over https', origin: (own) => own.replace('http:', 'https:'), passes: false },
    { name: 'old browser, our host on another port', origin: () => 'http://127.0.0.1:1', passes: false },
    { name: 'old browser, our host as a prefix', origin: (own) => `${own}.evil.example`, passes: false },
    {
      name: 'localhost is another site than 127.0.0.1',
      origin: (own) => own.replace('127.0.0.1', 'localhost'),
      passes: false,
    },
    { name: 'cross-site', site: 'cross-site', origin: () => EVIL, passes: false },
    { name: 'cross-site that claims our Origin', site: 'cross-site', origin: (own) => own, passes: false },
    { name: 'same-site, another host', site: 'same-site', origin: () => 'https://other.poise.example', passes: false },
    { name: 'typed into the address bar', site: 'none', passes: false },
    { name: 'a value that no browser sends', site: 'same-origin, cross-site', passes: false },
    { name: 'same-origin with a foreign Origin', site: 'same-origin', origin: () => EVIL, passes: false },
    { name: 'same-origin with Origin null', site: 'same-origin', origin: () => 'null', passes: false },
  ]
  for (const [kind, path] of Object.entries(targets)) {
    it(`decides about a POST to a ${kind} before anything reads it`, async () => {
      const { port } = await start()
      for (const { name, site, origin, passes } of cases) {
        written = []
        const headers: Record<string, string> = {
          'content-type': path.startsWith('/hot') ? 'application/json' : 'application/x-www-form-urlencoded',
        }
        if (site) headers['sec-fetch-site'] = site
        if (origin) headers['origin'] = origin(`http://127.0.0.1:${port}`)
        const { status, body } = await send(port, path, { method: 'POST', headers, body: '{"a":1}' })
        expect({ name, status, written: written.length }).toEqual({
          name,
          status: passes ? 200 : 403,
          written: passes ? 1 : 0,
        })
        if (!passes) expect(body).toContain('did not come from')
      }
    })
  }

  it('guards every unsafe method, and lets reading pass from anywhere', async () => {
    const { port } = await start()
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      expect((await send(port, '/resource', { method, headers: { origin: EVIL } })).status).toBe(403)
    expect((await send(port, '/page', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200)
    expect((await send(port, '/resource', { method: 'OPTIONS', headers: { origin: EVIL } })).status).toBe(405)
    expect(
      (await send(port, '/resource', { method: 'TRACE', headers: { 'sec-fetch-site': 'same-origin' } })).status,
    ).toBe(405)
    expect(written).toEqual([])
  })

  it('in production accepts the public origin only, also behind a proxy', async () => {
    const { port } = await start({ POISE_MODE: 'production', PUBLIC_URL: 'https://poise.example', PORT: '0' })
    const host = 'poise.example'
    const post = (headers: Record<string, string>) =>
      send(port, '/resource', { method: 'POST', headers: { host, ...headers }, body: 'x' })
    expect((await post({ origin: 'https://poise.example' })).status).toBe(200)
    expect(seen.at(-1)?.url).toBe('https://poise.example/resource')
    expect((await post({ origin: 'http://poise.example' })).status).toBe(403)
    expect((await post({ origin: `http://127.0.0.1:${port}` })).status).toBe(403)
    expect((await send(port, '/page', { headers: { host: `127.0.0.1:${port}` } })).status).toBe(421)
    expect((await send(port, '/page', { headers: { host } })).headers['strict-transport-security']).toContain(
      'max-age=',
    )
  })
})

describe('the log of requests', () => {
  it('names route, status and number of each page, and no address; of the hot path only what fails', async () => {
    const running = await start()
    const told: Array<Record<string, unknown>> = []
    running.deps.log.info = (event, fields = {}) => void told.push({ event, ...fields })
    running.deps.log.error = (event, _error, fields = {}) => void told.push({ event, ...fields })
    const page = await send(running.port, '/page?secret=1', { headers: { accept: 'text/html' } })
    await send(running.port, '/page/nobody-has-this')
    const post = { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' }, body: '{}' }
    await send(running.port, '/hot/save', post)
    const failed = await send(running.port, '/hot/broken', post)
    await expect.poll(() => told.length).toBe(3)
    const [first, second, third] = told
    const { requestId } = first ?? {}
    expect(first).toMatchObject({ event: 'request', method: 'GET', route: '/page', status: 200 })
    expect(page.headers['x-request-id']).toBe(requestId)
    expect(second).toMatchObject({ event: 'request', route: null, status: 404 })
    expect(third).toMatchObject({ event: 'hot.failed', path: '/hot/broken' })
    expect(failed.headers['x-request-id']).toBe(third?.['requestId'])
    expect(new Set(told.map((line) => line['requestId'])).size).toBe(3)
    expect(JSON.stringify(told)).not.toMatch(/secret|nobody-has-this/)
  })
})

describe('what the log says about a refused name', () => {
  type Warned = { event: string; fields: Record<string, unknown> }
  const listening = async (environment: Record<string, string> = {}) => {
    const running = await start({ POISE_MODE: 'production', PUBLIC_URL: 'https://poise.example', ...environment })
    const warned: Warned[] = []
    running.deps.log.warn = (event, fields = {}) => void warned.push({ event, fields })
    return { port: running.port, warned }
  }
  const post = (port: number, origin: string) =>
    send(port, '/page?_data=page', {
      method: 'POST',
      headers: { host: 'poise.example', origin, 'sec-fetch-site': 'same-origin' },
      body: 'x',
    })

  it('names the Origin that a browser sends and the one of PUBLIC_URL, once', async () => {
    const { port, warned } = await listening()
    for (let time = 0; time < 3; time += 1) expect((await post(port, 'https://poise.example:5643')).status).toBe(403)
    expect(warned).toEqual([
      {
        event: 'request.origin_refused',
        fields: { header: 'origin', received: 'https://poise.example:5643', expected: 'https://poise.example' },
      },
    ])
  })

  it('names the Host that a proxy hands on, and the header in which it stood', async () => {
    const plain = await listening()
    expect((await send(plain.port, '/page', { headers: { host: '127.0.0.1:5180' } })).status).toBe(421)
    expect(plain.warned).toEqual([
      {
        event: 'request.host_refused',
        fields: { header: 'host', received: '127.0.0.1:5180', expected: 'poise.example' },
      },
    ])
    const proxied = await listening({ TRUST_PROXY: '1' })
    expect(
      (await send(proxied.port, '/page', { headers: { host: 'poise.example', 'x-forwarded-host': 'inside.example' } }))
        .status,
    ).toBe(421)
    expect(proxied.warned).toEqual([
      {
        event: 'request.host_refused',
        fields: { header: 'x-forwarded-host', received: 'inside.example', expected: 'poise.example' },
      },
    ])
  })

  it('is not a place for whatever a stranger wants to write: 20 values of 100 printable characters an hour', () => {
    const warned: Warned[] = []
    let nowMs = 0
    const note = createRefusalNotes({ warn: (event, fields = {}) => void warned.push({ event, fields }) }, () => nowMs)
    const origin = (received: string) =>
      note('origin', { header: 'origin', received, expected: 'https://poise.example' })
    origin(`https://\u001b[31m\u7f51${'x'.repeat(200)}`)
    expect(warned[0]?.fields['received']).toBe(`https://?[31m?${'x'.repeat(86)}`)
    for (let n = 1; n <= 30; n += 1) origin(`https://${n}.example`)
    expect(warned).toHaveLength(20)
    // Strangers who try names do not hide that people's own Origin is refused, nor the other way round.
    note('host', { header: 'host', received: undefined, expected: 'poise.example' })
    expect(warned.at(-1)).toEqual({
      event: 'request.host_refused',
      fields: { header: 'host', received: '(none)', expected: 'poise.example' },
    })
    nowMs = 3_600_000
    origin('https://1.example')
    expect(warned).toHaveLength(22)
  })

  it('tells Remix in the browser the code, as something that its error page can show', async () => {
    const { port } = await listening()
    const { status, headers, body } = await post(port, 'https://poise.example:5643')
    expect({ status, caught: headers['x-remix-catch'], type: headers['content-type'] }).toEqual({
      status: 403,
      caught: 'yes',
      type: 'application/json; charset=utf-8',
    })
    expect(JSON.parse(body)).toMatchObject({ code: 'request.cross_site' })
  })
})

describe('names and addresses', () => {
  it('does not believe X-Forwarded-* unless a proxy is trusted', async () => {
    const spoofed = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '10.0.0.1, 203.0.113.7',
      forwarded: 'host=evil.example',
    }
    const plain = await start()
    await send(plain.port, '/resource', { headers: spoofed })
    expect(seen[0]?.url).toBe(`http://127.0.0.1:${plain.port}/resource`)
    expect(seen[0]?.clientAddress).toBe('127.0.0.1')
    expect(Object.keys(seen[0]?.headers ?? {}).filter((name) => name.includes('forwarded'))).toEqual([])

    const proxied = await start({ TRUST_PROXY: '1', PUBLIC_URL: 'https://poise.example' })
    expect((await send(proxied.port, '/resource', { headers: spoofed })).status).toBe(421)
    await send(proxied.port, '/resource', { headers: { ...spoofed, 'x-forwarded-host': 'poise.example' } })
    expect(seen.at(-1)).toMatchObject({ url: 'https://poise.example/resource', clientAddress: '203.0.113.7' })
  })

  it('answers only under its own names', async () => {
    const { port } = await start()
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      '127.0.0.1:1',
      `127.0.0.1:${port}@evil.example`,
    ])
      expect({ host, status: (await send(port, '/page', { headers: { host } })).status }).toEqual({ host, status: 421 })
    expect((await send(port, '/page', { headers: { host: `localhost:${port}` } })).status).toBe(200)
    expect(seen.map(({ url }) => url)).toEqual([`http://localhost:${port}/page`])
  })

  it('refuses addresses that are too long, too deep or unreadable', async () => {
    const { port } = await start()
    const status = async (path: string) => (await send(port, path)).status
    expect(await status(`/page?x=${'a'.repeat(2_100)}`)).toBe(414)
    expect(await status('/a'.repeat(40))).toBe(400)
    expect(await status('/%E0%A4%A')).toBe(400)
    expect(await status('/page%00')).toBe(400)
    expect(await status('//evil.example/page')).toBe(400)
    expect(await status('/\\evil.example')).toBe(400)
    expect(await status(`http://evil.example/page`)).toBe(400)
    expect(await status('/page?x=%')).toBe(200)
    expect(seen).toHaveLength(1)
  })

  it('refuses a body that is too large before reading it, and one without a length', async () => {
    const { port } = await start()
    const own = { 'sec-fetch-site': 'same-origin', accept: 'text/html', 'accept-language': 'zh-CN,zh;q=0.9' }
    const large = await send(port, '/resource', {
      method: 'POST',
      headers: { ...own, 'content-length': '1048577', connection: 'close' },
    }).catch((error: Error) => error)
    if (!(large instanceof Error)) {
      expect(large.status).toBe(413)
      expect(large.body).toContain('<p>内容超过一次可接收的上限')
    }
    expect(
      (
        await send(port, '/resource', {
          method: 'POST',
          headers: { ...own, 'transfer-encoding': 'chunked' },
          body: undefined,
        })
      ).status,
    ).toBe(411)
    expect(
      (await send(port, '/hot/save', { method: 'POST', headers: own, body: JSON.stringify({ a: 'x'.repeat(2_000) }) }))
        .status,
    ).toBe(413)
    expect((await send(port, '/hot/save', { method: 'POST', headers: own, body: '{"a":' })).status).toBe(400)
    expect(
      (await send(port, '/hot/save', { method: 'POST', headers: own, body: '['.repeat(9) + ']'.repeat(9) })).status,
    ).toBe(400)
    expect(written).toEqual([])
    expect((await send(port, '/resource', { method: 'POST', headers: own, body: 'x'.repeat(1_000_000) })).status).toBe(
      200,
    )
  })

  it('says in the reader’s language that what is no form was not read, where the framework would answer with a fault of ours', async () => {
    const { port } = await start()
    const own = { 'sec-fetch-site': 'same-origin', accept: 'text/html', 'accept-language': 'zh-CN' }
    for (const type of ['application/json', 'text/plain', 'multipart/form-data', '']) {
      const answer = await send(port, '/page', {
        method: 'POST',
        headers: { ...own, 'content-type': type },
        body: '{}',
      })
      expect({ type, status: answer.status }).toEqual({ type, status: 415 })
      expect(answer.body).toContain('<p>这个请求不是 Poise 能读取的表单')
    }
    expect(written).toEqual([])
    expect(
      (
        await send(port, '/page', {
          method: 'POST',
          headers: { ...own, 'content-type': 'multipart/form-data; boundary=x' },
          body: '--x--',
        })
      ).status,
    ).toBe(200)
  })
})

describe('pages', () => {
  it('carry the security headers, and a nonce of their own', async () => {
    const { port } = await start()
    const [first, second] = [await send(port, '/page'), await send(port, '/page')]
    const policy = String(first.headers['content-security-policy'])
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
    expect(Buffer.from(nonce, 'base64')).toHaveLength(16)
    expect(first.body).toBe(`<script nonce="${nonce}"></script>`)
    expect(String(second.headers['content-security-policy'])).not.toBe(policy)
    for (const directive of [
      `script-src 'self' 'nonce-${nonce}'`,
      `style-src 'self' 'nonce-${nonce}'`,
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "connect-src 'self'",
      "img-src 'self' data:",
      "form-action 'self'",
    ])
      expect(policy.split('; ')).toContain(directive)
    expect(policy).not.toContain('unsafe')
    expect(first.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(first.headers['permissions-policy']).toContain('microphone=()')
    expect(first.headers['strict-transport-security']).toBeUndefined()
    expect(first.headers['x-powered-by']).toBeUndefined()
  })

  it('are told when the request arrived, and when the client has gone', async () => {
    const { port, deps } = await start()
    deps.clock.setOffset?.(3_600_000)
    const before = deps.clock.now()
    const req = httpRequest({ port, host: '127.0.0.1', path: '/hang' })
    req.on('error', () => {})
    req.end()
    while (seen.length === 0) await sleep(5)
    expect(seen[0]?.receivedAt).toBeGreaterThanOrEqual(before)
    expect(seen[0]?.aborted()).toBe(false)
    req.destroy()
    for (let i = 0; i < 100 && !seen[0]?.aborted(); i += 1) await sleep(5)
    expect(seen[0]?.aborted()).toBe(true)
  })

  it('compresses pages and hashed files, and keeps the latter for ever', async () => {
    const { port } = await start()
    const gzip = { 'accept-encoding': 'gzip' }
    expect((await send(port, '/big', { headers: gzip })).headers['content-encoding']).toBe('gzip')
    const asset = await send(port, '/assets/app-1a2b.js', { headers: gzip })
    expect(asset.headers).toMatchObject({
      'content-encoding': 'gzip',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect((await send(port, '/icon.svg')).headers['cache-control']).toBe('public, max-age=3600')
    expect((await send(port, '/assets/missing.js')).status).toBe(404)
    expect((await send(port, '/assets/../../secret.key')).status).toBe(404)
  })
})

describe('hot path', () => {
  it('answers before Express, with the instant of arrival', async () => {
    const { port, deps } = await start()
    const before = deps.clock.now()
    const answer = await send(port, '/hot/save', {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: '{}',
    })
    const reply = JSON.parse(answer.body) as { receivedAt: number; clientAddress: string }
    expect(reply.receivedAt).toBeGreaterThanOrEqual(before)
    expect(reply.clientAddress).toBe('127.0.0.1')
    expect(answer.headers['content-security-policy']).toBeUndefined()
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('turns a surprise into a plain answer and a line in the log', async () => {
    const { port, logged } = await start()
    const answer = await send(port, '/hot/broken', {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', accept: 'application/json' },
      body: '{}',
    })
    expect(answer.status).toBe(500)
    expect(answer.body).not.toContain('on purpose')
    expect(logged).toContain('hot.failed')
  })

  it('moves the clock in test mode only', async () => {
    const { port, deps } = await start()
    const post = (at: number, host?: string) =>
      send(at, '/__test/clock', {
        method: 'POST',
        headers: { 'sec-fetch-site': 'same-origin', ...(host ? { host } : {}) },
        body: '{"offsetMs":7200000}',
      })
    expect((await post(port)).status).toBe(200)
    expect(deps.clock.now() - Date.now()).toBeGreaterThan(7_100_000)
    const demo = await start({ POISE_MODE: 'demo' })
    expect((await post(demo.port)).status).toBe(404)
    const production = await start({ POISE_MODE: 'production', PUBLIC_URL: 'https://poise.example' })
    expect((await post(production.port, 'poise.example')).status).toBe(404)
    expect(production.deps.clock.setOffset).toBeUndefined()
  })
})

describe('health', () => {
  it('is 200 while the database answers, under any name, and 503 when it does not', async () => {
    const { port, deps } = await start()
    const well = await send(port, '/healthz', { headers: { host: '10.1.2.3' } })
    expect(well.status).toBe(200)
    expect(JSON.parse(well.body)).toEqual({
      status: 'ok',
      version: '0.0.0-test',
      database: 'ok',
      jobs: { lagMs: 0, running: 0, late: false },
      clock: 'ok',
    })
    await deps.store.close()
    // The result of a moment ago is not asked again within the second, and then nothing can be written.
    await expect.poll(async () => (await send(port, '/healthz')).status, { timeout: 10_000 }).toBe(503)
    expect(JSON.parse((await send(port, '/healthz')).body)).toMatchObject({
      status: 'failing',
      database: 'failing',
      code: 'db.closed',
    })
  })

  it('is 503 with db.lost as soon as the file is gone, though a write into it would still succeed', async () => {
    const { port, file } = await start()
    expect((await send(port, '/healthz')).status).toBe(200)
    rmSync(file)
    await expect.poll(async () => (await send(port, '/healthz')).status, { timeout: 10_000 }).toBe(503)
    expect(JSON.parse((await send(port, '/healthz')).body)).toMatchObject({
      status: 'failing',
      database: 'failing',
      code: 'db.lost',
    })
  })

  it('tells whether the process lives, under any name, whatever the database does', async () => {
    const { port, deps } = await start()
    await deps.store.close()
    for (const method of ['GET', 'HEAD']) {
      const alive = await send(port, '/livez', { method, headers: { host: '10.1.2.3' } })
      expect({ method, status: alive.status, cached: alive.headers['cache-control'] }).toEqual({
        method,
        status: 200,
        cached: 'no-store',
      })
      expect(alive.body).toBe(method === 'GET' ? '{"status":"ok"}' : '')
    }
    expect(
      (
        await send(port, '/livez', {
          method: 'POST',
          headers: { host: '10.1.2.3', 'sec-fetch-site': 'same-origin' },
          body: 'x',
        })
      ).status,
    ).toBe(421)
  })

  it('answers trouble of the store as the protocol has it, and a fault as a fault', async () => {
    const { port, logged } = await start()
    const post = (path: string) =>
      send(port, path, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'same-origin', accept: 'application/json' },
        body: '{}',
      })
    for (const [code, status] of [
      ['SQLITE_FULL', 507],
      ['SQLITE_BUSY', 503],
      ['57P01', 503],
    ] as const) {
      broken = new StoreError('db.commit_failed', 'x', { cause: Object.assign(new Error('x'), { code }) })
      const answer = await post('/hot/broken')
      expect(answer.status).toBe(status)
      expect(answer.headers['retry-after']).toBe('5')
      expect(JSON.parse(answer.body)).toEqual({
        status,
        code: { SQLITE_FULL: 'db.full', SQLITE_BUSY: 'db.busy', '57P01': 'db.unreachable' }[code],
        retryAfterMs: 5_000,
      })
    }
    expect(logged).not.toContain('hot.failed')
    broken = new StoreError('db.nested', 'a mistake of ours')
    expect((await post('/hot/broken')).status).toBe(500)
    expect(logged).toContain('hot.failed')
  })
})

describe('one process', () => {
  it('has one write connection', async () => {
    const { deps, port } = await start()
    await send(port, '/page')
    expect(deps.store.stats().writeConnections).toBe(1)
  })
})

describe('streams', () => {
  /** Reads a stream until `enough` says so. */
  function listen(
    port: number,
    path: string,
    headers: Record<string, string>,
    enough: (text: string) => boolean,
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const req = httpRequest({ port, host: '127.0.0.1', path, headers, agent: false }, (res) => {
        let text = ''
        res.setEncoding('utf8')
        res.on('data', (chunk: string) => {
          text += chunk
          if (enough(text)) {
            resolve(text)
            req.destroy()
          }
        })
        res.on('end', () => resolve(text))
      })
      req.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? undefined : reject(error)))
      req.end()
    })
  }
  const append = ({ deps }: Running, n: number, type = 'turn') =>
    deps.store.transact((w) => appendStreamEvent(w, deps, 'contact:1', type, { n, fact: 'hidden' }))

  it('give what was missed, then what comes, each once and in order', async () => {
    const running = await start()
    for (let n = 1; n <= 3; n += 1) await append(running, n)
    const received = listen(running.port, '/hot/stream/contact:1', { 'last-event-id': '1' }, (text) =>
      text.includes('"n":5'),
    )
    await sleep(50)
    await Promise.all([append(running, 4), append(running, 5)])
    const text = await received
    expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual([2, 3, 4, 5])
    expect(text).not.toContain('fact')
    expect(text).toContain('retry: ')
  })

  it('hide what the reader may not see and still go on after it', async () => {
    const running = await start()
    await append(running, 1, 'hidden')
    await append(running, 2)
    const text = await listen(
      running.port,
      '/hot/stream/contact:1',
      {},
      (so) => so.includes('"n":2') && so.includes(': still here'),
    )
    expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual([2])
  })

  it('are refused to those who may not read, and end when the server stops', async () => {
    const running = await start()
    expect((await send(running.port, '/hot/stream/secret')).status).toBe(404)
    const ended = listen(running.port, '/hot/stream/contact:1', {}, () => false)
    await sleep(50)
    await running.server.stop(5_000)
    expect(await ended).toContain('retry: ')
  })
})

describe('stop', () => {
  it('finishes a request that was accepted, refuses new connections, and drops idle ones', async () => {
    const running = await start()
    const arrived = new Promise<void>((resolve) => (slowArrived = resolve))
    const idle = connect(running.port, '127.0.0.1')
    const idleClosed = new Promise<void>((resolve) => idle.once('close', () => resolve()))
    await new Promise<void>((resolve) => idle.once('connect', resolve))
    const answer = send(running.port, '/hot/slow', {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', connection: 'keep-alive' },
      body: '{}',
    })
    await arrived
    const stopped = running.server.stop(5_000)
    await idleClosed
    await expect(send(running.port, '/page')).rejects.toThrow(/ECONNREFUSED/)
    releaseSlow()
    expect(JSON.parse((await answer).body)).toEqual({ saved: true })
    await stopped
    const { q, t } = running.deps.store.read
    expect((await q.select().from(t.settings)).map(({ key }) => key)).toContain('slow')
  })
})
