/** Whether an attempt may start now, and what time the candidate will get. Instants and lengths in milliseconds. */
import { err, ok, type Result } from '../shared/result.ts'
import type { DurationMs, Instant } from '../shared/time.ts'
import { deadlineOf, personalLimitMs, personalWindowEnd, type TimingTerms } from './deadline.ts'

export type StartGate = {
  readonly window: { readonly from: Instant | null; readonly until: Instant | null }
  readonly attemptsUsed: number
  readonly max: number
  /** Finish of the latest attempt: its deadline where the clock closed it, not the time of the sweep. */
  readonly lastFinishedAt: Instant | null
  readonly cooldownMs: DurationMs
  /**
   * Given where the window's end also closes attempts: the accommodation then moves the last moment to start as well.
   */
  readonly terms?: TimingTerms
}
export type StartCode = 'start.not_open_yet' | 'start.window_over' | 'start.no_attempts_left' | 'start.cooldown'

/** The window includes its first instant and excludes its last: who starts at the end would have no time. */
export function canStart({ now, ...gate }: StartGate & { now: Instant }): Result<true, StartCode> {
  if (gate.attemptsUsed >= gate.max) return err('start.no_attempts_left', { max: gate.max })
  if (gate.window.from !== null && now < gate.window.from)
    return err('start.not_open_yet', { opensAt: gate.window.from })
  const until = gate.terms ? personalStartBefore({ ...gate.terms, windowEndsAt: gate.window.until }) : gate.window.until
  if (until !== null && now >= until) return err('start.window_over', { closedAt: until })
  const readyAt = gate.lastFinishedAt === null ? null : gate.lastFinishedAt + gate.cooldownMs
  if (readyAt !== null && now < readyAt) return err('start.cooldown', { readyAt })
  return ok(true)
}

/**
 * The instant before which this person may start, or null where there is none: the window's end, as the accommodation
 * moves it. With an unlimited one a window that gates the end gates nothing; one that gates the start still does.
 */
export function personalStartBefore(terms: TimingTerms): Instant | null {
  return terms.windowGates === 'start' ? terms.windowEndsAt : personalWindowEnd(terms)
}

export type StartPreview = {
  /** The person's own limit; null where there is none. */
  limitMs: DurationMs | null
  deadlineAt: Instant | null
  /** The window ends before the person's own time would: they must be told before they start. */
  shortenedByWindow: boolean
}

/** What a start at `now` would give: shown before the start button. */
export function previewStart(terms: TimingTerms, now: Instant): StartPreview {
  const limitMs = personalLimitMs(terms)
  const windowEnd = personalWindowEnd(terms)
  return {
    limitMs,
    deadlineAt: deadlineOf({ ...terms, startedAt: now }, [], [], now),
    shortenedByWindow: windowEnd !== null && (limitMs === null || windowEnd < now + limitMs),
  }
}
