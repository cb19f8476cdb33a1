/** What every loader and action begins and ends with: who acts, in which language, and how a result becomes a reply. */
import { json, redirect, type AppLoadContext } from '@remix-run/node'
import type { Actor, Role } from '../core/access/actor.ts'
import type { Locale } from '../core/shared/locale.ts'
import type { Failure } from '../core/shared/result.ts'
import type { Instant } from '../core/shared/time.ts'
import type { Deps } from '../ground/deps.server.ts'
import type { Preferences } from '../i18n/preferences.ts'
import { findSession } from '../services/people/sessions.server.ts'
import { readCookie, sessionCookieName } from './cookies.server.ts'
import { statusOf } from './errors.ts'
import { readPreferences } from './preferences.server.ts'

export type RouteArgs = { request: Request; context: AppLoadContext }

export type Visit = {
  deps: Deps
  receivedAt: Instant
  locale: Locale
  preferences: Preferences
}
export type ActorVisit = Visit & { actor: Actor }

/** A fetch made by the page's own script, to be answered with a status instead of a login page. */
const wantsData = (request: Request) =>
  request.headers.get('accept')?.includes('application/json') === true ||
  new URL(request.url).pathname.startsWith('/resources/')

export function visit({ request, context }: RouteArgs): Visit {
  const preferences = readPreferences(request.headers)
  return { deps: context.deps, receivedAt: context.receivedAt, locale: preferences.locale, preferences }
}

export const notFound = (): Response => json({ code: 'request.not_found' }, { status: 404 })

/** The signed-in actor or null; for pages that anybody may see. */
export async function optionalActor(args: RouteArgs): Promise<Actor | null> {
  const { deps, receivedAt } = visit(args)
  const token = readCookie(args.request.headers.get('cookie'), sessionCookieName(deps.config))
  return token ? findSession(deps, token, receivedAt) : null
}

/**
 * First statement of every loader and action. Nobody is sent to the login (401 on an endpoint); a signed-in person
 * without the role gets 404, so that what is not theirs does not even exist for them.
 */
export async function requireActor(args: RouteArgs, ...anyOf: [Role, ...Role[]]): Promise<ActorVisit> {
  const here = visit(args)
  const actor = await optionalActor(args)
  if (!actor) {
    if (wantsData(args.request)) throw json({ code: 'request.unauthenticated' }, { status: 401 })
    const url = new URL(args.request.url)
    const next =
      args.request.method === 'GET'
        ? `?next=${encodeURIComponent(url.pathname + url.search.replace(/[?&]_data=[^&]*/, ''))}`
        : ''
    const login = anyOf.length === 1 && anyOf[0] === 'candidate' ? '/signed-out' : '/login'
    throw redirect(login + next)
  }
  if (!anyOf.some((role) => actor.roles.includes(role))) throw notFound()
  return { ...here, actor }
}

/** A failed result as a reply that the page shows: code, parameters and, if given, what was typed. */
export function rejected(error: Failure, extra: Record<string, unknown> = {}) {
  return json({ status: 'failed' as const, error, ...extra }, { status: statusOf(error.code) })
}

/** For loaders: a failure ends the page. */
export function orThrow<T>(result: { ok: true; value: T } | { ok: false; error: Failure }): T {
  if (result.ok) return result.value
  throw json({ code: result.error.code, params: result.error.params ?? {} }, { status: statusOf(result.error.code) })
}
