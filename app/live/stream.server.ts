// Append-only streams and their server-sent events. The table is the truth; hints only wake the reader.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { statement, type Writer } from '../../db/store.server.ts'
import type { JsonObject } from '../../db/tables.server.ts'
import type { Deps } from '../ground/deps.server.ts'

const insertEvent = statement('stream-append', (q, { streamEvents: t }) =>
  q
    .insert(t)
    .values({
      streamId: sql.placeholder('streamId'),
      seq: sql`(select coalesce(max(seq), 0) + 1 from ${t} where ${t.streamId} = ${sql.placeholder('streamId')})`,
      type: sql.placeholder('type'),
      data: sql.placeholder('data'),
      at: sql.placeholder('at'),
    })
    .onConflictDoNothing()
    .returning({ seq: t.seq }),
)
const eventsAfter = statement('stream-after', (q, { streamEvents: t }) =>
  q
    .select({ seq: t.seq, type: t.type, data: t.data })
    .from(t)
    .where(and(eq(t.streamId, sql.placeholder('streamId')), gt(t.seq, sql.placeholder('after'))))
    .orderBy(asc(t.seq))
    .limit(BATCH),
)

const BATCH = 200
const APPEND_TRIES = 5

/**
 * Adds an event and wakes the stream's readers after the commit. The key (stream, seq) decides a race: a transaction
 * that took a number which has been given away takes the next one.
 */
export async function appendStreamEvent(
  w: Writer,
  deps: Pick<Deps, 'clock' | 'live'>,
  streamId: string,
  type: string,
  data: JsonObject,
): Promise<number> {
  for (let tries = 0; tries < APPEND_TRIES; tries += 1) {
    const [inserted] = await insertEvent(w, { streamId, type, data, at: new Date(deps.clock.now()) })
    if (!inserted) continue
    w.afterCommit(() => deps.live.hint(streamId))
    return inserted.seq
  }
  throw new Error('a stream event found no free number')
}

export type StreamEvent = { seq: number; type: string; data: JsonObject }

type Seen = { type: string; data: JsonObject }

export type ServeStreamOptions = {
  streamId: string
  /** The request's Last-Event-ID; null begins with the first event. */
  lastEventId: string | null
  /** Asked on each connection, and again with every comment: a session that has ended sees nothing more. */
  allowed: () => Promise<boolean>
  /** Aborted when the server stops; the client comes back by itself. */
  stopping?: AbortSignal
  /** What this reader may see of an event; null hides it. Allow-list the fields here. */
  view?: (event: StreamEvent) => Seen | null | Promise<Seen | null>
  /** Shorter in tests. */
  times?: Partial<StreamTimes>
}

type StreamTimes = { pollMs: number; commentMs: number; lifeMs: number; retryMs: number }
const TIMES: StreamTimes = { pollMs: 2_000, commentMs: 15_000, lifeMs: 600_000, retryMs: 2_000 }

/** An event's type becomes a line of the protocol; a line break in it would end that line. */
const frame = (seq: number, type: string, data: JsonObject): string =>
  `id: ${seq}\nevent: ${type.replace(/[\r\n]/g, '')}\ndata: ${JSON.stringify(data)}\n\n`

/** The number after which to go on; anything but a number begins with the first event. */
export const parseLastEventId = (value: string | string[] | undefined | null): number => {
  const text = Array.isArray(value) ? value[0] : value
  return text && /^\d{1,10}$/.test(text) ? Math.min(Number(text), 2_147_483_647) : 0
}

/**
 * Answers with the stream: what came after Last-Event-ID, then what comes. Settles when the connection ends. Abort
 * hangs on the response's `close`, because a request's own signal does not fire reliably.
 */
export async function serveStream(
  req: IncomingMessage,
  res: ServerResponse,
  deps: Pick<Deps, 'store' | 'live' | 'log'>,
  { streamId, lastEventId, allowed, stopping, view = (event) => event, times: given = {} }: ServeStreamOptions,
): Promise<void> {
  const times = { ...TIMES, ...given }
  if (!(await allowed())) {
    // EventSource gives up on 404, as it should.
    res.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end()
    return
  }
  let open = !res.destroyed && !(stopping?.aborted ?? false)
  let hinted = false
  let wake: () => void = () => {}
  const rouse = (): void => {
    hinted = true
    wake()
  }
  const end = (): void => {
    open = false
    rouse()
  }
  // Before the first read: an event that comes between the read and the subscription would wait for the poll.
  const unsubscribe = deps.live.subscribe(streamId, rouse)
  res.once('close', end)
  stopping?.addEventListener('abort', end, { once: true })
  const life = setTimeout(end, times.lifeMs)
  const send = async (text: string): Promise<void> => {
    if (!open || res.write(text)) return
    // A reader that does not keep up must not fill our memory.
    await new Promise<void>((resolve) => {
      const go = (): void => {
        res.off('drain', go)
        res.off('close', go)
        resolve()
      }
      res.once('drain', go)
      res.once('close', go)
    })
  }
  const pause = async (): Promise<void> => {
    if (hinted || !open) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, times.pollMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    wake = () => {}
  }
  try {
    req.socket.setTimeout(0)
    res.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    await send(`retry: ${times.retryMs}\n\n`)
    let after = parseLastEventId(lastEventId)
    let commentAt = performance.now() + times.commentMs
    while (open) {
      hinted = false
      const events = await eventsAfter(deps.store.read, { streamId, after })
      for (const event of events) {
        const seen = await view(event)
        if (seen) await send(frame(event.seq, seen.type, seen.data))
        after = event.seq
      }
      if (performance.now() >= commentAt) {
        if (!(await allowed())) break
        await send(': still here\n\n')
        commentAt = performance.now() + times.commentMs
      }
      if (events.length < BATCH) await pause()
    }
  } catch (error) {
    deps.log.error('stream.broken', error)
  } finally {
    open = false
    clearTimeout(life)
    unsubscribe()
    res.off('close', end)
    stopping?.removeEventListener('abort', end)
    res.end()
  }
}
