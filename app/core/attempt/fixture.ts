/** Attempts for tests: a small form with each kind of section. */
import { NO_ACCOMMODATION, type TimingTerms } from '../timing/deadline.ts'
import type { StartGate } from '../timing/start.ts'
import { decide, type AttemptCommand } from './decide.ts'
import type { AttemptEvent } from './events.ts'
import { evolveAll } from './evolve.ts'
import { readyAttempt, type Attempt, type AttemptSetup } from './state.ts'

export const MIN = 60_000
export const T0 = 1_800_000_000_000
export const OPEN_GATE: StartGate = {
  window: { from: null, until: null },
  attemptsUsed: 0,
  max: 1,
  lastFinishedAt: null,
  cooldownMs: 0,
}

/**
 * Free section a1…a3; timed section t1, t2 (10 min, at least 1); forward-only f1…f6, two a page. The whole: 60 min, 10
 * s allowance.
 */
export function setupWith(timing: Partial<TimingTerms> = {}, over: Partial<AttemptSetup> = {}): AttemptSetup {
  return {
    attemptId: 'attempt-1',
    switchLanguage: true,
    timing: {
      timeLimitMs: 60 * MIN,
      accommodation: NO_ACCOMMODATION,
      windowEndsAt: null,
      windowGates: 'start',
      latencyAllowanceMs: 10_000,
      sections: [
        { id: 'free', timeLimitMs: null, minimumMs: 0 },
        { id: 'timed', timeLimitMs: 10 * MIN, minimumMs: MIN },
        { id: 'forward', timeLimitMs: null, minimumMs: 0 },
      ],
      ...timing,
    },
    sections: [
      { id: 'free', navigation: 'free', itemsPerPage: 1, itemIds: ['a1', 'a2', 'a3'] },
      { id: 'timed', navigation: 'free', itemsPerPage: 1, itemIds: ['t1', 't2'] },
      { id: 'forward', navigation: 'forward_only', itemsPerPage: 2, itemIds: ['f1', 'f2', 'f3', 'f4', 'f5', 'f6'] },
    ],
    ...over,
  }
}

/** An attempt and the story that led to it. `do` throws on a refusal, `code` returns it. */
export class Story {
  state: Attempt
  readonly events: AttemptEvent[] = []
  constructor(readonly setup: AttemptSetup = setupWith()) {
    this.state = readyAttempt(setup)
  }
  static started(setup?: AttemptSetup): Story {
    return new Story(setup).do({ type: 'start', receivedAt: T0, sessionId: 'page-1', locale: 'en', gate: OPEN_GATE })
  }
  do(cmd: AttemptCommand): this {
    const decided = decide(this.state, cmd)
    if (!decided.ok) throw new Error(`${cmd.type}: ${decided.error.code}`)
    this.take(decided.value)
    return this
  }
  take(events: readonly AttemptEvent[]): void {
    this.events.push(...events)
    this.state = evolveAll(this.state, events)
  }
  code(cmd: AttemptCommand): string {
    const decided = decide(this.state, cmd)
    return decided.ok ? 'ok' : decided.error.code
  }
}

let serial = 0
/** A save of one item; a new mutation id unless one is given. */
export function saveOf(
  itemId: string,
  baseRevision: number,
  receivedAt: number,
  over: {
    text?: string
    epoch?: number
    mutationId?: string
    final?: boolean
    flagged?: boolean
    invalid?: string
  } = {},
): Extract<AttemptCommand, { type: 'saveAnswers' }> {
  serial += 1
  const { text = `text-${serial}`, mutationId = `m-${serial}`, epoch = 1, final = false, ...rest } = over
  return {
    type: 'saveAnswers',
    epoch,
    receivedAt,
    final,
    mutations: [{ mutationId, itemId, baseRevision, contentHash: text, ...rest }],
  }
}
