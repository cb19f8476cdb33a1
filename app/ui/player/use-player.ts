/** The save queue, the clock and the event stream of one open attempt, as React state. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { PlayerPage, StaffMessage } from '../../core/attempt/player-view.ts'
import type { StreamMessage } from '../../core/attempt/protocol.ts'
import type { Response } from '../../core/bank/response.ts'
import { browserRecords, sealedDrafts } from '../../player/draft-store.ts'
import { browserScheduler, remainingNow } from '../../player/queue-clock.ts'
import { whyNot, type QueueLate, type QueueState } from '../../player/queue-types.ts'
import { createSaveQueue, HEARTBEAT_MS, type SaveQueue } from '../../player/save-queue.ts'
import { holdTab, type TabHold } from '../../player/tab-lock.ts'
import { httpTransport } from '../../player/transport.ts'
import { signOut, wantsToSignOut } from './sign-out.ts'

export type Answers = Readonly<Record<string, Response | null>>
export type Flags = Readonly<Record<string, boolean>>
export type Live = {
  /** False in the server's page and in one without scripts. */
  ready: boolean
  answers: Answers
  flags: Flags
  queue: QueueState | null
  /** This tab holds the attempt; null while it is being asked. */
  holds: boolean | null
  remainingMs: number | null
  sectionRemainingMs: number | null
  /** The time of the section that is open has run out: nothing in it can be changed. */
  sectionOver: boolean
  paused: boolean
  onBreak: boolean
  messages: StaffMessage[]
  timeIsUp: boolean
  /** At the end: why the server could not go on when it was last asked. */
  unreachable: ReturnType<typeof whyNot> | null
  change(itemId: string, response: Response | null): void
  flag(itemId: string, flagged: boolean): void
  choose(itemId: string, which: 'mine' | 'stored'): void
  dismiss(messageId: string): void
  api: SaveQueue | null
}

const DISMISSED = 'poise-dismissed'
const dismissedIds = (): string[] => {
  try {
    return JSON.parse(sessionStorage.getItem(DISMISSED) ?? '[]') as string[]
  } catch {
    return []
  }
}

const LOOK_AGAIN_MS = 5_000

export function usePlayer(page: PlayerPage, overrides: Answers): Live {
  const { attemptId } = page
  const [answers, setAnswers] = useState<Record<string, Response | null>>(() => ({
    ...Object.fromEntries(Object.entries(page.content).map(([id, { response }]) => [id, response])),
    ...overrides,
  }))
  const [flags, setFlags] = useState<Record<string, boolean>>(() =>
    Object.fromEntries(page.sections.flatMap((section) => section.items.map((slot) => [slot.id, slot.flagged]))),
  )
  const [state, setState] = useState<QueueState | null>(null)
  const [holds, setHolds] = useState<boolean | null>(null)
  const [, tick] = useState(0)
  const [messages, setMessages] = useState(page.messages)
  /** What an earlier page left on this device is known. */
  const [restored, setRestored] = useState(false)
  const [unreachable, setUnreachable] = useState<Live['unreachable']>(null)
  const queue = useRef<SaveQueue | null>(null)
  const latest = useRef({ answers, flags })
  latest.current = { answers, flags }

  useEffect(() => {
    const transport = httpTransport(attemptId)
    const initial = Object.fromEntries(
      page.sections.flatMap((section) =>
        section.items.map((slot) => [
          slot.id,
          { revision: slot.revision, response: page.content[slot.id]?.response ?? null, flagged: slot.flagged },
        ]),
      ),
    )
    const told = new Set<QueueLate>()
    const q = createSaveQueue({
      attemptId,
      epoch: page.clock.epoch,
      transport,
      drafts: null,
      scheduler: browserScheduler,
      initial,
      clock: page.clock,
      lastSavedAt: page.lastSavedAt ? Date.parse(page.lastSavedAt) : null,
      onChange: (next) => {
        setState(next)
        const late = next.quarantined.filter((one) => !told.has(one))
        for (const one of late) told.add(one)
        // The item shows what counts; what came too late is shown above it.
        if (late.length > 0)
          setAnswers((all) => ({ ...all, ...Object.fromEntries(late.map((one) => [one.itemId, one.stored])) }))
      },
    })
    setState(q.state())
    setMessages((all) => all.filter((message) => !dismissedIds().includes(message.id)))
    let hold: TabHold | null = null
    let events: EventSource | null = null
    let gone = false
    const stops: Array<() => void> = []
    const listen = (target: EventTarget, type: string, run: (event: Event) => void): void => {
      target.addEventListener(type, run)
      stops.push(() => target.removeEventListener(type, run))
    }

    const beat = async (): Promise<void> => {
      const outcome = await transport.heartbeat(page.clock.epoch)
      if (gone) return
      if (outcome.kind === 'reply') {
        q.hearClock(outcome.reply)
        if (outcome.reply.epoch > page.clock.epoch) q.takenOver(outcome.reply.epoch)
        if (outcome.reply.status === 'closed') q.closed()
        q.retryNow()
      } else if (outcome.kind === 'error' && outcome.code === 'attempt.taken_over') q.takenOver(page.clock.epoch + 1)
    }

    const begin = async (): Promise<void> => {
      hold = await holdTab(attemptId, page.clock.epoch)
      if (gone) return hold.release()
      setHolds(hold.held)
      if (!hold.held) return
      queue.current = q
      // What was written while the lock was being asked for.
      for (const [itemId, response] of Object.entries(latest.current.answers))
        q.change(itemId, response, latest.current.flags[itemId] ?? false)
      const key = await transport.draftKey()
      if (key && !gone) {
        try {
          const drafts = await q.restore(await sealedDrafts(browserRecords(), key, attemptId))
          if (drafts.length > 0) {
            setAnswers((all) => ({
              ...all,
              ...Object.fromEntries(drafts.map((draft) => [draft.itemId, draft.response])),
            }))
            setFlags((all) => ({ ...all, ...Object.fromEntries(drafts.map((draft) => [draft.itemId, draft.flagged])) }))
          }
        } catch {
          // A browser without any store for us: the queue works from memory.
        }
        if (!gone) setRestored(true)
      }
      events = new EventSource(`/api/attempts/${attemptId}/events`)
      const hear = (event: MessageEvent<string>): void => {
        const message = { type: event.type, ...(JSON.parse(event.data) as object) } as StreamMessage
        if (message.type === 'message') {
          if (!dismissedIds().includes(message.messageId)) {
            setMessages((all) =>
              all.some((m) => m.id === message.messageId)
                ? all
                : [
                    ...all,
                    { id: message.messageId, text: message.text, sentAt: new Date(message.sentAt).toISOString() },
                  ],
            )
          }
        } else if (message.type === 'taken_over') q.takenOver(message.epoch)
        else if (message.type === 'closed') q.closed()
        else q.hearClock(message.clock)
      }
      for (const type of ['deadline_changed', 'paused', 'resumed', 'message', 'taken_over', 'closed'])
        events.addEventListener(type, hear as (event: Event) => void)
      // At once, so that a page that comes back is noted as back.
      void beat()
      const timer = setInterval(() => void beat(), HEARTBEAT_MS)
      stops.push(() => clearInterval(timer))
      listen(window, 'online', () => q.retryNow())
      // Signed in again in a window beside this one, which was in view all the time.
      listen(window, 'focus', () => q.state().end && void beat())
      listen(document, 'visibilitychange', () => {
        if (document.visibilityState === 'visible') void beat()
        else q.farewell()
      })
      listen(window, 'pagehide', () => q.farewell())
      listen(window, 'beforeunload', (event) => {
        if (!q.isClean && q.state().end === null) event.preventDefault()
      })
    }
    void begin()
    const seconds = setInterval(() => tick((n) => n + 1), 500)
    return () => {
      gone = true
      clearInterval(seconds)
      for (const stop of stops) stop()
      events?.close()
      hold?.release()
      q.stop()
      queue.current = null
    }
    // One queue lives as long as the page of one epoch; what it began with does not change under it.
  }, [attemptId, page.clock.epoch])

  const clock = state?.clock ?? page.clock
  const now = state ? browserScheduler.now() : 0
  const clockAt = state?.clockAt ?? 0
  const remainingMs = state ? remainingNow(clock, clockAt, now) : page.clock.remainingMs
  const timeIsUp = remainingMs === 0 && !clock.paused
  const sectionRemainingMs = state
    ? remainingNow(clock, clockAt, now, 'section')
    : clock.sectionDeadlineAt === null
      ? null
      : Math.max(0, clock.sectionDeadlineAt - clock.serverTime)
  const sectionOver = sectionRemainingMs === 0

  // What was written up to the last second goes up at once, within the allowance.
  useEffect(() => {
    if (sectionOver) void queue.current?.flush()
  }, [sectionOver])

  const ended = state?.end?.reason === 'over'

  // At zero we only ask: more time may have been granted, and the server decides.
  useEffect(() => {
    if (!timeIsUp || ended || !queue.current) return
    const q = queue.current
    const transport = httpTransport(attemptId)
    const ask = async (): Promise<void> => {
      await q.flush()
      const outcome = await transport.heartbeat(page.clock.epoch)
      setUnreachable(
        outcome.kind === 'lost'
          ? whyNot(null)
          : outcome.kind === 'error' && outcome.status >= 500
            ? whyNot(outcome.code)
            : null,
      )
      if (outcome.kind !== 'reply') return
      q.hearClock(outcome.reply)
      if (outcome.reply.status === 'closed') q.closed()
    }
    void ask()
    const timer = setInterval(() => void ask(), 2_000)
    return () => clearInterval(timer)
  }, [timeIsUp, ended, attemptId, page.clock.epoch])

  const sent = state !== null && restored && queue.current?.isClean === true
  useEffect(() => {
    if (sent && wantsToSignOut()) signOut()
  }, [sent])

  useEffect(() => {
    if (!ended) return
    // What is still here goes to staff from the receipt's page. It must be there: else the browser's own error page
    // would take the place of the text.
    const receipt = `/candidate/attempt/${attemptId}/receipt`
    const look = async (): Promise<void> => {
      const there = await fetch(receipt, { method: 'HEAD', signal: AbortSignal.timeout(LOOK_AGAIN_MS) }).then(
        ({ ok }) => ok,
        () => false,
      )
      setUnreachable(there ? null : 'offline.lost')
      if (!there) return
      clearInterval(timer)
      window.location.assign(receipt)
    }
    const timer = setInterval(() => void look(), LOOK_AGAIN_MS)
    void look()
    return () => clearInterval(timer)
  }, [ended, attemptId])

  const change = useCallback((itemId: string, response: Response | null) => {
    setAnswers((all) => ({ ...all, [itemId]: response }))
    queue.current?.change(itemId, response, latest.current.flags[itemId] ?? false)
  }, [])
  const flag = useCallback((itemId: string, flagged: boolean) => {
    setFlags((all) => ({ ...all, [itemId]: flagged }))
    queue.current?.change(itemId, latest.current.answers[itemId] ?? null, flagged)
  }, [])
  const choose = useCallback(
    (itemId: string, which: 'mine' | 'stored') => {
      const conflict = state?.conflicts.find((c) => c.itemId === itemId)
      if (which === 'stored' && conflict) setAnswers((all) => ({ ...all, [itemId]: conflict.stored }))
      queue.current?.choose(itemId, which)
    },
    [state],
  )
  const dismiss = useCallback((messageId: string) => {
    sessionStorage.setItem(DISMISSED, JSON.stringify([...dismissedIds(), messageId]))
    setMessages((all) => all.filter((message) => message.id !== messageId))
  }, [])

  return {
    ready: state !== null,
    answers,
    flags,
    queue: state,
    holds,
    remainingMs,
    sectionRemainingMs,
    sectionOver,
    paused: clock.paused,
    onBreak: page.onBreak && clock.paused,
    messages,
    timeIsUp,
    unreachable,
    change,
    flag,
    choose,
    dismiss,
    api: queue.current,
  }
}
