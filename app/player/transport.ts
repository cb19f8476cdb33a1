/**
 * The wire, as the queue sees it: every outcome of a request is a value. The server's own pages are trusted to keep the
 * protocol.
 */
import type { ErrorReply, HeartbeatReply, SaveReply, SaveRequest } from '../core/attempt/protocol.ts'
import type { Locale } from '../core/shared/locale.ts'

export type Outcome<T> =
  | { kind: 'reply'; reply: T }
  | { kind: 'error'; status: number; code: string; retryAfterMs: number | null; reply: SaveReply | null }
  /** Nothing came back: no network, a timeout, or something between us that does not speak the protocol. */
  | { kind: 'lost' }
export type Transport = {
  save(request: SaveRequest, options?: { keepalive?: boolean }): Promise<Outcome<SaveReply>>
  heartbeat(epoch: number): Promise<Outcome<HeartbeatReply>>
  draftKey(): Promise<string | null>
}

const PATIENCE_MS = 20_000

export function httpTransport(
  attemptId: string,
  options: { fetch?: typeof fetch; base?: string; locale?: Locale } = {},
): Transport {
  const call = options.fetch ?? ((input, init) => fetch(input, init))
  const base = options.base ?? ''
  async function post<T>(path: string, body: unknown, keepalive = false): Promise<Outcome<T>> {
    try {
      const response = await call(base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(body),
        keepalive,
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      if (response.ok) return { kind: 'reply', reply: (await response.json()) as T }
      const error = (await response.json().catch(() => null)) as Partial<ErrorReply> | null
      const retryAfterMs = error?.retryAfterMs ?? seconds(response.headers.get('retry-after'))
      return {
        kind: 'error',
        status: response.status,
        code: error?.code ?? 'request.unavailable',
        retryAfterMs,
        reply: error?.reply ?? null,
      }
    } catch {
      return { kind: 'lost' }
    }
  }
  return {
    save: (request, { keepalive = false } = {}) => post<SaveReply>('/api/attempts/save', request, keepalive),
    heartbeat: (epoch) =>
      post<HeartbeatReply>('/api/attempts/heartbeat', {
        attemptId,
        epoch,
        ...(options.locale ? { locale: options.locale } : {}),
      }),
    async draftKey() {
      try {
        const response = await call(`${base}/api/attempts/${attemptId}/draft-key`, {
          headers: { accept: 'application/json' },
        })
        return response.ok ? ((await response.json()) as { key: string }).key : null
      } catch {
        return null
      }
    },
  }
}

const seconds = (header: string | null): number | null =>
  header && /^\d+$/.test(header) ? Number(header) * 1000 : null
