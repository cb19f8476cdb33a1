// What is not on the hot path: static files and Remix, behind Express.
import { readdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { createRequestHandler } from '@remix-run/express'
import type { ServerBuild } from '@remix-run/node'
import compression from 'compression'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { Instant } from '../core/shared/time.ts'
import type { Deps } from '../ground/deps.server.ts'
import type { LoadContext } from '../http/load-context.ts'
import { checkBody, isForm } from './border.server.ts'
import { refuse } from './refusal.server.ts'
import { newNonce, securityHeaders } from './security-headers.server.ts'
import { answeringTrouble } from './unsaved.server.ts'

/** What the listener has found out about a request that it passes on. */
export type Passport = { receivedAt: Instant; origin: string; clientAddress: string; requestId: string }

export type RemixBuild = ServerBuild | (() => Promise<ServerBuild>)

export type ExpressAppOptions = {
  remixBuild: RemixBuild
  /** Folder of the client build; null in development, where Vite serves it. */
  staticDir: string | null
  /** Vite's middleware, in development. */
  devMiddleware?: RequestHandler
  passportOf(req: IncomingMessage): Passport
  stopping: AbortSignal
}

const YEAR_MS = 31_536_000_000

export function createExpressApp(deps: Deps, options: ExpressAppOptions): Express {
  const { remixBuild, staticDir, devMiddleware, passportOf, stopping } = options
  const dev = devMiddleware !== undefined
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('trust proxy', false)

  app.use((req, res, next) => {
    const nonce = newNonce()
    res.locals['nonce'] = nonce
    res.set(securityHeaders(deps.config.mode, nonce, { dev }))
    const { origin, requestId } = passportOf(req)
    res.set('X-Request-Id', requestId)
    // Remix builds the request's URL from these two. The Host has been checked; the scheme is not the socket's but that
    // of the name under which people reach us.
    req.headers.host = new URL(origin).host
    Object.defineProperty(req, 'protocol', { value: new URL(origin).protocol.slice(0, -1) })
    next()
  })
  if (staticDir !== null) {
    // File names under /assets carry the hash of their content.
    app.use(
      '/assets',
      compression(),
      express.static(join(staticDir, 'assets'), { immutable: true, maxAge: YEAR_MS, index: false, redirect: false }),
    )
    app.use('/assets', (req, res) => refuse(req, res, 'request.not_found'))
    // By name, so that no page asks the disk whether it is a file.
    for (const name of readdirSync(staticDir)) {
      if (name !== 'assets')
        app.use(
          `/${name}`,
          compression(),
          express.static(join(staticDir, name), { maxAge: 3_600_000, index: false, redirect: false }),
        )
    }
  }
  // Whoever asks for a page gets it compressed as it is made (app/entry.server.tsx).
  const compress = compression({ filter: mayCompress })
  app.use((req, res, next) => (req.headers.accept?.startsWith('text/html') ? next() : compress(req, res, next)))
  if (devMiddleware) app.use(devMiddleware)
  app.use((req, res, next) => {
    const refused = checkBody(req) ?? (isForm(req) ? null : 'request.not_a_form')
    if (refused) refuse(req, res, refused)
    else next()
  })
  const getLoadContext = (req: express.Request, res: express.Response): LoadContext => {
    const { receivedAt, clientAddress, requestId } = passportOf(req)
    let signal: AbortSignal | undefined
    return {
      deps,
      receivedAt,
      clientAddress,
      requestId,
      nonce: String(res.locals['nonce']),
      encoding: encodingFor(req),
      wantsPage: req.headers.accept?.startsWith('text/html') === true && req.query['_data'] === undefined,
      unsaved: null,
      // Made when asked for: few routes wait.
      get closeSignal() {
        return (signal ??= closeSignalOf(res, stopping))
      },
    }
  }
  const remix = (build: RemixBuild) =>
    createRequestHandler({ build, mode: dev ? 'development' : 'production', getLoadContext: getLoadContext as never })
  const build =
    typeof remixBuild === 'function' ? async () => answeringTrouble(await remixBuild()) : answeringTrouble(remixBuild)
  const whole = remix(build)
  const candidates = typeof build === 'function' ? whole : remix(areaOf(build, 'areas/candidate'))
  app.use((req, res, next) => void (/^\/candidate(\/|$)/.test(req.path) ? candidates : whole)(req, res, next))
  // Express knows an error handler by its four parameters.
  const onError: ErrorRequestHandler = (error: unknown, req, res, _next) => {
    deps.log.error('request.failed', error, { method: req.method, requestId: passportOf(req).requestId })
    refuse(req, res, 'server.failed')
  }
  app.use(onError)
  return app
}

/**
 * The build with the routes of one area. Remix sorts and tries all its routes anew for each request; among the
 * candidate's own few that is a twentieth of a page cheaper.
 */
function areaOf(build: ServerBuild, layoutId: string): ServerBuild {
  const within = <R extends { parentId?: string | undefined }>(routes: Record<string, R>) =>
    Object.fromEntries(
      Object.entries(routes).filter(([id, route]) => id === 'root' || id === layoutId || route.parentId === layoutId),
    )
  return { ...build, routes: within(build.routes), assets: { ...build.assets, routes: within(build.assets.routes) } }
}

/** What a page is compressed with; null for a reader that takes none. */
function encodingFor(req: express.Request): LoadContext['encoding'] {
  // Asked one by one: of two that are equally welcome the first named in the header would win, which is gzip.
  if (req.acceptsEncodings('br')) return 'br'
  return req.acceptsEncodings('gzip') ? 'gzip' : null
}

/** A compressor holds events back until it has a block. */
function mayCompress(req: express.Request, res: express.Response): boolean {
  if (String(res.getHeader('content-type') ?? '').startsWith('text/event-stream')) return false
  return compression.filter(req, res)
}

/**
 * Aborted when the response can no longer be written to, or the server stops. Unlike AbortSignal.any it leaves nothing
 * behind.
 */
export function closeSignalOf(res: ServerResponse, stopping: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const abort = (): void => {
    stopping.removeEventListener('abort', abort)
    controller.abort()
  }
  if (stopping.aborted || res.destroyed) controller.abort()
  else {
    stopping.addEventListener('abort', abort, { once: true })
    res.once('close', abort)
  }
  return controller.signal
}
