// The loop that claims jobs and runs them, and the clock of everything that happens at intervals.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  claimJobs,
  extendLeases,
  failJob,
  finishJob,
  hasDueJob,
  jobsLagMs,
  keepStep,
  releaseJobs,
  type ClaimedJob,
} from '../../db/repositories/jobs.server.ts'
import type { JsonValue } from '../../db/tables.server.ts'
import type { Deps } from '../ground/deps.server.ts'
import { isJobKind, JOB_KINDS, type JobKind } from '../ground/job-kinds.server.ts'
import { JOBS_HINT } from '../ground/jobs.server.ts'
import { JobFailure, type JobContext, type JobHandler, type JobHandlers } from './handlers/index.server.ts'

export type RunnerOptions = {
  /** A kind that has none (a job of a later version) fails with `job.no_handler` and waits. */
  handlers: Partial<JobHandlers>
  /** Jobs that run at once in this process. They share commits, so many small ones are cheap. */
  concurrency?: number
  leaseMs?: number
  /** How often the table is read when no hint comes. */
  pollMs?: number
}

export type RunnerHealth = { lagMs: number; running: number; stopped: boolean }

export type Runner = {
  start(): void
  /** Calls `work` every `intervalMs`, never twice at once. The name stands in the log. */
  every(name: string, intervalMs: number, work: () => Promise<unknown>): void
  /** Takes no new job, waits up to `patienceMs` for those that run. */
  stop(patienceMs?: number): Promise<void>
  health(): Promise<RunnerHealth>
  /** Runs what is due now and waits for it. For tests and scripts; not beside a started loop. */
  drain(): Promise<number>
}

const RETRY_BASE_MS = 1_000
const RETRY_MAX_MS = 10 * 60_000

/** 1 s, 2 s, 4 s … up to ten minutes, so that a broken mail server costs little and a hiccup is soon over. */
export const retryDelayMs = (tries: number): number =>
  Math.min(RETRY_BASE_MS * 2 ** Math.max(0, tries - 1), RETRY_MAX_MS)

/** The code that is kept of an error: never its message, which may quote a person. */
function codeOf(error: unknown): string {
  if (error instanceof Error) {
    if ('code' in error && typeof error.code === 'string') return error.code.slice(0, 100)
    return error.name.slice(0, 100)
  }
  return 'unknown'
}

export function createRunner(deps: Deps, options: RunnerOptions): Runner {
  const { handlers, concurrency = 32, leaseMs = 60_000, pollMs = 500 } = options
  const { store, clock, log } = deps
  const stopping = new AbortController()
  const running = new Map<string, { job: ClaimedJob; abort: AbortController; done: Promise<void> }>()
  const timers = new Set<NodeJS.Timeout>()
  const ticks = new Set<Promise<void>>()
  let loop: Promise<void> | undefined
  let unsubscribe: () => void = () => {}
  let wake: () => void = () => {}
  let woken = false
  const now = (): Date => new Date(clock.now())

  function hinted(): void {
    woken = true
    wake()
  }

  async function execute(job: ClaimedJob, signal: AbortSignal): Promise<void> {
    if (!isJobKind(job.kind)) throw new JobFailure('job.unknown_kind')
    const handler: JobHandler<JobKind> | undefined = handlers[job.kind]
    if (!handler) throw new JobFailure('job.no_handler')
    const payload = JOB_KINDS[job.kind].safeParse(job.payload)
    if (!payload.success) throw new JobFailure('job.bad_payload', false)
    const steps = new Map<string, JsonValue>(Object.entries(job.steps))
    const context: JobContext = {
      jobId: job.id,
      tries: job.tries,
      signal,
      async step<T extends JsonValue>(name: string, work: () => Promise<T>): Promise<T> {
        if (steps.has(name)) return steps.get(name) as T
        const result = await work()
        if (!(await store.transact((w) => keepStep(w, job, name, result)))) throw new JobFailure('job.lease_lost')
        steps.set(name, result)
        return result
      },
    }
    await handler(deps, payload.data, context)
  }

  async function settle(job: ClaimedJob, signal: AbortSignal): Promise<void> {
    try {
      await execute(job, signal)
    } catch (error) {
      const code = codeOf(error)
      const final = (error instanceof JobFailure && !error.retry) || job.tries >= job.maxTries
      const retryAt = final ? null : new Date(clock.now() + retryDelayMs(job.tries))
      log.error(final ? 'job.failed' : 'job.will_retry', error, { kind: job.kind, jobId: job.id, tries: job.tries })
      await store.transact((w) => failJob(w, job, { now: now(), code, retryAt }))
      return
    }
    const kept = await store.transact((w) => finishJob(w, job, now()))
    if (!kept) log.warn('job.lease_lost', { kind: job.kind, jobId: job.id })
  }

  function begin(job: ClaimedJob): void {
    const abort = new AbortController()
    const done = settle(job, abort.signal)
      // The lease ends by itself, and the job is taken up again.
      .catch((error: unknown) => log.error('job.not_settled', error, { kind: job.kind, jobId: job.id }))
      .finally(() => {
        running.delete(job.id)
        hinted()
      })
    running.set(job.id, { job, abort, done })
  }

  /** Claims what fits and begins it. A job that still runs here is not begun twice, even if its lease has ended. */
  async function takeSome(): Promise<number> {
    const free = concurrency - running.size
    if (free <= 0 || !(await hasDueJob(store.read, now()))) return 0
    const claimed = await store.transact((w) => claimJobs(w, { now: now(), leaseMs, limit: free }))
    if (stopping.signal.aborted) {
      await store.transact((w) => releaseJobs(w, claimed))
      return 0
    }
    let begun = 0
    for (const job of claimed) {
      const before = running.get(job.id)
      if (before) {
        // The event loop was held up past the lease, or the clock was moved. The claim now carries our newer number.
        before.job.tries = job.tries
        continue
      }
      begin(job)
      begun += 1
    }
    return begun
  }

  async function pause(): Promise<void> {
    if (woken) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    wake = () => {}
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false
      try {
        if ((await takeSome()) > 0 && running.size < concurrency) continue
      } catch (error) {
        log.error('jobs.loop', error)
        await sleep(pollMs)
      }
      await pause()
    }
  }

  async function renewLeases(): Promise<void> {
    const claims = [...running.values()].map(({ job }) => job)
    if (claims.length === 0) return
    const leaseUntil = new Date(clock.now() + leaseMs)
    await store.transact((w) => extendLeases(w, claims, leaseUntil))
  }

  const runner: Runner = {
    start() {
      if (loop) return
      unsubscribe = deps.live.subscribe(JOBS_HINT, hinted)
      runner.every('renew-leases', Math.max(50, Math.floor(leaseMs / 3)), renewLeases)
      loop = run()
    },
    every(name, intervalMs, work) {
      let busy = false
      const timer = setInterval(() => {
        if (busy || stopping.signal.aborted) return
        busy = true
        const tick = work()
          .then(
            () => {},
            (error: unknown) => log.error('tick.failed', error, { tick: name }),
          )
          .finally(() => {
            busy = false
            ticks.delete(tick)
          })
        ticks.add(tick)
      }, intervalMs)
      timers.add(timer)
    },
    async stop(patienceMs = 10_000) {
      stopping.abort()
      unsubscribe()
      hinted()
      for (const timer of timers) clearInterval(timer)
      await loop
      const inHand = [...running.values()]
      const patience = new AbortController()
      await Promise.race([
        Promise.allSettled([...inHand.map(({ done }) => done), ...ticks]).then(() => patience.abort()),
        // Given up after that: the leases end, and the next start takes the jobs up again.
        sleep(patienceMs, undefined, { signal: patience.signal }).catch(() => {}),
      ])
      for (const { abort } of running.values()) abort.abort()
    },
    async health() {
      return { lagMs: await jobsLagMs(store.read, now()), running: running.size, stopped: stopping.signal.aborted }
    },
    async drain() {
      let ran = 0
      for (;;) {
        const begun = await takeSome()
        if (begun === 0 && running.size === 0) return ran
        ran += begun
        await Promise.all([...running.values()].map(({ done }) => done))
      }
    },
  }
  return runner
}
