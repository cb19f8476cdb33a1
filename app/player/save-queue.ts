/**
 * The browser's save queue. Framework-free; time, randomness, wire and storage are given, so that every rule can be
 * tested.
 *
 * What is written is dirty until the server has acknowledged that very revision. Drafts are stored with their
 * dirtiness, sent in order, one request at a time, and repeated with the same mutation id until they are answered.
 * While a request is under way or its answer was lost, what is written meanwhile becomes a second mutation on top of
 * the first: nothing is sent twice under two names, and nothing is overtaken.
 */
import type { ClockReply, SaveReply } from '../core/attempt/protocol.ts'
import type { Response } from '../core/bank/response.ts'
import { createAnswerBook, same } from './answer-book.ts'
import type { Draft, DraftStore, Mutation } from './draft-store.ts'
import { pickClock } from './queue-clock.ts'
import type { QueueEnd, QueueOptions, QueueState, QueueStatus, SubmitOutcome } from './queue-types.ts'
import type { Outcome } from './transport.ts'

/**
 * The protocol's own times; repeated here because protocol.ts brings its schemas along. A test holds the two together.
 */
export const SAVE_DEBOUNCE_MS = 1_500
export const SAVE_MAX_WAIT_MS = 8_000
export const HEARTBEAT_MS = 30_000

const RETRY_FIRST_MS = 1_000
const RETRY_MAX_MS = 30_000
/** Below the protocol's 100 mutations and 1 MB, so that a batch is refused for its size only if one answer is. */
const BATCH = 40
/** Browsers send no more than 64 kB from a page that is being closed. */
const KEEPALIVE_BYTES = 60_000

export function createSaveQueue(options: QueueOptions) {
  const { attemptId, transport, scheduler } = options
  const epoch = options.epoch
  const book = createAnswerBook({
    initial: options.initial,
    drafts: options.drafts,
    scheduler,
    onStorage: () => changed(),
  })
  const { entries, conflicts, refused, isDirty } = book
  let clock = options.clock
  let clockAt = scheduler.now()
  let savedAt = options.lastSavedAt
  let end: QueueEnd | null = null
  let inFlight: Promise<void> | null = null
  let sending = false
  let failures = 0
  let trouble: string | null = null
  let retryAt: number | null = null
  let dirtySince: number | null = null
  let cancelTimer: (() => void) | null = null
  let lastRefusal: string | null = null
  let stopped = false

  function status(): QueueStatus {
    if (end?.reason === 'elsewhere') return { kind: 'elsewhere' }
    if (end?.reason === 'signed_out') return { kind: 'not_saved', code: 'request.unauthenticated' }
    if (end?.reason === 'gone') return { kind: 'not_saved', code: 'attempt.not_found' }
    if (book.isStorageFull() && entries.size > 0 && failures > 0)
      return { kind: 'not_saved', code: 'save.storage_full' }
    if (refused.size > 0) return { kind: 'not_saved', code: [...refused.values()][0]?.code ?? 'request.invalid' }
    if (failures > 0)
      return {
        kind: 'on_device',
        waiting: entries.size,
        code: trouble,
        retryInMs: retryAt === null ? null : Math.max(0, retryAt - scheduler.now()),
      }
    if (lastRefusal === 'attempt.paused' && entries.size > 0)
      return { kind: 'on_device', waiting: entries.size, code: lastRefusal, retryInMs: null }
    if (isDirty()) return { kind: 'saving' }
    if (conflicts.size > 0) return { kind: 'not_saved', code: 'save.conflict' }
    return { kind: 'saved', at: savedAt }
  }

  function state(): QueueState {
    return {
      ...book.state(),
      status: status(),
      clock,
      lastSavedAt: savedAt,
      clockAt,
      end,
    }
  }
  const changed = (): void => {
    if (!stopped) options.onChange(state())
  }

  // ---- Writing ----

  function change(itemId: string, response: Response | null, flagged: boolean): void {
    if (end && end.reason !== 'signed_out') return
    if (!book.write(itemId, response, flagged)) return
    dirtySince ??= scheduler.now()
    schedule(Math.min(SAVE_DEBOUNCE_MS, Math.max(0, dirtySince + SAVE_MAX_WAIT_MS - scheduler.now())))
    changed()
  }

  function schedule(ms: number): void {
    if (sending || (end && end.reason !== 'signed_out')) return
    // While we wait for a retry, more typing must not bring it forward.
    if (retryAt !== null && retryAt > scheduler.now() + ms) return
    cancelTimer?.()
    cancelTimer = scheduler.after(ms, () => {
      cancelTimer = null
      void send()
    })
  }

  // ---- Sending ----

  function send(limit = BATCH): Promise<void> {
    if (inFlight) return inFlight
    if ((end && end.reason !== 'signed_out') || stopped) return Promise.resolve()
    const { mutations, sent } = book.batch(limit)
    if (mutations.length === 0) return Promise.resolve()
    cancelTimer?.()
    cancelTimer = null
    retryAt = null
    sending = true
    changed()
    const flight = transport.save({ attemptId, epoch, mutations }).then((outcome) => {
      sending = false
      inFlight = null
      settle(outcome, sent, mutations.length)
    })
    inFlight = flight
    return flight
  }

  function settle(outcome: Outcome<SaveReply>, sent: Map<string, Mutation>, size: number): void {
    if (outcome.kind === 'lost') return failed(null, null)
    if (outcome.kind === 'reply') {
      accepted(outcome.reply, sent)
      return next()
    }
    if (outcome.reply) accepted(outcome.reply, sent)
    switch (outcome.status) {
      case 401:
        return finish({ reason: 'signed_out' })
      case 404:
        return finish({ reason: 'gone' })
      case 409:
        if (outcome.code === 'attempt.taken_over') return finish({ reason: 'elsewhere' })
        return finish({ reason: 'over', receipt: outcome.reply?.receipt ?? null })
      case 413:
      case 422:
        // One answer may be what is wrong with the batch: find it by halves and let the others through.
        if (size > 1) {
          void send(Math.max(1, Math.floor(size / 2)))
          return
        }
        for (const [itemId] of sent) book.refuse(itemId, outcome.status === 413 ? 'request.too_large' : outcome.code)
        return next()
      default:
        return failed(outcome.retryAfterMs, outcome.code)
    }
  }

  function next(): void {
    failures = 0
    if (isDirty() && !(lastRefusal === 'attempt.paused')) {
      dirtySince = scheduler.now()
      schedule(SAVE_DEBOUNCE_MS)
    } else if (!isDirty()) dirtySince = null
    changed()
  }

  function failed(retryAfterMs: number | null, code: string | null): void {
    failures += 1
    trouble = code
    const backOff = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures - 1, 6))
    // Full jitter over the upper half: a room full of candidates must not come back in one moment.
    const wait = (retryAfterMs ?? 0) + backOff / 2 + scheduler.random() * (backOff / 2)
    retryAt = scheduler.now() + wait
    cancelTimer?.()
    cancelTimer = scheduler.after(wait, () => {
      cancelTimer = null
      retryAt = null
      void send()
    })
    changed()
  }

  function finish(reason: QueueEnd): void {
    end = reason
    cancelTimer?.()
    cancelTimer = null
    changed()
  }

  function hearClock(reply: ClockReply): void {
    // An event may arrive after a reply that is younger than it.
    if (clock && reply.serverTime < clock.serverTime) return
    const wasPaused = clock?.paused ?? false
    clock = pickClock(reply)
    clockAt = scheduler.now()
    if (wasPaused && !clock.paused && lastRefusal === 'attempt.paused') {
      lastRefusal = null
      if (isDirty()) schedule(0)
    }
  }

  function accepted(reply: SaveReply, sent: ReadonlyMap<string, Mutation>): void {
    hearClock(reply)
    lastRefusal = null
    let any = false
    for (const result of reply.results) {
      const settled = book.settle(result, sent)
      any ||= settled === 'accepted'
      if (settled === 'paused') lastRefusal = 'attempt.paused'
    }
    if (any) savedAt = reply.serverTime
    if (reply.status === 'closed' && !end) end = { reason: 'over', receipt: reply.receipt ?? null }
  }

  /** Sends until nothing is left to send. False where something could not be saved now. */
  async function flush(): Promise<boolean> {
    retryAt = null
    for (let round = 0; round < 50; round += 1) {
      if (inFlight) await inFlight
      if (end && end.reason !== 'signed_out') break
      if (!isDirty()) return conflicts.size === 0 && refused.size === 0
      const before = failures
      await send()
      if (failures > before || end || lastRefusal === 'attempt.paused') break
    }
    return !isDirty() && conflicts.size === 0 && refused.size === 0 && !end
  }

  /** The last flush and the submit in one call that may be repeated. */
  async function submit(): Promise<SubmitOutcome> {
    if (inFlight) await inFlight
    // An unanswered mutation with newer text behind it needs its answer first; and a call holds only so many.
    while (
      !end &&
      [...entries.values()].some(
        (e) => e.pending && !(same(e.pending.response, e.response) && e.pending.flagged === e.flagged) && !e.blocked,
      )
    ) {
      if (!(await sendOnce())) return { done: false, code: trouble ?? 'save.offline' }
    }
    while (!end && [...entries.values()].filter((e) => !e.blocked).length > BATCH)
      if (!(await sendOnce())) return { done: false, code: trouble ?? 'save.offline' }
    if (end?.reason === 'over') return { done: true, receipt: end.receipt }
    if (end && end.reason !== 'signed_out')
      return { done: false, code: end.reason === 'elsewhere' ? 'attempt.taken_over' : 'attempt.not_found' }
    if (conflicts.size > 0) return { done: false, code: 'attempt.unsettled_answers' }
    const { mutations, sent } = book.batch(BATCH)
    cancelTimer?.()
    cancelTimer = null
    sending = true
    changed()
    let result: SubmitOutcome = { done: false, code: 'save.offline' }
    inFlight = transport.save({ attemptId, epoch, mutations, final: true }).then((outcome) => {
      sending = false
      inFlight = null
      if (outcome.kind === 'reply') {
        accepted(outcome.reply, sent)
        const closing = outcome.reply.closing
        if (closing && closing.result !== 'refused') {
          end = { reason: 'over', receipt: outcome.reply.receipt ?? null }
          result = { done: true, receipt: outcome.reply.receipt ?? null }
          changed()
          return
        }
        result = { done: false, code: closing?.result === 'refused' ? closing.code : 'request.unavailable' }
        return next()
      }
      settle(outcome, sent, Math.max(1, mutations.length))
      if (end?.reason === 'over') result = { done: true, receipt: end.receipt }
      else if (outcome.kind === 'error') result = { done: false, code: outcome.code }
    })
    await inFlight
    return result
  }

  async function sendOnce(): Promise<boolean> {
    const before = failures
    await send()
    return failures === before
  }

  return {
    state,
    change,
    flush,
    submit,
    hearClock(reply: ClockReply) {
      hearClock(reply)
      changed()
    },
    /** Another tab or device holds the attempt now. */
    takenOver(newEpoch: number) {
      if (newEpoch > epoch && end === null) finish({ reason: 'elsewhere' })
    },
    closed() {
      if (end === null) finish({ reason: 'over', receipt: null })
    },
    /** Tries at once: the network is back, the page is looked at again, or somebody pressed the button. */
    retryNow() {
      if (end?.reason === 'signed_out') end = null
      retryAt = null
      if (!isDirty()) {
        if (failures > 0) {
          failures = 0
          changed()
        }
        return
      }
      schedule(0)
    },
    /** The candidate's choice between two texts. */
    choose(itemId: string, which: 'mine' | 'stored') {
      if (book.choose(itemId, which)) schedule(0)
      changed()
    },
    /**
     * Drafts that an earlier page left behind, in their order. Where the page was written in already, the page is
     * younger.
     */
    async restore(store: DraftStore): Promise<Draft[]> {
      const restored = await book.restore(store)
      if (isDirty()) schedule(0)
      changed()
      return restored
    },
    /** The page goes away: what fits is sent by a request that outlives it. The drafts stay until an answer is read. */
    farewell() {
      if (end || inFlight || !isDirty()) return
      const { mutations } = book.batch(BATCH)
      const request = { attemptId, epoch, mutations }
      if (mutations.length > 0 && JSON.stringify(request).length < KEEPALIVE_BYTES / 3)
        void transport.save(request, { keepalive: true })
    },
    /** Nothing that was written waits for the server. */
    get isClean() {
      return entries.size === 0
    },
    /** Settles when no request is under way and every record is written; for tests and before leaving. */
    async settled() {
      while (inFlight) await inFlight
      await book.written()
    },
    stop() {
      stopped = true
      cancelTimer?.()
    },
  }
}
export type SaveQueue = ReturnType<typeof createSaveQueue>
