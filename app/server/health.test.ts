import { afterEach, describe, expect, it, vi } from 'vitest'
import { StoreError, type Store } from '../../db/store.server.ts'
import { createHealth } from './health.server.ts'

/** A store whose writes end when the test says so, and a clock that the test moves. */
function bench({ lagMs = 0 }: { lagMs?: number } = {}) {
  const waiting: Array<{ resolve(): void; reject(error: unknown): void }> = []
  const stats = {
    commits: 0,
    transactions: 0,
    full: 0,
    fatal: null as 'db.corrupt' | 'db.lost' | null,
    writeConnections: 1,
  }
  let mono = 1_000
  let wall = Date.UTC(2026, 0, 2)
  let jobs = Promise.resolve()
  let verifyPlace = (): void => {}
  const store = {
    transact: () => new Promise<void>((resolve, reject) => waiting.push({ resolve, reject })),
    verifyPlace: () => verifyPlace(),
    stats: () => stats,
  } as unknown as Store
  const logged: Array<[string, unknown]> = []
  const log = {
    info: () => {},
    warn: (event: string, fields: object = {}) => void logged.push([event, fields]),
    error: (event: string, _error: unknown, fields: object = {}) => void logged.push([event, fields]),
  }
  const clock = { now: () => wall, monotonicMs: () => mono, alarm: () => null, aheadMs: () => 0 }
  const runner = {
    async health() {
      await jobs
      return { lagMs, running: 0, stopped: false }
    },
  }
  const health = createHealth({ store, clock, log, config: { version: '1' } as never }, runner as never)
  return {
    stats,
    logged,
    probes: () => waiting.length,
    ask: () => health.check(),
    last: () => waiting.at(-1)!,
    pass: (ms: number) => void (mono += ms),
    setWall: (ms: number) => void (wall += ms),
    onVerify: (verify: () => void) => void (verifyPlace = verify),
    onJobs: (until: Promise<void>) => void (jobs = until),
    async answered(error?: unknown) {
      const asked = health.check()
      if (error) waiting.at(-1)!.reject(error)
      else waiting.at(-1)!.resolve()
      return asked
    },
  }
}
afterEach(() => vi.useRealTimers())

describe('health', () => {
  it('rests on a write that has been committed, and says why there is none', async () => {
    const { answered, pass } = bench()
    expect(await answered()).toEqual({
      status: 'ok',
      version: '1',
      database: 'ok',
      jobs: { lagMs: 0, running: 0, late: false },
      clock: 'ok',
    })
    pass(1_000)
    const full = new StoreError('db.commit_failed', 'x', {
      cause: Object.assign(new Error('x'), { code: 'SQLITE_FULL' }),
    })
    expect(await answered(full)).toMatchObject({ status: 'failing', database: 'failing', code: 'db.full' })
    pass(1_000)
    expect(await answered(new Error('a bug'))).toMatchObject({ database: 'failing', code: 'db.failed' })
    pass(1_000)
    expect(await answered()).toMatchObject({ status: 'ok' })
  })

  it('writes at most once a second, however many ask, and once for all who wait', async () => {
    const { ask, probes, last, pass } = bench()
    const crowd = [ask(), ask(), ask()]
    expect(probes()).toBe(1)
    // A slow write is still the only one.
    pass(1_500)
    crowd.push(ask())
    expect(probes()).toBe(1)
    last().resolve()
    expect((await Promise.all(crowd)).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok'])
    pass(1_000)
    const next = ask()
    expect(probes()).toBe(2)
    last().resolve()
    await next
    pass(999)
    expect((await ask()).status).toBe('ok')
    expect(probes()).toBe(2)
    pass(1)
    void ask()
    expect(probes()).toBe(3)
  })

  it('gives nobody a result that is older than five seconds, even if it aged while something else was waited for', async () => {
    const { ask, last, onJobs, pass } = bench()
    for (const [agedMs, status] of [
      [5_000, 'ok'],
      [5_001, 'failing'],
    ] as const) {
      let finish = (): void => {}
      onJobs(new Promise((resolve) => (finish = resolve)))
      pass(1_000)
      const asked = ask()
      last().resolve()
      await new Promise(setImmediate)
      pass(agedMs)
      finish()
      expect({ agedMs, status: (await asked).status }).toEqual({ agedMs, status })
    }
  })

  it('does not take a wall clock that is set for the passing of time', async () => {
    const { answered, ask, probes, setWall, pass } = bench()
    await answered()
    setWall(86_400_000)
    expect((await ask()).status).toBe('ok')
    setWall(-2 * 86_400_000)
    pass(900)
    expect((await ask()).status).toBe('ok')
    expect(probes()).toBe(1)
    pass(100)
    void ask()
    expect(probes()).toBe(2)
  })

  it('waits two seconds for a write, and goes on waiting for the same one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { ask, probes, last, pass } = bench()
    const first = ask()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await first).toMatchObject({ status: 'failing', database: 'failing', code: 'db.no_answer' })
    pass(30_000)
    const second = ask()
    expect(probes()).toBe(1)
    last().resolve()
    expect((await second).status).toBe('ok')
  })

  it('says no ok of a database that never answers, however often and however late it is asked', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { answered, ask, probes, pass, logged } = bench()
    expect((await answered()).status).toBe('ok')
    for (let i = 0; i < 20; i += 1) {
      pass(3_000)
      const asked = ask()
      await vi.advanceTimersByTimeAsync(2_000)
      expect(await asked).toMatchObject({ status: 'failing', database: 'failing', code: 'db.no_answer' })
    }
    // That hang: the first, which was answered, and one more.
    expect(probes()).toBe(2)
    expect(logged).toEqual([['health.failing', { code: 'db.no_answer' }]])
  })

  it('tells the log once when it begins, once what it becomes, and once when it has been over for ten seconds', async () => {
    const { answered, pass, logged } = bench()
    const full = new StoreError('db.commit_failed', 'x', {
      cause: Object.assign(new Error('x'), { code: 'SQLITE_FULL' }),
    })
    for (let i = 0; i < 30; i += 1, pass(1_000)) await answered(full)
    expect(logged).toEqual([['health.failing', { told: 'db.full' }]])
    // Its own row fits between two saves that do not.
    for (let i = 0; i < 9; i += 1, pass(1_000)) await answered()
    await answered(full)
    pass(1_000)
    await answered(new Error('a bug'))
    expect(logged.splice(0)).toEqual([
      ['health.failing', { told: 'db.full' }],
      ['health.failing', { told: 'db.failed' }],
    ])
    for (let i = 0; i < 30; i += 1) {
      pass(1_000)
      await answered()
    }
    // From the first failure to the last one: 30 s, 9 s, 1 s.
    expect(logged).toEqual([['health.recovered', { was: 'db.failed', failedForMs: 40_000 }]])
  })

  it('does not say ok while answers are refused for want of room, though its own small row still fits', async () => {
    const { answered, ask, stats, pass } = bench()
    await answered()
    stats.full = 400
    expect(await ask()).toMatchObject({ status: 'failing', code: 'db.full' })
    pass(1_000)
    expect(await answered()).toMatchObject({ status: 'failing', code: 'db.full' })
    // None since: there is room again.
    pass(1_000)
    expect((await answered()).status).toBe('ok')
  })

  it('fails at once and for good when the file is damaged, whatever was written a moment ago', async () => {
    const { answered, ask, stats } = bench()
    expect((await answered()).status).toBe('ok')
    stats.fatal = 'db.corrupt'
    expect(await ask()).toMatchObject({ status: 'failing', database: 'failing', code: 'db.corrupt' })
  })

  it('looks for the files after each write, because a write into a file without a name is worth nothing', async () => {
    const { answered, ask, probes, stats, pass, onVerify } = bench()
    const order: string[] = []
    onVerify(() => void order.push(`looked after ${probes()}`))
    expect((await answered()).status).toBe('ok')
    pass(1_000)
    onVerify(() => (stats.fatal = 'db.lost'))
    const asked = ask()
    expect(stats.fatal).toBeNull()
    expect(order).toEqual(['looked after 1'])
    expect(await answered()).toMatchObject({ status: 'failing', database: 'failing', code: 'db.lost' })
    expect(await asked).toMatchObject({ code: 'db.lost' })
  })

  it('does not say ok where it cannot be told whether the files are there', async () => {
    const { answered, onVerify } = bench()
    onVerify(() => {
      throw Object.assign(new Error('x'), { code: 'EACCES' })
    })
    expect(await answered()).toMatchObject({ status: 'failing', code: 'db.failed' })
  })

  it('fails when the jobs wait too long, while the database is well', async () => {
    const { answered } = bench({ lagMs: 60_001 })
    expect(await answered()).toMatchObject({ status: 'failing', database: 'ok', jobs: { late: true } })
  })
})
