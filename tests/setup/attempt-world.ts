// A small world in which attempts run: content, a programme, candidates with sessions, staff, and a clock that the test
// moves. All through the product's own services, on whatever store is given. And the ordered story: what the event log
// says must have happened.
import { createHash } from 'node:crypto'
import { and, asc, eq, gt } from 'drizzle-orm'
import type { Actor, Role } from '#app/core/access/actor.ts'
import { decide, type AttemptCommand } from '#app/core/attempt/decide.ts'
import type { AttemptEvent } from '#app/core/attempt/events.ts'
import { evolveAll } from '#app/core/attempt/evolve.ts'
import { EMPTY_ANSWER, readyAttempt, type Attempt, type AttemptSetup } from '#app/core/attempt/state.ts'
import type { Item, Programme } from '#app/core/bank/schema.ts'
import { canonicalJson } from '#app/core/shared/canonical-json.ts'
import type { Log } from '#app/ground/deps.server.ts'
import { jobHandlers } from '#app/jobs/handlers/index.server.ts'
import { createRunner, type Runner } from '#app/jobs/runner.server.ts'
import { createLive } from '#app/live/bus.server.ts'
import { createClock } from '#app/server/clock.server.ts'
import { readConfig } from '#app/server/config.server.ts'
import type { ServerDeps } from '#app/server/deps.server.ts'
import { createLimiter } from '#app/server/limits.server.ts'
import { createMailer } from '#app/server/mail.server.ts'
import { createPasswords } from '#app/server/passwords.server.ts'
import { createSecrets } from '#app/server/secrets.server.ts'
import { startAttempt } from '#app/services/attempt/start.server.ts'
import { requestAccommodation } from '#app/services/candidate/requests.server.ts'
import * as accommodations from '#app/services/enrolment/accommodations.server.ts'
import { acknowledgeNotice } from '#app/services/enrolment/consents.server.ts'
import { invite } from '#app/services/enrolment/invitations.server.ts'
import { addPerson } from '#app/services/people/people.server.ts'
import { createSession } from '#app/services/people/sessions.server.ts'
import * as attempts from '#db/repositories/attempts.server.ts'
import { insertVersion, upsertHead, type ContentType } from '#db/repositories/content.server.ts'
import * as forms from '#db/repositories/forms.server.ts'
import { quarantinedOf } from '#db/repositories/quarantine.server.ts'
import type { Store } from '#db/store.server.ts'
import type { JsonObject } from '#db/tables.server.ts'
import {
  blueprint,
  both,
  goodAnchors,
  item,
  multipleChoice,
  noticeWithConsent,
  programme,
  rubric,
  singleChoice,
  trueFalse,
} from '#tests/fixtures/bank.ts'
import { seededIds } from './seeded-ids.ts'

export const SECOND = 1_000
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** When every world begins: 2027-01-15T08:00:00Z. */
export const T0 = 1_800_000_000_000

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

// ---- Content ----

const rationale = both('说明理由。', 'The reason.')
const texts = (...pairs: string[]) =>
  pairs.map((pair, i) => ({ id: `e${i + 1}`, text: both(`步骤${pair}`, `step ${pair}`) }))

/** Every kind of answer that the rules of writing tell apart; the bank says in which section an item stands. */
export const ITEMS: ReadonlyArray<{ bank: string; item: Item }> = [
  { bank: 'wb-free', item: singleChoice({}, { id: 'fr-choice' }) },
  {
    bank: 'wb-free',
    item: item('short_text', {
      id: 'fr-short',
      stem: both('写一句问候。', 'Write a greeting.'),
      accepted: { 'zh-CN': ['您好'], en: ['hello'] },
      maxCodePoints: 20,
      rationale,
    } as never),
  },
  {
    bank: 'wb-long',
    item: item('essay', {
      id: 'lo-essay',
      stem: both('写一封道歉信。', 'Write an apology.'),
      rubric: 'empathy',
      expected: [both('道歉', 'regret'), both('步骤', 'a step')],
      limits: { maxCodePoints: 50 },
    } as never),
  },
  {
    bank: 'wb-timed',
    item: item('numeric', {
      id: 'ti-number',
      stem: both('退款多少元？', 'How much is refunded?'),
      key: 42,
      rationale,
    } as never),
  },
  { bank: 'wb-timed', item: multipleChoice({}, { id: 'ti-several' }) },
  { bank: 'wb-forward', item: trueFalse(both('先道歉。', 'Say sorry first.'), true, { id: 'fw-true' }) },
  {
    bank: 'wb-forward',
    item: item('ordering', {
      id: 'fw-order',
      stem: both('排序。', 'Put in order.'),
      elements: texts('甲', '乙', '丙'),
      order: ['e1', 'e2', 'e3'],
      rationale,
    } as never),
  },
  {
    bank: 'wb-forward',
    item: trueFalse(both('可以催促买家。', 'Hurrying a buyer is fine.'), false, { id: 'fw-false' }),
  },
  {
    bank: 'wb-forward',
    item: item('cloze', {
      id: 'fw-cloze',
      stem: both('填空。', 'Fill in.'),
      text: both('退款{{days}}天内到账。', 'A refund takes {{days}} days.'),
      gaps: [{ id: 'days', type: 'typed', accepted: { 'zh-CN': ['七'], en: ['seven'] }, rationale }],
    } as never),
  },
]

type SectionName = 'free' | 'timed' | 'forward'
/** Free f×2 (with `long` a third, an essay); timed t×2, 10 minutes, at least 1; forward-only w×4, two a page. */
const blueprintOf = (id: string, sections: readonly SectionName[], long: boolean) =>
  blueprint({
    id,
    sections: [
      ...(sections.includes('free') ? [{ id: 'free', count: 2, banks: ['wb-free'] }] : []),
      ...(long ? [{ id: 'long', count: 1, banks: ['wb-long'] }] : []),
      ...(sections.includes('timed')
        ? [{ id: 'timed', count: 2, banks: ['wb-timed'], timeLimitMinutes: 10, minimumSeconds: 60 }]
        : []),
      ...(sections.includes('forward')
        ? [{ id: 'forward', count: 4, banks: ['wb-forward'], itemsPerPage: 2, navigation: 'forward_only' as const }]
        : []),
    ],
  })

export type ProgrammeOptions = {
  sections?: readonly SectionName[]
  /** Adds an essay, so that the attempt waits for a rater and is not scored at once. */
  long?: boolean
  limitMinutes?: number
  window?: 'start' | 'end'
  attempts?: number
  cooldownDays?: number
  identityCheck?: boolean
}

// ---- The world ----

export type WorldClock = {
  now(): number
  /** Time passes. */
  advance(ms: number): number
  /** Goes to an instant that is not in the past. */
  to(at: number): number
  /** Somebody sets the machine's clock: the wall moves, the monotonic clock does not. */
  step(ms: number): void
}

export type Candidate = {
  actor: Actor
  token: string
  enrolmentId: string
  /** The same person on another device. */
  onAnotherDevice(): Promise<{ actor: Actor; token: string }>
}

export type World = {
  deps: ServerDeps
  clock: WorldClock
  /** A supervisor, and an admin; neither is a candidate. */
  staff: Actor
  admin: Actor
  runner: Runner
  logged: string[]
  /** A programme of one test stage called `test`. */
  programme(options?: ProgrammeOptions): Promise<string>
  candidate(
    programmeId: string,
    options?: { closesAt?: number; accommodation?: Partial<accommodations.AccommodationDecision> },
  ): Promise<Candidate>
  /** Starts the test now. */
  start(candidate: Candidate): Promise<string>
  stored(attemptId: string): Promise<Stored>
}

export type Stored = {
  row: attempts.AttemptRow
  attempt: Attempt
  answers: attempts.AnswerRow[]
  events: AttemptEvent[]
  quarantined: Awaited<ReturnType<typeof quarantinedOf>>
}

export async function attemptWorld(
  store: Store,
  options: { seed?: string; dataDir?: string; startsAt?: number } = {},
): Promise<World> {
  const { seed = 'world', dataDir = '/nonexistent', startsAt = T0 } = options
  let wall = startsAt
  let monotonic = 0
  const clock = createClock({ sources: { wall: () => wall, monotonicMs: () => monotonic } })
  const advance = (ms: number): number => {
    wall += ms
    monotonic += ms
    return clock.now()
  }
  const logged: string[] = []
  const note = (event: string): void => void logged.push(event)
  const log: Log = { info: note, warn: note, error: (event) => note(event) }
  const config = readConfig({ POISE_MODE: 'test', PORT: '0', DATA_DIR: dataDir }, '0.0.0-test')
  const deps: ServerDeps = {
    store,
    clock,
    ids: seededIds(seed),
    secrets: createSecrets(Buffer.alloc(32, seed)),
    passwords: createPasswords(),
    mail: createMailer(config),
    limits: createLimiter(),
    live: createLive(),
    config,
    log,
    close: async () => {},
  }

  async function publish(type: ContentType, bankId: string, body: { readonly id: string }): Promise<void> {
    const contentHash = sha256(canonicalJson(body))
    const at = new Date(clock.now())
    await store.transact(async (w) => {
      const versionId = deps.ids.id('cv')
      await insertVersion(w, {
        id: versionId,
        type,
        contentId: body.id,
        bankId,
        number: 1,
        contentHash,
        scoringHash: type === 'item' ? contentHash : null,
        body: body as unknown as JsonObject,
        origin: 'import',
        createdBy: null,
        createdAt: at,
      })
      await upsertHead(w, {
        type,
        contentId: body.id,
        bankId,
        versionId,
        status: 'active',
        lastImportedHash: contentHash,
        kind: null,
        competency: null,
        searchText: '',
        updatedAt: at,
      })
    })
  }
  for (const { bank, item: one } of ITEMS) await publish('item', bank, one)
  await publish('rubric', 'shared', rubric(goodAnchors))
  await publish('notice', 'shared', noticeWithConsent())

  const root: Actor = { personId: 'root', roles: ['admin'], sessionId: 'root', enrolmentId: null }
  let people = 0
  async function person(roles: readonly Role[]): Promise<string> {
    people += 1
    const added = await addPerson(
      deps,
      root,
      { displayName: `Person ${people}`, email: `p${people}@world.example`, roles },
      clock.now(),
    )
    if (!added.ok) throw new Error(added.error.code)
    return added.value.personId
  }
  const staffMember = async (role: Role): Promise<Actor> => ({
    personId: await person([role]),
    roles: [role],
    sessionId: `session-${role}`,
    enrolmentId: null,
  })
  const staff = await staffMember('supervisor')
  const admin = await staffMember('admin')
  const officer = await staffMember('accommodation_officer')

  let programmes = 0
  const world: World = {
    deps,
    staff,
    admin,
    logged,
    runner: createRunner(deps, { handlers: jobHandlers }),
    clock: {
      now: () => clock.now(),
      advance,
      to: (at) => {
        if (at < clock.now()) throw new Error('time does not run backwards')
        return advance(at - clock.now())
      },
      step: (ms) => void (wall += ms),
    },
    async programme({
      sections = ['free'] as readonly SectionName[],
      long = false,
      limitMinutes = 30,
      window = 'start',
      attempts: max = 1,
      cooldownDays = 0,
      identityCheck = false,
    } = {}) {
      programmes += 1
      const id = `programme-${programmes}`
      const plan = blueprintOf(`blueprint-${programmes}`, sections, long)
      await publish('blueprint', 'wb', plan)
      const body = programme({ id, window, identityCheck })
      const [stage] = body.stages
      if (!stage) throw new Error('the programme has no stage')
      const test = {
        ...stage,
        assessment: {
          kind: 'test' as const,
          blueprint: plan.id,
          timeLimitMinutes: limitMinutes,
          latencyAllowanceSeconds: 10,
          switchLanguage: true,
        },
        attempts: { max, cooldownDays },
      }
      const whole: Programme = { ...body, stages: [test] }
      await publish('programme', 'wb', whole)
      return id
    },
    async candidate(programmeId, { closesAt, accommodation } = {}) {
      const personId = await person(['candidate'])
      const now = clock.now()
      const invited = await invite(
        deps,
        staff,
        { personId, programmeId, locale: 'en', ...(closesAt === undefined ? {} : { closesAt }) },
        now,
      )
      if (!invited.ok) throw new Error(invited.error.code)
      const { enrolmentId } = invited.value
      const device = async (): Promise<{ actor: Actor; token: string }> => {
        const token = deps.ids.token()
        await store.transact((w) =>
          createSession(w, deps, { token, personId, origin: 'invitation', enrolmentId, now: clock.now() }),
        )
        return { token, actor: { personId, roles: ['candidate'], sessionId: deps.secrets.sha256(token), enrolmentId } }
      }
      const first = await device()
      const read = await acknowledgeNotice(deps, first.actor, now)
      if (!read.ok) throw new Error(read.error.code)
      if (accommodation) {
        const asked = await requestAccommodation(deps, first.actor, 'a reason', now)
        if (!asked.ok) throw new Error(asked.error.code)
        const open = (await accommodations.listAccommodations(deps, officer)).find((row) => row.status === 'requested')
        const given = {
          accommodationId: open?.id ?? '',
          decision: 'granted' as const,
          factor: 1,
          extraMinutes: 0,
          unlimited: false,
          breakMinutes: 0,
          answer: 'Granted.',
          ...accommodation,
        }
        const decided = await accommodations.decide(deps, officer, given, now)
        if (!decided.ok) throw new Error(decided.error.code)
      }
      return { ...first, enrolmentId, onAnotherDevice: device }
    },
    async start({ actor }) {
      const started = await startAttempt(deps, actor, { stageId: 'test', locale: 'en' }, clock.now())
      if (!started.ok) throw new Error(started.error.code)
      return started.value.attemptId
    },
    stored: (attemptId) => storedAttempt(store, attemptId),
  }
  return world
}

export async function storedAttempt(store: Store, attemptId: string): Promise<Stored> {
  const row = await attempts.attemptRow(store.read, attemptId)
  if (!row) throw new Error(`attempt ${attemptId} is not stored`)
  const answers = await attempts.answersOf(store.read, attemptId)
  const [events, quarantined] = [
    await attempts.eventsOf(store.read, attemptId),
    await quarantinedOf(store.read, attemptId),
  ]
  return { row, attempt: attempts.attemptFrom(row, answers), answers, events, quarantined }
}

/** The events after `seq`, in order. */
export async function eventsAfter(store: Store, attemptId: string, seq: number): Promise<AttemptEvent[]> {
  const { q, t } = store.read
  const rows = await q
    .select()
    .from(t.attemptEvents)
    .where(and(eq(t.attemptEvents.attemptId, attemptId), gt(t.attemptEvents.seq, seq)))
    .orderBy(asc(t.attemptEvents.seq))
  return rows.map(
    (row) => ({ ...row.data, seq: row.seq, at: row.at.getTime(), type: row.type }) as unknown as AttemptEvent,
  )
}

export type Form = {
  row: attempts.AttemptRow
  form: NonNullable<Awaited<ReturnType<typeof forms.formOf>>>
  slots: Awaited<ReturnType<typeof forms.formItemsOf>>
}

/** The form of an attempt that was drawn. */
export async function formOf(store: Store, attemptId: string): Promise<Form> {
  const { row } = await storedAttempt(store, attemptId)
  const [form, slots] = [await forms.formOf(store.read, attemptId), await forms.formItemsOf(store.read, attemptId)]
  if (!form) throw new Error('the attempt has no form')
  return { row, form, slots }
}

/**
 * Starts another attempt on a form that was drawn for a first. The draw is another test's business; here two thousand
 * are needed.
 */
export async function startOnForm(
  store: Store,
  { row, form, slots }: Form,
  setup: AttemptSetup,
  ordinal: number,
  started: readonly AttemptEvent[],
): Promise<void> {
  const { enrolmentId, personId, stageId, createdAt } = row
  const { attemptId } = setup
  const ready = readyAttempt(setup)
  await store.transact(async (w) => {
    const inserted = await attempts.insertAttempt(w, {
      id: attemptId,
      enrolmentId,
      personId,
      stageId,
      ordinal,
      kind: 'test',
      setup,
      locale: 'en',
      attempt: ready,
      now: createdAt,
    })
    if (!inserted) throw new Error(`attempt ${attemptId} exists`)
    await forms.insertForm(
      w,
      { ...form, attemptId },
      slots.map((slot) => ({ ...slot, attemptId })),
    )
    await attempts.insertAnswerRows(w, attemptId, setup)
    await attempts.appendEvents(w, ready, started, personId, { seenAt: new Date(started[0]?.at ?? 0) })
  })
}

// ---- The ordered story ----

/** Rows of answers that nobody has touched are not in the story. */
export const comparable = (attempt: Attempt): Attempt => ({
  ...attempt,
  answers: Object.fromEntries(
    Object.entries(attempt.answers).filter(([, answer]) => canonicalJson(answer) !== canonicalJson(EMPTY_ANSWER)),
  ),
})

/** What one call asked for, and when it was received. No two calls of a story are received in the same millisecond. */
export type Call = { readonly at: number; readonly command: AttemptCommand }
export type Placed<C extends Call> = {
  readonly call: C
  readonly before: Attempt
  readonly events: readonly AttemptEvent[]
}

/**
 * Goes through a log as if its calls had come one after another, each alone: takes the calls in the order in which the
 * log has their events, decides each on the state that the former ones left, and complains where the log says anything
 * else.
 */
export class OrderedStory<C extends Call> {
  /** Every state that the attempt has been in since `mark`, oldest first. */
  states: Attempt[]
  readonly #log: AttemptEvent[] = []
  constructor(setup: AttemptSetup) {
    this.states = [readyAttempt(setup)]
  }
  get state(): Attempt {
    return this.states.at(-1) as Attempt
  }
  /** The calls to come see the present state and what follows, nothing older. */
  mark(): void {
    this.states = [this.state]
  }
  /** Follows the log by these calls; returns those that left events, in the order of the log. */
  follow(events: readonly AttemptEvent[], calls: readonly C[]): Placed<C>[] {
    const byInstant = new Map(calls.map((call) => [call.at, call]))
    const placed: Placed<C>[] = []
    for (let i = 0; i < events.length;) {
      const at = events[i]?.at ?? 0
      const next = events.findIndex((e, j) => j > i && e.at !== at)
      const own = events.slice(i, next < 0 ? events.length : next)
      const call = byInstant.get(at)
      if (!call)
        throw new Error(
          `the log has ${own.map((e) => e.type).join(', ')} at ${at}, which no call of this moment asked for`,
        )
      byInstant.delete(at)
      const before = this.state
      const decided = decide(before, withHistory(withNames(call.command, own), this.#log))
      this.#log.push(...own)
      const expected = decided.ok ? decided.value : []
      if (canonicalJson(expected) !== canonicalJson(own))
        throw new Error(
          `ordered story: ${canonicalJson(expected)}\nlog: ${canonicalJson(own)}\ncall: ${canonicalJson(call.command)}`,
        )
      placed.push({ call, before, events: own })
      this.states.push(evolveAll(before, own))
      i += own.length
    }
    return placed
  }
  /** Is there a state in which the call would have left nothing behind, with this outcome. */
  couldBeIdle(call: C, outcome: (state: Attempt) => boolean): boolean {
    return this.states.some((state) => {
      const decided = decide(state, call.command)
      return (!decided.ok || decided.value.length === 0) && outcome(state)
    })
  }
}

/** The service looks up whether a late text is a copy of an earlier version. */
function withHistory(command: AttemptCommand, log: readonly AttemptEvent[]): AttemptCommand {
  if (command.type !== 'saveAnswers') return command
  const earlier = (itemId: string, contentHash: string) =>
    log.some((event) => event.type === 'answer_saved' && event.itemId === itemId && event.contentHash === contentHash)
  return {
    ...command,
    mutations: command.mutations.map((m) => (earlier(m.itemId, m.contentHash) ? { ...m, storedBefore: true } : m)),
  }
}

/** The service gives its notes their ids; the log tells which. */
function withNames(command: AttemptCommand, events: readonly AttemptEvent[]): AttemptCommand {
  const [first] = events.filter(
    (event) =>
      event.type === 'time_granted' ||
      event.type === 'paused' ||
      event.type === 'message_sent' ||
      event.type === 'closed',
  )
  const [only] = events
  // The server looks for pages that are gone and for those that are back in one go.
  if (command.type === 'connection') {
    const { type, receivedAt } = command
    return only?.type === 'disconnected'
      ? { type, receivedAt, connected: false, lastSeenAt: only.lastSeenAt }
      : { type, receivedAt, connected: true }
  }
  if (command.type === 'score' && only?.type === 'scored') return { ...command, scoringHash: only.scoringHash }
  if (command.type === 'message' && first?.type === 'message_sent') return { ...command, messageId: first.messageId }
  if (!('reasonId' in command) || !first || !('reasonId' in first) || !first.reasonId) return command
  return { ...command, reasonId: first.reasonId }
}
