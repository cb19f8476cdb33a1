/** Code → status. Sentences are in app/i18n/<locale>/errors.ts under the same code; tests hold the two together. */
const STATUS: Record<string, number> = {
  'request.unauthenticated': 401,
  'request.not_found': 404,
  'request.invalid': 422,
  'request.too_large': 413,
  'request.too_many': 429,
  'request.unavailable': 503,
  'request.conflict': 409,
}

/** Ends of codes that mean the same everywhere: `attempt.not_found`, `sheet.conflict` … */
const BY_ENDING: Array<[RegExp, number]> = [
  [/\.(not_found|foreign)$/, 404],
  [/\.(not_open|closed|taken|taken_over|conflict|stale|already_\w+|full)$/, 409],
  [/\.(too_many)$/, 429],
  [/\.(unavailable)$/, 503],
]

/** HTTP status of an error code; 422 for a plain "this cannot be done with what was sent". */
export function statusOf(code: string): number {
  const exact = STATUS[code]
  if (exact) return exact
  return BY_ENDING.find(([pattern]) => pattern.test(code))?.[1] ?? 422
}
