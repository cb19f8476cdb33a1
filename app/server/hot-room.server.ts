// The live room's event stream: ids only, for those who may watch. It wakes the page; what the page shows it asks for
// by itself.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JsonObject } from '../../db/tables.server.ts'
import { can } from '../core/access/can.ts'
import { readCookie, sessionCookieName } from '../http/cookies.server.ts'
import { serveStream } from '../live/stream.server.ts'
import { ROOM_STREAM } from '../services/attempt/saves.server.ts'
import { findSession } from '../services/people/sessions.server.ts'
import { sendJson, type HotContext, type HotRoute } from './hot-route.server.ts'

async function roomEvents(
  req: IncomingMessage,
  res: ServerResponse,
  { deps, receivedAt, stopping }: HotContext,
): Promise<void> {
  const token = readCookie(req.headers.cookie, sessionCookieName(deps.config))
  const watcher = async (now: number) => (token ? findSession(deps, token, now) : null)
  const actor = await watcher(receivedAt)
  if (!actor) return sendJson(res, 401, { status: 401, code: 'request.unauthenticated' })
  // The owner of nothing: whose attempts they are is decided when the page reads them.
  const mayWatch = (who: typeof actor) => can(who, 'attempt:monitor', { ownerId: '' })
  if (!mayWatch(actor)) return sendJson(res, 404, { status: 404, code: 'request.not_found' })
  // A page that was just built names the last event that it knows; a connection that comes back, by the header.
  const since = new URLSearchParams((req.url ?? '').split('?')[1] ?? '').get('after')
  const header = req.headers['last-event-id']
  await serveStream(req, res, deps, {
    streamId: ROOM_STREAM,
    lastEventId: (Array.isArray(header) ? header[0] : header) ?? since,
    stopping,
    allowed: async () => {
      const still = await watcher(deps.clock.now())
      return still !== null && mayWatch(still)
    },
    view: ({ type, data: { attemptId } }): { type: string; data: JsonObject } | null => {
      if (type === 'clock') return { type: 'clock', data: {} }
      return typeof attemptId === 'string' ? { type: 'attempt', data: { attemptId } } : null
    },
  })
}

export const roomHotRoutes: HotRoute[] = [{ method: 'GET', path: '/api/room/events', handler: roomEvents }]
