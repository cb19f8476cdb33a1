import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { enqueue, JOBS_HINT } from '#app/ground/jobs.server.ts'
import { JobFailure, type JobHandlers } from '#app/jobs/handlers/index.server.ts'
import { createRunner, retryDelayMs, type Runner, type RunnerOptions } from '#app/jobs/runner.server.ts'
import { claimJobs, finishJob, jobsLagMs, reclaimJobs } from '#db/repositories/jobs.server.ts'
import { testDeps, type TestDeps } from '#tests/setup/server-deps.ts'

let context: TestDeps
let runners: Runner[]

beforeEach(async () => {
  context = await testDeps()
  runners = []
})
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.stop(200)))
  await context.cleanup()
})

const store = () => context.deps.store
const now = () => new Date(context.deps.clock.now())
const advance = (ms: number) => context.deps.clock.setOffset?.((offset += ms))
let offset = 0
beforeEach(() => (offset = 0))

function runner(handlers: Partial<JobHandlers>, options: Partial<RunnerOptions> = {}): Runner {
  const made = createRunner(context.deps, { handlers, ...options })
  runners.push(made)
  return made
}
const score = (attemptId = 'at_1', options = {}) =>
  store().transact((w) => enqueue(w, 'score-attempt', { attemptId }, options))
async function row(id: string | null) {
  const { q, t } = store().read
  const [job] = await q
    .select()
    .from(t.jobs)
    .where(eq(t.jobs.id, id ?? ''))
  if (!job) throw new Error('no such job')
  return job
}

describe('enqueue', () => {
  it('leaves no job behind when the transaction fails', async () => {
    await expect(
      store().transact(async (w) => {
        await enqueue(w, 'score-attempt', { attemptId: 'at_1' })
        throw new Error('later step failed')
      }),
    ).rejects.toThrow('later step failed')
    const { q, t } = store().read
    expect(await q.select().from(t.jobs)).toEqual([])
  })

  it('refuses a payload that does not fit its kind', async () => {
    await expect(store().transact((w) => enqueue(w, 'score-attempt', { attemptId: '' }))).rejects.toThrow()
    await expect(
      store().transact((w) => enqueue(w, 'score-attempt', { attemptId: 'a', extra: 1 } as never)),
    ).rejects.toThrow()
  })

  it('makes one job for one key, also when both ask in one batch and after the first has ended', async () => {
    const [first, second] = await Promise.all([
      score('at_1', { dedupeKey: 'close:at_1' }),
      score('at_1', { dedupeKey: 'close:at_1' }),
    ])
    expect([first, second].filter((id) => id !== null)).toHaveLength(1)
    await runner({ 'score-attempt': async () => {} }).drain()
    expect(await score('at_1', { dedupeKey: 'close:at_1' })).toBeNull()
  })

  it('lets jobs without a key be alike', async () => {
    expect(await score()).not.toBe(await score())
  })
})

describe('runner', () => {
  it('runs a job once and keeps its end', async () => {
    const seen: string[] = []
    const id = await score('at_7')
    expect(await runner({ 'score-attempt': async (_deps, { attemptId }) => void seen.push(attemptId) }).drain()).toBe(1)
    expect(seen).toEqual(['at_7'])
    expect(await row(id)).toMatchObject({ status: 'done', tries: 1, leaseUntil: null })
  })

  it('does not run a job before its time', async () => {
    const seen: string[] = []
    await score('at_1', { runAt: new Date(context.deps.clock.now() + 60_000) })
    const { drain } = runner({ 'score-attempt': async (_deps, { attemptId }) => void seen.push(attemptId) })
    await drain()
    expect(seen).toEqual([])
    advance(60_000)
    await drain()
    expect(seen).toEqual(['at_1'])
  })

  it('wakes on the hint of the commit, long before it would look by itself', async () => {
    let done = () => {}
    const ran = new Promise<void>((resolve) => (done = resolve))
    runner({ 'score-attempt': async () => done() }, { pollMs: 60_000 }).start()
    await sleep(30)
    await score('at_1', { live: context.deps.live })
    await ran
  })

  it('tries a failing job again, later each time, and keeps a code instead of the message', async () => {
    let calls = 0
    const id = await score()
    const { drain } = runner({
      'score-attempt': async () => {
        calls += 1
        throw new Error('answer of Zhang Wei could not be read')
      },
    })
    const gaps: number[] = []
    for (let i = 0; i < 4; i += 1) {
      await drain()
      const job = await row(id)
      expect(job).toMatchObject({ status: 'queued', tries: i + 1, lastErrorCode: 'Error' })
      gaps.push(Math.round((job.runAt.getTime() - context.deps.clock.now()) / 1000))
      await drain()
      expect(calls).toBe(i + 1)
      advance(retryDelayMs(i + 1) + 50)
    }
    expect(gaps).toEqual([1, 2, 4, 8])
    expect(retryDelayMs(40)).toBe(600_000)
  })

  it('gives a job up after its last try, and at once when trying again is no use', async () => {
    const [weary, hopeless] = [await score('weary'), await score('hopeless')]
    const { drain } = runner({
      'score-attempt': async (_deps, { attemptId }) => {
        throw attemptId === 'hopeless' ? new JobFailure('attempt.not_found', false) : new JobFailure('try.again')
      },
    })
    for (let i = 0; i < 10; i += 1) {
      await drain()
      advance(600_001)
    }
    expect(await row(weary)).toMatchObject({ status: 'failed', tries: 8, lastErrorCode: 'try.again' })
    expect(await row(hopeless)).toMatchObject({ status: 'failed', tries: 1, lastErrorCode: 'attempt.not_found' })
  })

  it('skips the steps that an earlier try has finished', async () => {
    const sent: string[] = []
    const id = await store().transact((w) => enqueue(w, 'send-mail', { mailId: 'ml_1' }))
    const { drain } = runner({
      'send-mail': async (_deps, { mailId }, { step, tries }) => {
        const receipt = await step('send', async () => {
          sent.push(mailId)
          return `receipt ${tries}`
        })
        if (tries === 1) throw new JobFailure('outbox.busy')
        expect(receipt).toBe('receipt 1')
      },
    })
    await drain()
    advance(2_000)
    await drain()
    expect(sent).toEqual(['ml_1'])
    expect((await row(id)).status).toBe('done')
  })

  it('keeps a job for a later version when it has no handler, and never calls a bad payload', async () => {
    const known = await score()
    await store().transact((w) =>
      w.q.insert(w.t.jobs).values({
        id: 'jb_old',
        kind: 'score-attempt',
        payload: { attempt: 1 },
        status: 'queued',
        runAt: new Date(0),
        steps: {},
        createdAt: now(),
      }),
    )
    await runner({}).drain()
    expect(await row(known)).toMatchObject({ status: 'queued', lastErrorCode: 'job.no_handler' })
    advance(2_000)
    await store().transact((w) =>
      w.q
        .update(w.t.jobs)
        .set({ status: 'queued', runAt: new Date(0) })
        .where(eq(w.t.jobs.id, 'jb_old')),
    )
    const called: string[] = []
    await runner({ 'score-attempt': async (_deps, { attemptId }) => void called.push(attemptId) }).drain()
    expect(called).toEqual(['at_1'])
    expect(await row('jb_old')).toMatchObject({ status: 'failed', lastErrorCode: 'job.bad_payload' })
  })
})

describe('leases', () => {
  it('gives one job to one of two runners', async () => {
    const seen: string[] = []
    for (let i = 0; i < 40; i += 1) await score(`at_${i}`)
    const handlers: Partial<JobHandlers> = {
      'score-attempt': async (_deps, { attemptId }) => {
        seen.push(attemptId)
        await sleep(1)
      },
    }
    const [a, b] = [runner(handlers, { concurrency: 4 }), runner(handlers, { concurrency: 4 })]
    const [first, second] = await Promise.all([a.drain(), b.drain()])
    expect(first + second).toBe(40)
    expect(seen.length).toBe(40)
    expect(new Set(seen).size).toBe(40)
  })

  it('takes a job up again when the runner that held it has died', async () => {
    const id = await score()
    const [lost] = await store().transact((w) => claimJobs(w, { now: now(), leaseMs: 60_000, limit: 1 }))
    const seen: number[] = []
    const { drain } = runner({ 'score-attempt': async (_deps, _payload, { tries }) => void seen.push(tries) })
    await drain()
    expect(seen).toEqual([])
    advance(60_001)
    await drain()
    expect(seen).toEqual([2])
    // The dead one comes back to life and reports: nobody listens.
    expect(await store().transact((w) => finishJob(w, lost!, now()))).toBe(false)
    expect(await row(id)).toMatchObject({ status: 'done', tries: 2 })
  })

  it('does not wait for the lease of a dead runner where a process knows itself alone', async () => {
    const ended = await score('at_ended')
    await runner({ 'score-attempt': async () => {} }).drain()
    const held = await score('at_held')
    const [lost] = await store().transact((w) => claimJobs(w, { now: now(), leaseMs: 60_000, limit: 1 }))
    const later = await score('at_later', { runAt: new Date(now().getTime() + 1000) })
    await store().transact(reclaimJobs)
    const seen: [string, number][] = []
    await runner({
      'score-attempt': async (_deps, { attemptId }, { tries }) => void seen.push([attemptId, tries]),
    }).drain()
    expect(seen).toEqual([['at_held', 2]])
    expect(await store().transact((w) => finishJob(w, lost!, now()))).toBe(false)
    expect(await row(held)).toMatchObject({ status: 'done', tries: 2 })
    expect(await row(ended)).toMatchObject({ status: 'done', tries: 1 })
    expect(await row(later)).toMatchObject({ status: 'queued', tries: 0 })
  })

  it('renews the lease of a job that takes long', async () => {
    let release = () => {}
    const id = await score()
    const slow = runner(
      { 'score-attempt': () => new Promise<void>((resolve) => (release = resolve)) },
      { leaseMs: 200, pollMs: 10 },
    )
    slow.start()
    await sleep(500)
    const stolen = await store().transact((w) => claimJobs(w, { now: now(), leaseMs: 200, limit: 1 }))
    expect(stolen).toEqual([])
    release()
    await sleep(50)
    expect(await row(id)).toMatchObject({ status: 'done', tries: 1 })
  })
})

describe('stop and intervals', () => {
  it('finishes what runs, begins nothing new, and leaves the rest in the queue', async () => {
    let release = () => {}
    const id = await score('first')
    const slow = runner(
      { 'score-attempt': () => new Promise<void>((resolve) => (release = resolve)) },
      { concurrency: 1, pollMs: 10 },
    )
    slow.start()
    while ((await row(id)).status !== 'running') await sleep(5)
    const waiting = await score('second')
    const stopped = slow.stop()
    setTimeout(() => release(), 30)
    await stopped
    expect((await row(id)).status).toBe('done')
    expect(await row(waiting)).toMatchObject({ status: 'queued', tries: 0 })
  })

  it('does not wait for ever for a job that hangs', async () => {
    await score()
    const hung = runner(
      {
        'score-attempt': (_deps, _payload, { signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(new JobFailure('job.cut_off')))),
      },
      { pollMs: 10 },
    )
    hung.start()
    await sleep(60)
    const began = performance.now()
    await hung.stop(100)
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  it('never runs an interval twice at once, and survives one that fails', async () => {
    let running = 0
    let most = 0
    let calls = 0
    const ticking = runner({})
    ticking.start()
    ticking.every('sweep', 5, async () => {
      calls += 1
      most = Math.max(most, (running += 1))
      await sleep(20)
      running -= 1
      throw new Error('once')
    })
    await sleep(150)
    expect(calls).toBeGreaterThan(2)
    expect(most).toBe(1)
    expect(context.logged).toContain('tick.failed')
  })

  it('measures how long a due job has waited, by the right clock', async () => {
    expect(await jobsLagMs(store().read, now())).toBe(0)
    await score('later', { runAt: new Date(context.deps.clock.now() + 10_000) })
    expect(await jobsLagMs(store().read, now())).toBe(0)
    advance(40_000)
    expect(await jobsLagMs(store().read, now())).toBeGreaterThanOrEqual(30_000)
    await runner({ 'score-attempt': async () => {} }).drain()
    // Due at once: the moved clock says nothing about its wait.
    await score('now')
    expect(await jobsLagMs(store().read, now())).toBeLessThan(5_000)
    expect(JOBS_HINT).toBe('jobs')
  })
})
