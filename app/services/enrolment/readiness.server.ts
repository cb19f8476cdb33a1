/** May this person start this stage now. */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import * as enrolments from '../../../db/repositories/enrolments.server.ts'
import type { Writer } from '../../../db/store.server.ts'
import { canonicalJson } from '../../core/shared/canonical-json.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { DAY_MS, type Instant } from '../../core/shared/time.ts'
import type { TimingTerms } from '../../core/timing/deadline.ts'
import { canStart, type StartCode, type StartGate } from '../../core/timing/start.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { accommodationIn, type StageContext } from './enrolment.server.ts'

/** The gate of a stage: window, attempts used, cooldown since the last finish. */
export async function gateOf(deps: Pick<Deps, 'store'>, context: StageContext, terms: TimingTerms): Promise<StartGate> {
  const used = (await attempts.attemptsOfEnrolment(deps.store.read, context.enrolment.id)).filter(
    (row) => row.stageId === context.stage.id,
  )
  const finished = used.map((row) => row.finishedAt?.getTime() ?? 0)
  return {
    window: { from: context.enrolment.opensAt.getTime(), until: context.enrolment.closesAt.getTime() },
    attemptsUsed: used.length,
    max: context.stage.attempts.max,
    lastFinishedAt: finished.length > 0 ? Math.max(...finished) || null : null,
    cooldownMs: context.stage.attempts.cooldownDays * DAY_MS,
    terms,
  }
}

export type ReadinessCode =
  | StartCode
  | 'start.notice_first'
  | 'start.identity_first'
  | 'start.earlier_stage_first'
  | 'start.accommodation_open'
  | 'start.not_a_test'
  | 'start.running'

/** Looks for whatever keeps the candidate from starting; the first obstacle is the reason. */
export async function readiness(
  deps: Pick<Deps, 'store'>,
  context: StageContext,
  terms: TimingTerms,
  now: Instant,
): Promise<Result<true, ReadinessCode>> {
  const { enrolment, programme, stageIndex } = context
  const mine = await attempts.attemptsOfEnrolment(deps.store.read, enrolment.id)
  if (mine.some((row) => row.status === 'in_progress')) return err('start.running')
  const before = programme.body.stages.slice(0, stageIndex)
  if (before.some((earlier) => !mine.some((row) => row.stageId === earlier.id && row.status === 'closed')))
    return err('start.earlier_stage_first')
  const consents = await enrolments.consentsOf(deps.store.read, enrolment.id)
  if (!consents.get('notice')?.given) return err('start.notice_first')
  const accommodation = await enrolments.accommodationOf(deps.store.read, enrolment.id)
  if (accommodation?.status === 'requested') return err('start.accommodation_open')
  if (programme.body.identityCheck) {
    const check = await enrolments.identityCheckOf(deps.store.read, enrolment.id)
    if (!check || check.status === 'waiting') return err('start.identity_first')
  }
  return canStart({ ...(await gateOf(deps, context, terms)), now })
}

/**
 * Looks again, in the transaction of the start, at what the start relies on: the accommodation that its clock was
 * computed from, and an identity check that no other attempt has used.
 */
export async function startHolds(
  w: Writer,
  { enrolment, programme }: Pick<StageContext, 'enrolment' | 'programme'>,
  terms: TimingTerms,
): Promise<Result<true, 'start.changed' | 'start.identity_first'>> {
  if (canonicalJson(await accommodationIn(w, enrolment.id)) !== canonicalJson(terms.accommodation))
    return err('start.changed')
  if (!programme.body.identityCheck) return ok(true)
  const check = await enrolments.identityCheckOf(w, enrolment.id)
  return check && check.status !== 'waiting' ? ok(true) : err('start.identity_first')
}
