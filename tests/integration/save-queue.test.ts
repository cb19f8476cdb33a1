/** The browser's save queue against a server that speaks the protocol, over a network that does what networks do. */
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { setupWith } from '#app/core/attempt/fixture.ts'
import {
  SAVE_DEBOUNCE_MS as PROTOCOL_DEBOUNCE_MS,
  HEARTBEAT_MS as PROTOCOL_HEARTBEAT_MS,
  SAVE_MAX_WAIT_MS as PROTOCOL_MAX_WAIT_MS,
} from '#app/core/attempt/protocol.ts'
import type { Response } from '#app/core/bank/response.ts'
import { localRecords, sealedDrafts, type DraftStore, type RecordStore } from '#app/player/draft-store.ts'
import { remainingNow } from '#app/player/queue-clock.ts'
import type { QueueState, Scheduler } from '#app/player/queue-types.ts'
import {
  createSaveQueue,
  HEARTBEAT_MS,
  SAVE_DEBOUNCE_MS,
  SAVE_MAX_WAIT_MS,
  type SaveQueue,
} from '#app/player/save-queue.ts'
import { httpTransport } from '#app/player/transport.ts'
import { DRAFT_KEY, mockServer, ORIGIN, type MockServer } from '#tests/mocks/attempt-protocol.ts'

const network = setupServer()
beforeAll(() => network.listen({ onUnhandledRequest: 'error' }))
afterEach(() => network.resetHandlers())
afterAll(() => network.close())

const START = 1_800_000_000_000
const essay = (text: string): Response => ({ kind: 'essay', text })

/** Time that only the test moves. */
function handClock() {
  let now = 5_000
  let ids = 0
  const timers = new Set<{ at: number; run: () => void }>()
  const scheduler: Scheduler = {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    random: () => 0.5,
    id: () => `m${++ids}`,
  }
  return {
    scheduler,
    pending: () => timers.size,
    /** Runs what is due, one at a time, and lets each request come to its end. */
    async advance(ms: number, queue: SaveQueue): Promise<void> {
      const until = now + ms
      for (;;) {
        const next = [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        timers.delete(next)
        now = Math.max(now, next.at)
        next.run()
        await queue.settled()
      }
      now = until
      await queue.settled()
    },
  }
}

function memoryStorage(limit = Infinity): Storage {
  const map = new Map<string, string>()
  return {
    get length() {
      return map.size
    },
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (key) => map.get(key) ?? null,
    setItem(key, value) {
      if (map.size >= limit && !map.has(key)) throw new DOMException('full', 'QuotaExceededError')
      map.set(key, value)
    },
    removeItem: (key) => void map.delete(key),
    clear: () => map.clear(),
  }
}

type Tab = { queue: SaveQueue; state(): QueueState; clock: ReturnType<typeof handClock>; drafts: DraftStore }

async function openTab(
  server: MockServer,
  records: RecordStore,
  options: { revisions?: Record<string, number>; responses?: Record<string, Response | null> } = {},
): Promise<Tab> {
  const clock = handClock()
  let latest: QueueState | null = null
  const drafts = await sealedDrafts(records, DRAFT_KEY, 'attempt-1')
  const ids = server.attempt.setup.sections.flatMap((section) => section.itemIds)
  const queue = createSaveQueue({
    attemptId: server.attempt.setup.attemptId,
    epoch: server.attempt.epoch,
    transport: httpTransport(server.attempt.setup.attemptId, { base: ORIGIN }),
    drafts,
    scheduler: clock.scheduler,
    initial: Object.fromEntries(
      ids.map((id) => [
        id,
        { revision: options.revisions?.[id] ?? 0, response: options.responses?.[id] ?? null, flagged: false },
      ]),
    ),
    clock: null,
    lastSavedAt: null,
    onChange: (state) => {
      latest = state
    },
  })
  return { queue, clock, drafts, state: () => latest ?? queue.state() }
}

function open() {
  const server = mockServer(setupWith(), START)
  network.use(...server.handlers)
  const storage = memoryStorage()
  const [a = '', b = '', c = ''] = server.attempt.setup.sections.flatMap((section) => section.itemIds)
  return { server, storage, records: localRecords(storage), a, b, c }
}

const texts = (server: MockServer) =>
  Object.fromEntries(
    [...server.stored].map(([id, response]) => [id, response?.kind === 'essay' ? response.text : null]),
  )

describe('saving', () => {
  it('keeps the times of the protocol', () => {
    expect([SAVE_DEBOUNCE_MS, SAVE_MAX_WAIT_MS, HEARTBEAT_MS]).toEqual([
      PROTOCOL_DEBOUNCE_MS,
      PROTOCOL_MAX_WAIT_MS,
      PROTOCOL_HEARTBEAT_MS,
    ])
  })

  it('saves after a pause in typing and says so only after the acknowledgement', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    tab.queue.change(a, essay('one'), false)
    await tab.clock.advance(SAVE_DEBOUNCE_MS - 1, tab.queue)
    expect(server.requests).toHaveLength(0)
    expect(tab.state().status).toEqual({ kind: 'saving' })
    await tab.clock.advance(1, tab.queue)
    expect(texts(server)).toEqual({ [a]: 'one' })
    expect(tab.state().status).toEqual({ kind: 'saved', at: START })
    expect(tab.state().revisions[a]).toBe(1)
    expect(tab.queue.isClean).toBe(true)
  })

  it('saves a fast typist who never pauses (edge case 20)', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    for (let i = 0; i * 500 <= SAVE_MAX_WAIT_MS; i += 1) {
      tab.queue.change(a, essay(`word ${i}`), false)
      await tab.clock.advance(500, tab.queue)
    }
    expect(server.requests.length).toBeGreaterThanOrEqual(1)
  })

  it('has one request under way and puts later text on top of it', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    let letGo = (): void => {}
    server.faults = [{ hold: new Promise<void>((resolve) => (letGo = resolve)) }]
    tab.queue.change(a, essay('first'), false)
    const flushed = tab.queue.flush()
    tab.queue.change(a, essay('first and second'), false)
    letGo()
    expect(await flushed).toBe(true)
    expect(server.requests.map((request) => request.mutations.map((m) => [m.mutationId, m.baseRevision]))).toEqual([
      [['m1', 0]],
      [['m2', 1]],
    ])
    expect(texts(server)).toEqual({ [a]: 'first and second' })
  })
})

describe('the network', () => {
  it('repeats a save whose reply was lost under the same mutation id, and it is stored once', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    server.faults = [{ lose: 'reply' }]
    tab.queue.change(a, essay('kept'), false)
    expect(await tab.queue.flush()).toBe(false)
    expect(tab.state().status).toMatchObject({ kind: 'on_device', waiting: 1, code: null })
    await tab.clock.advance(60_000, tab.queue)
    expect(server.requests.map((request) => request.mutations[0]?.mutationId)).toEqual(['m1', 'm1'])
    expect(server.attempt.answers[a]?.revision).toBe(1)
    expect(tab.state().status.kind).toBe('saved')
  })

  it('does not overtake a lost reply with newer text', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    server.faults = [{ lose: 'reply' }]
    tab.queue.change(a, essay('old'), false)
    await tab.queue.flush()
    tab.queue.change(a, essay('new'), false)
    await tab.clock.advance(60_000, tab.queue)
    expect(texts(server)).toEqual({ [a]: 'new' })
    expect(server.requests.map((request) => request.mutations[0]?.mutationId)).toEqual(['m1', 'm1', 'm2'])
    expect(tab.state().conflicts).toEqual([])
  })

  it('is not confused by a request that a proxy repeats later', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    tab.queue.change(a, essay('old'), false)
    await tab.queue.flush()
    tab.queue.change(a, essay('new'), false)
    await tab.queue.flush()
    server.repeat(0)
    expect(texts(server)).toEqual({ [a]: 'new' })
    expect(server.attempt.answers[a]?.revision).toBe(2)
  })

  it('backs off while the network is gone, and retries at once when asked', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    server.refuseWhile = () => ({ lose: 'request' })
    tab.queue.change(a, essay('offline'), false)
    await tab.clock.advance(120_000, tab.queue)
    const tries = server.requests.length
    expect(tries).toBeGreaterThan(4)
    expect(tries).toBeLessThan(14)
    server.refuseWhile = null
    tab.queue.retryNow()
    await tab.clock.advance(0, tab.queue)
    expect(texts(server)).toEqual({ [a]: 'offline' })
    expect(tab.state().status.kind).toBe('saved')
  })

  it('waits as long as a busy server says', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    server.faults = [
      { status: 503, retryAfterMs: 9_000 },
      { status: 429, code: 'request.too_many', retryAfterMs: 4_000 },
    ]
    tab.queue.change(a, essay('busy'), false)
    await tab.queue.flush()
    expect(tab.state().status).toMatchObject({ kind: 'on_device', code: 'request.unavailable' })
    await tab.clock.advance(8_999, tab.queue)
    expect(server.requests).toHaveLength(1)
    await tab.clock.advance(60_000, tab.queue)
    expect(texts(server)).toEqual({ [a]: 'busy' })
  })
})

describe('a server that cannot save', () => {
  it.each([
    [507, 'db.full'],
    [503, 'db.unreachable'],
  ] as const)(
    'with %i is no lost network and no refused answer: the text is kept, sent again as it was, and the reason is said',
    async (status, code) => {
      const { server, records, a } = open()
      const tab = await openTab(server, records)
      server.refuseWhile = () => ({ status, code, retryAfterMs: 5_000 })
      tab.queue.change(a, essay('kept'), false)
      await tab.queue.flush()
      expect(tab.state().status).toMatchObject({ kind: 'on_device', waiting: 1, code })
      expect(tab.state().refused).toEqual([])
      expect(await tab.queue.submit()).toEqual({ done: false, code })
      await tab.clock.advance(120_000, tab.queue)
      expect(tab.state().status).toMatchObject({ kind: 'on_device', code })
      expect(
        new Set(server.requests.flatMap(({ mutations }) => mutations.map(({ mutationId }) => mutationId))).size,
      ).toBe(1)
      server.refuseWhile = null
      await tab.clock.advance(60_000, tab.queue)
      expect(texts(server)).toEqual({ [a]: 'kept' })
      expect(tab.state().status.kind).toBe('saved')
    },
  )

  it('is not asked again by a whole room in one moment', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    server.faults = [{ status: 507, code: 'db.full', retryAfterMs: 5_000 }]
    tab.queue.change(a, essay('kept'), false)
    await tab.queue.flush()
    const { status } = tab.state()
    // The first step of the back-off is a second, of which the upper half is by chance.
    expect(status.kind === 'on_device' && status.retryInMs).toBeGreaterThanOrEqual(5_500)
    expect(status.kind === 'on_device' && status.retryInMs).toBeLessThanOrEqual(6_000)
  })
})

describe('drafts', () => {
  it('sends after a crash what was written before it (edge case 18)', async () => {
    const { server, records, a, b } = open()
    const first = await openTab(server, records)
    server.refuseWhile = () => ({ lose: 'request' })
    first.queue.change(a, essay('before the crash'), true)
    first.queue.change(b, essay('second'), false)
    await first.queue.flush()
    await first.queue.settled()
    first.queue.stop()
    server.refuseWhile = null
    const second = await openTab(server, records)
    const restored = await second.queue.restore(second.drafts)
    expect(restored.map((draft) => draft.itemId)).toEqual([a, b])
    await second.clock.advance(0, second.queue)
    expect(texts(server)).toEqual({ [a]: 'before the crash', [b]: 'second' })
    expect(server.attempt.answers[a]?.flagged).toBe(true)
    expect(await second.drafts.load()).toEqual([])
  })

  it('does not store twice what arrived although its acknowledgement was lost in the crash', async () => {
    const { server, records, a } = open()
    const first = await openTab(server, records)
    server.faults = [{ lose: 'reply' }]
    first.queue.change(a, essay('arrived'), false)
    await first.queue.flush()
    await first.queue.settled()
    first.queue.stop()
    const second = await openTab(server, records, { revisions: { [a]: 1 }, responses: { [a]: essay('arrived') } })
    expect(await second.queue.restore(second.drafts)).toEqual([])
    await second.queue.settled()
    expect(server.attempt.answers[a]?.revision).toBe(1)
    expect(await second.drafts.load()).toEqual([])
  })

  it('keeps them unreadable for the next person on the machine', async () => {
    const { server, records, storage, a } = open()
    const tab = await openTab(server, records)
    server.refuseWhile = () => ({ lose: 'request' })
    tab.queue.change(a, essay('private words'), false)
    await tab.queue.flush()
    await tab.queue.settled()
    const raw = storage.getItem(storage.key(0) ?? '') ?? ''
    expect(raw).not.toBe('')
    expect(raw).not.toContain('private')
    const other = await sealedDrafts(records, 'Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA', 'attempt-1')
    expect(await other.load()).toEqual([])
  })

  it('says that the device is full only while the text is nowhere else', async () => {
    const { server, a } = open()
    const tab = await openTab(server, localRecords(memoryStorage(0)))
    server.faults = [{ lose: 'request' }]
    tab.queue.change(a, essay('no room'), false)
    await tab.queue.flush()
    await tab.queue.settled()
    expect(tab.state().status).toEqual({ kind: 'not_saved', code: 'save.storage_full' })
    expect(tab.state().unsent).toEqual([{ itemId: a, response: essay('no room') }])
    await tab.clock.advance(60_000, tab.queue)
    expect(tab.state().status.kind).toBe('saved')
  })
})

describe('refusals', () => {
  it('stops when somebody continues elsewhere, and keeps the unsent text', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    server.takeOver()
    tab.queue.change(a, essay('mine'), false)
    await tab.queue.flush()
    expect(tab.state().end).toEqual({ reason: 'elsewhere' })
    expect(tab.state().status).toEqual({ kind: 'elsewhere' })
    expect(tab.state().unsent).toEqual([{ itemId: a, response: essay('mine') }])
    tab.queue.change(a, essay('more'), false)
    await tab.clock.advance(60_000, tab.queue)
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['mine', 'from this tab', 2],
    ['stored', 'from elsewhere', 1],
  ] as const)('shows both texts of a conflict and stores the chosen one: %s', async (which, expected, revision) => {
    const { server, records, a } = open()
    const other = await openTab(server, localRecords(memoryStorage()))
    other.queue.change(a, essay('from elsewhere'), false)
    await other.queue.flush()
    const tab = await openTab(server, records)
    tab.queue.change(a, essay('from this tab'), false)
    expect(await tab.queue.flush()).toBe(false)
    expect(tab.state().conflicts).toEqual([
      { itemId: a, mine: essay('from this tab'), stored: essay('from elsewhere'), storedRevision: 1 },
    ])
    expect(await tab.queue.submit()).toMatchObject({ done: false, code: 'attempt.unsettled_answers' })
    tab.queue.choose(a, which)
    await tab.clock.advance(0, tab.queue)
    expect(texts(server)).toEqual({ [a]: expected })
    expect(server.attempt.answers[a]?.revision).toBe(revision)
    expect(tab.queue.isClean).toBe(true)
  })

  it('lets the other answers through when one is too large', async () => {
    const { server, records, a, b, c } = open()
    const tab = await openTab(server, records)
    server.refuseWhile = (request) =>
      request.mutations.some((m) => m.itemId === b) ? { status: 413, code: 'request.too_large' } : null
    for (const id of [a, b, c]) tab.queue.change(id, essay(id), false)
    await tab.queue.flush()
    await tab.clock.advance(60_000, tab.queue)
    expect(texts(server)).toEqual({ [a]: a, [c]: c })
    expect(tab.state().refused).toEqual([{ itemId: b, code: 'request.too_large', response: essay(b) }])
    expect(tab.state().status).toEqual({ kind: 'not_saved', code: 'request.too_large' })
    server.refuseWhile = null
    tab.queue.change(b, essay('shorter'), false)
    await tab.queue.flush()
    expect(texts(server)[b]).toBe('shorter')
    expect(tab.state().refused).toEqual([])
  })

  it('keeps everything when the session has ended, and goes on after signing in again', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    server.faults = [{ status: 401, code: 'request.unauthenticated' }]
    tab.queue.change(a, essay('signed out'), false)
    await tab.queue.flush()
    expect(tab.state().status).toEqual({ kind: 'not_saved', code: 'request.unauthenticated' })
    await tab.queue.settled()
    expect(await tab.drafts.load()).toHaveLength(1)
    tab.queue.retryNow()
    await tab.clock.advance(0, tab.queue)
    expect(texts(server)).toEqual({ [a]: 'signed out' })
  })

  it('tells that late text went to staff', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    tab.queue.change(a, essay('too late'), false)
    server.now = START + 24 * 3_600_000
    await tab.queue.flush()
    expect(tab.state().quarantined).toEqual([{ itemId: a, late: essay('too late'), stored: null }])
    expect(tab.state().end?.reason).toBe('over')
    expect(tab.queue.isClean).toBe(true)
  })
})

describe('after the end of a section', () => {
  const CLOCK = {
    serverTime: START,
    deadlineAt: START + 3_600_000,
    remainingMs: 3_600_000,
    paused: false,
    sectionDeadlineAt: START,
    epoch: 1,
    status: 'in_progress' as const,
  }
  /** Accepts what comes before the section's end; afterwards everything is kept for staff. */
  function late() {
    const sent: string[] = []
    let over = false
    let meanwhile = (): void => {}
    const queue = createSaveQueue({
      attemptId: 'at_1',
      epoch: 1,
      drafts: null,
      initial: { one: { revision: 0, response: null, flagged: false } },
      clock: null,
      lastSavedAt: null,
      scheduler: { now: () => 0, after: () => () => {}, random: () => 0, id: () => `m-${sent.length}` },
      onChange: () => {},
      transport: {
        draftKey: async () => null,
        heartbeat: async () => ({ kind: 'lost' }),
        async save(request) {
          for (const mutation of request.mutations) sent.push((mutation.response as { text: string }).text)
          meanwhile()
          meanwhile = () => {}
          return {
            kind: 'reply',
            reply: {
              ...CLOCK,
              results: request.mutations.map(({ mutationId, itemId }) => ({
                mutationId,
                itemId,
                ...(over
                  ? { result: 'quarantined' as const, reason: 'section_late' as const }
                  : { result: 'accepted' as const, revision: 1, late: false }),
              })),
            },
          }
        },
      },
    })
    return { queue, sent, end: () => void (over = true), while: (run: () => void) => void (meanwhile = run) }
  }

  it('keeps what counts beside what came too late, and sends staff also what was written meanwhile', async () => {
    const { queue, sent, end, while: meanwhile } = late()
    queue.change('one', essay('in time'), false)
    await queue.flush()
    end()
    queue.change('one', essay('late'), false)
    meanwhile(() => queue.change('one', essay('late, and more'), false))
    await queue.flush()
    expect(sent).toEqual(['in time', 'late', 'late, and more'])
    expect(queue.state().quarantined).toEqual([
      { itemId: 'one', late: essay('late, and more'), stored: essay('in time') },
    ])
    expect(queue.state().end).toBeNull()
    expect(queue.isClean).toBe(true)
  })

  it('says nothing of a late flag: no text was lost', async () => {
    const { queue, end } = late()
    queue.change('one', essay('in time'), false)
    await queue.flush()
    end()
    queue.change('one', essay('in time'), true)
    await queue.flush()
    expect(queue.state().quarantined).toEqual([])
    expect(queue.isClean).toBe(true)
  })
})

describe('handing in', () => {
  it('flushes and submits in one call', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    tab.queue.change(a, essay('last words'), false)
    const done = await tab.queue.submit()
    expect(done).toMatchObject({ done: true, receipt: { reason: 'submitted' } })
    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]?.final).toBe(true)
    expect(texts(server)).toEqual({ [a]: 'last words' })
  })

  it('gets the same receipt when the reply to the submit was lost', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    tab.queue.change(a, essay('last words'), false)
    server.faults = [{ lose: 'reply' }]
    expect((await tab.queue.submit()).done).toBe(false)
    const again = await tab.queue.submit()
    expect(again).toMatchObject({ done: true, receipt: { reason: 'submitted', finishedAt: START } })
    expect(texts(server)).toEqual({ [a]: 'last words' })
  })

  it('reports that it is offline and submits nothing by halves', async () => {
    const { server, records, a } = open()
    const tab = await openTab(server, records)
    server.refuseWhile = () => ({ lose: 'request' })
    tab.queue.change(a, essay('offline'), false)
    expect(await tab.queue.submit()).toEqual({ done: false, code: 'save.offline' })
    expect(server.attempt.status).toBe('in_progress')
    await tab.queue.settled()
    expect(await tab.drafts.load()).toHaveLength(1)
  })
})

describe('the clock', () => {
  const clock = {
    serverTime: START,
    deadlineAt: START + 60_000,
    remainingMs: 60_000,
    paused: false,
    sectionDeadlineAt: START + 30_000,
    epoch: 1,
    status: 'in_progress' as const,
  }

  it('counts differences on the monotonic clock, whatever the wall clock says', () => {
    expect(remainingNow(clock, 5_000, 25_000)).toBe(40_000)
    expect(remainingNow(clock, 5_000, 25_000, 'section')).toBe(10_000)
    expect(remainingNow(clock, 5_000, 999_000)).toBe(0)
  })

  it('stands still while paused', () => {
    expect(remainingNow({ ...clock, paused: true }, 5_000, 999_000)).toBe(60_000)
  })

  it('does not go back to an older message', async () => {
    const { server, records } = open()
    const tab = await openTab(server, records)
    tab.queue.hearClock({ ...clock, serverTime: START + 10, remainingMs: 100 })
    tab.queue.hearClock({ ...clock, remainingMs: 60_000 })
    expect(tab.state().clock?.remainingMs).toBe(100)
  })
})
