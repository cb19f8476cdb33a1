// What a load balancer and an operator ask: does it work, and is it keeping up?
import type { Runner } from '../jobs/runner.server.ts'
import type { Deps } from '../services/deps.server.ts'
import type { GuardedClock } from './clock.server.ts'

/** Waiting longer than this means that nobody is scoring. */
export const JOBS_LAG_LIMIT_MS = 60_000
const READ_PATIENCE_MS = 2_000

export type Health = {
  status: 'ok' | 'failing'
  version: string
  database: 'ok' | 'failing'
  jobs: { lagMs: number | null; running: number; late: boolean }
  clock: 'ok' | 'alarm'
}

/** No names, no figures about people: the page is public. */
export async function checkHealth(deps: Pick<Deps, 'store' | 'config' | 'log'> & { clock: Pick<GuardedClock, 'alarm'> }, runner: Pick<Runner, 'health'> | null): Promise<Health> {
  const clock = deps.clock.alarm() ? 'alarm' : 'ok'
  try {
    const read = async () => {
      const { q, t } = deps.store.read
      await q.select({ key: t.settings.key }).from(t.settings).limit(1)
      return runner ? runner.health() : { lagMs: 0, running: 0, stopped: false }
    }
    const { lagMs, running, stopped } = await within(READ_PATIENCE_MS, read())
    const late = lagMs > JOBS_LAG_LIMIT_MS
    return { status: late || stopped ? 'failing' : 'ok', version: deps.config.version, database: 'ok', jobs: { lagMs, running, late }, clock }
  } catch (error) {
    deps.log.error('health.failing', error)
    return { status: 'failing', version: deps.config.version, database: 'failing', jobs: { lagMs: null, running: 0, late: false }, clock }
  }
}

async function within<T>(patienceMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('the database did not answer in time')), patienceMs)
      }),
    ])
  } finally {
    clearTimeout(timer)
  }
}
