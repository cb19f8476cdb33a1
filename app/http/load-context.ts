// What every loader and action receives as `context`. Types only.
import type { Instant } from '../core/shared/time.ts'
import type { Unsaved } from '../forms/unsaved.ts'
import type { Deps } from '../ground/deps.server.ts'

export type LoadContext = {
  deps: Deps
  /** When the request's headers arrived: neither our queue nor the client's clock is charged to the candidate. */
  receivedAt: Instant
  /** The page's Content-Security-Policy nonce, for every script and style element. */
  nonce: string
  /** What a page may be compressed with; null for a client that takes none. */
  encoding: 'br' | 'gzip' | null
  /** Aborted when the client goes away or the server stops. `request.signal` does not fire reliably. */
  closeSignal: AbortSignal
  /** Stands in the log, in the answer's X-Request-Id, and on the page that says that something failed. */
  requestId: string
  /** The peer's address: a key for limits, nothing to store. */
  clientAddress: string
  /** A browser asks for a page, not a script for data. */
  wantsPage: boolean
  /** Set by an action's wrapper: what the page that answers gives back to its reader. */
  unsaved: Unsaved | null
}

declare module '@remix-run/server-runtime' {
  interface AppLoadContext extends LoadContext {}
}
