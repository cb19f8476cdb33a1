import { insertStreamEvent } from '../../db/repositories/streams.server.ts'
import type { Writer } from '../../db/store.server.ts'
import type { JsonObject } from '../../db/tables.server.ts'
import type { Deps } from './deps.server.ts'

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
    const seq = await insertStreamEvent(w, { streamId, type, data, at: new Date(deps.clock.now()) })
    if (seq === null) continue
    w.afterCommit(() => deps.live.hint(streamId))
    return seq
  }
  throw new Error('a stream event found no free number')
}
