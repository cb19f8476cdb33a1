/**
 * Error code → HTTP status. The sentences are in app/i18n/<locale>/errors.ts under the same code; tests hold the two
 * together.
 */
const STATUS: Record<string, number> = {
  'request.unauthenticated': 401,
  'request.not_found': 404,
  'request.invalid': 422,
  'request.too_large': 413,
  'request.too_many': 429,
  'request.unavailable': 503,
  'db.full': 507,
}

/** Ends of codes that mean the same everywhere: `attempt.not_found`, `sheet.conflict` … */
const BY_ENDING: Array<[RegExp, number]> = [
  // What the store says of itself and passes by itself (storeTrouble in db/store.server.ts).
  [/^db\./, 503],
  [/\.(not_found|foreign)$/, 404],
  [/\.(not_open|closed|taken|taken_over|conflict|stale|already_\w+|full)$/, 409],
  [/\.(too_many)$/, 429],
  [/\.(unavailable)$/, 503],
]

/** When to come back after 503 and 507. */
export const RETRY_AFTER_MS = 5_000

/** HTTP status of an error code; 422 for a plain "this cannot be done with what was sent". */
export function statusOf(code: string): number {
  const exact = STATUS[code]
  if (exact) return exact
  return BY_ENDING.find(([pattern]) => pattern.test(code))?.[1] ?? 422
}
