import { describe, expect, test } from 'vitest'
import { MIN, saveOf, setupWith, Story, T0 } from './fixture.ts'
import { candidateLedger, ledgerOf, staffLedger, type LedgerRow } from './ledger.ts'

const at = (min: number, ms = 0) => T0 + min * MIN + ms
const minutes = (instant: number | null): number | null => (instant === null ? null : (instant - T0) / MIN)
const staff = { by: 'staff-7', reasonId: 'reason-1' }
const END = at(24 * 60)

function storyWith(accommodated: boolean): Story {
  // 40 min with half as much again, or 60 min for everyone: the same own limit
  const accommodation = { factor: accommodated ? 1.5 : 1, extraMs: 0, unlimited: false, breaks: { allowanceMs: 0 } }
  const s = Story.started(setupWith({ timeLimitMs: accommodated ? 40 * MIN : 60 * MIN, accommodation }))
  s.do({ type: 'pause', receivedAt: at(10), ...staff })
    .do({ type: 'resume', receivedAt: at(14), by: 'staff-7' })
    .do({ type: 'connection', receivedAt: at(21), connected: false, lastSeenAt: at(20) })
    .do({ type: 'connection', receivedAt: at(22), connected: true })
    .do({ type: 'clockAlarm', receivedAt: at(22), alarmId: 'ck_1', stepMs: 60_000 })
    .do({ type: 'clockConfirmed', receivedAt: at(25), alarmId: 'ck_1', stepMs: 60_000, by: 'staff-7' })
    .do({ type: 'grant', receivedAt: at(30), extraMs: 5 * MIN, ...staff })
    .do(saveOf('a1', 0, at(70, 4000), { mutationId: 'm-1', text: 'in-time' }))
    .do(saveOf('a1', 1, at(71), { mutationId: 'm-2', text: 'too-late' }))
    .do({ type: 'sweep', receivedAt: at(90) })
    .do({
      type: 'decideLateText',
      receivedAt: at(95),
      itemId: 'a1',
      mutationId: 'm-2',
      contentHash: 'too-late',
      decision: 'not_counted',
      ...staff,
    })
  return s
}

test('each row has the deadline that resulted', () => {
  const s = storyWith(false)
  const rows = ledgerOf(s.setup, s.events, END)
  expect(rows.map((r) => [r.kind, minutes(r.at), minutes(r.deadlineAt)])).toEqual([
    ['started', 0, 60],
    ['paused', 10, 60],
    ['resumed', 14, 64],
    ['disconnected', 21, 64],
    ['reconnected', 22, 64],
    ['clock_alarm', 22, 64],
    ['clock_confirmed', 25, 65],
    ['granted', 30, 70],
    ['late_accepted', 70 + 4 / 60, 70],
    ['quarantined', 71, 70],
    ['closed', 90, 70],
    ['late_text_decided', 95, 70],
  ])
  expect(rows.find((r) => r.kind === 'late_accepted')).toMatchObject({ lateMs: 4000, sectionId: 'free', number: 1 })
  expect(rows.find((r) => r.kind === 'resumed')).toMatchObject({ lengthMs: 4 * MIN, creditedMs: 4 * MIN })
  // From the last sign of the page, not from when we noticed.
  expect(rows.find((r) => r.kind === 'reconnected')).toMatchObject({ lengthMs: 2 * MIN })
  expect(rows.find((r) => r.kind === 'closed')).toMatchObject({ reason: 'time_up', finishedAt: at(70) })
})

describe('sections', () => {
  // The whole 60 min; `one` 10 min, `two` 20 min.
  const twoTimed = (over: Parameters<typeof setupWith>[0] = {}) => {
    const sections = ['one', 'two'].map((id, i) => ({ id, timeLimitMs: (i + 1) * 10 * MIN, minimumMs: 0 }))
    const items = ['one', 'two'].map((id) => ({
      id,
      navigation: 'free' as const,
      itemsPerPage: 1,
      itemIds: [`${id}-1`],
    }))
    return setupWith({ sections, ...over }, { sections: items })
  }
  const enter = (sectionId: string, min: number) => ({
    type: 'enterSection' as const,
    sectionId,
    receivedAt: at(min),
    epoch: 1,
  })
  const shown = (rows: readonly LedgerRow[]) =>
    rows.map((r) => [
      r.kind,
      'sectionId' in r ? r.sectionId : '',
      minutes(r.at),
      minutes(r.deadlineAt),
      minutes(r.sectionDeadlineAt),
    ])

  test('entered, left, their own deadlines and what moved them can be added up by hand', () => {
    const s = Story.started(twoTimed())
    s.do(enter('one', 2))
      .do({ type: 'pause', receivedAt: at(5), ...staff })
      .do({ type: 'resume', receivedAt: at(8), by: 'staff-7' })
      // 2 + 10 + 3 = 15: the section's time is up, nobody does anything until
      .do(enter('two', 16))
      .do({ type: 'grant', receivedAt: at(20), extraMs: 4 * MIN, ...staff })
      .do({ type: 'leaveSection', sectionId: 'two', receivedAt: at(30), epoch: 1 })
      .do({ type: 'submit', receivedAt: at(31), epoch: 1 })
    const rows = ledgerOf(s.setup, s.events, END)
    expect(shown(rows)).toEqual([
      ['started', '', 0, 60, null],
      ['section_entered', 'one', 2, 60, 12],
      ['paused', '', 5, 60, 12],
      ['resumed', '', 8, 63, 15],
      ['section_time_up', 'one', 15, 63, 15],
      ['section_left', 'one', 16, 63, null],
      ['section_entered', 'two', 16, 63, 36],
      ['granted', '', 20, 67, 40],
      ['section_left', 'two', 30, 67, null],
      ['closed', '', 31, 67, null],
    ])
    // 14 min in the section, 3 of them paused.
    expect(rows.find((r) => r.kind === 'section_left')).toMatchObject({ spentMs: 11 * MIN })
    expect(rows.find((r) => r.kind === 'section_entered')).toMatchObject({ limitMs: 10 * MIN, cutShort: false })
  })

  test('a save is late by the end of its own section and of the whole, not by that of another', () => {
    // Ten minutes of `timed` from the 50th are over at the 60th, as the whole is; the free item belongs to the whole
    // alone.
    const s = Story.started(setupWith({ timeLimitMs: 65 * MIN }))
    s.do({ type: 'enterSection', sectionId: 'timed', receivedAt: at(50), epoch: 1 }).do(
      saveOf('a1', 0, at(65, 4000), { mutationId: 'm-1' }),
    )
    expect(ledgerOf(s.setup, s.events, at(66)).find((row) => row.kind === 'late_accepted')).toMatchObject({
      lateMs: 4000,
      sectionId: 'free',
    })
  })

  test('a deadline that nobody was there to see is told once it has passed, not before, and again after a grant', () => {
    const s = Story.started(twoTimed()).do(enter('one', 0))
    const kinds = (now: number) => ledgerOf(s.setup, s.events, now).map((r) => [r.kind, minutes(r.at)])
    expect(kinds(at(10) - 1)).toEqual([
      ['started', 0],
      ['section_entered', 0],
    ])
    expect(kinds(at(10)).at(-1)).toEqual(['section_time_up', 10])
    s.do({ type: 'grant', receivedAt: at(12), extraMs: 5 * MIN, ...staff })
    expect(kinds(at(14)).slice(2)).toEqual([
      ['section_time_up', 10],
      ['granted', 12],
    ])
    expect(kinds(at(20)).slice(2)).toEqual([
      ['section_time_up', 10],
      ['granted', 12],
      ['section_time_up', 15],
    ])
  })

  test('a section that outlasts the whole is cut to it, and its end is the closing', () => {
    const s = Story.started(twoTimed())
      .do(enter('two', 50))
      .do({ type: 'sweep', receivedAt: at(61) })
    const rows = ledgerOf(s.setup, s.events, END)
    expect(shown(rows)).toEqual([
      ['started', '', 0, 60, null],
      ['section_entered', 'two', 50, 60, 60],
      ['closed', '', 61, 60, null],
    ])
    expect(rows[1]).toMatchObject({ limitMs: 20 * MIN, cutShort: true })
  })

  test('the limit of a person’s own lengthens the sections alike', () => {
    const s = Story.started(
      twoTimed({ accommodation: { factor: 1.5, extraMs: 0, unlimited: false, breaks: { allowanceMs: 0 } } }),
    ).do(enter('one', 0))
    expect(ledgerOf(s.setup, s.events, at(1)).at(-1)).toMatchObject({
      limitMs: 15 * MIN,
      sectionDeadlineAt: at(15),
      deadlineAt: at(90),
    })
  })
})

describe('what comes about by itself', () => {
  const withBreaks = setupWith({
    accommodation: { factor: 1, extraMs: 0, unlimited: false, breaks: { allowanceMs: 5 * MIN } },
  })

  test('a break that runs out is over, with its row, and the rows after it have the deadline that counts', () => {
    const s = Story.started(withBreaks)
      .do({ type: 'takeBreak', receivedAt: at(10), epoch: 1, by: 'candidate-9' })
      .do({ type: 'connection', receivedAt: at(20), connected: false, lastSeenAt: at(18) })
    const rows = () => ledgerOf(s.setup, s.events, at(30)).map((r) => [r.kind, minutes(r.at), minutes(r.deadlineAt)])
    const told = [
      ['started', 0, 60],
      ['paused', 10, 60],
      ['resumed', 15, 65],
      ['disconnected', 20, 65],
    ]
    expect(rows()).toEqual(told)
    // Ended by staff an hour later: it had ended at 15, and is not told twice.
    s.do({ type: 'resume', receivedAt: at(40), by: 'staff-7' })
    expect(rows()).toEqual(told)
    expect(s.state.pauses).toMatchObject([{ until: at(15) }])
  })

  test('a pause that the closing ends has its row and is credited', () => {
    const s = Story.started(setupWith())
      .do({ type: 'pause', receivedAt: at(10), ...staff })
      .do({ type: 'staffClose', receivedAt: at(25), evenWithTimeLeft: true, ...staff })
    expect(ledgerOf(s.setup, s.events, END).map((r) => [r.kind, minutes(r.at), minutes(r.deadlineAt)])).toEqual([
      ['started', 0, 60],
      ['paused', 10, 60],
      ['resumed', 25, 75],
      ['closed', 25, 75],
    ])
  })

  test('an attempt whose window ends first says so: start and limit do not add up to the deadline', () => {
    const s = Story.started(setupWith({ windowEndsAt: at(45), windowGates: 'end' }))
    expect(ledgerOf(s.setup, s.events, at(1))).toMatchObject([
      { kind: 'started', limitMs: 60 * MIN, cutShort: true, deadlineAt: at(45) },
    ])
  })
})

test('a late mark without a text is not told as a kept text', () => {
  const s = Story.started()
    .do(saveOf('a1', 0, at(1), { text: 'same' }))
    .do({ type: 'submit', receivedAt: at(2), epoch: 1 })
    .do(saveOf('a1', 1, at(3), { text: 'same', flagged: true }))
    .do(saveOf('a1', 1, at(4), { text: 'new' }))
  const taken = saveOf('a1', 1, at(5), { text: 'hash-of-null' })
  s.do({ ...taken, mutations: taken.mutations.map((m) => ({ ...m, empty: true })) })
  expect(ledgerOf(s.setup, s.events, END).filter((r) => r.kind === 'quarantined')).toMatchObject([
    { hasText: false },
    { hasText: true },
    { hasText: false },
  ])
})

test('an alarm and its confirmation are noted once each, also where the attempt has closed meanwhile', () => {
  const s = Story.started().do({ type: 'submit', receivedAt: at(5), epoch: 1 })
  for (let i = 0; i < 2; i += 1) {
    s.do({ type: 'clockAlarm', receivedAt: at(4), alarmId: 'ck_1', stepMs: -9000 }).do({
      type: 'clockConfirmed',
      receivedAt: at(6),
      alarmId: 'ck_1',
      stepMs: -9000,
      by: 'staff-7',
    })
  }
  s.do({ type: 'clockAlarm', receivedAt: at(8), alarmId: 'ck_2', stepMs: 7000 })
  expect(ledgerOf(s.setup, s.events, END).slice(2)).toMatchObject([
    { kind: 'clock_alarm', stepMs: -9000 },
    { kind: 'clock_confirmed', stepMs: -9000 },
    { kind: 'clock_alarm', stepMs: 7000 },
  ])
  expect(s.state.status).toBe('closed')
})

describe('who reads what', () => {
  test('with an accommodation the staff’s view reads as without one of the same own limit', () => {
    const views = [true, false].map((accommodated) => {
      const s = storyWith(accommodated)
      return JSON.stringify(staffLedger(ledgerOf(s.setup, s.events, END)))
    })
    expect(views[0]).toBe(views[1])
    expect(views[0]).not.toMatch(/factor|accommodation|unlimited|break|limitMs|cutShort/)
  })

  test('the candidate reads times, limits and reasons, and no names of staff', () => {
    const s = storyWith(false)
    const rows = ledgerOf(s.setup, s.events, END)
    const view = JSON.stringify(candidateLedger(rows))
    expect(view).toMatch(/reason-1.*clock_alarm.*clock_confirmed/)
    expect(view).not.toContain('staff-7')
    expect(candidateLedger(rows)[0]).toMatchObject({ limitMs: 60 * MIN })
  })

  test('to staff a break of the candidate’s choice and a pause by staff are the same', () => {
    const setup = setupWith({
      accommodation: { factor: 1, extraMs: 0, unlimited: false, breaks: { allowanceMs: 5 * MIN } },
    })
    const [own, ours] = [Story.started(setup), Story.started(setup)]
    own
      .do({ type: 'takeBreak', receivedAt: at(1), epoch: 1, by: 'candidate-9' })
      .do({ type: 'endBreak', receivedAt: at(3), epoch: 1, by: 'candidate-9' })
    ours.do({ type: 'pause', receivedAt: at(1), ...staff }).do({ type: 'resume', receivedAt: at(3), by: 'staff-7' })
    const [a, b] = [own, ours].map((s) => staffLedger(ledgerOf(s.setup, s.events, at(4))))
    expect(a).toEqual(b)
    expect(a?.[1]).toEqual({ at: at(1), deadlineAt: at(60), sectionDeadlineAt: null, kind: 'paused' })
  })
})
