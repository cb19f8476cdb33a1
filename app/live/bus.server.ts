import { EventEmitter } from 'node:events'
import type { Live } from '../ground/deps.server.ts'

// An emitter throws when nobody listens to `error`; with a prefix no stream can be called so.
const PREFIX = 'stream:'

/** Hints inside one process. They carry nothing: whoever is woken reads the table. */
export function createLive(): Live {
  const emitter = new EventEmitter()
  // One listener an open page is normal; the warning at eleven would be noise.
  emitter.setMaxListeners(0)
  return {
    hint: (streamId) => void emitter.emit(PREFIX + streamId),
    subscribe(streamId, wake) {
      emitter.on(PREFIX + streamId, wake)
      return () => void emitter.off(PREFIX + streamId, wake)
    },
  }
}
