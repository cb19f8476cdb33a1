/**
 * Preparing a mock scenario and starting its clock. The start makes attempt, contact, rating task and the claimed sheet
 * in one transaction; the attempt's unique ordinal decides between two interviewers.
 */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { spendIdentityCheck } from '../../../db/repositories/candidate-requests.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { decide } from '../../core/attempt/decide.ts'
import { readyAttempt, type AttemptSetup } from '../../core/attempt/state.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { appendStreamEvent } from '../../ground/streams.server.ts'
import { ROOM_STREAM } from '../attempt/saves.server.ts'
import { currentContent } from '../content/versions.server.ts'
import { gateOf, startHolds } from '../enrolment/readiness.server.ts'
import { referenceOf } from '../people/reference.server.ts'
import { cardView, scenarioPolicies } from './fact-card.server.ts'
import { drawScenario, readyStage, termsFor, usedAttempts } from './mock-scenario-stages.server.ts'
import { leaseFrom } from './queue.server.ts'
import { localeOf, rubricView } from './view.server.ts'

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
