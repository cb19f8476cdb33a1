import { describe, expect, test } from 'vitest'
import { saveAnswers, type AttemptCommand } from './decide.ts'
import { AttemptEventSchema } from './events.ts'
import { replay } from './evolve.ts'
import { MIN, OPEN_GATE, saveOf, setupWith, Story, T0 } from './fixture.ts'
import { headDeadlineAt, headOf, phaseAt, REPLIES_KEPT, scorableFrom } from './state.ts'

const at = (min: number, ms = 0) => T0 + min * MIN + ms
const staff = { by: 'staff-1', reasonId: 'reason-1' }
const END = 60
const sweep = (receivedAt: number): AttemptCommand => ({ type: 'sweep', receivedAt })
const submit = (receivedAt: number, epoch = 1): AttemptCommand => ({ type: 'submit', receivedAt, epoch })
/** Sends a save, takes its events and returns the reply to its only mutation without the address. */
function send(story: Story, cmd: Extract<AttemptCommand, { type: 'saveAnswers' }>) {
  const decision = saveAnswers(story.state, cmd)
  story.take(decision.events)
  const {
    mutationId: _m,
    itemId: _i,
    ...reply
  } = decision.results[0] ?? { mutationId: '', itemId: '', result: 'none' as const }
  return { reply, closing: decision.closing, decision }
}

describe('saving', () => {
  test('is accepted on the current revision only, which it raises by one', () => {
    const s = Story.started()
    expect(send(s, saveOf('a1', 0, at(1))).reply).toEqual({ result: 'accepted', revision: 1, late: false })
    expect(send(s, saveOf('a1', 0, at(2))).reply).toEqual({ result: 'conflict', serverRevision: 1 })
    expect(send(s, saveOf('a1', 1, at(2))).reply).toEqual({ result: 'accepted', revision: 2, late: false })
    expect(send(s, saveOf('a1', 9, at(2))).reply).toEqual({ result: 'conflict', serverRevision: 2 })
  })
  test('a repeated mutation gets its first reply, also after take-over and closing, and leaves no second event', () => {
    const s = Story.started()
    const m = saveOf('a1', 0, at(1))
    send(s, m)
    send(s, saveOf('a1', 1, at(2)))
    s.do({ type: 'takeOver', receivedAt: at(3), sessionId: 'page-2', fromEpoch: 1, confirmed: true }).do(
      submit(at(4), 2),
    )
    const events = s.events.length
    expect(send(s, { ...m, receivedAt: at(5) }).reply).toEqual({
      result: 'duplicate',
      first: { result: 'accepted', revision: 1, late: false },
    })
    expect(s.events.length).toBe(events)
  })
  test('a mutation id that comes back with another text acknowledges nothing', () => {
    const s = Story.started()
    send(s, saveOf('a1', 0, at(1), { mutationId: 'm', text: 'one' }))
    expect(send(s, saveOf('a1', 0, at(1), { mutationId: 'm', text: 'two' })).reply).toEqual({
      result: 'refused',
      code: 'answer.mutation_reused',
    })
  })
  test('several mutations of one batch stand on each other', () => {
    const s = Story.started()
    const one = saveOf('a1', 0, at(1))
    const two = saveOf('a1', 1, at(1))
    const decision = saveAnswers(s.state, {
      ...one,
      mutations: [...one.mutations, ...two.mutations, ...saveOf('zz', 0, at(1)).mutations],
    })
    expect(decision.results.map((r) => r.result)).toEqual(['accepted', 'accepted', 'refused'])
    expect(decision.events.map((e) => e.seq)).toEqual([2, 3])
    expect(decision.answers).toHaveLength(1)
  })
  test('an earlier epoch is told that it was taken over', () => {
    const s = Story.started().do({
      type: 'takeOver',
      receivedAt: at(1),
      sessionId: 'page-2',
      fromEpoch: 1,
      confirmed: true,
    })
    expect(send(s, saveOf('a1', 0, at(2))).reply).toEqual({ result: 'refused', code: 'attempt.taken_over' })
    expect(send(s, saveOf('a1', 0, at(2), { epoch: 2 })).reply.result).toBe('accepted')
    expect(s.code({ type: 'flag', receivedAt: at(2), epoch: 1, itemId: 'a1', flagged: true })).toBe(
      'attempt.taken_over',
    )
    expect(s.code(submit(at(2), 1))).toBe('attempt.taken_over')
  })
  test('of two take-overs that confirm at once one wins', () => {
    const s = Story.started()
    const take = (sessionId: string): AttemptCommand => ({
      type: 'takeOver',
      receivedAt: at(1),
      sessionId,
      fromEpoch: 1,
      confirmed: true,
    })
    expect(s.code({ ...take('page-2'), confirmed: false } as AttemptCommand)).toBe('attempt.take_over_unconfirmed')
    s.do(take('page-2'))
    expect(s.code(take('page-3'))).toBe('attempt.taken_over')
    expect(s.state.epoch).toBe(2)
  })
  test.each([
    [0, { result: 'accepted', revision: 1, late: false }],
    [1, { result: 'accepted', revision: 1, late: true }],
    [10_000, { result: 'accepted', revision: 1, late: true }],
    [10_001, { result: 'quarantined', reason: 'late' }],
  ])('%i ms after the deadline', (ms, expected) => {
    const s = Story.started()
    expect(send(s, saveOf('a1', 0, at(END, ms))).reply).toEqual(expected)
    expect(s.state.status).toBe('in_progress')
  })
  test('a late conflict goes to staff: the candidate can no longer choose', () => {
    const s = Story.started()
    send(s, saveOf('a1', 0, at(1)))
    expect(send(s, saveOf('a1', 0, at(END, 1))).reply).toEqual({ result: 'quarantined', reason: 'conflict' })
  })
  test('a quarantined mutation is kept once', () => {
    const s = Story.started()
    const m = saveOf('a1', 0, at(END + 1))
    send(s, m)
    expect(send(s, m).reply).toEqual({ result: 'duplicate', first: { result: 'quarantined' } })
    expect(s.state.quarantined).toBe(1)
    expect(s.state.answers['a1']?.revision).toBe(0)
  })
  test('a response that does not fit is refused with its code', () => {
    const s = Story.started()
    const { reply } = send(s, saveOf('a1', 0, at(1), { invalid: 'response.too_long' }))
    expect(reply).toEqual({ result: 'refused', code: 'response.too_long' })
  })
  test('the flag travels with the save', () => {
    const s = Story.started()
    send(s, saveOf('a1', 0, at(1), { flagged: true }))
    send(s, saveOf('a1', 1, at(2)))
    expect(s.state.answers['a1']).toMatchObject({ flagged: true, revision: 2 })
  })
  test('before the start nothing is accepted', () => {
    expect(send(new Story(), saveOf('a1', 0, at(0))).reply).toEqual({ result: 'refused', code: 'attempt.not_started' })
  })
})

describe('closing', () => {
  test('submit ends at its arrival, and a second one changes nothing', () => {
    const s = Story.started().do(submit(at(20)))
    expect(s.state).toMatchObject({
      status: 'closed',
      closingReason: 'submitted',
      submittedAt: at(20),
      finishedAt: at(20),
      scoredAt: null,
      releasedAt: null,
    })
    expect(s.do(submit(at(21))).events).toHaveLength(2)
  })
  test('at the very deadline a submit is still a submit', () => {
    expect(Story.started().do(submit(at(END))).state).toMatchObject({ closingReason: 'submitted', finishedAt: at(END) })
  })
  test('the sweep ends at the deadline, however late it comes', () => {
    const s = Story.started().do(sweep(at(END, 10_000)))
    expect(s.state.status).toBe('in_progress')
    expect(phaseAt(headOf(s.state), at(END, 10_000))).toBe('in_progress')
    expect(phaseAt(headOf(s.state), at(END, 10_001))).toBe('closed')
    s.do(sweep(at(127)))
    expect(s.state).toMatchObject({
      status: 'closed',
      closingReason: 'time_up',
      finishedAt: at(END),
      submittedAt: null,
    })
  })
  test.each([
    ['submit', submit(at(END, 5))],
    ['late submit', submit(at(90))],
    ['staff', { type: 'staffClose', receivedAt: at(61), evenWithTimeLeft: false, ...staff } as AttemptCommand],
    ['sweep', sweep(at(61))],
  ])('past the deadline every ending gives the same outcome: %s', (_, cmd) => {
    expect(Story.started().do(cmd).state).toMatchObject({
      closingReason: 'time_up',
      finishedAt: at(END),
      submittedAt: null,
    })
  })
  test('the window as the cause is named', () => {
    const s = Story.started(setupWith({ windowGates: 'end', windowEndsAt: at(30) })).do(sweep(at(31)))
    expect(s.state).toMatchObject({ closingReason: 'window_closed', finishedAt: at(30) })
  })
  test('staff cannot close one with time left unless they say so', () => {
    const s = Story.started()
    const close = { type: 'staffClose', receivedAt: at(5), ...staff } as const
    expect(s.code({ ...close, evenWithTimeLeft: false })).toBe('attempt.has_time_left')
    expect(s.do({ ...close, evenWithTimeLeft: true }).state).toMatchObject({
      closingReason: 'staff_closed',
      finishedAt: at(5),
      submittedAt: null,
    })
    expect(s.code({ ...close, evenWithTimeLeft: true })).toBe('attempt.not_open')
  })
  test('the final flush and submit are one call that may be repeated', () => {
    const s = Story.started()
    const final = saveOf('a1', 0, at(30), { final: true })
    expect(send(s, final)).toMatchObject({ reply: { result: 'accepted' }, closing: { ok: true, value: 'closed' } })
    const events = s.events.length
    expect(send(s, { ...final, receivedAt: at(31) })).toMatchObject({
      reply: { result: 'duplicate' },
      closing: { ok: true, value: 'already_closed' },
    })
    expect(s.events).toHaveLength(events)
  })
  test('a final flush does not close over a conflict while there is time to choose', () => {
    const s = Story.started()
    send(s, saveOf('a1', 0, at(1)))
    expect(send(s, saveOf('a1', 0, at(2), { final: true })).closing).toEqual({
      ok: false,
      error: { code: 'attempt.unsettled_answers' },
    })
    expect(s.state.status).toBe('in_progress')
    expect(send(s, saveOf('a1', 0, at(END, 1), { final: true }))).toMatchObject({
      reply: { reason: 'conflict' },
      closing: { ok: true, value: 'closed' },
    })
  })
  test.each(['grant', 'pause', 'resume', 'message', 'takeOver', 'flag', 'enterSection', 'switchLanguage'] as const)(
    '%s never touches a closed attempt',
    (type) => {
      const any = {
        type,
        receivedAt: at(21),
        epoch: 1,
        extraMs: MIN,
        ...staff,
        messageId: 'x',
        sessionId: 'p',
        fromEpoch: 1,
        confirmed: true,
        itemId: 'a1',
        flagged: true,
        sectionId: 'free',
        locale: 'en',
      }
      expect(
        Story.started()
          .do(submit(at(20)))
          .code(any as AttemptCommand),
      ).toBe('attempt.not_open')
    },
  )
  test('a grant after the deadline does not reopen, swept or not', () => {
    const grant: AttemptCommand = { type: 'grant', receivedAt: at(END, 1), extraMs: MIN, ...staff }
    expect(Story.started().code(grant)).toBe('attempt.not_open')
  })
})

test('a grant sent twice by one form grants once', () => {
  const grant: AttemptCommand = { type: 'grant', receivedAt: at(1), extraMs: MIN, requestId: 'req-1', ...staff }
  const s = Story.started().do(grant).do(grant)
  expect(s.state.grants).toHaveLength(1)
  expect(headOf(s.state).deadlineAt).toBe(at(61))
  expect(s.code({ ...grant, extraMs: -1 } as AttemptCommand)).toBe('grant.invalid')
})

describe('saves after closing', () => {
  const closedByClock = () => Story.started().do(sweep(at(END, 10_001)))
  test.each([
    ['in time, overtaken by the sweep', closedByClock, at(END), { result: 'accepted', revision: 1, late: false }],
    [
      'within the allowance, overtaken by the sweep',
      closedByClock,
      at(END, 9_999),
      { result: 'accepted', revision: 1, late: true },
    ],
    ['after the allowance', closedByClock, at(END, 10_001), { result: 'quarantined', reason: 'closed' }],
    [
      'scored meanwhile',
      () => closedByClock().do({ type: 'score', receivedAt: at(END, 10_002), scoringHash: 'h' }),
      at(END),
      { result: 'quarantined', reason: 'closed' },
    ],
    ['after a submit', () => Story.started().do(submit(at(20))), at(20), { result: 'quarantined', reason: 'closed' }],
    [
      'after closing by staff',
      () => Story.started().do({ type: 'staffClose', receivedAt: at(20), evenWithTimeLeft: true, ...staff }),
      at(19),
      { result: 'quarantined', reason: 'closed' },
    ],
    [
      'window as the clock',
      () => Story.started(setupWith({ windowGates: 'end', windowEndsAt: at(30) })).do(sweep(at(31))),
      at(30, 5),
      { result: 'accepted', revision: 1, late: true },
    ],
  ])('%s', (_, story, receivedAt, expected) => {
    const s = story()
    const before = s.state
    expect(send(s, saveOf('a1', 0, receivedAt)).reply).toEqual(expected)
    expect(s.state).toMatchObject({
      status: 'closed',
      finishedAt: before.finishedAt,
      closingReason: before.closingReason,
    })
  })
  test('scoring that waits for the allowance misses none of them', () => {
    expect(scorableFrom(headOf(closedByClock().state))).toBe(at(END, 10_000))
    expect(scorableFrom(headOf(Story.started().do(submit(at(20))).state))).toBe(at(20))
  })
})

describe('pauses', () => {
  const paused = () => Story.started().do({ type: 'pause', receivedAt: at(10), ...staff })
  const deadline = (s: Story, min: number) => ((headDeadlineAt(headOf(s.state), at(min)) ?? 0) - T0) / MIN
  test('stop the clock', () => {
    const s = paused()
    expect(deadline(s, 25)).toBe(75)
    expect(s.do(sweep(at(600))).state.status).toBe('in_progress')
    expect(deadline(s.do({ type: 'resume', receivedAt: at(30), by: 'staff-1' }), 40)).toBe(80)
  })
  test('take what was under way, and ask the rest to wait', () => {
    const s = paused()
    expect(send(s, saveOf('a1', 0, at(10, 10_000))).reply.result).toBe('accepted')
    const waiting = saveOf('a1', 1, at(11), { final: true })
    expect(send(s, waiting)).toMatchObject({
      reply: { code: 'attempt.paused' },
      closing: { ok: false, error: { code: 'attempt.unsettled_answers' } },
    })
    s.do({ type: 'resume', receivedAt: at(12), by: 'staff-1' })
    expect(send(s, { ...waiting, receivedAt: at(13) })).toMatchObject({
      reply: { result: 'accepted' },
      closing: { ok: true },
    })
  })
  test('do not nest, and the candidate cannot end one of staff', () => {
    expect(paused().code({ type: 'pause', receivedAt: at(11), ...staff })).toBe('attempt.already_paused')
    expect(paused().code({ type: 'endBreak', receivedAt: at(11), epoch: 1, by: 'c-1' })).toBe('attempt.not_paused')
    expect(paused().code({ type: 'enterSection', receivedAt: at(11), epoch: 1, sectionId: 'free' })).toBe(
      'attempt.paused',
    )
    expect(Story.started().code({ type: 'resume', receivedAt: at(1), by: 'staff-1' })).toBe('attempt.not_paused')
  })
  test('a break asked for twice is one, in whatever order the two are decided', () => {
    const s = Story.started(
      setupWith({ accommodation: { factor: 1, extraMs: 0, unlimited: false, breaks: { allowanceMs: 10 * MIN } } }),
    )
    const take = (receivedAt: number) => ({ type: 'takeBreak' as const, by: 'candidate-1', receivedAt, epoch: 1 })
    s.do(take(at(5, 1)))
    expect(s.code(take(at(5)))).toBe('attempt.already_paused')
    expect(s.code(take(at(5, 2)))).toBe('attempt.already_paused')
    expect(s.state.pauses).toHaveLength(1)
    // Ten minutes later it has run out, and there is none left.
    expect(s.code(take(at(16)))).toBe('attempt.no_break_left')
  })

  test('breaks spend their allowance and then the clock runs again by itself', () => {
    const take = (min: number): AttemptCommand => ({ type: 'takeBreak', receivedAt: at(min), epoch: 1, by: 'c-1' })
    const s = Story.started(
      setupWith({ accommodation: { factor: 1, extraMs: 0, unlimited: false, breaks: { allowanceMs: 10 * MIN } } }),
    )
    s.do(take(5))
      .do({ type: 'endBreak', receivedAt: at(9), epoch: 1, by: 'c-1' })
      .do(take(20))
    expect(deadline(s, 23)).toBe(67)
    expect(deadline(s, 40)).toBe(70)
    expect(send(s, saveOf('a1', 0, at(25))).reply).toMatchObject({ code: 'attempt.paused' })
    expect(send(s, saveOf('a1', 0, at(26))).reply.result).toBe('accepted')
    expect(s.code(take(30))).toBe('attempt.no_break_left')
    s.do({ type: 'pause', receivedAt: at(31), ...staff }).do({ type: 'resume', receivedAt: at(33), by: 'staff-1' })
    expect(deadline(s, 40)).toBe(72)
    expect(Story.started().code(take(5))).toBe('attempt.no_break_left')
  })
})

describe('sections and navigation', () => {
  const enter = (sectionId: string, min: number): AttemptCommand => ({
    type: 'enterSection',
    receivedAt: at(min),
    epoch: 1,
    sectionId,
  })
  const move = (itemId: string, min: number): AttemptCommand => ({
    type: 'moveTo',
    receivedAt: at(min),
    epoch: 1,
    itemId,
  })
  const reply = (s: Story, itemId: string, min: number, base = 0) => send(s, saveOf(itemId, base, at(min))).reply
  test('a gated section must be entered and is shut once left', () => {
    const s = Story.started()
    expect(reply(s, 't1', 1)).toMatchObject({ code: 'navigation.section_not_entered' })
    s.do(enter('timed', 2))
    expect(reply(s, 't1', 3).result).toBe('accepted')
    expect(reply(s, 'a1', 3).result).toBe('accepted')
    s.do(enter('free', 4))
    expect(reply(s, 't1', 5, 1)).toMatchObject({ code: 'navigation.section_left' })
    expect(s.code(enter('timed', 6))).toBe('navigation.section_left')
    expect(s.code(enter('nowhere', 6))).toBe('navigation.section_unknown')
  })
  test('a section is not left before its minimum time, nor the attempt handed in', () => {
    const s = Story.started().do(enter('timed', 2))
    expect(s.code({ type: 'leaveSection', receivedAt: at(2, 59_999), epoch: 1, sectionId: 'timed' })).toBe(
      'section.minimum_time',
    )
    expect(s.code(submit(at(2, 59_999)))).toBe('section.minimum_time')
    expect(s.code(submit(at(3)))).toBe('ok')
  })
  test('a section has its own deadline, with the same allowance', () => {
    const s = Story.started().do(enter('timed', 2))
    expect(send(s, saveOf('t1', 0, at(12))).reply).toMatchObject({ late: false })
    expect(send(s, saveOf('t1', 1, at(12, 1))).reply).toMatchObject({ late: true })
    expect(send(s, saveOf('t1', 2, at(12, 10_001))).reply).toEqual({ result: 'quarantined', reason: 'section_late' })
    expect(send(s, saveOf('a1', 0, at(13))).reply).toMatchObject({ late: false })
  })
  test('forward only: the page reached can be written, neither the ones left nor the ones ahead', () => {
    const s = Story.started().do(enter('forward', 1))
    expect(reply(s, 'f2', 1).result).toBe('accepted')
    expect(reply(s, 'f3', 1)).toMatchObject({ code: 'navigation.not_reached' })
    s.do(move('f5', 2))
    expect(s.events.filter((e) => e.type === 'item_left').map((e) => ('itemId' in e ? e.itemId : ''))).toEqual([
      'f1',
      'f2',
      'f3',
      'f4',
    ])
    expect(reply(s, 'f2', 3, 1)).toMatchObject({ code: 'navigation.item_left' })
    expect(reply(s, 'f4', 3)).toMatchObject({ code: 'navigation.item_left' })
    expect(reply(s, 'f6', 3).result).toBe('accepted')
    expect(s.code(move('f4', 4))).toBe('navigation.forward_only')
    expect(s.code(move('f6', 4))).toBe('ok')
  })
})

describe('the row that a save writes is the row that the whole story gives', () => {
  const visit = (pauseMin: number) =>
    Story.started()
      .do({ type: 'enterSection', receivedAt: at(2), epoch: 1, sectionId: 'timed' })
      .do({ type: 'pause', receivedAt: at(pauseMin), ...staff })
  test.each([
    ['paused before the section’s end', visit(5), 8],
    ['paused before its minimum time is over', visit(2.5), 20],
    ['paused after it', visit(15), 16],
  ])('when a submit closes it, %s', (_, s, min) => {
    const { decision, closing } = send(s, { ...saveOf('a1', 0, at(min)), mutations: [], final: true })
    if (closing?.ok) expect(s.state.status).toBe('closed')
    expect(decision.head).toEqual(headOf(s.state))
  })
  test('when a section is entered after a break that ran out by itself', () => {
    const s = Story.started(
      setupWith({ accommodation: { factor: 1, extraMs: 0, unlimited: false, breaks: { allowanceMs: 5 * MIN } } }),
    )
    s.do({ type: 'takeBreak', receivedAt: at(5), epoch: 1, by: 'c-1' }).do({
      type: 'enterSection',
      receivedAt: at(20),
      epoch: 1,
      sectionId: 'timed',
    })
    expect(send(s, saveOf('t1', 0, at(30))).reply).toMatchObject({ late: false })
    expect(send(s, saveOf('t1', 1, at(30, 1))).reply).toMatchObject({ late: true })
  })
})

describe('messages that overtake each other', () => {
  test('a resume received before its pause gives no time back', () => {
    const s = Story.started()
      .do({ type: 'pause', receivedAt: at(10), ...staff })
      .do({ type: 'resume', receivedAt: at(9), by: 'staff-1' })
    expect(s.state.pauses[0]).toMatchObject({ from: at(10), until: at(10) })
  })
  test('a pause received within a former one begins at its end', () => {
    const s = Story.started()
      .do({ type: 'pause', receivedAt: at(10), ...staff })
      .do({ type: 'resume', receivedAt: at(14), by: 'staff-1' })
    s.do({ type: 'pause', receivedAt: at(12), ...staff }).do({ type: 'resume', receivedAt: at(15), by: 'staff-1' })
    expect(headOf(s.state).deadlineAt).toBe(at(65))
    expect(s.state.pauses[1]).toMatchObject({ from: at(14) })
  })
})

test('replies are remembered for the newest mutations of an item', () => {
  const s = Story.started()
  for (let i = 0; i <= REPLIES_KEPT.accepted; i += 1)
    send(s, saveOf('a1', i, at(1), { mutationId: `x${i}`, text: `t${i}` }))
  expect(send(s, saveOf('a1', 1, at(2), { mutationId: 'x1', text: 't1' })).reply).toMatchObject({
    result: 'duplicate',
    first: { revision: 2 },
  })
  expect(send(s, saveOf('a1', 0, at(2), { mutationId: 'x0', text: 't0' })).reply).toMatchObject({ result: 'conflict' })
  expect(s.state.answers['a1']?.replies).toHaveLength(REPLIES_KEPT.accepted)
})

test('the whole story rebuilds the state, and every event is fit to be kept for ever', () => {
  const s = Story.started()
  s.do({ type: 'flag', receivedAt: at(1), epoch: 1, itemId: 'a2', flagged: true })
    .do({ type: 'switchLanguage', receivedAt: at(1), epoch: 1, locale: 'zh-CN' })
    .do({ type: 'connection', receivedAt: at(2), connected: false, lastSeenAt: at(1) })
    .do({ type: 'connection', receivedAt: at(3), connected: true })
    .do({ type: 'clockAlarm', receivedAt: at(3), alarmId: 'ck_1', stepMs: 9000 })
    .do({ type: 'clockConfirmed', receivedAt: at(3), alarmId: 'ck_1', stepMs: 9000, by: 'staff-1' })
    .do({ type: 'message', receivedAt: at(3), by: 'staff-1', messageId: 'msg-1' })
    .do({ type: 'grant', receivedAt: at(4), extraMs: MIN, ...staff })
  send(s, saveOf('a1', 0, at(5)))
  s.do(submit(at(6)))
    .do({
      type: 'decideLateText',
      receivedAt: at(7),
      itemId: 'a1',
      mutationId: 'm-x',
      contentHash: 'h',
      decision: 'not_counted',
      by: 'staff-1',
      reasonId: 'note-1',
    })
    .do({ type: 'score', receivedAt: at(7), scoringHash: 'abc' })
    .do({ type: 'release', receivedAt: at(8), by: 'staff-2' })
  expect(replay(s.setup, s.events)).toEqual(s.state)
  expect(s.events.map((e) => AttemptEventSchema.parse(JSON.parse(JSON.stringify(e))))).toEqual(s.events)
  expect(s.state).toMatchObject({ locale: 'zh-CN', scoredAt: at(7), releasedAt: at(8) })
  expect(s.code({ type: 'release', receivedAt: at(9), by: 'staff-2' })).toBe('attempt.already_released')
})

test('start asks the gate', () => {
  const start: AttemptCommand = {
    type: 'start',
    receivedAt: T0,
    sessionId: 'p',
    locale: 'en',
    gate: { ...OPEN_GATE, attemptsUsed: 1 },
  }
  expect(new Story().code(start)).toBe('start.no_attempts_left')
  expect(Story.started().code({ ...start, gate: OPEN_GATE })).toBe('attempt.already_started')
  expect(Story.started().code({ type: 'score', receivedAt: T0, scoringHash: 'h' })).toBe('attempt.not_closed')
  expect(Story.started().code({ type: 'release', receivedAt: T0, by: 's' })).toBe('attempt.not_scored')
  expect(
    Story.started(setupWith({}, { switchLanguage: false })).code({
      type: 'switchLanguage',
      receivedAt: T0,
      epoch: 1,
      locale: 'zh-CN',
    }),
  ).toBe('attempt.language_fixed')
})
