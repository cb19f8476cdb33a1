// Who asked for what is not in the log; what was asked for, and what came of it, is: one line a request.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerBuild } from '@remix-run/node'
import type { Log } from '../ground/deps.server.ts'

/** Gives each request a number of its own: what tells one start of the server from another, then a count. */
export function createRequestIds(start: string = randomBytes(4).toString('hex')): () => string {
  let count = 0
  return () => `${start}-${(count += 1).toString(36)}`
}

/** Names the route that a path leads to, with `:id` where an id or a token stands: neither belongs in a log. */
export type RouteNames = (path: string) => string | null

type Routes = Readonly<
  Record<string, { id: string; parentId?: string | undefined; path?: string | undefined } | undefined>
>

/** Reads the addresses of a Remix build. The one with the fewest parameters wins, as `items/new` does over `items/:id`. */
export function routeNames(build: Pick<ServerBuild, 'routes'>): RouteNames {
  const routes = build.routes as Routes
  const fullPath = (id: string): string => {
    const route = routes[id]
    if (!route) return ''
    return [route.parentId ? fullPath(route.parentId) : '', route.path ?? ''].filter(Boolean).join('/')
  }
  const addresses = [...new Set(Object.keys(routes).map((id) => `/${fullPath(id)}`))]
    .map((name) => ({
      name,
      variable: name.split('/').filter((part) => part.startsWith(':')).length + (name.endsWith('*') ? 100 : 0),
      pattern: new RegExp(
        `^${name
          .split('/')
          .map((part) => (part === '*' ? '.*' : part.startsWith(':') ? '[^/]+' : part.replace(/[^\w-]/g, '\\$&')))
          .join('/')}/?$`,
      ),
    }))
    .sort((a, b) => a.variable - b.variable)
  return (path) => addresses.find(({ pattern }) => pattern.test(path))?.name ?? null
}

/**
 * One line when a request is over. `ms` counts from its headers to the last byte; `cut` says that the reader left before
 * that.
 */
export function logRequest(
  log: Log,
  req: IncomingMessage,
  res: ServerResponse,
  about: { requestId: string; route: string | null; ms: number },
): void {
  log.info('request', {
    requestId: about.requestId,
    method: req.method ?? '',
    route: about.route,
    status: res.statusCode,
    ms: Math.round(about.ms),
    ...(res.writableFinished ? {} : { cut: true }),
  })
}
