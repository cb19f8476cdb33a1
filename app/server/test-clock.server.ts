// Moves the clock of a server under test. In every other mode this address does not exist.
import { z } from 'zod'
import type { GuardedClock } from './clock.server.ts'
import { readJson, sendJson, type HotRoute } from './hot-route.server.ts'

const BodySchema = z.strictObject({ offsetMs: z.number().int().min(-1e12).max(1e12) })
const LOOPBACK_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

export function testRoutes(clock: GuardedClock, mode: string): HotRoute[] {
  const { setOffset } = clock
  if (mode !== 'test' || !setOffset) return []
  return [
    {
      method: 'POST',
      path: '/__test/clock',
      async handler(req, res) {
        if (!LOOPBACK_ADDRESSES.has(req.socket.remoteAddress ?? ''))
          return sendJson(res, 404, { error: { code: 'request.not_found' } })
        const body = BodySchema.safeParse(await readJson(req, 1_024))
        if (!body.success) return sendJson(res, 400, { error: { code: 'request.bad_body' } })
        setOffset(body.data.offsetMs)
        sendJson(res, 200, { now: clock.now() })
      },
    },
  ]
}
