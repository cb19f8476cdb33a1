/** Any interleaving, duplication, delay and loss ends as the ordered story does. */
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { runs, timeLimitMs } from '#tests/setup/properties.ts'
import { deadlineOf, deadlineUnderPause, personalLimitMs } from '../timing/deadline.ts'
import { decide, saveAnswers, type AttemptCommand } from './decide.ts'
import type { AttemptEvent } from './events.ts'
import { evolveAll, replay } from './evolve.ts'
import { MIN, OPEN_GATE, setupWith, T0 } from './fixture.ts'
import { ledgerOf } from './ledger.ts'
import { saveCommandOf, SaveRequestSchema } from './protocol.ts'
import type { SaveCommand, SaveDecision } from './save.ts'
import {
  answerHeadsOf,
  closedByClock,
  headDeadlineAt,
  headOf,
  planOf,
  readyAttempt,
  REPLIES_KEPT,
  type Attempt,
  type AttemptSetup,
} from './state.ts'

// Each property lets the worker take a turn between its runs: one that is silent for a minute is given up by vitest.
vi.setConfig({ testTimeout: timeLimitMs(300_000) })

const FREE_ITEMS = ['a1', 'a2', 'a3']
const ALL_ITEMS = [...FREE_ITEMS, 't1', 't2', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6']
const staff = { by: 'staff-1', reasonId: 'reason-1' }

class Server {
  state: Attempt
  events: AttemptEvent[] = []
  acknowledged: { itemId: string; revision: number; contentHash: string }[] = []
  constructor(setup: AttemptSetup) {
    this.state = readyAttempt(setup)
    this.run({ type: 'start', receivedAt: T0, sessionId: 'page-1', locale: 'en', gate: OPEN_GATE })
  }
  run(cmd: AttemptCommand): string {
    const decided = decide(this.state, cmd)
    if (!decided.ok) return decided.error.code
    this.append(decided.value)
    return 'ok'
  }
  save(cmd: SaveCommand): SaveDecision {
    const decision = saveAnswers(this.state, cmd)
    this.append(decision.events)
    decision.results.forEach((r, i) => {
      const contentHash = cmd.mutations[i]?.contentHash ?? ''
      if (r.result === 'accepted') this.acknowledged.push({ itemId: r.itemId, revision: r.revision, contentHash })
      if (r.result === 'duplicate' && r.first.result === 'accepted')
        this.acknowledged.push({ itemId: r.itemId, revision: r.first.revision, contentHash })
    })
    return decision
  }
  append(events: readonly AttemptEvent[]): void {
    this.events.push(...events)
    this.state = evolveAll(this.state, events)
  }
}

/* ---------- 1. a client that retries, on a network that loses, delays and doubles ---------- */

type Edit = { item: string; text: string; flagged: boolean }
const editsArb = fc.array(
  fc.record({ item: fc.constantFrom(...FREE_ITEMS), text: fc.string({ maxLength: 4 }), flagged: fc.boolean() }),
  { minLength: 1, maxLength: 12 },
)
/**
 * What the network does to one message: lost on the way there, lost on the way back, doubled, delayed by so many turns.
 */
const fateArb = fc.record({ lost: fc.boolean(), replyLost: fc.boolean(), doubled: fc.nat(2), delay: fc.nat(6) })

/** What others do meanwhile. Each arrives as often as the network doubles it. */
type Interlude = 'grant' | 'pause' | 'takeOver' | 'sweep' | 'section'
const interludesArb = fc.array(fc.constantFrom<Interlude>('grant', 'pause', 'takeOver', 'sweep', 'section'), {
  maxLength: 5,
})

function interlude(server: Server, kind: Interlude, receivedAt: number, requestId: string, copies: number): void {
  const { epoch } = server.state
  const commands: Record<Interlude, AttemptCommand[]> = {
    grant: [{ type: 'grant', receivedAt, extraMs: MIN, requestId, ...staff }],
    pause: [
      { type: 'pause', receivedAt, ...staff },
      { type: 'resume', receivedAt, by: 'staff-1' },
    ],
    takeOver: [{ type: 'takeOver', receivedAt, sessionId: requestId, fromEpoch: epoch, confirmed: true }],
    sweep: [{ type: 'sweep', receivedAt }],
    section: [{ type: 'enterSection', receivedAt, epoch, sectionId: 'free' }],
  }
  for (const cmd of commands[kind]) for (let copy = 0; copy <= copies; copy += 1) server.run(cmd)
}

/** The edits as they would go over a perfect wire, after all that others do. */
function orderedStory(edits: readonly Edit[], interludes: readonly Interlude[]): Server {
  const server = new Server(setupWith())
  interludes.forEach((kind, i) => interlude(server, kind, T0, `r${i}`, 0))
  const { epoch } = server.state
  const revisions = new Map<string, number>()
  edits.forEach((e, i) => {
    const base = revisions.get(e.item) ?? 0
    server.save({
      epoch,
      receivedAt: T0 + 1,
      mutations: [{ mutationId: `m${i}`, itemId: e.item, baseRevision: base, contentHash: e.text, flagged: e.flagged }],
    })
    revisions.set(e.item, base + 1)
  })
  server.run({ type: 'submit', receivedAt: T0 + 2, epoch })
  return server
}

/** The same edits by a client that has one mutation of an item under way and repeats it until it is answered. */
function chaoticStory(
  edits: readonly Edit[],
  interludes: readonly Interlude[],
  fates: readonly { lost: boolean; replyLost: boolean; doubled: number; delay: number }[],
): Server {
  const server = new Server(setupWith())
  const queues = new Map<string, { id: string; edit: Edit }[]>()
  edits.forEach((edit, i) => queues.set(edit.item, [...(queues.get(edit.item) ?? []), { id: `m${i}`, edit }]))
  const revisions = new Map<string, number>()
  const stragglers: { due: number; cmd: SaveCommand }[] = []
  const pending = interludes.map((kind, i) => ({ kind, id: `r${i}` }))
  let turn = 0
  const fate = () => {
    // after so many turns the network heals, as in the promise "saved once connected"
    turn += 1
    return turn > 200
      ? { lost: false, replyLost: false, doubled: 0, delay: 0 }
      : (fates[turn % fates.length] ?? fates[0])
  }
  while ([...queues.values()].some((q) => q.length > 0)) {
    for (const [item, queue] of queues) {
      const next = queue[0]
      if (!next) continue
      const f = fate()
      for (const s of stragglers.filter((x) => x.due === turn)) server.save({ ...s.cmd, receivedAt: T0 + turn })
      // the page that took over carries the draft on; only then it knows the new epoch
      const meanwhile = turn % 3 === 0 ? pending.shift() : undefined
      if (meanwhile) interlude(server, meanwhile.kind, T0 + turn, meanwhile.id, f?.doubled ?? 0)
      const base = revisions.get(item) ?? 0
      const cmd: SaveCommand = {
        epoch: server.state.epoch,
        receivedAt: T0 + turn,
        mutations: [
          {
            mutationId: next.id,
            itemId: item,
            baseRevision: base,
            contentHash: next.edit.text,
            flagged: next.edit.flagged,
          },
        ],
      }
      for (let copy = 0; copy < (f?.doubled ?? 0); copy += 1)
        stragglers.push({ due: turn + (f?.delay ?? 0) + copy, cmd })
      if (f?.lost) continue
      const reply = server.save(cmd).results[0]
      if (f?.replyLost) continue
      if (reply?.result === 'accepted') revisions.set(item, reply.revision)
      else if (reply?.result === 'duplicate' && reply.first.result === 'accepted')
        revisions.set(item, reply.first.revision)
      else throw new Error(`an honest client was answered ${reply?.result}`)
      queue.shift()
    }
  }
  for (const p of pending) interlude(server, p.kind, T0 + turn, p.id, 1)
  server.run({ type: 'submit', receivedAt: T0 + turn + 1, epoch: server.state.epoch })
  for (const s of stragglers) server.save({ ...s.cmd, receivedAt: T0 + turn + 2 })
  return server
}

const outcome = (s: Attempt) => ({
  status: s.status,
  reason: s.closingReason,
  epoch: s.epoch,
  section: s.section?.id,
  grantedMs: s.grants.reduce((sum, g) => sum + g.extraMs, 0),
  pauses: s.pauses.length,
  answers: Object.fromEntries(
    Object.entries(s.answers).map(([id, a]) => [
      id,
      { revision: a.revision, hash: a.contentHash, flagged: a.flagged, late: a.late },
    ]),
  ),
})

test('a network that loses, doubles and delays gives the same end as a perfect one', async () => {
  await fc.assert(
    fc.asyncProperty(
      editsArb,
      interludesArb,
      fc.array(fateArb, { minLength: 1, maxLength: 20 }),
      async (edits, interludes, fates) => {
        await turn()
        const chaotic = chaoticStory(edits, interludes, fates)
        expect(outcome(chaotic.state)).toEqual(outcome(orderedStory(edits, interludes).state))
        checkAcknowledged(chaotic)
        // only copies older than the remembered replies may reach staff as if they were new
        const tooOld = Object.values(chaotic.state.answers).reduce(
          (n, a) => n + Math.max(0, a.revision - REPLIES_KEPT.accepted),
          0,
        )
        expect(chaotic.state.quarantined).toBeLessThanOrEqual(tooOld)
      },
    ),
    { numRuns: runs(2000) },
  )
})

/* ---------- 2. anybody does anything, in any order ---------- */

type Step =
  | {
      do: 'save'
      mutations: { item: string; text: string; base: 'current' | number; reuse: number | null }[]
      epoch: 'current' | number
      final: boolean
      lag: number
    }
  | {
      do: 'command'
      type: string
      item: string
      section: string
      epoch: 'current' | number
      minutes: number
      flag: boolean
    }

const epochArb = fc.oneof(
  { weight: 4, arbitrary: fc.constant('current' as const) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
)
const saveStepArb = fc.record({
  do: fc.constant('save' as const),
  mutations: fc.array(
    fc.record({
      item: fc.constantFrom(...ALL_ITEMS, 'unknown'),
      text: fc.constantFrom('x', 'y', 'z', 'w'),
      base: fc.oneof({ weight: 3, arbitrary: fc.constant('current' as const) }, { weight: 1, arbitrary: fc.nat(4) }),
      /** Sends an earlier mutation again instead. */
      reuse: fc.option(fc.nat(20), { nil: null, freq: 3 }),
    }),
    { maxLength: 3 },
  ),
  epoch: epochArb,
  final: fc.boolean(),
  /** The message waited so long in our queue: it was received before others that are decided already. Milliseconds. */
  lag: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20_000) }),
})
const commandStepArb = fc.record({
  do: fc.constant('command' as const),
  type: fc.constantFrom(
    'takeOver',
    'flag',
    'enterSection',
    'leaveSection',
    'moveTo',
    'takeBreak',
    'endBreak',
    'submit',
    'grant',
    'pause',
    'resume',
    'staffClose',
    'sweep',
    'sweep',
    'score',
    'release',
    'connection',
  ),
  item: fc.constantFrom(...ALL_ITEMS),
  section: fc.constantFrom('free', 'timed', 'forward'),
  epoch: epochArb,
  minutes: fc.integer({ min: 1, max: 20 }),
  flag: fc.boolean(),
})
const stepArb: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: saveStepArb.map((s) => ({ ...s, final: s.final && s.lag % 7 === 1 })) },
  { weight: 2, arbitrary: commandStepArb },
)
/**
 * Time until the next step: so many milliseconds, or up to so many after the end of the attempt or of the section as it
 * is then.
 */
type Gap = { ms: number } | { afterDeadlineMs: number } | { afterSectionMs: number }
/** The very instant, often. */
const aroundArb = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -2000, max: 15_000 }) },
)
const gapArb: fc.Arbitrary<Gap> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ ms: fc.nat(2 * MIN) }) },
  { weight: 2, arbitrary: fc.record({ ms: fc.nat(5000) }) },
  { weight: 1, arbitrary: fc.record({ ms: fc.nat(40 * MIN) }) },
  { weight: 1, arbitrary: fc.record({ afterDeadlineMs: aroundArb }) },
  { weight: 1, arbitrary: fc.record({ afterSectionMs: aroundArb }) },
)
/** The sweep overtakes a save that waits in our queue. */
const raceArb = fc
  .tuple(saveStepArb, fc.nat(15_000), fc.boolean())
  .map(([save, lag, scored]): [Gap, Step][] => [
    [{ afterDeadlineMs: 10_001 }, sweepStep('sweep')],
    ...(scored ? [[{ ms: 0 }, sweepStep('score')] as [Gap, Step]] : []),
    [{ ms: 5 }, { ...save, epoch: 'current', final: false, lag }],
  ])
const sweepStep = (type: string): Extract<Step, { do: 'command' }> => ({
  do: 'command',
  type,
  item: 'a1',
  section: 'free',
  epoch: 'current',
  minutes: 1,
  flag: false,
})
/** A timed section, and whatever moves its end and that of the whole, often just when one of them comes. */
const clockStepArb = fc
  .record({
    type: fc.constantFrom(
      'takeBreak',
      'endBreak',
      'pause',
      'resume',
      'grant',
      'grant',
      'leaveSection',
      'takeOver',
      'sweep',
    ),
    minutes: fc.integer({ min: 1, max: 20 }),
  })
  .map(({ type, minutes }): Step => ({ ...sweepStep(type), section: 'timed', minutes, flag: true }))
const clockGapArb: fc.Arbitrary<Gap> = fc.oneof(
  fc.record({ afterSectionMs: aroundArb }),
  fc.record({ afterDeadlineMs: fc.constantFrom(-1, 0) }),
  fc.record({ ms: fc.nat(6 * MIN) }),
  fc.record({ ms: fc.constant(0) }),
)
const clocksArb = fc
  .array(fc.tuple(clockGapArb, clockStepArb), { minLength: 2, maxLength: 8 })
  .map((steps): [Gap, Step][] => [[{ ms: 0 }, { ...sweepStep('enterSection'), section: 'timed' }], ...steps])
const storyArb = fc
  .array(
    fc.oneof(
      { weight: 30, arbitrary: fc.tuple(gapArb, stepArb).map((s): [Gap, Step][] => [s]) },
      { weight: 1, arbitrary: raceArb },
      { weight: 2, arbitrary: clocksArb },
    ),
    { minLength: 5, maxLength: 35 },
  )
  .map((parts) => parts.flat())
const setupArb = fc
  .record({
    limit: fc.option(fc.constantFrom(10, 30, 60), { nil: null, freq: 8 }),
    factor: fc.constantFrom(1, 1.5),
    breaks: fc.constantFrom(0, 5),
    window: fc.option(fc.constantFrom(15, 45), { nil: null }),
    gates: fc.constantFrom('start' as const, 'end' as const),
  })
  .map((p) =>
    setupWith({
      timeLimitMs: p.limit === null ? null : p.limit * MIN,
      accommodation: { factor: p.factor, extraMs: 0, unlimited: false, breaks: { allowanceMs: p.breaks * MIN } },
      windowEndsAt: p.window === null ? null : T0 + p.window * MIN,
      windowGates: p.gates,
    }),
  )

type Sent = SaveCommand['mutations'][number]

function commandOf(step: Extract<Step, { do: 'command' }>, server: Server, now: number): AttemptCommand {
  const { state } = server
  const epoch = step.epoch === 'current' ? Math.max(1, state.epoch) : step.epoch
  return {
    type: step.type,
    receivedAt: now,
    epoch,
    fromEpoch: epoch,
    sessionId: 'page-x',
    confirmed: step.flag,
    itemId: step.item,
    flagged: step.flag,
    sectionId: step.section,
    extraMs: step.minutes * MIN,
    evenWithTimeLeft: step.flag && step.minutes > 18,
    connected: step.flag,
    lastSeenAt: now - 1,
    scoringHash: 'hash',
    ...staff,
  } as unknown as AttemptCommand
}

function instantAfter(gap: Gap, state: Attempt, now: number): number {
  if ('ms' in gap) return now + gap.ms
  const head = headOf(state)
  if ('afterDeadlineMs' in gap) return (headDeadlineAt(head, now) ?? now) + gap.afterDeadlineMs
  return (deadlineUnderPause(head.section?.deadlineAt ?? null, head.pause, now) ?? now) + gap.afterSectionMs
}

/** Runs a story and checks, at every step, what must never happen. */
function runStory(setup: AttemptSetup, steps: readonly [Gap, Step][]): { server: Server; now: number } {
  const server = new Server(setup)
  const sent: Sent[] = []
  let now = T0
  steps.forEach(([gap, step], index) => {
    const before = server.state
    now = Math.max(now, instantAfter(gap, before, now))
    if (step.do === 'save') {
      const mutations = step.mutations.map((m, i): Sent => {
        const old = m.reuse === null ? undefined : sent[m.reuse]
        const base = m.base === 'current' ? (before.answers[m.item]?.revision ?? 0) : m.base
        return old ?? { mutationId: `m${index}-${i}`, itemId: m.item, baseRevision: base, contentHash: m.text }
      })
      sent.push(...mutations)
      const cmd: SaveCommand = {
        epoch: step.epoch === 'current' ? Math.max(1, before.epoch) : step.epoch,
        receivedAt: Math.max(T0, now - step.lag),
        mutations,
        final: step.final,
      }
      const decision = server.save(cmd)
      // the rows that the slim path writes are the rows that the full story gives
      expect(decision.head).toEqual(headOf(server.state))
      expect(decision.answers).toEqual(
        answerHeadsOf(
          server.state,
          decision.answers.map((a) => a.itemId),
        ),
      )
      checkClosedIsClosed(before, server.state, cmd)
    } else {
      server.run(commandOf(step, server, now))
      if (before.status === 'closed')
        expect({ ...server.state, scoredAt: 0, releasedAt: 0, seq: 0 }).toEqual({
          ...before,
          scoredAt: 0,
          releasedAt: 0,
          seq: 0,
        })
    }
    checkAlways(before, server, now)
  })
  return { server, now }
}

function checkClosedIsClosed(before: Attempt, after: Attempt, cmd: SaveCommand): void {
  if (before.status !== 'closed') return
  const { quarantined: _q, seq: _s, answers: was, ...fixed } = before
  expect(after).toMatchObject(fixed)
  const deadline = headDeadlineAt(headOf(before), cmd.receivedAt)
  const open =
    closedByClock(before) &&
    before.scoredAt === null &&
    deadline !== null &&
    cmd.receivedAt <= deadline + before.setup.timing.latencyAllowanceMs
  if (open) return
  for (const [id, answer] of Object.entries(after.answers)) {
    expect({ revision: answer.revision, hash: answer.contentHash }).toEqual({
      revision: was[id]?.revision ?? 0,
      hash: was[id]?.contentHash ?? null,
    })
  }
}

function checkAlways(before: Attempt, server: Server, now: number): void {
  const { state } = server
  expect(state.epoch).toBeGreaterThanOrEqual(before.epoch)
  expect(state.seq).toBe(server.events.length)
  for (const [id, answer] of Object.entries(state.answers))
    expect(answer.revision).toBeGreaterThanOrEqual(before.answers[id]?.revision ?? 0)
  const plan = planOf(state)
  const deadline = deadlineOf(plan, state.grants, state.pauses, now)
  expect(headDeadlineAt(headOf(state), now)).toBe(deadline)
  if (state.finishedAt !== null && deadline !== null) expect(state.finishedAt).toBeLessThanOrEqual(deadline)
  // independent sum: own limit (or the window) plus grants plus at most the length of all pauses
  const own = personalLimitMs(plan)
  if (deadline !== null && own !== null) {
    const granted = state.grants.reduce((n, g) => n + g.extraMs, 0)
    const still = state.pauses.reduce((n, p) => n + Math.max(0, (p.until ?? now) - p.from), 0)
    expect(deadline).toBeLessThanOrEqual(T0 + own + granted + still)
  }
}

function checkAcknowledged(server: Server): void {
  const kept = new Map(
    server.events.flatMap((e) => (e.type === 'answer_saved' ? [[`${e.itemId} ${e.revision}`, e.contentHash]] : [])),
  )
  for (const ack of server.acknowledged) {
    const final = server.state.answers[ack.itemId]
    const stands =
      final !== undefined &&
      (final.revision > ack.revision || (final.revision === ack.revision && final.contentHash === ack.contentHash))
    if (!stands || kept.get(`${ack.itemId} ${ack.revision}`) !== ack.contentHash)
      throw new Error(`acknowledged and lost: ${JSON.stringify(ack)}`)
  }
}

/** What somebody does who has the ledger, a pencil and the rows' own figures. */
function checkLedger(server: Server, now: number): void {
  const { state } = server
  const { setup } = state
  const rows = ledgerOf(setup, server.events, now)
  const [start] = rows
  if (start?.kind !== 'started') throw new Error('the ledger has no start')
  let deadline = start.limitMs !== null && !start.cutShort ? start.at + start.limitMs : start.deadlineAt
  type Section = { id: string; deadline: number }
  let section: Section | null = null
  let visited = null as Section | null
  let pausedAt: number | null = null
  for (const row of rows) {
    if (row.kind === 'section_entered')
      visited = section = row.limitMs === null ? null : { id: row.sectionId, deadline: row.at + row.limitMs }
    if (row.kind === 'section_left' || row.kind === 'closed') section = null
    const extraMs = row.kind === 'granted' ? row.extraMs : row.kind === 'clock_confirmed' ? row.givenBackMs : 0
    if (deadline !== null) deadline += extraMs
    if (section) section.deadline += extraMs
    if (row.kind === 'paused') pausedAt = row.at
    if (row.kind === 'resumed') {
      if (pausedAt === null) throw new Error('resumed without a pause')
      expect(row.lengthMs).toBe(row.at - pausedAt)
      // time that stands still after the end of a clock gives it nothing back
      const counts = deadline === null || pausedAt < deadline
      expect(row.creditedMs).toBe(counts ? row.lengthMs : 0)
      if (deadline !== null) deadline += row.creditedMs
      if (section && pausedAt < section.deadline) section.deadline += row.lengthMs
      pausedAt = null
    }
    if (row.kind === 'section_time_up') {
      expect(row.at).toBe(section?.deadline)
      seen.sectionTimeUp += 1
    }
    if (row.kind === 'late_accepted') {
      // also after the closing, for a save that the sweep has overtaken
      expect(row.lateMs).toBe(
        Math.max(row.at - (deadline ?? Infinity), row.sectionId === visited?.id ? row.at - visited.deadline : 0),
      )
      seen.lateRow += 1
    }
    expect(row.deadlineAt).toBe(deadline)
    expect(row.sectionDeadlineAt).toBe(section ? Math.min(section.deadline, deadline ?? Infinity) : null)
  }
  // while a pause lasts the ledger says what would count if it ended at once
  expect(deadline).toBe(headDeadlineAt(headOf(state), pausedAt ?? now))
}

const seen = { closed: 0, lateAfterClosing: 0, quarantined: 0, takenOver: 0, sectionTimeUp: 0, lateRow: 0 }
describe('whatever anybody sends', () => {
  test('a closed attempt stays as it is, nothing acknowledged is missing, and the story rebuilds the state', async () => {
    await fc.assert(
      fc.asyncProperty(setupArb, storyArb, async (setup, steps) => {
        await turn()
        const { server, now } = runStory(setup, steps)
        checkAcknowledged(server)
        expect(replay(setup, server.events)).toEqual(server.state)
        checkLedger(server, now)
        const closedSeq = server.events.find((e) => e.type === 'closed')?.seq ?? Infinity
        seen.closed += closedSeq < Infinity ? 1 : 0
        seen.lateAfterClosing += server.events.some((e) => e.type === 'answer_saved' && e.seq > closedSeq) ? 1 : 0
        seen.quarantined += server.state.quarantined > 0 ? 1 : 0
        seen.takenOver += server.state.epoch > 1 ? 1 : 0
      }),
      { numRuns: runs(2500) },
    )
  })
  test('the stories above reached the corners they are about', () => {
    for (const [corner, count] of Object.entries(seen)) expect(count, corner).toBeGreaterThan(runs(5))
  })
})

test('nothing that a client says moves the deadline', async () => {
  const claimArb = fc.record({
    epoch: fc.integer({ min: 1, max: 9 }),
    base: fc.nat(5),
    time: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: undefined }),
    text: fc.string(),
    final: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(setupArb, fc.array(claimArb, { maxLength: 6 }), fc.nat(9 * MIN), async (setup, claims, after) => {
      await turn()
      const server = new Server(setup)
      const expected = headDeadlineAt(headOf(server.state), T0)
      claims.forEach((claim, i) => {
        const request = SaveRequestSchema.parse({
          attemptId: 'attempt-1',
          epoch: claim.epoch,
          final: claim.final,
          mutations: [
            {
              mutationId: `m${i}`,
              itemId: 'a1',
              baseRevision: claim.base,
              response: { kind: 'essay', text: claim.text.replaceAll('\u0000', '') },
              ...(claim.time === undefined ? {} : { clientSavedAtMs: claim.time }),
            },
          ],
        })
        server.save(saveCommandOf(request, T0 + after, () => ({ contentHash: 'h' })))
      })
      expect(headDeadlineAt(headOf(server.state), T0)).toBe(expected)
      if (server.state.finishedAt !== null)
        expect(server.state.finishedAt).toBe(Math.min(T0 + after, expected ?? Infinity))
    }),
    { numRuns: runs(2000) },
  )
})
