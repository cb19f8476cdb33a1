// Server-sent events of the append-only streams. The table is the truth; hints only wake the reader.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { STREAM_BATCH, streamEventsAfter, type StreamEvent } from '../../db/repositories/streams.server.ts'
import type { JsonObject } from '../../db/tables.server.ts'
import type { Deps } from '../ground/deps.server.ts'

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
      const events = await streamEventsAfter(deps.store.read, streamId, after)
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
      if (events.length < STREAM_BATCH) await pause()
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
