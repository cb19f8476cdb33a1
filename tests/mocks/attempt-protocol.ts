/**
 * MSW handlers that answer as the protocol says. Requests and replies pass through the protocol's own schemas, and what
 * becomes of a save is decided by the same pure core as in the server. Faults are injected from outside: delay, loss,
 * duplication, statuses.
 */
import { http, HttpResponse } from 'msw'
import { decide, saveAnswers } from '#app/core/attempt/decide.ts'
import { evolveAll } from '#app/core/attempt/evolve.ts'
import {
  clockOf,
  conflictCodeOf,
  ErrorReplySchema,
  HeartbeatReplySchema,
  HeartbeatRequestSchema,
  saveCommandOf,
  saveReplyOf,
  SaveReplySchema,
  SaveRequestSchema,
  type ErrorReply,
  type SaveReply,
  type SaveRequest,
} from '#app/core/attempt/protocol.ts'
import { canonicalResponse, receiptOf } from '#app/core/attempt/receipt.ts'
import { headOf, readyAttempt, type Attempt, type AttemptSetup } from '#app/core/attempt/state.ts'
import type { Response as Answer } from '#app/core/bank/response.ts'

export const ORIGIN = 'http://poise.test'
export const DRAFT_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'

/** What befalls one request: before the server has seen it, or on the way back. */
export type Fault =
  | { lose: 'request' | 'reply' }
  | { status: ErrorReply['status']; code?: string; retryAfterMs?: number }
  | { hold: Promise<void> }

export type MockServer = {
  readonly handlers: ReturnType<typeof http.all>[]
  readonly requests: SaveRequest[]
  attempt: Attempt
  now: number
  stored: Map<string, Answer | null>
  /** Faults for the next requests, in order. */
  faults: Array<Fault | null>
  /** Applied to each request in turn until it returns null. */
  refuseWhile: ((request: SaveRequest) => Fault | null) | null
  takeOver(): void
  /** The same request once more, as a proxy might repeat it. */
  repeat(index: number): void
}

const hash = (text: string): string => Buffer.from(text).toString('base64url').slice(-60) || 'x'

export function mockServer(setup: AttemptSetup, startedAt: number): MockServer {
  const started = decide(readyAttempt(setup), {
    type: 'start',
    sessionId: 's1',
    locale: 'en',
    gate: { window: { from: null, until: null }, attemptsUsed: 0, max: 1, lastFinishedAt: null, cooldownMs: 0 },
    receivedAt: startedAt,
  })
  if (!started.ok) throw new Error(started.error.code)

  const server: MockServer = {
    requests: [],
    attempt: evolveAll(readyAttempt(setup), started.value),
    now: startedAt,
    stored: new Map(),
    faults: [],
    refuseWhile: null,
    takeOver() {
      const taken = decide(server.attempt, {
        type: 'takeOver',
        sessionId: 's2',
        fromEpoch: server.attempt.epoch,
        confirmed: true,
        receivedAt: server.now,
      })
      if (!taken.ok) throw new Error(taken.error.code)
      server.attempt = evolveAll(server.attempt, taken.value)
    },
    repeat(index) {
      const request = server.requests[index]
      if (request) perform(request)
    },
    handlers: [],
  }

  function perform(request: SaveRequest): { reply: SaveReply; conflict: string | null } {
    const command = saveCommandOf(request, server.now, (mutation) => ({
      contentHash: hash(canonicalResponse(mutation.response)),
    }))
    const decision = saveAnswers(server.attempt, command)
    for (const result of decision.results) {
      if (result.result === 'accepted')
        server.stored.set(
          result.itemId,
          request.mutations.find((m) => m.mutationId === result.mutationId)?.response ?? null,
        )
    }
    server.attempt = evolveAll(server.attempt, decision.events)
    const receipt =
      server.attempt.status === 'closed'
        ? receiptOf(
            {
              attemptId: setup.attemptId,
              closingReason: server.attempt.closingReason,
              finishedAt: server.attempt.finishedAt,
            },
            [],
            'f1',
          )
        : null
    const reply = saveReplyOf(decision, server.now, { receipt, stored: (id) => server.stored.get(id) ?? null })
    return { reply: SaveReplySchema.parse(reply), conflict: conflictCodeOf(decision) }
  }

  const failure = (reply: ErrorReply) => HttpResponse.json(ErrorReplySchema.parse(reply), { status: reply.status })

  server.handlers.push(
    http.post(`${ORIGIN}/api/attempts/save`, async ({ request }) => {
      const parsed = SaveRequestSchema.safeParse(await request.json())
      if (!parsed.success) return failure({ status: 422, code: 'request.invalid' })
      server.requests.push(parsed.data)
      const fault = server.faults.shift() ?? server.refuseWhile?.(parsed.data) ?? null
      if (fault && 'hold' in fault) await fault.hold
      if (fault && 'lose' in fault && fault.lose === 'request') return HttpResponse.error()
      if (fault && 'status' in fault)
        return failure({
          status: fault.status,
          code: fault.code ?? 'request.unavailable',
          ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
        })
      const { reply, conflict } = perform(parsed.data)
      if (fault && 'lose' in fault) return HttpResponse.error()
      return conflict ? failure({ status: 409, code: conflict, reply }) : HttpResponse.json(reply)
    }),
    http.post(`${ORIGIN}/api/attempts/heartbeat`, async ({ request }) => {
      const parsed = HeartbeatRequestSchema.safeParse(await request.json())
      if (!parsed.success) return failure({ status: 422, code: 'request.invalid' })
      if (parsed.data.epoch !== server.attempt.epoch) return failure({ status: 409, code: 'attempt.taken_over' })
      return HttpResponse.json(HeartbeatReplySchema.parse(clockOf(headOf(server.attempt), server.now)))
    }),
    http.get(`${ORIGIN}/api/attempts/:id/draft-key`, () => HttpResponse.json({ key: DRAFT_KEY })),
  )
  return server
}
