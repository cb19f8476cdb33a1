// What a load balancer and an operator ask: does it work, can it still save, and is it keeping up?
import { randomInt } from 'node:crypto'
import { PROBE_ROWS, writeProbe } from '../../db/repositories/settings.server.ts'
import { StoreError, storeTrouble } from '../../db/store.server.ts'
import type { Deps } from '../ground/deps.server.ts'
import type { Runner } from '../jobs/runner.server.ts'

/** Waiting longer than this means that nobody is scoring. */
export const JOBS_LAG_LIMIT_MS = 60_000
const PATIENCE_MS = 2_000
/** However often we are asked, the disk is asked no more often. */
const PROBE_EVERY_MS = 1_000
/** Nobody is told "ok" on a result that is older. */
const FRESH_MS = 5_000
/** Players repeat a refused save after five seconds: a probe that succeeds between two of them is no recovery. */
const RECOVERED_AFTER_MS = 10_000

export type Health = {
  status: 'ok' | 'failing'
  version: string
  database: 'ok' | 'failing'
  /** Why the database is failing: a code of the store, `db.no_answer` or `db.failed`. */
  code?: string
  jobs: { lagMs: number | null; running: number; late: boolean }
  clock: 'ok' | 'alarm'
}

export type HealthCheck = {
  /** No names, no figures about people: the page is public. Settles within the patience, whatever the database does. */
  check(): Promise<Health>
}

/** `error` is null where nothing was thrown. */
type Failure = { code: string; error: unknown }
type Probed = { endedAtMs: number; failure: Failure | null }

/**
 * `ok` rests on a write that has reached its COMMIT within the last seconds. It is made when somebody asks, and those
 * who ask meanwhile wait for the same one. All its times are monotonic: a wall clock that is set must not make an old
 * result young.
 */
export function createHealth(
  deps: Pick<Deps, 'store' | 'config' | 'log' | 'clock'>,
  runner: Pick<Runner, 'health'> | null,
): HealthCheck {
  const { store, config, log, clock } = deps
  // A row for each process, so that their transactions do not meet; by chance, because containers are alike in
  // everything else.
  const row = randomInt(PROBE_ROWS)
  let began = 0
  let beganAtMs = -Infinity
  let last: Probed | null = null
  let flight: Promise<Probed> | null = null
  let fullBefore = 0

  async function probe(): Promise<Probed> {
    beganAtMs = clock.monotonicMs()
    began += 1
    let failure: Failure | null = null
    try {
      await store.transact((w) => writeProbe(w, row, began, new Date(clock.now())))
    } catch (error) {
      failure = failureOf(error)
    }
    try {
      // After the write: it is worth nothing in a file that no name leads to.
      store.verifyPlace()
    } catch (error) {
      failure ??= failureOf(error)
    }
    // A small row may still fit where an answer does not. What was refused since the last probe counts once.
    const { full } = store.stats()
    if (full > fullBefore) failure ??= REFUSED
    fullBefore = full
    return (last = { endedAtMs: clock.monotonicMs(), failure })
  }

  function probed(): Promise<Probed> | Probed {
    if (flight) return flight
    if (last && clock.monotonicMs() - beganAtMs < PROBE_EVERY_MS) return last
    return (flight = probe().finally(() => (flight = null)))
  }

  /** Judged last of all, because the result may have aged while something else was waited for. */
  function judge({ endedAtMs, failure }: Probed): Failure | null {
    const { fatal, full } = store.stats()
    if (fatal) return { code: fatal, error: failure?.error ?? null }
    if (failure) return failure
    if (full > fullBefore) return REFUSED
    return clock.monotonicMs() - endedAtMs > FRESH_MS ? NO_ANSWER : null
  }

  /** What the log knows, and since when and until when it was so. */
  let known: { code: string; sinceMs: number; untilMs: number } | null = null
  /**
   * Once when it begins, once when it becomes something else, once when it is over: somebody asks every few seconds.
   */
  function tell(failure: Failure | null): void {
    const nowMs = clock.monotonicMs()
    if (failure) {
      if (known?.code !== failure.code) {
        if (failure.error === null) log.warn('health.failing', { code: failure.code })
        else log.error('health.failing', failure.error, { told: failure.code })
      }
      known = { code: failure.code, sinceMs: known?.sinceMs ?? nowMs, untilMs: nowMs }
    } else if (known && nowMs - known.untilMs >= RECOVERED_AFTER_MS) {
      log.warn('health.recovered', { was: known.code, failedForMs: Math.round(known.untilMs - known.sinceMs) })
      known = null
    }
  }

  return {
    async check() {
      const told = { version: config.version, clock: clock.alarm() ? 'alarm' : 'ok' } as const
      let failure: Failure | null
      try {
        const answer = await within(
          PATIENCE_MS,
          Promise.all([probed(), runner ? runner.health() : { lagMs: 0, running: 0, stopped: false }]),
        )
        if (answer) {
          const [result, { lagMs, running, stopped }] = answer
          const late = lagMs > JOBS_LAG_LIMIT_MS
          failure = judge(result)
          if (failure === null) {
            tell(null)
            return {
              ...told,
              status: late || stopped ? 'failing' : 'ok',
              database: 'ok',
              jobs: { lagMs, running, late },
            }
          }
        } else failure = NO_ANSWER
      } catch (error) {
        failure = failureOf(error)
        const { fatal } = store.stats()
        if (fatal) failure.code = fatal
      }
      tell(failure)
      return {
        ...told,
        status: 'failing',
        database: 'failing',
        code: failure.code,
        jobs: { lagMs: null, running: 0, late: false },
      }
    },
  }
}

const NO_ANSWER: Failure = { code: 'db.no_answer', error: null }
const REFUSED: Failure = { code: 'db.full', error: null }
const failureOf = (error: unknown): Failure => ({
  code: storeTrouble(error) ?? (error instanceof StoreError ? error.code : 'db.failed'),
  error,
})

/** The result, or null where it does not come in time. */
async function within<T>(patienceMs: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      work,
      new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), patienceMs))),
    ])
  } finally {
    clearTimeout(timer)
  }
}
