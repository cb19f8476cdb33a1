/**
 * Whatever candidates, staff and the sweep send, in whatever order, doubled, delayed or lost, the stored attempt is the
 * one that the ordered story makes: the log's calls one after another, each alone. Through the real services, on the
 * real store.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decide, saveAnswers as decideSaves, type AttemptCommand } from '#app/core/attempt/decide.ts'
import type { AttemptEvent } from '#app/core/attempt/events.ts'
import { evolveAll, replay } from '#app/core/attempt/evolve.ts'
import { clockOf, conflictCodeOf, saveReplyOf, SaveReplySchema, type SaveRequest } from '#app/core/attempt/protocol.ts'
import { receiptOf, receiptText, type Receipt } from '#app/core/attempt/receipt.ts'
import { headOf, REPLIES_KEPT, type Attempt, type AttemptSetup } from '#app/core/attempt/state.ts'
import type { Response } from '#app/core/bank/response.ts'
import { canonicalJson } from '#app/core/shared/canonical-json.ts'
import { deadlineOf, type Grant, type Pause } from '#app/core/timing/deadline.ts'
import {
  actOnAttempt,
  noteDisconnects,
  staffAct,
  submitAttempt,
  sweepAttempts,
  takeOverAttempt,
  type HolderAct,
  type StaffAct,
} from '#app/services/attempt/acts.server.ts'
import { heartbeat, saveAnswers } from '#app/services/attempt/saves.server.ts'
import { scoreAttempt } from '#app/services/results/scoring.server.ts'
import type * as attempts from '#db/repositories/attempts.server.ts'
import type { Store } from '#db/store.server.ts'
import {
  attemptWorld,
  comparable,
  eventsAfter,
  formOf,
  MINUTE,
  OrderedStory,
  sha256,
  startOnForm,
  type Call,
  type Candidate,
  type Form,
  type World,
} from '#tests/setup/attempt-world.ts'
import { runs, timeLimitMs } from '#tests/setup/properties.ts'
import { pgliteTestStore, sqliteTestStore } from '#tests/setup/test-store.ts'

const RUNS_SQLITE = runs(2000)
const RUNS_PG = runs(100)
const ALLOWANCE = 10_000

// ---- What may happen ----

const ITEM_IDS = [
  'fr-choice',
  'fr-short',
  'ti-number',
  'ti-several',
  'fw-true',
  'fw-order',
  'fw-false',
  'fw-cloze',
] as const
type ItemId = (typeof ITEM_IDS)[number]
/** Three answers, one taken back (3), and one that does not fit the item (4). */
const RESPONSES: Record<ItemId, readonly (Response | null)[]> = {
  'fr-choice': [
    ...['a', 'b', 'c'].map((optionId): Response => ({ kind: 'single_choice', optionId })),
    null,
    { kind: 'single_choice', optionId: 'z' },
  ],
  'fr-short': [
    ...['您好', 'hello 👋🏽', ''].map((text): Response => ({ kind: 'short_text', text })),
    null,
    { kind: 'short_text', text: '很'.repeat(21) },
  ],
  'ti-number': [
    ...['41', '42', '四十二'].map((text): Response => ({ kind: 'numeric', text })),
    null,
    { kind: 'essay', text: 'x' },
  ],
  'ti-several': [
    ...[['a'], ['a', 'c'], []].map((optionIds): Response => ({ kind: 'multiple_choice', optionIds })),
    null,
    { kind: 'multiple_choice', optionIds: ['a', 'a'] },
  ],
  'fw-true': [
    { kind: 'true_false', value: true },
    { kind: 'true_false', value: false },
    { kind: 'true_false', value: true },
    null,
    { kind: 'numeric', text: '1' },
  ],
  'fw-false': [
    { kind: 'true_false', value: true },
    { kind: 'true_false', value: false },
    { kind: 'true_false', value: true },
    null,
    { kind: 'numeric', text: '1' },
  ],
  'fw-order': [
    ...[['e1'], ['e2', 'e1'], ['e1', 'e2', 'e3']].map((order): Response => ({ kind: 'ordering', order })),
    null,
    { kind: 'ordering', order: ['e9'] },
  ],
  'fw-cloze': [
    ...['七', 'seven', ''].map((days): Response => ({ kind: 'cloze', gaps: { days } })),
    null,
    { kind: 'cloze', gaps: { weeks: '1' } },
  ],
}
const MISFIT = 4
const MISFIT_CODES: Record<ItemId, string> = {
  'fr-choice': 'response.unknown_option',
  'fr-short': 'response.too_long',
  'ti-number': 'response.kind_mismatch',
  'ti-several': 'response.duplicate_option',
  'fw-true': 'response.kind_mismatch',
  'fw-false': 'response.kind_mismatch',
  'fw-order': 'response.unknown_option',
  'fw-cloze': 'response.unknown_option',
}

type Epoch = 'current' | number
type Change = {
  item: ItemId | 'nowhere'
  answer: number
  base: 'known' | 'stored' | number
  flagged: boolean | undefined
  again: number | null
  otherText: boolean
}
type Act =
  | { do: 'save'; changes: Change[]; epoch: Epoch; final: boolean; replyLost: boolean; copies: number }
  | { do: 'takeOver'; from: Epoch }
  | { do: 'holder'; epoch: Epoch; act: HolderAct }
  | { do: 'submit'; epoch: Epoch }
  | { do: 'staff'; act: StaffAct }
  | { do: 'sweep' | 'score' | 'heartbeat' | 'disconnects' }
/** `lag`: so long it waited before it was looked at. `turns`: turns of the event loop before it is called. */
type Step = { act: Act; lag: number; turns: number }
type Gap = { ms: number } | { afterDeadlineMs: number }
type Chunk = { gap: Gap; steps: Step[] }
type Terms = { limit: number | null; factor: number; breaks: number; window: number | null; gates: 'start' | 'end' }
type Story = { terms: Terms; opening: 'timed' | 'forward' | null; chunks: Chunk[] }

const epochArb: fc.Arbitrary<Epoch> = fc.oneof(
  { weight: 9, arbitrary: fc.constant('current' as const) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
)
const sectionArb = fc.constantFrom('timed', 'forward', 'free', 'nowhere')
const itemArb = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...ITEM_IDS) },
  { weight: 20, arbitrary: fc.constantFrom<ItemId>('fr-choice', 'fr-short') },
  { weight: 1, arbitrary: fc.constant('nowhere' as const) },
)
const changeArb: fc.Arbitrary<Change> = fc.record({
  item: itemArb,
  answer: fc.oneof(
    { weight: 8, arbitrary: fc.nat(2) },
    { weight: 2, arbitrary: fc.constant(3) },
    { weight: 1, arbitrary: fc.constant(MISFIT) },
  ),
  base: fc.oneof(
    { weight: 4, arbitrary: fc.constant('known' as const) },
    { weight: 4, arbitrary: fc.constant('stored' as const) },
    { weight: 1, arbitrary: fc.nat(3) },
  ),
  flagged: fc.constantFrom(undefined, true, false),
  again: fc.option(fc.nat(12), { nil: null, freq: 3 }),
  otherText: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
})
const often = fc.integer({ min: 0, max: 11 })
const saveArb: fc.Arbitrary<Act> = fc.record({
  do: fc.constant('save' as const),
  changes: fc.array(changeArb, { minLength: 0, maxLength: 3 }),
  epoch: epochArb,
  final: often.map((n) => n === 0),
  replyLost: often.map((n) => n < 3),
  copies: often.map((n) => (n < 3 ? n : 0)),
})
const holderArb: fc.Arbitrary<Act> = fc.record({
  do: fc.constant('holder' as const),
  epoch: epochArb,
  act: fc.oneof(
    { weight: 6, arbitrary: sectionArb.map((sectionId): HolderAct => ({ type: 'enterSection', sectionId })) },
    { weight: 2, arbitrary: sectionArb.map((sectionId): HolderAct => ({ type: 'leaveSection', sectionId })) },
    {
      weight: 3,
      arbitrary: fc
        .constantFrom('fw-true', 'fw-order', 'fw-false', 'fw-cloze', 'ti-number', 'nowhere')
        .map((itemId): HolderAct => ({ type: 'moveTo', itemId })),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('flag' as const), itemId: itemArb, flagged: fc.boolean() }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<HolderAct>(
        { type: 'switchLanguage', locale: 'zh-CN' },
        { type: 'switchLanguage', locale: 'en' },
      ),
    },
    { weight: 2, arbitrary: fc.constantFrom<HolderAct>({ type: 'takeBreak' }, { type: 'endBreak' }) },
  ),
})
const staffArb: fc.Arbitrary<Act> = fc.record({
  do: fc.constant('staff' as const),
  act: fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .record({ minutes: fc.integer({ min: 1, max: 20 }), request: fc.nat(3) })
        .map(({ minutes, request }): StaffAct => ({
          type: 'grant',
          extraMs: minutes * MINUTE,
          reason: 'noise',
          ...(request > 0 ? { requestId: `rq-${request}` } : {}),
        })),
    },
    { weight: 3, arbitrary: fc.constant<StaffAct>({ type: 'pause', reason: 'alarm' }) },
    { weight: 3, arbitrary: fc.constant<StaffAct>({ type: 'resume' }) },
    { weight: 1, arbitrary: fc.constant<StaffAct>({ type: 'message', text: 'five minutes 五分钟' }) },
    {
      weight: 1,
      arbitrary: often.map((n): StaffAct => ({ type: 'close', reason: 'left', evenWithTimeLeft: n === 0 })),
    },
  ),
})
const actArb: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: saveArb },
  { weight: 5, arbitrary: holderArb },
  { weight: 3, arbitrary: staffArb },
  { weight: 2, arbitrary: epochArb.map((from): Act => ({ do: 'takeOver', from })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Act>(
      { do: 'sweep' },
      { do: 'sweep' },
      { do: 'score' },
      { do: 'heartbeat' },
      { do: 'disconnects' },
    ),
  },
  {
    weight: 1,
    arbitrary: often.chain((n) => (n < 3 ? epochArb.map((epoch): Act => ({ do: 'submit', epoch })) : saveArb)),
  },
)
const stepArb: fc.Arbitrary<Step> = fc.record({
  act: actArb,
  lag: fc.oneof({ weight: 3, arbitrary: fc.nat(30) }, { weight: 1, arbitrary: fc.nat(15_000) }),
  turns: fc.nat(3),
})
const gapArb: fc.Arbitrary<Gap> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ ms: fc.nat(2 * MINUTE) }) },
  { weight: 2, arbitrary: fc.record({ ms: fc.nat(5_000) }) },
  { weight: 1, arbitrary: fc.record({ ms: fc.nat(25 * MINUTE) }) },
  { weight: 2, arbitrary: fc.record({ afterDeadlineMs: fc.integer({ min: -3_000, max: 16_000 }) }) },
)
const chunkArb: fc.Arbitrary<Chunk> = fc.record({
  gap: gapArb,
  steps: fc.array(stepArb, { minLength: 1, maxLength: 5 }),
})
/** A save waits in our queue while the sweep, and perhaps the scoring, overtakes it. */
const overtakenArb: fc.Arbitrary<Chunk> = fc
  .tuple(saveArb, fc.nat(12_000), fc.boolean(), fc.nat(3))
  .map(([save, lag, scored, turns]) => ({
    gap: { afterDeadlineMs: ALLOWANCE + 500 },
    steps: [
      { act: { do: 'sweep' }, lag: 0, turns: 0 },
      ...(scored ? [{ act: { do: 'score' } as const, lag: 0, turns: 2 }] : []),
      { act: save.do === 'save' ? { ...save, final: false, epoch: 'current' } : save, lag, turns },
    ],
  }))
const termsArb: fc.Arbitrary<Terms> = fc.record({
  limit: fc.option(fc.constantFrom(10, 30), { nil: null, freq: 9 }),
  factor: fc.constantFrom(1, 1.5),
  breaks: fc.constantFrom(0, 5),
  window: fc.option(fc.constantFrom(15, 45), { nil: null }),
  gates: fc.constantFrom('start' as const, 'end' as const),
})
const storyArb: fc.Arbitrary<Story> = fc.record({
  terms: termsArb,
  /** Where the candidate goes first; else they stay among the items that are open to all. */
  opening: fc.constantFrom(null, 'timed' as const, 'forward' as const),
  chunks: fc
    .tuple(
      fc.array(chunkArb, { minLength: 2, maxLength: 5 }),
      fc.option(overtakenArb, { nil: null, freq: 3 }),
      fc.array(chunkArb, { maxLength: 1 }),
    )
    .map(([before, overtaken, after]) => [...before, ...(overtaken ? [overtaken] : []), ...after]),
})

// ---- Carrying it out ----

type Ran = Call & {
  check: (before: Attempt, events: readonly AttemptEvent[]) => void
  idle: ((state: Attempt) => boolean) | null
}
type Sent = SaveRequest['mutations'][number]
type Reply = Extract<Awaited<ReturnType<typeof saveAnswers>>, { ok: true }>['value']

const seen = {
  closed: 0,
  submitted: 0,
  time_up: 0,
  window_closed: 0,
  staff_closed: 0,
  lateAfterClosing: 0,
  late: 0,
  quarantined: 0,
  takenOver: 0,
  conflict: 0,
  duplicate: 0,
  refused: 0,
  paused: 0,
  scored: 0,
  movedOn: 0,
  together: 0,
}
const responseByHash = new Map<string, Response | null>(
  Object.values(RESPONSES)
    .flat()
    .map((r) => [sha256(canonicalJson(r)), r]),
)
const hashOf = (response: Response | null): string => sha256(canonicalJson(response))
const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b)

/** The receipt, from the state alone. An answer that was taken back is none. */
function receiptOn(state: Attempt): Receipt | null {
  const lines = Object.entries(state.answers).flatMap(([itemId, a]) =>
    a.contentHash !== null && a.contentHash !== hashOf(null)
      ? [{ itemId, revision: a.revision, contentHash: a.contentHash }]
      : [],
  )
  const { attemptId } = state.setup
  return receiptOf(
    { attemptId, closingReason: state.closingReason, finishedAt: state.finishedAt },
    lines,
    sha256(receiptText(attemptId, lines)),
  )
}

class Teller {
  readonly #story: OrderedStory<Ran>
  readonly #sent: Sent[] = []
  readonly #known = new Map<string, number>()
  readonly #acknowledged: { mutationId: string; itemId: string; revision: number; hash: string; late: boolean }[] = []
  readonly #used = new Set<number>()
  readonly #startedAt: number
  #serial = 0
  #now = 0
  constructor(
    readonly world: World,
    readonly candidate: Candidate,
    readonly setup: AttemptSetup,
    readonly concurrent: boolean,
  ) {
    this.#story = new OrderedStory<Ran>(setup)
    this.#startedAt = world.clock.now()
    this.#used.add(this.#startedAt)
  }
  get #id(): string {
    return this.setup.attemptId
  }

  /** Begins the attempt as startAttempt does once the form is drawn. */
  async begin(form: Form, ordinal: number): Promise<void> {
    const start = {
      type: 'start',
      sessionId: this.candidate.actor.sessionId,
      locale: 'en',
      receivedAt: this.#startedAt,
      gate: { window: { from: null, until: null }, attemptsUsed: 0, max: 1, lastFinishedAt: null, cooldownMs: 0 },
    } as const
    const events: AttemptEvent[] = [
      { type: 'started', seq: 1, at: this.#startedAt, epoch: 1, sessionId: start.sessionId, locale: 'en' },
    ]
    await startOnForm(this.world.deps.store, form, this.setup, ordinal, events)
    this.#story.follow(events, [{ at: this.#startedAt, command: start, check: () => {}, idle: null }])
  }

  async chunk({ gap, steps }: Chunk): Promise<void> {
    const { clock, deps } = this.world
    const deadline = clockOf(headOf(this.#story.state), clock.now()).deadlineAt
    const target =
      'ms' in gap
        ? clock.now() + gap.ms
        : Math.min(deadline ?? clock.now(), clock.now() + 3 * 60 * MINUTE) + gap.afterDeadlineMs
    // Room for as many instants as calls, all before now: each call is received at an instant of its own.
    this.#now = clock.to(Math.max(clock.now() + 40, target))
    this.#story.mark()
    const copies = (act: Act): number => (act.do === 'save' ? act.copies : 0)
    const runs = steps.flatMap((step) => {
      const prepared = this.#prepare(step.act)
      if (!prepared) return []
      return Array.from({ length: 1 + copies(step.act) }, (_, copy) => ({
        at: this.#instant(step.lag + 7 * copy, step.act.do === 'score'),
        turns: step.turns + copy,
        prepared,
      }))
    })
    if (runs.length > 1) seen.together += 1
    const carryOut = async ({ at, turns, prepared }: (typeof runs)[number]): Promise<Ran> => {
      for (let i = 0; i < turns; i += 1) await new Promise((resolve) => setImmediate(resolve))
      return prepared(at)
    }
    const ran: Ran[] = []
    if (this.concurrent) ran.push(...(await Promise.all(runs.map(carryOut))))
    else for (const run of runs) ran.push(await carryOut(run))

    const events = await eventsAfter(deps.store, this.#id, this.#story.state.seq)
    const placed = this.#story.follow(events, ran)
    for (const { call, before, events: own } of placed) call.check(before, own)
    const active = new Set(placed.map(({ call }) => call))
    for (const call of ran) {
      if (active.has(call) || !call.idle) continue
      if (!this.#story.couldBeIdle(call, call.idle))
        throw new Error(`no state of that moment explains the outcome of ${canonicalJson(call.command)}`)
    }
  }

  #instant(lag: number, isScore: boolean): number {
    if (isScore) return this.#now
    let at = Math.max(this.#startedAt + 1, this.#now - 1 - lag)
    while (this.#used.has(at) && at > this.#startedAt) at -= 1
    if (at <= this.#startedAt) for (at = this.#startedAt + 1; this.#used.has(at); at += 1);
    if (at >= this.#now) throw new Error('no instant left')
    this.#used.add(at)
    return at
  }

  #epoch(epoch: Epoch): number {
    return epoch === 'current' ? Math.max(1, this.#story.state.epoch) : epoch
  }

  /** Fixes what is sent, before anything of this moment has happened; null where there is nothing to do. */
  #prepare(act: Act): ((at: number) => Promise<Ran>) | null {
    const { deps, staff } = this.world
    const { actor } = this.candidate
    const id = this.#id
    switch (act.do) {
      case 'save':
        return this.#prepareSave(act)
      case 'takeOver': {
        const fromEpoch = this.#epoch(act.from)
        const sessionId = `device-${(this.#serial += 1)}`
        return (at) =>
          this.#plain(
            { type: 'takeOver', sessionId, fromEpoch, confirmed: true, receivedAt: at },
            takeOverAttempt(deps, { ...actor, sessionId }, id, fromEpoch, at),
          )
      }
      case 'holder': {
        const epoch = this.#epoch(act.epoch)
        const by = act.act.type === 'takeBreak' || act.act.type === 'endBreak' ? { by: actor.personId } : {}
        return (at) =>
          this.#plain(
            { ...act.act, ...by, epoch, receivedAt: at } as AttemptCommand,
            actOnAttempt(deps, actor, id, epoch, act.act, at),
          )
      }
      case 'submit': {
        const epoch = this.#epoch(act.epoch)
        return async (at) => {
          const result = await submitAttempt(deps, actor, id, epoch, at)
          const ran = await this.#plain({ type: 'submit', epoch, receivedAt: at }, Promise.resolve(result))
          const plainIdle = ran.idle
          return {
            ...ran,
            idle: (state) => (plainIdle?.(state) ?? true) && (!result.ok || same(result.value, receiptOn(state))),
          }
        }
      }
      case 'staff':
        return (at) => this.#plain(staffCommand(staff.personId, act.act, at), staffAct(deps, staff, id, act.act, at))
      case 'sweep':
        return async (at) => {
          await sweepAttempts(deps, at)
          return { at, command: { type: 'sweep', receivedAt: at }, check: () => {}, idle: () => true }
        }
      case 'score':
        return async (at) => {
          await scoreAttempt(deps, id)
          return { at, command: { type: 'score', scoringHash: '', receivedAt: at }, check: () => {}, idle: null }
        }
      case 'heartbeat': {
        const epoch = this.#epoch('current')
        return async (at) => {
          const beat = await heartbeat(deps, actor, { attemptId: id, epoch }, at)
          const explains = (state: Attempt) =>
            beat.ok && same(beat.value, { reply: clockOf(headOf(state), this.#now), takenOver: state.epoch !== epoch })
          const check = () => {
            if (!this.#story.states.some(explains))
              throw new Error(`no state of that moment explains the heartbeat ${canonicalJson(beat)}`)
          }
          return { at, command: { type: 'connection', connected: true, receivedAt: at }, check, idle: null }
        }
      }
      case 'disconnects':
        return async (at) => {
          await noteDisconnects(deps, at)
          return {
            at,
            command: { type: 'connection', connected: false, lastSeenAt: at, receivedAt: at },
            check: () => {},
            idle: null,
          }
        }
    }
  }

  /** A call whose outcome is a Result: refused where the ordered story refuses, with the same code. */
  async #plain(
    command: AttemptCommand,
    calling: Promise<{ ok: true } | { ok: false; error: { code: string } }>,
  ): Promise<Ran> {
    const result = await calling
    return {
      at: command.type === 'saveAnswers' ? 0 : command.receivedAt,
      command,
      check: () => expect(result.ok).toBe(true),
      idle: (state) => {
        const decided = decide(state, command)
        return decided.ok ? result.ok : !result.ok && decided.error.code === result.error.code
      },
    }
  }

  #prepareSave(act: Extract<Act, { do: 'save' }>): (at: number) => Promise<Ran> {
    const epoch = this.#epoch(act.epoch)
    const misfits = new Set<Sent>()
    const mutations = act.changes.map((change): Sent => {
      const earlier = change.again === null ? undefined : this.#sent[change.again]
      const { item } = change
      const response = item === 'nowhere' ? null : (RESPONSES[item][change.answer] ?? null)
      if (earlier && !change.otherText) return earlier
      // The same name for another text: a fault of the client that must not acknowledge a text that was never stored.
      const other =
        earlier && earlier.itemId in RESPONSES ? RESPONSES[earlier.itemId as ItemId][change.answer % MISFIT] : undefined
      if (earlier && other !== undefined) return { ...earlier, response: other }
      const stored = this.#story.state.answers[item]?.revision ?? 0
      const baseRevision =
        change.base === 'stored' ? stored : change.base === 'known' ? (this.#known.get(item) ?? 0) : change.base
      return {
        mutationId: `m-${(this.#serial += 1)}`,
        itemId: item,
        baseRevision,
        response,
        ...(change.flagged === undefined ? {} : { flagged: change.flagged }),
        // Nonsense about time, which must change nothing.
        clientSavedAtMs: (this.#now + this.#serial * 86_400_000) * (this.#serial % 2 ? 1 : -1),
      }
    })
    this.#sent.push(...mutations.filter((m) => !this.#sent.includes(m)))
    for (const m of mutations)
      if (m.itemId in RESPONSES && same(m.response, RESPONSES[m.itemId as ItemId][MISFIT])) misfits.add(m)
    return async (at) => {
      const command: AttemptCommand = {
        type: 'saveAnswers',
        epoch,
        receivedAt: at,
        final: act.final,
        mutations: mutations.map((m) => ({
          mutationId: m.mutationId,
          itemId: m.itemId,
          baseRevision: m.baseRevision,
          ...(m.response === null ? { empty: true } : {}),
          contentHash: hashOf(m.response),
          ...(m.flagged === undefined ? {} : { flagged: m.flagged }),
          ...(misfits.has(m) ? { invalid: MISFIT_CODES[m.itemId as ItemId] } : {}),
        })),
      }
      const saved = await saveAnswers(
        this.world.deps,
        this.candidate.actor,
        { attemptId: this.#id, epoch, mutations, ...(act.final ? { final: true } : {}) },
        at,
      )
      if (!saved.ok) throw new Error(saved.error.code)
      this.#hear(saved.value, mutations, act.replyLost)
      const explains = (state: Attempt): boolean => {
        const decision = decideSaves(state, command)
        const after = decision.events.length > 0 ? evolveAll(state, decision.events) : state
        const receipt = decision.closing?.ok ? receiptOn(after) : null
        const stored = (itemId: string): Response | null =>
          responseByHash.get(after.answers[itemId]?.contentHash ?? '') ?? null
        return same(saved.value, {
          reply: saveReplyOf(decision, this.#now, { receipt, stored }),
          conflict: conflictCodeOf(decision),
        })
      }
      const check = (before: Attempt) => {
        if (!explains(before))
          throw new Error(
            `reply ${canonicalJson(saved.value)}\nordered ${canonicalJson(saveReplyOf(decideSaves(before, command), this.#now, {}))}`,
          )
      }
      return { at, command, check, idle: explains }
    }
  }

  /** What the client learns from a reply that reaches it; what the server promised in any case. */
  #hear({ reply }: Reply, mutations: readonly Sent[], lost: boolean): void {
    expect(SaveReplySchema.safeParse(reply).success).toBe(true)
    reply.results.forEach((r, i) => {
      const sent = mutations[i]
      if (!sent) throw new Error('more results than mutations')
      const first =
        r.result === 'accepted' ? r : r.result === 'duplicate' && r.first.result === 'accepted' ? r.first : null
      if (r.result === 'conflict' || r.result === 'duplicate' || r.result === 'refused') seen[r.result] += 1
      if (!first) return
      this.#acknowledged.push({
        mutationId: sent.mutationId,
        itemId: sent.itemId,
        revision: first.revision,
        hash: hashOf(sent.response),
        late: first.late,
      })
      if (!lost) this.#known.set(sent.itemId, Math.max(this.#known.get(sent.itemId) ?? 0, first.revision))
    })
  }

  /** Ends the story, sends everything once more, and compares what is stored with what was told. */
  async end(): Promise<void> {
    const repeats = this.#sent.map((_, i): Change => ({
      item: 'fr-choice',
      answer: 0,
      base: 'known',
      flagged: undefined,
      again: i,
      otherText: false,
    }))
    await this.chunk({
      gap: { ms: 1_000 },
      steps: [
        { act: { do: 'staff', act: { type: 'close', reason: 'end', evenWithTimeLeft: true } }, lag: 0, turns: 0 },
      ],
    })
    await this.chunk({
      gap: { ms: 20 * MINUTE },
      steps: [
        {
          act: {
            do: 'save',
            changes: repeats.slice(0, 100),
            epoch: 'current',
            final: true,
            replyLost: false,
            copies: 1,
          },
          lag: 0,
          turns: 0,
        },
      ],
    })
    const stored = await this.world.stored(this.#id)
    checkStored(stored, this.#story.state)
    checkLog(stored.events, this.setup, this.#acknowledged, stored.row)
    count(stored.events)
  }
}

function staffCommand(by: string, act: StaffAct, receivedAt: number): AttemptCommand {
  const reasonId = 'named-by-the-log'
  switch (act.type) {
    case 'grant':
      return {
        type: 'grant',
        extraMs: act.extraMs,
        by,
        reasonId,
        receivedAt,
        ...(act.requestId ? { requestId: act.requestId } : {}),
      }
    case 'pause':
      return { type: 'pause', by, reasonId, receivedAt }
    case 'resume':
      return { type: 'resume', by, receivedAt }
    case 'message':
      return { type: 'message', messageId: reasonId, by, receivedAt }
    case 'close':
      return { type: 'staffClose', evenWithTimeLeft: act.evenWithTimeLeft, by, reasonId, receivedAt }
  }
}

// ---- What must be true of what is stored ----

type StoredAttempt = Awaited<ReturnType<World['stored']>>

function checkStored({ row, attempt, answers, events, quarantined }: StoredAttempt, told: Attempt): void {
  const rebuilt = replay(row.setup, events)
  expect(comparable(rebuilt)).toEqual(comparable(told))
  expect(comparable(attempt)).toEqual(comparable(rebuilt))
  expect({ ...row.head, seq: row.seq }).toEqual(headOf(rebuilt))
  const instants = [row.startedAt, row.finishedAt, row.submittedAt, row.scoredAt].map((at) => at?.getTime() ?? null)
  expect([row.status, row.closingReason, row.sessionId, row.sweepAt, ...instants]).toEqual([
    rebuilt.status,
    rebuilt.closingReason,
    rebuilt.sessionId,
    null,
    rebuilt.startedAt,
    rebuilt.finishedAt,
    rebuilt.submittedAt,
    rebuilt.scoredAt,
  ])
  for (const answer of answers) {
    const last = events.findLast((e) => e.type === 'answer_saved' && e.itemId === answer.itemId)
    expect(answer.revision).toBe(events.filter((e) => e.type === 'answer_saved' && e.itemId === answer.itemId).length)
    if (last?.type !== 'answer_saved') continue
    expect([answer.contentHash, answer.late, answer.receivedAt?.getTime()]).toEqual([
      last.contentHash,
      last.late,
      last.receivedAt,
    ])
    expect(hashOf(answer.response)).toBe(last.contentHash)
  }
  const kept = new Map(quarantined.map((q) => [`${q.itemId} ${q.mutationId} ${q.contentHash}`, q]))
  for (const event of events) {
    if (event.type !== 'answer_quarantined') continue
    // An answer taken back has no text to keep, and neither has a text that some version of the answer had.
    const same = events.some(
      (e) =>
        e.type === 'answer_saved' &&
        e.itemId === event.itemId &&
        e.contentHash === event.contentHash &&
        e.seq < event.seq,
    )
    expect(event.hasText).toBe(event.contentHash !== hashOf(null) && !same)
    if (!event.hasText) continue
    const text = kept.get(`${event.itemId} ${event.mutationId} ${event.contentHash}`)
    expect(text && [text.itemId, text.contentHash, hashOf(text.response)]).toEqual([
      event.itemId,
      event.contentHash,
      event.contentHash,
    ])
  }
}

function checkLog(
  events: readonly AttemptEvent[],
  setup: AttemptSetup,
  acknowledged: readonly { mutationId: string; itemId: string; revision: number; hash: string; late: boolean }[],
  row: attempts.AttemptRow,
): void {
  expect(events.map((e) => e.seq)).toEqual(events.map((_, i) => i + 1))
  const saves = events.filter((e) => e.type === 'answer_saved')
  for (const ack of acknowledged) {
    const own = saves.filter((e) => e.mutationId === ack.mutationId && e.itemId === ack.itemId)
    expect(own.map((e) => [e.revision, e.contentHash, e.late])).toEqual([[ack.revision, ack.hash, ack.late]])
  }
  // Nothing is stored twice, not even by a client that repeats itself for ever.
  const names = saves.map((e) => `${e.itemId} ${e.mutationId}`)
  expect(new Set(names).size).toBe(names.length)
  expect(saves.length).toBeLessThanOrEqual(names.length + REPLIES_KEPT.accepted)

  // The deadline, from the server's own instants alone.
  const started = events.find((e) => e.type === 'started')
  const closed = events.find((e) => e.type === 'closed')
  if (!started || !closed) throw new Error('the story has no end')
  const resumedBefore = (seq: number): number => events.filter((e) => e.type === 'resumed' && e.seq < seq).length
  const grants = events.flatMap((e): Grant[] =>
    e.type === 'time_granted'
      ? [{ at: e.at, extraMs: e.extraMs, by: e.by, reasonId: e.reasonId, afterPauses: resumedBefore(e.seq) }]
      : [],
  )
  const pauses = events.flatMap((e): Pause[] => {
    if (e.type !== 'paused') return []
    const end = events.find((x) => x.type === 'resumed' && x.seq > e.seq)
    return [
      {
        from: e.from,
        until: end?.type === 'resumed' ? end.until : Math.max(closed.finishedAt, e.from),
        by: e.by,
        reasonId: e.reasonId,
        kind: e.kind,
      },
    ]
  })
  const deadline = deadlineOf({ ...setup.timing, startedAt: started.at }, grants, pauses, closed.finishedAt)
  expect(row.head.deadlineAt).toBe(deadline)
  expect(deadline === null || closed.finishedAt <= deadline).toBe(true)
  const byClock = closed.reason === 'time_up' || closed.reason === 'window_closed'
  if (byClock) expect(closed.finishedAt).toBe(deadline)

  // After the end nothing counts, but for a save that had been received in time and was overtaken by the sweep in our
  // own queue.
  const scoredSeq = events.find((e) => e.type === 'scored')?.seq ?? Infinity
  for (const e of events) {
    if (e.seq <= closed.seq || e.type === 'answer_quarantined' || e.type === 'scored') continue
    const allowed =
      e.type === 'answer_saved' &&
      byClock &&
      deadline !== null &&
      e.receivedAt <= deadline + ALLOWANCE &&
      e.seq < scoredSeq
    expect({ type: e.type, allowed }).toEqual({ type: 'answer_saved', allowed: true })
  }
}

function count(events: readonly AttemptEvent[]): void {
  const closed = events.find((e) => e.type === 'closed')
  if (!closed || closed.type !== 'closed') return
  const has = (type: AttemptEvent['type']): number => Number(events.some((e) => e.type === type))
  seen.closed += 1
  seen[closed.reason] += 1
  seen.lateAfterClosing += Number(events.some((e) => e.type === 'answer_saved' && e.seq > closed.seq))
  seen.late += Number(events.some((e) => e.type === 'answer_saved' && e.late))
  seen.quarantined += has('answer_quarantined')
  seen.takenOver += has('taken_over')
  seen.paused += has('paused')
  seen.scored += has('scored')
  seen.movedOn += has('item_left')
}

// ---- The runs ----

type Stage = { world: World; candidate: Candidate; form: Form; ordinal: number }

async function stageOn(store: Store): Promise<Stage> {
  const world = await attemptWorld(store, { seed: 'story' })
  const candidate = await world.candidate(await world.programme({ sections: ['free', 'timed', 'forward'] }))
  const templateId = await world.start(candidate)
  await staffAct(
    world.deps,
    world.staff,
    templateId,
    { type: 'close', reason: 'template', evenWithTimeLeft: true },
    world.clock.advance(1_000),
  )
  return { world, candidate, form: await formOf(store, templateId), ordinal: 1 }
}

async function tell(stage: Stage, { terms, opening, chunks }: Story, concurrent: boolean): Promise<void> {
  const { world, form } = stage
  const template = form.row.setup
  const now = world.clock.advance(MINUTE)
  stage.ordinal += 1
  const setup: AttemptSetup = {
    ...template,
    attemptId: `at_${stage.ordinal}`,
    timing: {
      ...template.timing,
      timeLimitMs: terms.limit === null ? null : terms.limit * MINUTE,
      accommodation: {
        factor: terms.factor,
        extraMs: 0,
        unlimited: false,
        breaks: { allowanceMs: terms.breaks * MINUTE },
      },
      windowEndsAt: terms.window === null ? null : now + terms.window * MINUTE,
      windowGates: terms.gates,
    },
  }
  const teller = new Teller(world, stage.candidate, setup, concurrent)
  await teller.begin(form, stage.ordinal)
  if (opening)
    await teller.chunk({
      gap: { ms: 1_000 },
      steps: [
        {
          act: { do: 'holder', epoch: 'current', act: { type: 'enterSection', sectionId: opening } },
          lag: 0,
          turns: 0,
        },
      ],
    })
  for (const chunk of chunks) await teller.chunk(chunk)
  await teller.end()
}

describe('on SQLite, all at once', () => {
  let stage: Stage
  let cleanup: () => Promise<void>
  beforeAll(async () => {
    const opened = await sqliteTestStore()
    cleanup = opened.cleanup
    stage = await stageOn(opened.store)
  })
  afterAll(() => cleanup())

  test(`${RUNS_SQLITE} stories end as the ordered ones do`, { timeout: timeLimitMs(600_000) }, async () => {
    await fc.assert(
      fc.asyncProperty(storyArb, (story) => tell(stage, story, true)),
      { numRuns: RUNS_SQLITE },
    )
    console.log(seen)
    for (const [corner, times] of Object.entries(seen)) expect(times, corner).toBeGreaterThan(RUNS_SQLITE / 200)
  })
})

describe('on PostgreSQL, one after another', () => {
  let stage: Stage
  let cleanup: () => Promise<void>
  beforeAll(async () => {
    const opened = await pgliteTestStore()
    cleanup = opened.cleanup
    stage = await stageOn(opened.store)
  })
  afterAll(() => cleanup())

  test(`${RUNS_PG} stories end as the ordered ones do`, { timeout: timeLimitMs(600_000) }, async () => {
    await fc.assert(
      fc.asyncProperty(storyArb, (story) => tell(stage, story, false)),
      { numRuns: RUNS_PG },
    )
  })
})
