/**
 * Which stages of mock scenarios an interviewer may begin now, how long they last, and what is met there.
 *
 * Who is next and what they meet is settled before anything is written: the scenario is drawn from the stage's list by
 * a seed made of enrolment, stage and ordinal, so the interviewer can prepare without leaving a row behind for somebody
 * who does not come.
 */
import { scenariosMetBy } from '../../../db/queries/contacts.server.ts'
import * as attempts from '../../../db/repositories/attempts.server.ts'
import * as enrolments from '../../../db/repositories/enrolments.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import type { Scenario } from '../../core/bank/schema.ts'
import { seededRandom } from '../../core/shared/random.ts'
import { MINUTE_MS, type Instant } from '../../core/shared/time.ts'
import type { TimingTerms } from '../../core/timing/deadline.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { currentContent, requireVersion, type Version } from '../content/versions.server.ts'
import { accommodationFor, timingTerms, type StageContext } from '../enrolment/enrolment.server.ts'
import { readiness } from '../enrolment/readiness.server.ts'

type Mock = Extract<StageContext['stage']['assessment'], { kind: 'mock_scenario' }>
type MockContext = StageContext & { mock: Mock }

/** Time of this stage: the scenario's own, never more than the stage allows; an accommodation lengthens it. */
export async function termsFor(
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

export function mockStages(enrolment: StageContext['enrolment'], programme: Version<'programme'>): MockContext[] {
  return programme.body.stages.flatMap((stage, stageIndex) =>
    stage.assessment.kind === 'mock_scenario'
      ? [{ enrolment, programme, stage, stageIndex, mock: stage.assessment }]
      : [],
  )
}

/** A stage that this interviewer may begin now; null otherwise, also for the interviewer's own enrolment. */
export async function readyStage(
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
export async function drawScenario(
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

export const usedAttempts = async (deps: Pick<Deps, 'store'>, context: MockContext): Promise<attempts.AttemptRow[]> =>
  (await attempts.attemptsOfEnrolment(deps.store.read, context.enrolment.id)).filter(
    (row) => row.stageId === context.stage.id,
  )
