// The hot path: requests that are answered in the http listener, before Express and Remix
// (docs/decisions/0004-hot-path-before-express.md).
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StoreTrouble } from '../../db/store.server.ts'
import type { Instant } from '../core/shared/time.ts'
import type { Deps } from '../ground/deps.server.ts'
import { RETRY_AFTER_MS, statusOf } from '../http/errors.ts'

export type HotContext = {
  deps: Deps
  receivedAt: Instant
  /** The address without its query. */
  path: string
  /** What follows the prefix: `at_1/answers` for `/hot/attempts/` and `/hot/attempts/at_1/answers`. */
  rest: string
  /** Aborted when the server stops; for streams. */
  stopping: AbortSignal
  clientAddress: string
}

export type HotRoute = {
  method: 'GET' | 'POST'
  /** The whole path, or its beginning if it ends in `/`. */
  path: string
  handler(req: IncomingMessage, res: ServerResponse, context: HotContext): Promise<void> | void
}

export type HotMatch = { route: HotRoute; rest: string }

/** Looks a request up. Exact paths come first, then the longest prefix. */
export function createHotTable(
  routes: readonly HotRoute[],
): (method: string | undefined, path: string) => HotMatch | null {
  const exact = new Map<string, HotMatch>()
  const prefixes: HotRoute[] = []
  for (const route of routes) {
    if (route.path.endsWith('/')) prefixes.push(route)
    else exact.set(`${route.method} ${route.path}`, { route, rest: '' })
  }
  prefixes.sort((a, b) => b.path.length - a.path.length)
  return (method, path) => {
    const found = exact.get(`${method} ${path}`)
    if (found) return found
    for (const route of prefixes) {
      if (route.method === method && path.startsWith(route.path)) return { route, rest: path.slice(route.path.length) }
    }
    return null
  }
}

/** A body that is too long or not JSON; the listener answers it. */
export class BodyError extends Error {
  override readonly name = 'BodyError'
  constructor(readonly code: 'request.too_large' | 'request.bad_body') {
    super(code)
  }
}

const MAX_JSON_DEPTH = 8

/** Reads a small JSON body. Throws a BodyError, which the listener turns into 413 or 400. */
export async function readJson(req: IncomingMessage, limitBytes = 262_144): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  // Listeners, because an async iterator costs several turns of the event loop on each request.
  await new Promise<void>((resolve, reject) => {
    req.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limitBytes) {
        req.pause()
        reject(new BodyError('request.too_large'))
      } else chunks.push(chunk)
    })
    req.on('end', resolve)
    req.on('error', reject)
    req.on('close', () => {
      if (!req.complete) reject(new BodyError('request.bad_body'))
    })
  })
  const text = (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString('utf8')
  if (depthOf(text) > MAX_JSON_DEPTH) throw new BodyError('request.bad_body')
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new BodyError('request.bad_body')
  }
}

/** Deepest nesting of brackets outside strings: deep JSON is work for whoever walks it later. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const c = text.charCodeAt(at)
    if (quoted) {
      if (c === 92) at += 1
      else if (c === 34) quoted = false
    } else if (c === 34) quoted = true
    else if (c === 123 || c === 91) deepest = Math.max(deepest, (depth += 1))
    else if (c === 125 || c === 93) depth -= 1
  }
  return deepest
}

/** Answers with JSON in one write. */
export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  res.end(text)
}

/**
 * The store cannot do it now: the reply that docs/attempt-protocol.md gives for it. The same request may succeed later.
 */
export function sendTrouble(req: IncomingMessage, res: ServerResponse, code: StoreTrouble): void {
  // A stream that has begun just ends; its reader comes back.
  if (res.headersSent) return void res.destroy()
  res.setHeader('retry-after', String(RETRY_AFTER_MS / 1000))
  // The rest of a body is not read, so the connection cannot be used again.
  if (!req.complete && req.method !== 'GET') res.setHeader('connection', 'close')
  const status = statusOf(code)
  sendJson(res, status, { status, code, retryAfterMs: RETRY_AFTER_MS })
}
