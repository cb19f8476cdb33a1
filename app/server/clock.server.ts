// The guarded clock. Deadlines of examinations hang on it, so a wall clock that jumps must not move them.
import type { DurationMs, Instant } from '../core/shared/time.ts'
import type { Clock } from '../ground/deps.server.ts'

/** A larger difference between wall clock and monotonic clock is a step, not the slewing of a time server. */
export const STEP_LIMIT_MS = 5_000

export type ClockAlarm = {
  raisedAt: Instant
  /** How far the wall clock jumped; negative: backwards. */
  stepMs: DurationMs
}

export type GuardedClock = Clock & {
  /** Set while the clock goes on in monotonic time because the wall clock jumped. */
  alarm(): ClockAlarm | null
  /** Staff have looked at the machine's time and accept it: the wall clock counts again. */
  confirm(): void
  /** Test mode: what is added to the time. Present only where the clock was made with `adjustable`. */
  setOffset?(offsetMs: DurationMs): void
}

export type ClockSources = { wall(): number; monotonicMs(): number }

export type ClockOptions = {
  sources?: ClockSources
  offsetMs?: DurationMs
  adjustable?: boolean
  /**
   * An alarm of the process before this one that nobody has confirmed, and the last time that it is known to have
   * shown.
   */
  unconfirmed?: (ClockAlarm & { seenAt: Instant }) | null
  onAlarm?: (alarm: ClockAlarm) => void
}

// performance.now reads the same monotonic source as process.hrtime, as one number.
const systemSources: ClockSources = { wall: () => Date.now(), monotonicMs: () => performance.now() }

/**
 * Ties the wall clock to the monotonic one. Between two readings both must have moved alike; where they differ by more
 * than the limit (an operator sets the time, a virtual machine is restored, a laptop wakes) the alarm is raised and
 * time goes on at the monotonic pace until somebody confirms. It never runs backwards, except by `confirm` and
 * `setOffset`.
 */
export function createClock({
  sources = systemSources,
  offsetMs = 0,
  adjustable = false,
  unconfirmed = null,
  onAlarm,
}: ClockOptions = {}): GuardedClock {
  let offset = offsetMs
  let anchorWall = sources.wall()
  let anchorMonotonic = sources.monotonicMs()
  let last = -Infinity
  let raised: ClockAlarm | null = unconfirmed && { raisedAt: unconfirmed.raisedAt, stepMs: unconfirmed.stepMs }
  // A restart loses the monotonic clock, and must not pass for a confirmation. Either the machine still stands where it
  // jumped to, or it has been put right: of the two readings that is taken which goes on soonest after the last one
  // known. Too soon costs nobody time.
  if (unconfirmed) {
    const { seenAt, stepMs } = unconfirmed
    const goesOn = [anchorWall, anchorWall - stepMs].filter((at) => at + offset >= seenAt)
    if (goesOn.length > 0) anchorWall = Math.min(...goesOn)
  }

  const monotonicTime = (): number => anchorWall + (sources.monotonicMs() - anchorMonotonic)

  function read(): number {
    const expected = monotonicTime()
    if (raised) return expected
    const wall = sources.wall()
    const stepMs = wall - expected
    if (Math.abs(stepMs) > STEP_LIMIT_MS) {
      raised = { raisedAt: Math.trunc(expected + offset), stepMs: Math.trunc(stepMs) }
      onAlarm?.(raised)
      return expected
    }
    // Slewing is followed: without a new anchor it would add up to a false alarm within weeks.
    anchorWall = wall
    anchorMonotonic = sources.monotonicMs()
    return wall
  }

  const clock: GuardedClock = {
    now() {
      const now = Math.trunc(read() + offset)
      if (now > last) last = now
      return last
    },
    monotonicMs: () => sources.monotonicMs(),
    alarm: () => raised,
    aheadMs: () => (raised ? Math.round(sources.wall() - monotonicTime()) : 0),
    confirm() {
      raised = null
      anchorWall = sources.wall()
      anchorMonotonic = sources.monotonicMs()
      last = -Infinity
    },
  }
  if (adjustable) {
    clock.setOffset = (next) => {
      offset = next
      last = -Infinity
    }
  }
  return clock
}
