/**
 * Mock scenarios: an interviewer plays the customer over any phone or video system, keeps the time, and rates live.
 *
 * Who is next and what they meet is settled before anything is written: the scenario is drawn from the stage's list by
 * a seed made of enrolment, stage and ordinal, so the interviewer can prepare without leaving a row behind for somebody
 * who does not come. Starting the clock makes attempt, contact, rating task and the claimed sheet in one transaction;
 * the attempt's unique ordinal decides between two interviewers.
 *
 * How it ends: the candidate has nothing to hand in, so a contact does not end by `submit`, which would put an act of
 * theirs into the record that they never did. It ends by `staffClose` with a reason, like every act of staff on an
 * attempt, through the same closeAttempt as all others: past the deadline it is the clock that has closed it, whoever
 * asks. If the sweep was first, the attempt is closed at its deadline already and ending the contact only notes that
 * the talk is over; the sheet stays open either way, because the attempt's end never closes a sheet.
 */
import { contactsOfInterviewer, enrolmentsInWindow, scenariosMetBy } from '../../../db/queries/contacts.server.ts'
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { spendIdentityCheck } from '../../../db/repositories/candidate-requests.server.ts'
import * as enrolments from '../../../db/repositories/enrolments.server.ts'
import { insertNote } from '../../../db/repositories/notes.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { decide } from '../../core/attempt/decide.ts'
import {
  headDeadlineAt,
  headRemainingMs,
  phaseAt,
  readyAttempt,
  type Attempt,
  type AttemptSetup,
} from '../../core/attempt/state.ts'
import type { Policy, Scenario } from '../../core/bank/schema.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { seededRandom } from '../../core/shared/random.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { earlier, MINUTE_MS, type DurationMs, type Instant } from '../../core/shared/time.ts'
import { isPausedAt, stoodStillMs, type TimingTerms } from '../../core/timing/deadline.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { appendStreamEvent } from '../../ground/streams.server.ts'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { translator } from '../../i18n/messages.ts'
import { staffAct } from '../attempt/acts.server.ts'
import { onClosed, ROOM_STREAM } from '../attempt/saves.server.ts'
import { currentContent, readVersions, requireVersion, type Version } from '../content/versions.server.ts'
import { accommodationFor, timingTerms, type StageContext } from '../enrolment/enrolment.server.ts'
import { gateOf, readiness, startHolds } from '../enrolment/readiness.server.ts'
import { referenceOf } from '../people/reference.server.ts'
import { leaseFrom } from './queue.server.ts'
import { readSheet } from './sheet.server.ts'
import { localeOf, policyView, rubricView } from './view.server.ts'

/** How a contact ended; the sentence for it is written into the attempt's ledger as the reason of the closing. */
export const ENDINGS = ['completed', 'broken_off', 'candidate_left'] as const
export type Ending = (typeof ENDINGS)[number]

// ---- Who is next ----

type Mock = Extract<StageContext['stage']['assessment'], { kind: 'mock_scenario' }>
type MockContext = StageContext & { mock: Mock }

/** Time of this stage: the scenario's own, never more than the stage allows; an accommodation lengthens it. */
async function termsFor(
  deps: Pick<Deps, 'store'>,
  context: MockContext,
  scenario: Pick<Scenario, 'durationMinutes'> | null,
): Promise<TimingTerms> {
  const accommodation = await accommodationFor(deps, context.enrolment.id)
  const terms = timingTerms(
    context.programme.body,
    context.stage,
    null,
    accommodation,
    context.enrolment.closesAt.getTime(),
  )
  return {
    ...terms,
    timeLimitMs:
      Math.min(context.mock.timeLimitMinutes, scenario?.durationMinutes ?? context.mock.timeLimitMinutes) * MINUTE_MS,
  }
}

/** The mock stages of open enrolments that could begin now: earlier stages closed, nothing running, attempts left. */
export async function listScenarios(deps: Pick<Deps, 'store' | 'secrets'>, actor: Actor, locale: Locale, now: Instant) {
  const r = deps.store.read
  const [rows, contacts] = await Promise.all([
    enrolmentsInWindow(r, actor.personId, new Date(now)),
    contactsOfInterviewer(r, actor.personId),
  ])
  const programmes = await readVersions(
    r,
    'programme',
    rows.map((row) => row.programmeVersionId),
  )
  const ready = []
  for (const enrolment of rows) {
    const programme = programmes.get(enrolment.programmeVersionId)
    for (const context of programme ? mockStages(enrolment, programme) : []) {
      const admitted = await readiness(deps, context, await termsFor(deps, context, null), now)
      // Why somebody is not ready (an accommodation to decide, a notice to read) is not the rater's business.
      if (!admitted.ok) continue
      ready.push({
        enrolmentId: enrolment.id,
        stageId: context.stage.id,
        reference: referenceOf(deps, enrolment.id),
        programme: context.programme.body.title[locale],
        stage: context.stage.title[locale],
        minutes: context.mock.timeLimitMinutes,
        closesAt: enrolment.closesAt.toISOString(),
      })
    }
  }
  const scenarios = await readVersions(
    r,
    'scenario',
    contacts.map((row) => row.contact.scenarioVersionId),
  )
  const tasks = await Promise.all(contacts.map((row) => ratings.tasksOfAttempt(r, row.contact.attemptId)))
  const sheets = await ratings.sheetsOfTasks(
    r,
    tasks.flat().map((task) => task.id),
  )
  return {
    // By code, which says nothing about a name, an address or the time of the invitation.
    ready: ready.sort((a, b) => (a.reference < b.reference ? -1 : 1)),
    mine: contacts.map(({ contact, enrolmentId }) => {
      const task = tasks.flat().find((entry) => entry.subjectId === contact.id)
      const submitted = sheets.some(
        (sheet) => sheet.taskId === task?.id && sheet.raterId === actor.personId && sheet.status === 'submitted',
      )
      return {
        contactId: contact.id,
        reference: referenceOf(deps, enrolmentId),
        title: scenarios.get(contact.scenarioVersionId)?.body.title[locale] ?? '',
        startedAt: (contact.startedAt ?? contact.createdAt).toISOString(),
        state: submitted ? ('submitted' as const) : contact.endedAt ? ('to_rate' as const) : ('running' as const),
      }
    }),
  }
}

function mockStages(enrolment: StageContext['enrolment'], programme: Version<'programme'>): MockContext[] {
  return programme.body.stages.flatMap((stage, stageIndex) =>
    stage.assessment.kind === 'mock_scenario'
      ? [{ enrolment, programme, stage, stageIndex, mock: stage.assessment }]
      : [],
  )
}

/** A stage that this interviewer may begin now; null otherwise, also for the interviewer's own enrolment. */
async function readyStage(
  deps: Pick<Deps, 'store'>,
  actor: Actor,
  enrolmentId: string,
  stageId: string,
  now: Instant,
): Promise<MockContext | null> {
  const enrolment = await enrolments.enrolmentById(deps.store.read, enrolmentId)
  if (!enrolment || enrolment.status !== 'open' || enrolment.personId === actor.personId) return null
  const programme = await requireVersion(deps.store.read, 'programme', enrolment.programmeVersionId)
  const context = mockStages(enrolment, programme).find((entry) => entry.stage.id === stageId)
  if (!context) return null
  return (await readiness(deps, context, await termsFor(deps, context, null), now)).ok ? context : null
}

/**
 * The scenario of this attempt: the same whoever asks and however often; one that the person has not met, where there
 * is one.
 */
async function drawScenario(
  deps: Pick<Deps, 'store'>,
  context: MockContext,
  ordinal: number,
): Promise<Version<'scenario'> | null> {
  const found = await Promise.all(
    [...context.mock.scenarios].sort().map((id) => currentContent(deps.store.read, 'scenario', id)),
  )
  const current = found.filter((scenario) => scenario !== null)
  const met = await scenariosMetBy(deps.store.read, context.enrolment.personId)
  const fresh = current.filter((scenario) => !met.has(scenario.body.id))
  const list = fresh.length > 0 ? fresh : current
  return list[seededRandom(`${context.enrolment.id}|${context.stage.id}|${ordinal}`).below(list.length)] ?? null
}

const usedAttempts = async (deps: Pick<Deps, 'store'>, context: MockContext): Promise<attempts.AttemptRow[]> =>
  (await attempts.attemptsOfEnrolment(deps.store.read, context.enrolment.id)).filter(
    (row) => row.stageId === context.stage.id,
  )

// ---- Preparing and starting ----

export async function prepareScenario(
  deps: Pick<Deps, 'store' | 'secrets'>,
  actor: Actor,
  input: { enrolmentId: string; stageId: string },
  locale: Locale,
  now: Instant,
) {
  const context = await readyStage(deps, actor, input.enrolmentId, input.stageId, now)
  if (!context) return null
  const scenario = await drawScenario(deps, context, (await usedAttempts(deps, context)).length + 1)
  const rubric = scenario && (await currentContent(deps.store.read, 'rubric', scenario.body.rubric))
  if (!scenario || !rubric) return null
  return {
    reference: referenceOf(deps, context.enrolment.id),
    stage: context.stage.title[locale],
    versionId: scenario.versionId,
    card: cardView(scenario.body, {}, locale),
    policies: await scenarioPolicies(deps, scenario.body, locale),
    rubric: rubricView(rubric.body, rubric.number, locale),
  }
}

export type StartCode = 'scenario.not_found' | 'scenario.stale' | 'scenario.taken'

/** Starts the clock. `versionId` is the fact card that the interviewer has read; another one by now is refused. */
export async function startScenario(
  deps: Deps,
  actor: Actor,
  input: { enrolmentId: string; stageId: string; versionId: string },
  locale: Locale,
  now: Instant,
): Promise<Result<{ contactId: string }, StartCode>> {
  const context = await readyStage(deps, actor, input.enrolmentId, input.stageId, now)
  if (!context) return (await startedMeanwhile(deps, actor, input)) ?? err('scenario.not_found')
  const used = await usedAttempts(deps, context)
  const ordinal = used.length + 1
  const scenario = await drawScenario(deps, context, ordinal)
  const rubric = scenario && (await currentContent(deps.store.read, 'rubric', scenario.body.rubric))
  if (!scenario || !rubric) return err('scenario.not_found')
  if (scenario.versionId !== input.versionId) return err('scenario.stale')
  const terms = await termsFor(deps, context, scenario.body)
  const [attemptId, contactId, taskId, sheetId] = [
    deps.ids.id('at'),
    deps.ids.id('co'),
    deps.ids.id('rt'),
    deps.ids.id('rs'),
  ]
  const setup: AttemptSetup = { attemptId, timing: terms, switchLanguage: false, sections: [] }
  const ready = readyAttempt(setup)
  const earlierRows = await attempts.attemptsOfEnrolment(deps.store.read, context.enrolment.id)
  const spoken = localeOf(earlierRows.at(-1)?.locale ?? locale)
  // No browser of the candidate holds this attempt; the contact stands where a session would.
  const decided = decide(ready, {
    type: 'start',
    sessionId: contactId,
    locale: spoken,
    gate: await gateOf(deps, context, terms),
    receivedAt: now,
  })
  if (!decided.ok) return err('scenario.not_found')
  const at = new Date(now)
  return deps.store.transact(async (w) => {
    if (!(await startHolds(w, context, terms)).ok) return err('scenario.not_found')
    const inserted = await attempts.insertAttempt(w, {
      id: attemptId,
      enrolmentId: context.enrolment.id,
      personId: context.enrolment.personId,
      stageId: context.stage.id,
      ordinal,
      kind: 'mock_scenario',
      setup,
      locale: spoken,
      attempt: ready,
      now: at,
    })
    if (!inserted) return err('scenario.taken')
    await spendIdentityCheck(w, context.enrolment.id, attemptId)
    await attempts.appendEvents(w, ready, decided.value, actor.personId, { seenAt: at })
    await ratings.insertContact(w, {
      id: contactId,
      attemptId,
      scenarioVersionId: scenario.versionId,
      interviewerId: actor.personId,
      startedAt: at,
      disclosed: {},
      createdAt: at,
    })
    await ratings.insertTask(w, {
      id: taskId,
      attemptId,
      subjectType: 'contact',
      subjectId: contactId,
      rubricVersionId: rubric.versionId,
      sheetsWanted: 1,
      orderKey: `contact:${deps.secrets.sha256(contactId).slice(0, 16)}`,
      status: 'open',
      createdAt: at,
    })
    await ratings.insertSheet(w, {
      id: sheetId,
      taskId,
      raterId: actor.personId,
      slot: 1,
      status: 'claimed',
      seq: 1,
      claimedAt: at,
      leaseUntil: leaseFrom(now),
    })
    await ratings.insertRatingEvent(w, { sheetId, seq: 1, type: 'claimed', at, data: { taskId, slot: 1 } })
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'contact.started',
      subjectType: 'contact',
      subjectId: contactId,
      data: { attemptId, scenarioVersionId: scenario.versionId },
    })
    await appendStreamEvent(w, deps, ROOM_STREAM, 'attempt', { attemptId })
    return ok({ contactId })
  })
}

/** A second click finds the contact that the first one started; a colleague's is taken. */
async function startedMeanwhile(
  deps: Pick<Deps, 'store'>,
  actor: Actor,
  input: { enrolmentId: string; stageId: string },
): Promise<Result<{ contactId: string }, StartCode> | null> {
  const running = (await attempts.attemptsOfEnrolment(deps.store.read, input.enrolmentId)).find(
    (row) =>
      row.stageId === input.stageId &&
      row.kind === 'mock_scenario' &&
      row.status === 'in_progress' &&
      row.personId !== actor.personId,
  )
  const contact = running ? await ratings.contactOfAttempt(deps.store.read, running.id) : null
  if (!contact) return null
  return contact.interviewerId === actor.personId ? ok({ contactId: contact.id }) : err('scenario.taken')
}

// ---- The room while playing ----

function cardView(scenario: Scenario, disclosed: Readonly<Record<string, number>>, locale: Locale) {
  const { factCard, persona } = scenario
  return {
    title: scenario.title[locale],
    channel: scenario.channel,
    brief: scenario.brief[locale],
    persona: { name: persona.name[locale], description: persona.description[locale] },
    opening: factCard.opening[locale],
    knows: factCard.knows.map((fact) => ({
      id: fact.id,
      fact: fact.fact[locale],
      disclose: fact.disclose[locale],
      disclosedMs: disclosed[fact.id] ?? null,
    })),
    doesNotKnow: factCard.doesNotKnow.map((text) => text[locale]),
    wants: factCard.wants[locale],
    behaviour: factCard.behaviour[locale],
    givesInWhen: factCard.givesInWhen[locale],
    neverAgreesTo: factCard.neverAgreesTo?.[locale] ?? null,
  }
}

async function scenarioPolicies(deps: Pick<Deps, 'store'>, scenario: Scenario, locale: Locale) {
  const found = await Promise.all(scenario.policies.map((id) => currentContent(deps.store.read, 'policy', id)))
  return found.filter((policy) => policy !== null).map((policy) => policyView(policy.body satisfies Policy, locale))
}

/** Time played up to `at`: the clock without what was spent in pauses. */
export function playedMs(
  attempt: Pick<Attempt, 'setup' | 'startedAt' | 'pauses' | 'finishedAt'>,
  at: Instant,
): DurationMs {
  if (attempt.startedAt === null) return 0
  const until = attempt.finishedAt === null ? at : earlier(at, attempt.finishedAt)
  return Math.max(
    0,
    until - attempt.startedAt - stoodStillMs(attempt.setup.timing, attempt.pauses, attempt.startedAt, until),
  )
}

type ContactRow = NonNullable<Awaited<ReturnType<typeof ratings.contactById>>>

const plays = (actor: Actor, contact: ContactRow | null): contact is ContactRow =>
  contact !== null && contact.interviewerId === actor.personId

export async function openContact(
  deps: Pick<Deps, 'store' | 'secrets' | 'clock'>,
  actor: Actor,
  contactId: string,
  locale: Locale,
  now: Instant,
) {
  const r = deps.store.read
  const contact = await ratings.contactById(r, contactId)
  if (!plays(actor, contact)) return null
  const [scenario, loaded, sheetId] = await Promise.all([
    requireVersion(r, 'scenario', contact.scenarioVersionId),
    attempts.loadAttempt(r, contact.attemptId),
    sheetOfContact(deps, actor, contactId),
  ])
  const sheet = sheetId === null ? null : await readSheet(deps, actor, sheetId, locale)
  if (!loaded || !sheet) return null
  const { row, attempt } = loaded
  const deadlineAt = headDeadlineAt(row.head, now)
  return {
    contactId: contact.id,
    subjectHash: contact.id,
    reference: referenceOf(deps, row.enrolmentId),
    card: cardView(scenario.body, contact.disclosed, locale),
    policies: await scenarioPolicies(deps, scenario.body, locale),
    startedAt: (contact.startedAt ?? contact.createdAt).toISOString(),
    endedAt: contact.endedAt?.toISOString() ?? null,
    clock: {
      serverNow: deps.clock.now(),
      playedMs: playedMs(attempt, now),
      /** Of the deadline alone: the limit would be the person's own, and give an accommodation away. */
      remainingMs: contact.endedAt ? null : headRemainingMs(row.head, now),
      held: attempt.status === 'in_progress' && row.head.pause !== null && isPausedAt(row.head.pause, now),
      /** The attempt's own time is over, whether the sweep has been there or not. */
      over: phaseAt(row.head, now) === 'closed' || (deadlineAt !== null && now > deadlineAt),
    },
    ...sheet.view,
    // Each note carries the moment of the conversation at which it was written.
    evidence: sheet.view.evidence.map((entry) => ({ ...entry, playedMs: playedMs(attempt, entry.at) })),
  }
}

/** The actor's own sheet of a contact that they play. */
export async function sheetOfContact(
  deps: Pick<Deps, 'store'>,
  actor: Actor,
  contactId: string,
): Promise<string | null> {
  const contact = await ratings.contactById(deps.store.read, contactId)
  if (!plays(actor, contact)) return null
  const task = (await ratings.tasksOfAttempt(deps.store.read, contact.attemptId)).find(
    (entry) => entry.subjectId === contact.id,
  )
  return task
    ? ((await ratings.sheetsOfTasks(deps.store.read, [task.id])).find((sheet) => sheet.raterId === actor.personId)
        ?.id ?? null)
    : null
}

export type ContactAct =
  | { type: 'disclose'; factId: string; disclosed: boolean }
  | { type: 'hold' }
  | { type: 'resume' }
  | { type: 'end'; ending: Ending }
export type ContactCode = 'contact.not_found' | 'contact.closed' | 'contact.not_running' | 'scenario.unknown_fact'

export async function actOnContact(
  deps: Deps,
  actor: Actor,
  contactId: string,
  act: ContactAct,
  locale: Locale,
  now: Instant,
): Promise<Result<true, ContactCode>> {
  const contact = await ratings.contactById(deps.store.read, contactId)
  if (!plays(actor, contact)) return err('contact.not_found')
  switch (act.type) {
    case 'disclose':
      return disclose(deps, contact, act, now)
    case 'hold':
    case 'resume': {
      if (contact.endedAt) return err('contact.closed')
      const reason = translator(interviewerMessages, locale)('contact.hold.reason')
      const done = await staffAct(
        deps,
        actor,
        contact.attemptId,
        act.type === 'hold' ? { type: 'pause', reason } : { type: 'resume' },
        now,
      )
      // Twice the same button is no mistake worth a sentence.
      return done.ok || done.error.code === 'attempt.already_paused' || done.error.code === 'attempt.not_paused'
        ? ok(true)
        : err('contact.not_running')
    }
    case 'end':
      return endContact(deps, actor, contactId, act.ending, locale, now)
  }
}

/** Notes which fact the customer has told, and when; unticking undoes a slip. */
async function disclose(
  deps: Deps,
  contact: ContactRow,
  act: { factId: string; disclosed: boolean },
  now: Instant,
): Promise<Result<true, ContactCode>> {
  const scenario = await requireVersion(deps.store.read, 'scenario', contact.scenarioVersionId)
  if (!scenario.body.factCard.knows.some((fact) => fact.id === act.factId)) return err('scenario.unknown_fact')
  return deps.store.transact(async (w) => {
    const [current, loaded] = [
      await ratings.contactById(w, contact.id),
      await attempts.loadAttempt(w, contact.attemptId),
    ]
    if (!current || !loaded) return err('contact.not_found')
    if (current.endedAt) return err('contact.closed')
    const { [act.factId]: before, ...others } = current.disclosed
    const disclosed = act.disclosed ? { ...others, [act.factId]: before ?? playedMs(loaded.attempt, now) } : others
    await ratings.updateContact(w, contact.id, { disclosed })
    return ok(true)
  })
}

/** Ends the talk and with it the attempt. Repeated, it changes nothing. */
async function endContact(
  deps: Deps,
  actor: Actor,
  contactId: string,
  ending: Ending,
  locale: Locale,
  now: Instant,
): Promise<Result<true, ContactCode>> {
  const noteId = deps.ids.id('no')
  const text = translator(interviewerMessages, locale)(`contact.ending.${ending}.reason`)
  return deps.store.transact(async (w) => {
    const contact = await ratings.contactById(w, contactId)
    const loaded = contact ? await attempts.loadAttempt(w, contact.attemptId) : null
    if (!contact || !loaded) return err('contact.not_found')
    if (contact.endedAt) return ok(true)
    const { attempt } = loaded
    if (attempt.status === 'in_progress') {
      const decided = decide(attempt, {
        type: 'staffClose',
        reasonId: noteId,
        evenWithTimeLeft: true,
        by: actor.personId,
        receivedAt: now,
      })
      if (!decided.ok) return err('contact.not_running')
      const after = await attempts.appendEvents(w, attempt, decided.value, actor.personId)
      await insertNote(w, {
        id: noteId,
        subjectType: 'attempt_reason',
        subjectId: contact.attemptId,
        authorId: actor.personId,
        text,
        now: new Date(now),
      })
      await onClosed(w, deps, contact.attemptId, after)
    }
    await ratings.updateContact(w, contactId, { endedAt: new Date(now) })
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'contact.ended',
      subjectType: 'contact',
      subjectId: contactId,
      data: { attemptId: contact.attemptId, ending },
    })
    return ok(true)
  })
}
