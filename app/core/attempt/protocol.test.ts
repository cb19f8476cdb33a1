import { describe, expect, test } from 'vitest'
import { canonicalJson } from '../shared/canonical-json.ts'
import { saveAnswers } from './decide.ts'
import { MIN, saveOf, Story, T0 } from './fixture.ts'
import {
  clockOf,
  conflictCodeOf,
  ErrorReplySchema,
  MAX_MUTATIONS,
  saveCommandOf,
  saveReplyOf,
  SaveReplySchema,
  SaveRequestSchema,
  StreamMessageSchema,
} from './protocol.ts'
import { receiptOf, receiptText } from './receipt.ts'
import { headOf } from './state.ts'

const at = (min: number, ms = 0) => T0 + min * MIN + ms
const request = {
  attemptId: 'attempt-1',
  epoch: 1,
  mutations: [
    {
      mutationId: 'm-1',
      itemId: 'a1',
      baseRevision: 0,
      response: { kind: 'true_false', value: true },
      clientSavedAtMs: 12,
    },
  ],
}

describe('requests', () => {
  test('a save parses, and the client’s time does not reach the command', () => {
    const cmd = saveCommandOf(SaveRequestSchema.parse(request), at(1), () => ({ contentHash: 'h' }))
    expect(cmd).toEqual({
      epoch: 1,
      receivedAt: at(1),
      final: false,
      mutations: [{ mutationId: 'm-1', itemId: 'a1', baseRevision: 0, contentHash: 'h' }],
    })
  })
  test.each([
    ['an unknown member', { ...request, receivedAt: 1 }],
    ['an unknown member of a mutation', { ...request, mutations: [{ ...request.mutations[0], late: false }] }],
    ['a negative base', { ...request, mutations: [{ ...request.mutations[0], baseRevision: -1 }] }],
    ['a sentence as id', { ...request, mutations: [{ ...request.mutations[0], mutationId: 'not an id' }] }],
    ['too many', { ...request, mutations: Array.from({ length: MAX_MUTATIONS + 1 }, () => request.mutations[0]) }],
  ])('%s is refused', (_, body) => expect(SaveRequestSchema.safeParse(body).success).toBe(false))
  test.each(['a\u0000', '\ud800', '很'.repeat(50_000)])(
    'a text that no item takes is of the protocol: its mutation is refused, not the batch',
    (text) => {
      expect(
        SaveRequestSchema.safeParse({
          ...request,
          mutations: [{ ...request.mutations[0], response: { kind: 'essay', text } }],
        }).success,
      ).toBe(true)
    },
  )
  test('an answer can be taken back', () => {
    expect(
      SaveRequestSchema.safeParse({ ...request, mutations: [{ ...request.mutations[0], response: null }] }).success,
    ).toBe(true)
  })
})

describe('replies', () => {
  const decide = (s: Story, cmd: ReturnType<typeof saveOf>) => {
    const decision = saveAnswers(s.state, cmd)
    s.take(decision.events)
    return decision
  }
  test('carry clock, results and receipt, and fit the protocol', () => {
    const s = Story.started()
    const decision = decide(s, saveOf('a1', 0, at(20), { mutationId: 'm-1', final: true }))
    const receipt = receiptOf(decision.head, [{ itemId: 'a1', revision: 1, contentHash: 'h' }], 'f00d')
    const reply = SaveReplySchema.parse(saveReplyOf(decision, at(20, 5), { receipt }))
    expect(reply).toMatchObject({
      serverTime: at(20, 5),
      deadlineAt: at(60),
      remainingMs: 0,
      status: 'closed',
      closing: { result: 'closed' },
      receipt: { reason: 'submitted', finishedAt: at(20), answers: 1, fingerprint: 'f00d' },
    })
  })
  test('give the stored answer with a conflict', () => {
    const s = Story.started()
    decide(s, saveOf('a1', 0, at(1)))
    const reply = saveReplyOf(decide(s, saveOf('a1', 0, at(2))), at(2), {
      stored: () => ({ kind: 'true_false', value: false }),
    })
    expect(SaveReplySchema.parse(reply).results[0]).toMatchObject({
      serverRevision: 1,
      serverResponse: { value: false },
    })
    expect(reply).toMatchObject({ remainingMs: 58 * MIN, status: 'in_progress', epoch: 1 })
  })
  test('status 409 is for a page that was taken over and for an attempt that is over', () => {
    const s = Story.started().do({
      type: 'takeOver',
      receivedAt: at(1),
      sessionId: 'p2',
      fromEpoch: 1,
      confirmed: true,
    })
    expect(conflictCodeOf(decide(s, saveOf('a1', 0, at(2))))).toBe('attempt.taken_over')
    const save = saveOf('a1', 0, at(2), { epoch: 2, final: true })
    expect(conflictCodeOf(decide(s, save))).toBeNull()
    expect(conflictCodeOf(decide(s, save))).toBeNull()
    expect(conflictCodeOf(decide(s, saveOf('a2', 0, at(3), { epoch: 2 })))).toBe('attempt.not_open')
  })
  test('a final flush that comes too late has still closed the attempt: no 409', () => {
    const decision = decide(Story.started(), saveOf('a1', 0, at(70), { final: true }))
    expect(decision.results[0]).toMatchObject({ result: 'quarantined', reason: 'late' })
    expect(conflictCodeOf(decision)).toBeNull()
    expect(saveReplyOf(decision, at(70))).toMatchObject({ status: 'closed', closing: { result: 'closed' } })
  })
  test('while paused the clock stands', () => {
    const s = Story.started().do({ type: 'pause', receivedAt: at(10), by: 'x', reasonId: 'r' })
    expect(clockOf(headOf(s.state), at(30))).toMatchObject({ paused: true, remainingMs: 50 * MIN, deadlineAt: at(80) })
    expect(StreamMessageSchema.safeParse({ type: 'paused', clock: clockOf(headOf(s.state), at(30)) }).success).toBe(
      true,
    )
  })
  test('errors bear a code and, when busy, when to come back', () => {
    expect(ErrorReplySchema.safeParse({ status: 503, code: 'server.busy', retryAfterMs: 2000 }).success).toBe(true)
    expect(ErrorReplySchema.safeParse({ status: 500, code: 'server.busy' }).success).toBe(false)
    expect(ErrorReplySchema.safeParse({ status: 409, code: 'You were late' }).success).toBe(false)
  })
})

describe('canonical texts', () => {
  test('do not depend on the order of keys or answers', () => {
    expect(canonicalJson({ b: [1, { d: undefined, c: '"' }], a: null })).toBe('{"a":null,"b":[1,{"c":"\\""}]}')
    const answers = [
      { itemId: 'b', revision: 2, contentHash: 'y' },
      { itemId: 'a', revision: 1, contentHash: 'x' },
    ]
    expect(receiptText('attempt-1', answers)).toBe('poise-receipt/1\nattempt-1\na 1 x\nb 2 y\n')
    expect(receiptText('attempt-1', [...answers].reverse())).toBe(receiptText('attempt-1', answers))
  })
  test('an open attempt has no receipt', () => {
    expect(receiptOf(headOf(Story.started().state), [], 'f')).toBeNull()
  })
})
