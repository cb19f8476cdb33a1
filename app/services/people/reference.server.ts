import type { Deps } from '../../ground/deps.server.ts'

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'

/** A short code to talk about somebody without naming them: `K7-204`. The same id always has the same code. */
export function referenceOf(deps: Pick<Deps, 'secrets'>, id: string): string {
  const n = Number.parseInt(deps.secrets.sha256(`reference:${id}`).slice(0, 12), 16)
  return `${LETTERS.charAt(n % 24)}${Math.floor(n / 24) % 10}-${String(Math.floor(n / 240) % 1000).padStart(3, '0')}`
}
