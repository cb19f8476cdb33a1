// The HTTP server: border, hot path, health, and behind them Express with Remix.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RequestHandler } from 'express'
import { storeTrouble } from '../../db/store.server.ts'
import type { Runner } from '../jobs/runner.server.ts'
import { createRequestIds, logRequest, routeNames } from './access-log.server.ts'
import { checkAddress, createBorder, createRefusalNotes, pathOf, takeForwarded } from './border.server.ts'
import { urlHost } from './config.server.ts'
import type { ServerDeps } from './deps.server.ts'
import { createExpressApp, type Passport, type RemixBuild } from './express-app.server.ts'
import { createHealth } from './health.server.ts'
import { BodyError, createHotTable, sendJson, sendTrouble, type HotMatch, type HotRoute } from './hot-route.server.ts'
import { refuse } from './refusal.server.ts'
import { testRoutes } from './test-clock.server.ts'

export type { HotContext, HotRoute } from './hot-route.server.ts'

export type HttpServerOptions = {
  remixBuild: RemixBuild
  staticDir: string | null
  hotRoutes: readonly HotRoute[]
  /** For /healthz. */
  runner?: Pick<Runner, 'health'>
  devMiddleware?: RequestHandler
}

export type PoiseServer = {
  readonly server: Server
  /** Settles when connections are accepted; port 0 takes a free one. */
  listen(port?: number, host?: string): Promise<{ port: number; url: string }>
  /** Aborted as soon as `stop` is called. */
  readonly stopping: AbortSignal
  /** Accepts nothing new, finishes what was accepted, ends the streams. What has not ended by then is cut off. */
  stop(patienceMs?: number): Promise<void>
}

const HEADERS_PATIENCE_MS = 15_000
const REQUEST_PATIENCE_MS = 60_000
/** Longer than the idle time of common proxies, so that it is they who close first. */
const KEEP_ALIVE_MS = 65_000
const STOP_PATIENCE_MS = 10_000

function answerProbe(req: IncomingMessage, res: ServerResponse, status: number, body: object): void {
  if (req.method === 'HEAD') res.writeHead(status, { 'cache-control': 'no-store' }).end()
  else sendJson(res, status, body)
}

export function createHttpServer(deps: ServerDeps, options: HttpServerOptions): PoiseServer {
  const { clock, config, log } = deps
  const stop = new AbortController()
  const passports = new WeakMap<IncomingMessage, Passport>()
  const health = createHealth(deps, options.runner ?? null)
  const hot = createHotTable([...testRoutes(clock, config.mode), ...options.hotRoutes])
  let port = config.port
  let active = 0
  const border = createBorder(config, () => port)
  const nextId = createRequestIds()
  const nameOf = typeof options.remixBuild === 'function' ? () => null : routeNames(options.remixBuild)
  const noteRefused = createRefusalNotes(log)
  const app = createExpressApp(deps, {
    remixBuild: options.remixBuild,
    staticDir: options.staticDir,
    ...(options.devMiddleware ? { devMiddleware: options.devMiddleware } : {}),
    stopping: stop.signal,
    passportOf(req) {
      const passport = passports.get(req)
      if (!passport) throw new Error('a request came past the border')
      return passport
    },
  })

  function listener(req: IncomingMessage, res: ServerResponse): void {
    // First of all: whatever we do from here on is not charged to the candidate.
    const receivedAt = clock.now()
    active += 1
    res.once('close', settled)
    if (stop.signal.aborted) res.setHeader('connection', 'close')

    const crossSite = border.guardOrigin(req)
    if (crossSite)
      noteRefused('origin', { header: 'origin', received: req.headers.origin, expected: border.expected.origin })
    const refused = crossSite ?? checkAddress(req)
    if (refused) return refuse(req, res, refused)
    const path = pathOf(req.url ?? '')
    // Before the Host is looked at: a load balancer asks by address.
    if (req.method === 'GET' || req.method === 'HEAD') {
      if (path === '/healthz') return void answerHealth(req, res)
      // Of the process alone. A supervisor asks this, because starting again makes no room on a full disk.
      if (path === '/livez') return answerProbe(req, res, 200, { status: 'ok' })
    }

    const forwarded = takeForwarded(req, config.trustProxy)
    const host = forwarded.host ?? req.headers.host
    const origin = border.originFor(host)
    if (origin === null) {
      noteRefused('host', {
        header: forwarded.host === undefined ? 'host' : 'x-forwarded-host',
        received: host,
        expected: border.expected.host,
      })
      return refuse(req, res, req.headers.host === undefined ? 'request.bad_address' : 'request.unknown_host')
    }
    const clientAddress = forwarded.address ?? req.socket.remoteAddress ?? ''

    const match = hot(req.method, path)
    if (match) return void answerHot(req, res, match, { receivedAt, path, clientAddress })
    const requestId = nextId()
    const beganMs = performance.now()
    // Saves and heartbeats come by the hundred each second: of those the log has what fails. Nor are files worth a line.
    res.once('close', () => {
      if (path.startsWith('/assets/') && res.statusCode < 400) return
      logRequest(log, req, res, { requestId, route: nameOf(path), ms: performance.now() - beganMs })
    })
    passports.set(req, { receivedAt, origin, clientAddress, requestId })
    app(req, res)
  }

  /** Idle connections that become idle only now would otherwise hold the stop up until their time is over. */
  function settled(): void {
    active -= 1
    if (stop.signal.aborted) server.closeIdleConnections()
  }

  async function answerHot(
    req: IncomingMessage,
    res: ServerResponse,
    { route, rest }: HotMatch,
    about: { receivedAt: number; path: string; clientAddress: string },
  ) {
    try {
      await route.handler(req, res, { deps, rest, stopping: stop.signal, ...about })
    } catch (error) {
      if (res.destroyed) return
      const requestId = nextId()
      if (!res.headersSent) res.setHeader('x-request-id', requestId)
      if (error instanceof BodyError && error.code === 'request.too_large') return refuse(req, res, error.code)
      if (error instanceof BodyError && !res.headersSent) return sendJson(res, 400, { error: { code: error.code } })
      const trouble = storeTrouble(error)
      if (trouble) {
        log.warn('hot.unsaved', { code: trouble, path: route.path, requestId })
        return sendTrouble(req, res, trouble)
      }
      log.error('hot.failed', error, { path: route.path, requestId })
      refuse(req, res, 'server.failed')
    }
  }

  async function answerHealth(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const told = await health.check()
    // A stopping server says so, and the balancer sends the next one elsewhere.
    const ok = told.status === 'ok' && !stop.signal.aborted
    answerProbe(req, res, ok ? 200 : 503, stop.signal.aborted ? { ...told, status: 'stopping' } : told)
  }

  const server = createServer({ keepAlive: true, noDelay: true }, listener)
  server.headersTimeout = HEADERS_PATIENCE_MS
  server.requestTimeout = REQUEST_PATIENCE_MS
  server.keepAliveTimeout = KEEP_ALIVE_MS
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })

  /** Browsers open connections in advance. To Node one that has never carried anything is not idle but waiting. */
  function closeUnused(): void {
    server.closeIdleConnections()
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  }

  return {
    server,
    stopping: stop.signal,
    async listen(wantedPort = config.port, host = config.host) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(wantedPort, host, () => {
          server.off('error', reject)
          resolve()
        })
      })
      port = (server.address() as AddressInfo).port
      return { port, url: config.mode === 'production' ? config.publicUrl : `http://${urlHost(host)}:${port}` }
    },
    async stop(patienceMs = STOP_PATIENCE_MS) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      stop.abort()
      closeUnused()
      const patience = new AbortController()
      await Promise.race([
        closed.then(() => patience.abort()),
        sleep(patienceMs, undefined, { signal: patience.signal }).then(
          () => {
            log.warn('server.cut_off', { active })
            server.closeAllConnections()
          },
          () => {},
        ),
      ])
      await closed
    },
  }
}
