/**
 * Two things at one instant: a pause, a grant, a break's end or an entering just when time is up. Attempt and section
 * follow one rule: a pause that begins when a clock has run out gives it nothing back, and a grant moves it by what was
 * granted.
 */
import { describe, expect, test } from 'vitest'
import type { AttemptCommand } from './decide.ts'
import { MIN, saveOf, setupWith, Story, T0 } from './fixture.ts'
import { ledgerOf } from './ledger.ts'
import { clockOf } from './protocol.ts'
import { headOf, sweepDueAt } from './state.ts'

const at = (min: number, ms = 0) => T0 + min * MIN + ms
const minutes = (instant: number | null): number | null => (instant === null ? null : (instant - T0) / MIN)
const staff = { by: 'staff-7', reasonId: 'reason-1' }
const breaks = { accommodation: { factor: 1, extraMs: 0, unlimited: false, breaks: { allowanceMs: 5 * MIN } } }

const enter = (min: number): AttemptCommand => ({
  type: 'enterSection',
  sectionId: 'timed',
  receivedAt: at(min),
  epoch: 1,
})
const pause = (min: number): AttemptCommand => ({ type: 'pause', receivedAt: at(min), ...staff })
const resume = (min: number): AttemptCommand => ({ type: 'resume', receivedAt: at(min), by: 'staff-7' })
const grant = (min: number, extra: number): AttemptCommand => ({
  type: 'grant',
  receivedAt: at(min),
  extraMs: extra * MIN,
  ...staff,
})
const takeBreak = (min: number): AttemptCommand => ({
  type: 'takeBreak',
  receivedAt: at(min),
  epoch: 1,
  by: 'candidate-9',
})

/**
 * A story by its commands. The section `timed` has ten minutes, the whole has sixty, a break of one's own five at most.
 */
const story = (...commands: AttemptCommand[]): Story =>
  commands.reduce((s, cmd) => s.do(cmd), Story.started(setupWith(breaks)))
/** Each row of the ledger: what, when, the end of the attempt, the end of the section; in minutes. */
const ledger = (s: Story, min: number) =>
  ledgerOf(s.setup, s.events, at(min)).map((r) => [
    r.kind,
    minutes(r.at),
    minutes(r.deadlineAt),
    minutes(r.sectionDeadlineAt),
  ])
/** What the page reads: the end of the attempt, of the section where it is another, and whether time stands still. */
const clock = (s: Story, min: number) => {
  const read = clockOf(headOf(s.state), at(min))
  return [minutes(read.deadlineAt), minutes(read.sectionDeadlineAt), read.paused]
}
const started = ['started', 0, 60, null]
const entered = ['section_entered', 0, 60, 10]
const timeUp = ['section_time_up', 10, 60, 10]

describe('a section’s time is up', () => {
  test('and a break begins that very instant: it moves the whole alone, also once time is granted after it', () => {
    const s = story(enter(0), takeBreak(10))
    expect(clock(s, 12)).toEqual([62, 10, true])
    // It runs out at 15 by itself; the grant of a minute is one of a minute.
    s.do(grant(20, 1))
    expect(clock(s, 20)).toEqual([66, 11, false])
    expect(ledger(s, 21)).toEqual([
      started,
      entered,
      timeUp,
      ['paused', 10, 60, 10],
      ['resumed', 15, 65, 10],
      ['granted', 20, 66, 11],
      ['section_time_up', 11, 66, 11],
    ])
  })

  test('and staff pause that very instant: what they grant within the pause is there when it ends', () => {
    const s = story(enter(0), pause(10), grant(12, 5))
    // Five minutes left, standing still.
    expect(clock(s, 14)).toEqual([69, 19, true])
    s.do(resume(20))
    expect(clock(s, 20)).toEqual([75, 25, false])
    expect(ledger(s, 25)).toEqual([
      started,
      entered,
      timeUp,
      ['paused', 10, 60, 10],
      ['granted', 12, 65, 15],
      ['resumed', 20, 75, 25],
      ['section_time_up', 25, 75, 25],
    ])
  })

  test('and the pause ends at the instant of the grant: the order of the two decides', () => {
    expect(clock(story(enter(0), pause(10), grant(20, 5), resume(20)), 20)).toEqual([75, 25, false])
    expect(clock(story(enter(0), pause(10), resume(20), grant(20, 5)), 20)).toEqual([75, 15, false])
  })

  test('and a pause begins later: a grant after it does not give the pause back', () => {
    const s = story(enter(0), pause(12), resume(20), grant(21, 5))
    expect(clock(s, 21)).toEqual([73, 15, false])
    expect(ledger(s, 22)).toEqual([
      started,
      entered,
      timeUp,
      ['paused', 12, 60, 10],
      ['resumed', 20, 68, 10],
      ['granted', 21, 73, 15],
      ['section_time_up', 15, 73, 15],
    ])
  })

  test('and a break begins that very instant, which runs out before staff pause: neither is given back to it', () => {
    const s = story(enter(0), takeBreak(10), pause(16), resume(18), grant(19, 4))
    expect(clock(s, 19)).toEqual([71, 14, false])
    // Within the second pause the section has time again: that one counts, the break does not.
    expect(clock(story(enter(0), takeBreak(10), pause(12), grant(13, 4), resume(18)), 18)).toEqual([72, 20, false])
  })

  test('a break that began before and runs out at that very instant is given back in full, and the answer is in time', () => {
    const s = story(enter(0), takeBreak(5))
    expect(clock(s, 10)).toEqual([65, 15, false])
    s.do(saveOf('t1', 0, at(10)))
    expect(s.state.answers['t1']).toMatchObject({ revision: 1, late: false })
    expect(ledger(s, 15)).toEqual([
      started,
      entered,
      ['paused', 5, 60, 10],
      ['resumed', 10, 65, 15],
      ['section_time_up', 15, 65, 15],
    ])
  })

  test('and it is left or the attempt taken over that very instant', () => {
    const takeOver: AttemptCommand = {
      type: 'takeOver',
      receivedAt: at(10),
      sessionId: 'page-2',
      fromEpoch: 1,
      confirmed: true,
    }
    const s = story(enter(0), takeOver, { type: 'leaveSection', sectionId: 'timed', receivedAt: at(10), epoch: 2 })
    expect(ledger(s, 11)).toEqual([
      started,
      entered,
      timeUp,
      ['taken_over', 10, 60, 10],
      ['section_left', 10, 60, null],
    ])
    expect(ledgerOf(s.setup, s.events, at(11)).at(-1)).toMatchObject({ spentMs: 10 * MIN })
  })
})

describe('the attempt’s time is up', () => {
  test.each([
    ['staff pause', pause(60)],
    ['a break begins', takeBreak(60)],
  ])('and %s that very instant: it ends there, and the sweep comes as soon as ever', (_, cmd) => {
    const s = story(cmd)
    expect(sweepDueAt(headOf(s.state))).toBe(at(60, 10_000))
    expect(clock(s, 62).slice(0, 1)).toEqual([60])
    s.do({ type: 'sweep', receivedAt: at(60, 10_001) })
    expect(s.state).toMatchObject({ status: 'closed', closingReason: 'time_up', finishedAt: at(60) })
  })

  test('by the window’s end, and a break begins that very instant: it ends there', () => {
    const s = Story.started(setupWith({ ...breaks, windowEndsAt: at(45), windowGates: 'end' })).do(takeBreak(45))
    expect(sweepDueAt(headOf(s.state))).toBe(at(45, 10_000))
    s.do({ type: 'sweep', receivedAt: at(46) })
    expect(s.state).toMatchObject({ closingReason: 'window_closed', finishedAt: at(45) })
  })

  test('a break that began before and runs out at that very instant is given back in full', () => {
    const s = story(takeBreak(55))
    expect(clock(s, 60)).toEqual([65, null, false])
    expect(sweepDueAt(headOf(s.state))).toBe(at(65, 10_000))
    expect(ledger(s, 61)).toEqual([started, ['paused', 55, 60, null], ['resumed', 60, 65, null]])
  })

  test('and time is granted that very instant: it goes on; a millisecond later it is over', () => {
    expect(clock(story(grant(60, 5)), 60)).toEqual([65, null, false])
    expect(story().code({ ...grant(60, 5), receivedAt: at(60, 1) })).toBe('attempt.not_open')
  })

  test('and staff pause and grant that very instant: the pause counts, since no time passes in it', () => {
    const s = story(pause(60), grant(60, 5))
    expect(sweepDueAt(headOf(s.state))).toBeNull()
    expect(clock(s.do(resume(70)), 70)).toEqual([75, null, false])
    expect(ledger(s, 71)).toEqual([
      started,
      ['paused', 60, 60, null],
      ['granted', 60, 65, null],
      ['resumed', 70, 75, null],
    ])
  })
})

describe('a section is entered', () => {
  test('at the instant of a grant: only what is granted after entering is the section’s', () => {
    expect(ledger(story(grant(2, 3), enter(2)), 3)).toEqual([
      started,
      ['granted', 2, 63, null],
      ['section_entered', 2, 63, 12],
    ])
    expect(ledger(story(enter(2), grant(2, 3)), 3)).toEqual([
      started,
      ['section_entered', 2, 60, 12],
      ['granted', 2, 63, 15],
    ])
  })

  test('before the clock is set back: what is granted then is the section’s, although its instant is an earlier one', () => {
    const s = story(
      enter(30),
      { type: 'clockConfirmed', receivedAt: at(31), alarmId: 'ck_1', stepMs: -20 * MIN, by: 'staff-7' },
      grant(12, 5),
    )
    expect(clock(s, 12)).toEqual([65, 45, false])
  })

  test('a millisecond before a break that was decided first: the break goes on', () => {
    const s = story({ ...takeBreak(5), receivedAt: at(5, 1) }, enter(5))
    expect(s.state.pauses).toMatchObject([{ until: null }])
    // 5 + 10 + the whole break of 5.
    expect(clock(s, 12)).toEqual([65, 20, false])
  })
})

test('a clock set ahead after a break at the section’s end moves the section by the step alone', () => {
  const s = story(enter(0), takeBreak(10), {
    type: 'clockConfirmed',
    receivedAt: at(20),
    alarmId: 'ck_1',
    stepMs: 30 * MIN,
    by: 'staff-7',
  })
  expect(clock(s, 50)).toEqual([95, 40, false])
  expect(ledger(s, 50).slice(3)).toEqual([
    ['paused', 10, 60, 10],
    ['resumed', 15, 65, 10],
    ['clock_confirmed', 20, 95, 40],
    ['section_time_up', 40, 95, 40],
  ])
})

test('how late a save was counts from the deadline that a break which ran out by itself has moved', () => {
  // The whole ends at 60 + 5; the section's own ten minutes and the break would last until 70.
  const s = story(enter(55), takeBreak(57), saveOf('t1', 0, at(65, 4000)))
  expect(ledgerOf(s.setup, s.events, at(66)).find((row) => row.kind === 'late_accepted')).toMatchObject({
    at: at(65, 4000),
    lateMs: 4000,
  })
})
