// The player's endpoints on the hot path: answers, heartbeats, the attempt's events, and the key of the drafts in the
// browser.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StreamEvent } from '../../db/repositories/streams.server.ts'
import { storeTrouble } from '../../db/store.server.ts'
import type { Actor } from '../core/access/actor.ts'
import {
  HeartbeatRequestSchema,
  MAX_MUTATIONS,
  MAX_SAVE_BYTES,
  SaveRequestSchema,
  StreamMessageSchema,
  type ErrorReply,
  type SaveReply,
} from '../core/attempt/protocol.ts'
import type { Deps } from '../ground/deps.server.ts'
import { readCookie, sessionCookieName } from '../http/cookies.server.ts'
import { serveStream } from '../live/stream.server.ts'
import { pageOpened } from '../services/attempt/acts.server.ts'
import { draftKey } from '../services/attempt/draft-key.server.ts'
import { messageText } from '../services/attempt/messages.server.ts'
import { attemptStream, heartbeat, saveAnswers } from '../services/attempt/saves.server.ts'
import { findSession } from '../services/people/sessions.server.ts'
import { BodyError, readJson, sendJson, type HotContext, type HotRoute } from './hot-route.server.ts'

const fail = (res: ServerResponse, status: ErrorReply['status'], code: string, reply?: SaveReply): void =>
  sendJson(res, status, { status, code, ...(reply ? { reply } : {}) } satisfies ErrorReply)

/** The candidate of the session cookie; null for nobody and for staff, who have no attempts. */
async function candidateOf(req: IncomingMessage, deps: Deps, receivedAt: number): Promise<Actor | null> {
  const token = readCookie(req.headers.cookie, sessionCookieName(deps.config))
  return token ? findSession(deps, token, receivedAt) : null
}

/** 401 for nobody; 404 for somebody who is no candidate, for whom none of this exists. */
async function requireCandidate(
  req: IncomingMessage,
  res: ServerResponse,
  { deps, receivedAt }: HotContext,
): Promise<Actor | null> {
  const actor = await candidateOf(req, deps, receivedAt)
  if (actor?.roles.includes('candidate')) return actor
  if (actor) fail(res, 404, 'attempt.not_found')
  else fail(res, 401, 'request.unauthenticated')
  return null
}

/** The body, or undefined where the answer has been given. */
async function bodyOf(req: IncomingMessage, res: ServerResponse, limit: number): Promise<unknown> {
  try {
    return await readJson(req, limit)
  } catch (error) {
    if (!(error instanceof BodyError)) throw error
    if (error.code === 'request.too_large') {
      // The rest is not read, so the connection cannot be used again.
      res.setHeader('connection', 'close')
      fail(res, 413, 'request.too_large')
    } else fail(res, 422, 'request.invalid')
    return undefined
  }
}

async function save(req: IncomingMessage, res: ServerResponse, context: HotContext): Promise<void> {
  const actor = await requireCandidate(req, res, context)
  if (!actor) return
  const body = await bodyOf(req, res, MAX_SAVE_BYTES)
  if (body === undefined) return
  const request = SaveRequestSchema.safeParse(body)
  if (!request.success) return tooMany(body) ? fail(res, 413, 'request.too_large') : fail(res, 422, 'request.invalid')
  const saved = await saveAnswers(context.deps, actor, request.data, context.receivedAt)
  if (!saved.ok) return fail(res, 404, 'attempt.not_found')
  const { reply, conflict } = saved.value
  if (conflict) fail(res, 409, conflict, reply)
  else sendJson(res, 200, reply)
}

/** A batch that is longer than the protocol's is answered like one that is too large. */
const tooMany = (body: unknown): boolean =>
  Array.isArray((body as { mutations?: unknown } | null)?.mutations) &&
  (body as { mutations: unknown[] }).mutations.length > MAX_MUTATIONS

async function beat(req: IncomingMessage, res: ServerResponse, context: HotContext): Promise<void> {
  const actor = await requireCandidate(req, res, context)
  if (!actor) return
  const body = await bodyOf(req, res, 4_096)
  if (body === undefined) return
  const request = HeartbeatRequestSchema.safeParse(body)
  if (!request.success) return fail(res, 422, 'request.invalid')
  const heard = await heartbeat(context.deps, actor, request.data, context.receivedAt)
  if (!heard.ok) fail(res, 404, 'attempt.not_found')
  else if (heard.value.takenOver) fail(res, 409, 'attempt.taken_over')
  else sendJson(res, 200, heard.value.reply)
}

/** `/api/attempts/<id>/events` and `/api/attempts/<id>/draft-key`. */
async function ofAttempt(req: IncomingMessage, res: ServerResponse, context: HotContext): Promise<void> {
  const [attemptId = '', what, more] = context.rest.split('/')
  const actor = await requireCandidate(req, res, context)
  if (!actor) return
  if (more !== undefined || (what !== 'events' && what !== 'draft-key')) return fail(res, 404, 'attempt.not_found')
  const key = await draftKey(context.deps, actor, attemptId)
  if (!key.ok) return fail(res, 404, 'attempt.not_found')
  if (what === 'draft-key') return sendJson(res, 200, { key: key.value })
  const { deps } = context
  try {
    await pageOpened(deps, actor, attemptId, context.receivedAt)
  } catch (error) {
    // The note of the opening is lost then; but an EventSource that is refused once never asks again.
    const code = storeTrouble(error)
    if (!code) throw error
    deps.log.warn('hot.unsaved', { code, path: context.path })
  }
  await serveStream(req, res, deps, {
    streamId: attemptStream(attemptId),
    lastEventId: typeof req.headers['last-event-id'] === 'string' ? req.headers['last-event-id'] : null,
    stopping: context.stopping,
    // Asked again while the stream lasts: a session that has ended sees nothing more.
    allowed: async () => {
      const now = await candidateOf(req, deps, deps.clock.now())
      return now?.personId === actor.personId && now.roles.includes('candidate')
    },
    view: (event) => seen(deps, attemptId, event),
  })
}

/** An event as the protocol words it; what is not of the protocol stays here. */
async function seen(deps: Deps, attemptId: string, event: StreamEvent) {
  const { data } = event
  const candidate =
    event.type === 'message' && typeof data.messageId === 'string'
      ? { type: 'message', messageId: data.messageId, ...(await messageText(deps, attemptId, data.messageId)) }
      : { type: event.type, ...data }
  const message = StreamMessageSchema.safeParse(candidate)
  if (!message.success) return null
  const { type, ...fields } = message.data
  return { type, data: fields }
}

export const attemptHotRoutes: HotRoute[] = [
  { method: 'POST', path: '/api/attempts/save', handler: save },
  { method: 'POST', path: '/api/attempts/heartbeat', handler: beat },
  { method: 'GET', path: '/api/attempts/', handler: ofAttempt },
]
