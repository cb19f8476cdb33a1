/**
 * Seed and length of every property test, in one place; vitest loads it before each test file. The gate runs the same cases each
 * time. `npm run test:random` draws new seeds, for many rounds.
 *   POISE_PROPERTY_SEED   a whole number, or `random`: each property draws its own
 *   POISE_PROPERTY_RUNS   a factor by which every property runs longer or shorter, e.g. 2 or 0.1
 */
import fc from 'fast-check'

const GATE_SEED = 20_260_101
const DEFAULT_RUNS = 100

function seedOf(asked: string | undefined): { seed?: number } {
  if (asked === undefined) return { seed: GATE_SEED }
  if (asked === 'random') return {}
  if (/^-?\d{1,10}$/.test(asked)) return { seed: Number(asked) }
  throw new Error(`POISE_PROPERTY_SEED is a whole number or "random", not "${asked}".`)
}

function factorOf(asked: string | undefined): number {
  const factor = Number(asked ?? 1)
  if (Number.isFinite(factor) && factor > 0) return factor
  throw new Error(`POISE_PROPERTY_RUNS is a number above 0, not "${asked}".`)
}

const factor = factorOf(process.env['POISE_PROPERTY_RUNS'])

/** How often a property with a number of its own runs: a `numRuns` in the property would overrule the factor. */
export const runs = (usual: number): number => Math.max(1, Math.round(usual * factor))

/** The time limit of a test that is given `usualMs` at the usual number of runs. */
export const timeLimitMs = (usualMs: number): number => Math.round(usualMs * Math.max(1, factor))

fc.configureGlobal({ ...seedOf(process.env['POISE_PROPERTY_SEED']), numRuns: runs(DEFAULT_RUNS) })
