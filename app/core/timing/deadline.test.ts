import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runs } from '#tests/setup/properties.ts'
import {
  breakUsedMs,
  canLeaveSection,
  classifySave,
  deadlineCause,
  deadlineOf,
  deadlineUnderPause,
  isPausedAt,
  NO_ACCOMMODATION,
  openPauseOf,
  remainingMs,
  sectionDeadlineOf,
  type Accommodation,
  type Grant,
  type Pause,
  type TimingPlan,
} from './deadline.ts'
import { canStart, previewStart, type StartGate } from './start.ts'

const MIN = 60_000
const T0 = 1_800_000_000_000
const acc = (over: Partial<Accommodation>): Accommodation => ({ ...NO_ACCOMMODATION, ...over })
const plan = (over: Partial<TimingPlan> = {}): TimingPlan => ({
  startedAt: T0,
  timeLimitMs: 30 * MIN,
  accommodation: NO_ACCOMMODATION,
  windowEndsAt: null,
  windowGates: 'start',
  latencyAllowanceMs: 10_000,
  sections: [],
  ...over,
})
const grant = (atMin: number, extraMin: number, afterPauses = 0): Grant => ({
  at: T0 + atMin * MIN,
  extraMs: extraMin * MIN,
  by: 'staff-1',
  reasonId: 'r-1',
  afterPauses,
})
const pause = (from: number, until: number | null, kind: Pause['kind'] = 'staff'): Pause => ({
  from: T0 + from * MIN,
  until: until === null ? null : T0 + until * MIN,
  by: 'x',
  reasonId: null,
  kind,
})
/** Minutes after the start. */
const minutes = (at: number | null): number | null => (at === null ? null : (at - T0) / MIN)

describe('deadlineOf', () => {
  const cases: [string, Partial<TimingPlan>, Grant[], Pause[], number, number | null][] = [
    ['limit alone', {}, [], [], 0, 30],
    ['no limit', { timeLimitMs: null }, [], [], 0, null],
    ['time and a half', { accommodation: acc({ factor: 1.5 }) }, [], [], 0, 45],
    ['factor and extra minutes', { accommodation: acc({ factor: 1.25, extraMs: 5 * MIN }) }, [], [], 0, 42.5],
    ['unlimited', { accommodation: acc({ unlimited: true }) }, [], [], 0, null],
    ['grants add up', {}, [grant(5, 10), grant(6, 2)], [], 0, 42],
    ['an ended pause counts in full', {}, [], [pause(10, 14)], 20, 34],
    ['an open pause moves with now', {}, [], [pause(10, null)], 18, 38],
    ['overlapping pauses count once', {}, [], [pause(10, 14), pause(12, 16)], 20, 36],
    ['a pause after the end counts for nothing', {}, [], [pause(31, 40)], 41, 30],
    ['a pause that reaches over the end counts', {}, [], [pause(29, 40)], 41, 41],
    ['a pause at the very instant of the end counts for nothing', {}, [], [pause(30, 40)], 41, 30],
    ['nor does it once more time is granted after it', {}, [grant(41, 5, 1)], [pause(30, 40)], 42, 35],
    ['nor does one that began later', {}, [grant(41, 15, 1)], [pause(31, 40)], 42, 45],
    ['no time passes within a pause: what is granted in it lets it count', {}, [grant(35, 5)], [pause(30, 40)], 41, 45],
    [
      'a pause after that one counts by what was granted before it',
      {},
      [grant(41, 15, 1)],
      [pause(30, 40), pause(42, 44)],
      50,
      47,
    ],
    [
      'a pause at the very instant of the window’s end counts for nothing',
      { windowEndsAt: T0 + 20 * MIN, windowGates: 'end' },
      [],
      [pause(20, 25)],
      26,
      20,
    ],
    ['window that gates the start does not cap', { windowEndsAt: T0 + 20 * MIN }, [], [], 0, 30],
    ['window that gates the end caps', { windowEndsAt: T0 + 20 * MIN, windowGates: 'end' }, [], [], 0, 20],
    [
      'accommodation moves the window by what it adds',
      { windowEndsAt: T0 + 20 * MIN, windowGates: 'end', accommodation: acc({ factor: 1.5 }) },
      [],
      [],
      0,
      35,
    ],
    ['a later window does not lengthen', { windowEndsAt: T0 + 90 * MIN, windowGates: 'end' }, [], [], 0, 30],
    [
      'unlimited is not capped by the window either',
      { windowEndsAt: T0 + 20 * MIN, windowGates: 'end', accommodation: acc({ unlimited: true }) },
      [],
      [],
      0,
      null,
    ],
    [
      'window caps an attempt without a limit',
      { timeLimitMs: null, windowEndsAt: T0 + 20 * MIN, windowGates: 'end' },
      [],
      [],
      0,
      20,
    ],
    [
      'grants and pauses also move the window',
      { windowEndsAt: T0 + 20 * MIN, windowGates: 'end' },
      [grant(1, 5)],
      [pause(2, 4)],
      10,
      27,
    ],
    [
      'a break counts up to its allowance',
      { accommodation: acc({ breaks: { allowanceMs: 5 * MIN } }) },
      [],
      [pause(5, 8, 'break'), pause(10, 14, 'break')],
      20,
      35,
    ],
    [
      'an open break stops the clock no longer than its allowance',
      { accommodation: acc({ breaks: { allowanceMs: 5 * MIN } }) },
      [],
      [pause(5, null, 'break')],
      20,
      35,
    ],
    [
      'a break whose allowance runs out at the very instant of the end counts in full',
      { accommodation: acc({ breaks: { allowanceMs: 5 * MIN } }) },
      [],
      [pause(25, null, 'break')],
      30,
      35,
    ],
    ['a break without allowance is none', {}, [], [pause(5, 8, 'break')], 20, 30],
  ]
  test.each(cases)('%s', (_, over, grants, pauses, now, expected) => {
    expect(minutes(deadlineOf(plan(over), grants, pauses, T0 + now * MIN))).toBe(expected)
  })
  test('the window is the cause of the closing only where it comes first', () => {
    expect(deadlineCause(plan({ windowEndsAt: T0 + 20 * MIN, windowGates: 'end' }))).toBe('window_closed')
    expect(deadlineCause(plan({ windowEndsAt: T0 + 40 * MIN, windowGates: 'end' }))).toBe('time_up')
    expect(deadlineCause(plan({ windowEndsAt: T0 + 20 * MIN, windowGates: 'start' }))).toBe('time_up')
  })
})

test('remaining time stands still during a pause and never falls below 0', () => {
  expect(remainingMs(plan(), [], [pause(10, null)], T0 + 15 * MIN)).toBe(20 * MIN)
  expect(remainingMs(plan(), [], [pause(10, null)], T0 + 55 * MIN)).toBe(20 * MIN)
  expect(remainingMs(plan(), [], [], T0 + 31 * MIN)).toBe(0)
  expect(remainingMs(plan({ timeLimitMs: null }), [], [], T0)).toBeNull()
})

describe('sections', () => {
  const sections = [
    { id: 'a', timeLimitMs: 10 * MIN, minimumMs: 2 * MIN },
    { id: 'b', timeLimitMs: null, minimumMs: 0 },
  ]
  const visit = { sectionId: 'a', enteredAt: T0 + 5 * MIN, grantsBefore: 0 }
  const at = (over: Partial<TimingPlan>, grants: Grant[], pauses: Pause[], v = visit) =>
    minutes(sectionDeadlineOf(plan({ sections, ...over }), v, grants, pauses, T0 + 8 * MIN))
  test('own limit from entering', () => expect(at({}, [], [])).toBe(15))
  test('never after the whole', () => expect(at({}, [], [], { ...visit, enteredAt: T0 + 25 * MIN })).toBe(30))
  test('a section without a limit ends with the whole', () =>
    expect(at({}, [], [], { ...visit, sectionId: 'b', enteredAt: T0 })).toBe(30))
  // 30 → 45 + 15 minutes doubles the whole, so it doubles the section
  test('accommodation lengthens in proportion', () =>
    expect(at({ accommodation: acc({ factor: 1.5, extraMs: 15 * MIN }) }, [], [])).toBe(25))
  test('unlimited lifts it', () => expect(at({ accommodation: acc({ unlimited: true }) }, [], [])).toBeNull())
  test('grants since entering count, earlier ones do not', () =>
    expect(at({}, [grant(4, 3), grant(6, 2)], [], { ...visit, grantsBefore: 1 })).toBe(17))
  test('only the part of a pause after entering counts', () => expect(at({}, [], [pause(3, 7)])).toBe(17))
  test('minimum time excludes pauses', () => {
    const leave = (now: number, pauses: Pause[] = []) =>
      canLeaveSection(plan({ sections }), visit, [], pauses, T0 + now * MIN)
    expect(leave(6)).toEqual({ ok: false, error: { code: 'section.minimum_time', params: { waitMs: MIN } } })
    expect(leave(7).ok).toBe(true)
    expect(leave(7, [pause(6, 9)]).ok).toBe(false)
    expect(leave(10, [pause(6, 9)]).ok).toBe(true)
  })
  test('once the time is up the minimum holds nobody', () => {
    const long = [{ id: 'a', timeLimitMs: MIN, minimumMs: 20 * MIN }]
    expect(canLeaveSection(plan({ sections: long }), visit, [], [], T0 + 6 * MIN).ok).toBe(true)
  })
})

test.each([
  [0, 'in_time'],
  [1, 'late_accepted'],
  [10_000, 'late_accepted'],
  [10_001, 'quarantined'],
])('a save %i ms after the deadline is %s', (afterMs, expected) => {
  expect(classifySave({ receivedAt: T0 + afterMs, deadlineAt: T0, latencyAllowanceMs: 10_000 })).toBe(expected)
})
test('without a deadline every save is in time', () => {
  expect(classifySave({ receivedAt: T0 * 2, deadlineAt: null, latencyAllowanceMs: 0 })).toBe('in_time')
})

describe('canStart', () => {
  const gate: StartGate & { now: number } = {
    now: T0,
    window: { from: T0 - MIN, until: T0 + MIN },
    attemptsUsed: 0,
    max: 2,
    lastFinishedAt: null,
    cooldownMs: 60 * MIN,
  }
  const code = (over: Partial<StartGate & { now: number }>): string => {
    const r = canStart({ ...gate, ...over })
    return r.ok ? 'ok' : r.error.code
  }
  const terms = (over: Partial<TimingPlan>) => plan({ windowEndsAt: T0, windowGates: 'end', ...over })
  test.each([
    ['inside', {}, 'ok'],
    ['first instant', { now: T0 - MIN }, 'ok'],
    ['too early', { now: T0 - MIN - 1 }, 'start.not_open_yet'],
    ['last instant', { now: T0 + MIN }, 'start.window_over'],
    ['used up', { attemptsUsed: 2 }, 'start.no_attempts_left'],
    ['cooldown runs from the finish', { attemptsUsed: 1, lastFinishedAt: T0 - 60 * MIN + 1 }, 'start.cooldown'],
    ['cooldown over', { attemptsUsed: 1, lastFinishedAt: T0 - 60 * MIN }, 'ok'],
    ['no window', { window: { from: null, until: null } }, 'ok'],
    [
      'moved end lets a later start in',
      { now: T0 + 5 * MIN, terms: terms({ accommodation: acc({ factor: 1.5 }) }) },
      'ok',
    ],
    [
      'but not beyond it',
      { now: T0 + 16 * MIN, terms: terms({ accommodation: acc({ factor: 1.5 }) }) },
      'start.window_over',
    ],
    [
      'a start gate is not moved',
      { now: T0 + 5 * MIN, terms: terms({ windowGates: 'start', accommodation: acc({ factor: 1.5 }) }) },
      'start.window_over',
    ],
    [
      'unlimited with an end gate',
      { now: T0 + 5 * MIN, terms: terms({ accommodation: acc({ unlimited: true }) }) },
      'ok',
    ],
  ] as [string, Partial<StartGate & { now: number }>, string][])('%s', (_, over, expected) =>
    expect(code(over)).toBe(expected),
  )

  test('the preview says when the window takes time away', () => {
    const t = { ...plan({ windowGates: 'end', windowEndsAt: T0 + 20 * MIN }) }
    expect(previewStart(t, T0)).toEqual({ limitMs: 30 * MIN, deadlineAt: T0 + 20 * MIN, shortenedByWindow: true })
    expect(previewStart(plan(), T0)).toEqual({ limitMs: 30 * MIN, deadlineAt: T0 + 30 * MIN, shortenedByWindow: false })
  })
})

describe('properties', () => {
  const planArb = fc.record({
    limit: fc.option(fc.integer({ min: 1, max: 120 }), { nil: null }),
    factor: fc.constantFrom(1, 1.25, 1.5, 2),
    extra: fc.integer({ min: 0, max: 30 }),
    unlimited: fc.boolean(),
    allowance: fc.integer({ min: 0, max: 20 }),
    window: fc.option(fc.integer({ min: 1, max: 120 }), { nil: null }),
    gates: fc.constantFrom('start' as const, 'end' as const),
  })
  const toPlan = (p: {
    limit: number | null
    factor: number
    extra: number
    unlimited: boolean
    allowance: number
    window: number | null
    gates: 'start' | 'end'
  }) =>
    plan({
      timeLimitMs: p.limit === null ? null : p.limit * MIN,
      accommodation: {
        factor: p.factor,
        extraMs: p.extra * MIN,
        unlimited: p.unlimited,
        breaks: { allowanceMs: p.allowance * MIN },
      },
      windowEndsAt: p.window === null ? null : T0 + p.window * MIN,
      windowGates: p.gates,
    })
  const grantsArb = fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.nat(3))
      .map(([a, m, after]) => grant(a, m, after)),
    { maxLength: 4 },
  )
  /** No more pauses can have been over than are. */
  const among = (grants: readonly Grant[], pauses: readonly Pause[]): Grant[] =>
    grants.map((g) => ({ ...g, afterPauses: Math.min(g.afterPauses, pauses.filter((p) => p.until !== null).length) }))
  /** Pauses one after another, the last one perhaps open. */
  const pausesArb = fc
    .tuple(
      fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.constantFrom('staff' as const, 'break' as const)), { maxLength: 4 }),
      fc.boolean(),
    )
    .map(([list, open]) => {
      let t = 0
      return list.map(([gap, length, kind], i) => {
        const from = t + gap
        t = from + length
        return pause(from, open && i === list.length - 1 ? null : t, kind)
      })
    })

  test('a deadline kept without the open pause gives the same as one computed at each instant', () => {
    fc.assert(
      fc.property(planArb, grantsArb, pausesArb, fc.nat(200), (p, given, pauses, later) => {
        const thePlan = toPlan(p)
        const grants = among(given, pauses)
        const now = Math.max(...pauses.map((x) => x.until ?? x.from), T0) + later * MIN
        const open = openPauseOf(thePlan, pauses)
        expect(deadlineUnderPause(deadlineOf(thePlan, grants, pauses, T0), open, now)).toBe(
          deadlineOf(thePlan, grants, pauses, now),
        )
      }),
      { numRuns: runs(3000) },
    )
  })
  test('time left never grows except by a grant, and stands still only while paused', () => {
    fc.assert(
      fc.property(
        planArb,
        grantsArb,
        pausesArb,
        fc.nat(100),
        fc.integer({ min: 1, max: 60 }),
        (p, given, pauses, a, step) => {
          const thePlan = toPlan(p)
          const grants = among(given, pauses)
          const start = Math.max(...pauses.map((x) => x.until ?? x.from), T0) + a * MIN
          const first = remainingMs(thePlan, grants, pauses, start)
          const second = remainingMs(thePlan, grants, pauses, start + step * MIN)
          if (first === null || second === null) {
            expect(second).toBe(first)
            return
          }
          expect(second).toBeLessThanOrEqual(first)
          const open = openPauseOf(thePlan, pauses)
          if (!isPausedAt(open, start)) expect(second).toBe(Math.max(0, first - step * MIN))
        },
      ),
      { numRuns: runs(2000) },
    )
  })
  test('a grant moves the end by itself alone once no pause lasts', () => {
    fc.assert(
      fc.property(planArb, grantsArb, pausesArb, fc.integer({ min: 1, max: 60 }), (p, given, all, extra) => {
        const thePlan = toPlan(p)
        const pauses = all.filter((x) => x.until !== null)
        const grants = among(given, pauses)
        const before = deadlineOf(thePlan, grants, pauses, T0)
        const after = deadlineOf(thePlan, [...grants, grant(20, extra, pauses.length)], pauses, T0)
        expect(after).toBe(before === null ? null : before + extra * MIN)
      }),
    )
  })
  test('an accommodation never shortens', () => {
    fc.assert(
      fc.property(planArb, grantsArb, pausesArb, (p, grants, pauses) => {
        const thePlan = toPlan(p)
        const plain = deadlineOf(
          { ...thePlan, accommodation: NO_ACCOMMODATION },
          grants,
          pauses.filter((x) => x.kind === 'staff' && x.until !== null),
          T0,
        )
        const own = deadlineOf(
          thePlan,
          grants,
          pauses.filter((x) => x.kind === 'staff' && x.until !== null),
          T0,
        )
        if (own !== null) expect(own).toBeGreaterThanOrEqual(plain ?? Infinity)
      }),
    )
  })
})

test('break time used counts open breaks up to now', () => {
  expect(breakUsedMs([pause(1, 3, 'break'), pause(4, 9), pause(10, null, 'break')], T0 + 13 * MIN)).toBe(5 * MIN)
})
