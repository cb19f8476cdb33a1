import { describe, expect, it } from 'vitest'
import { createClock, type ClockAlarm } from './clock.server.ts'

function machine() {
  const at = { wall: 1_000_000, monotonicMs: 500 }
  const alarms: ClockAlarm[] = []
  return {
    at,
    alarms,
    clock: createClock({
      sources: { wall: () => at.wall, monotonicMs: () => at.monotonicMs },
      onAlarm: (alarm) => alarms.push(alarm),
    }),
    pass(ms: number, wallMs = ms) {
      at.wall += wallMs
      at.monotonicMs += ms
    },
  }
}

/** What the settings keep of an alarm: with it, the last time that was seen. */
function keptOf(clock: ReturnType<typeof createClock>) {
  const alarm = clock.alarm()
  return alarm && { ...alarm, seenAt: clock.now() }
}

describe('guarded clock', () => {
  it('follows a time server that slews, for a year, without an alarm', () => {
    const { clock, pass, at, alarms } = machine()
    for (let day = 0; day < 365; day += 1) {
      pass(86_400_000, 86_400_000 + 400)
      expect(clock.now()).toBe(at.wall)
    }
    expect(alarms).toEqual([])
  })

  it.each([
    ['forwards', 3_600_000],
    ['backwards', -3_600_000],
  ])('goes on at the monotonic pace when the wall clock is set %s, until somebody confirms', (_name, stepMs) => {
    const { clock, pass, at, alarms } = machine()
    pass(1_000)
    const before = clock.now()
    at.wall += stepMs
    expect(clock.now()).toBe(before)
    pass(2_000)
    expect(clock.now()).toBe(before + 2_000)
    expect(alarms).toEqual([{ raisedAt: before, stepMs }])
    expect(clock.alarm()).toEqual(alarms[0])
    clock.confirm()
    expect(clock.now()).toBe(at.wall)
    expect(clock.alarm()).toBeNull()
    pass(1_000)
    expect(clock.now()).toBe(at.wall)
    expect(alarms).toHaveLength(1)
  })

  it('stands still instead of running backwards through a small correction', () => {
    const { clock, pass } = machine()
    const before = clock.now()
    pass(100, -2_000)
    expect(clock.now()).toBe(before)
    pass(5_000)
    expect(clock.now()).toBeGreaterThan(before)
  })

  it('takes the limit as exactly five seconds', () => {
    const quiet = machine()
    quiet.pass(0, 5_000)
    quiet.clock.now()
    expect(quiet.alarms).toEqual([])
    const loud = machine()
    loud.pass(0, 5_001)
    loud.clock.now()
    expect(loud.alarms).toHaveLength(1)
  })

  it.each([
    ['forwards', 3_600_000],
    ['backwards', -3_600_000],
  ])('is not confirmed by a restart after a step %s', (_name, stepMs) => {
    const before = machine()
    before.at.wall += stepMs
    const raisedAt = before.clock.now()
    const unconfirmed = keptOf(before.clock)
    // Down for 30 seconds; the machine keeps the time it was set to, and the monotonic clock begins anew.
    const at = { wall: before.at.wall + 30_000, monotonicMs: 0 }
    const clock = createClock({ sources: { wall: () => at.wall, monotonicMs: () => at.monotonicMs }, unconfirmed })
    expect(clock.alarm()).toEqual({ raisedAt, stepMs })
    expect(clock.now()).toBe(raisedAt + 30_000)
    expect(clock.aheadMs()).toBe(stepMs)
    clock.confirm()
    expect([clock.now(), clock.aheadMs()]).toEqual([at.wall, 0])
  })

  it('knows after a restart that the machine was put right while it was down', () => {
    const before = machine()
    before.at.wall += 3_600_000
    const raisedAt = before.clock.now()
    const at = { wall: raisedAt + 30_000, monotonicMs: 0 }
    const clock = createClock({
      sources: { wall: () => at.wall, monotonicMs: () => at.monotonicMs },
      unconfirmed: keptOf(before.clock),
    })
    expect([clock.now(), clock.aheadMs()]).toEqual([raisedAt + 30_000, 0])
    expect(clock.alarm()).not.toBeNull()
  })

  it.each([
    ['forwards', 2_400_000],
    ['backwards', -2_400_000],
  ])(
    'takes no time from anybody where the machine was put right after a step %s, however long the alarm had lasted',
    (_name, stepMs) => {
      const before = machine()
      before.at.wall += stepMs
      before.clock.now()
      before.pass(5_000_000)
      const seenAt = before.clock.now()
      const at = { wall: seenAt + 30_000, monotonicMs: 0 }
      const clock = createClock({
        sources: { wall: () => at.wall, monotonicMs: () => at.monotonicMs },
        unconfirmed: keptOf(before.clock),
      })
      expect(clock.now()).toBe(seenAt + 30_000)
    },
  )

  it('says under an alarm how far confirming would move it', () => {
    const { clock, pass, at } = machine()
    expect(clock.aheadMs()).toBe(0)
    at.wall += 60_000
    clock.now()
    pass(5_000)
    expect(clock.aheadMs()).toBe(60_000)
    at.wall -= 90_000
    expect(clock.aheadMs()).toBe(-30_000)
  })

  it('can be moved only where it was made so, also back', () => {
    expect(machine().clock.setOffset).toBeUndefined()
    const clock = createClock({ sources: { wall: () => 1_000, monotonicMs: () => 0 }, adjustable: true, offsetMs: 10 })
    expect(clock.now()).toBe(1_010)
    clock.setOffset?.(-500)
    expect(clock.now()).toBe(500)
  })
})
