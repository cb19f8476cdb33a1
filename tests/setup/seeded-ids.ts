import { createHash } from 'node:crypto'
import type { Ids } from '#app/ground/deps.server.ts'

/**
 * Names that a run repeats, hashes of a counter: what is drawn by them is drawn alike each time. One store, one of
 * these.
 */
export function seededIds(seed: string): Ids {
  let n = 0
  const next = (bytes: number): string =>
    createHash('sha512')
      .update(`${seed}:${(n += 1)}`)
      .digest()
      .subarray(0, bytes)
      .toString('base64url')
  return { id: (prefix) => `${prefix}_${next(16)}`, token: () => next(32) }
}
