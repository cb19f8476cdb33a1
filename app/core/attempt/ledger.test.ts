import { expect, test } from 'vitest'
import { MIN, saveOf, setupWith, Story, T0 } from './fixture.ts'
import { candidateLedger, ledgerOf, staffLedger } from './ledger.ts'

const at = (min: number, ms = 0) => T0 + min * MIN + ms
const staff = { by: 'staff-7', reasonId: 'reason-1' }

function storyWith(accommodated: boolean): Story {
  // 40 min with half as much again, or 60 min for everyone: the same own limit
  const accommodation = { factor: accommodated ? 1.5 : 1, extraMs: 0, unlimited: false, breaks: { allowanceMs: 0 } }
  const s = Story.started(setupWith({ timeLimitMs: accommodated ? 40 * MIN : 60 * MIN, accommodation }))
  s.do({ type: 'pause', receivedAt: at(10), ...staff })
    .do({ type: 'resume', receivedAt: at(14), by: 'staff-7' })
    .do({ type: 'connection', receivedAt: at(20), connected: false })
    .do({ type: 'connection', receivedAt: at(21), connected: true })
    .do({ type: 'clockAlarm', receivedAt: at(22), wallDeltaMs: 60_000, monotonicDeltaMs: 0 })
    .do({ type: 'grant', receivedAt: at(30), extraMs: 5 * MIN, ...staff })
    .do(saveOf('a1', 0, at(69, 4000), { mutationId: 'm-1' }))
    .do(saveOf('a1', 1, at(70), { mutationId: 'm-2' }))
    .do({ type: 'sweep', receivedAt: at(90) })
  return s
}

test('each row has the deadline that resulted', () => {
  const s = storyWith(false)
  const rows = ledgerOf(s.setup, s.events)
  expect(rows.map((r) => [r.kind, (r.at - T0) / MIN, ((r.deadlineAt ?? 0) - T0) / MIN])).toEqual([
    ['started', 0, 60],
    ['paused', 10, 60],
    ['resumed', 14, 64],
    ['disconnected', 20, 64],
    ['reconnected', 21, 64],
    ['clock_alarm', 22, 64],
    ['granted', 30, 69],
    ['late_accepted', 69 + 4 / 60, 69],
    ['quarantined', 70, 69],
    ['closed', 90, 69],
  ])
  expect(rows.find((r) => r.kind === 'late_accepted')).toMatchObject({ lateMs: 4000 })
  expect(rows.find((r) => r.kind === 'resumed')).toMatchObject({ lengthMs: 4 * MIN })
  expect(rows.find((r) => r.kind === 'reconnected')).toMatchObject({ lengthMs: MIN })
  expect(rows.at(-1)).toMatchObject({ reason: 'time_up', finishedAt: at(69) })
})

test('with an accommodation both views read as without one of the same own limit', () => {
  const views = [true, false].map((accommodated) => {
    const s = storyWith(accommodated)
    const rows = ledgerOf(s.setup, s.events)
    return JSON.stringify([candidateLedger(rows), staffLedger(rows)])
  })
  expect(views[0]).toBe(views[1])
  expect(views[0]).not.toMatch(/factor|accommodation|unlimited|break/)
})

test('the candidate reads times and reasons, but neither names of staff nor alarms about our clock', () => {
  const s = storyWith(false)
  const rows = ledgerOf(s.setup, s.events)
  const view = JSON.stringify(candidateLedger(rows))
  expect(view).toContain('reason-1')
  expect(view).not.toMatch(/staff-7|clock_alarm/)
  expect(JSON.stringify(staffLedger(rows))).toMatch(/staff-7.*clock_alarm/)
})

test('a break looks like a pause without reason', () => {
  const s = Story.started(setupWith({ accommodation: { factor: 1, extraMs: 0, unlimited: false, breaks: { allowanceMs: 5 * MIN } } }))
  s.do({ type: 'takeBreak', receivedAt: at(1), epoch: 1, by: 'candidate-9' })
  expect(staffLedger(ledgerOf(s.setup, s.events))[1]).toEqual({ at: at(1), deadlineAt: at(60), kind: 'paused', byId: null, reasonId: null })
})
