/** The server's clock as a page keeps it, and the timers of the browser. */
import type { ClockReply } from '../core/attempt/protocol.ts'
import type { Scheduler } from './queue-types.ts'

/**
 * Time left now, by the server's clock and this machine's monotonic one; constant while paused, null without a limit.
 */
export function remainingNow(
  clock: ClockReply,
  clockAt: number,
  now: number,
  of: 'attempt' | 'section' = 'attempt',
): number | null {
  const whole = clock.remainingMs
  const left =
    of === 'attempt' ? whole : clock.sectionDeadlineAt === null ? null : clock.sectionDeadlineAt - clock.serverTime
  if (left === null) return null
  return Math.max(0, clock.paused ? left : left - (now - clockAt))
}

/** The clock of a reply, without what else the reply says. */
export const pickClock = (reply: ClockReply): ClockReply => ({
  serverTime: reply.serverTime,
  deadlineAt: reply.deadlineAt,
  remainingMs: reply.remainingMs,
  paused: reply.paused,
  sectionDeadlineAt: reply.sectionDeadlineAt,
  epoch: reply.epoch,
  status: reply.status,
})

export const browserScheduler: Scheduler = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
  id: () => `m_${crypto.randomUUID()}`,
}
