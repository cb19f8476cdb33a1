/** An enrolment with its programme and stages, its accommodation, and the times that follow from both. */
import * as enrolments from '../../../db/repositories/enrolments.server.ts'
import type { Reader, Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import type { Blueprint, Programme, Stage } from '../../core/bank/schema.ts'
import { MINUTE_MS, SECOND_MS, type Instant } from '../../core/shared/time.ts'
import { NO_ACCOMMODATION, type Accommodation, type TimingTerms } from '../../core/timing/deadline.ts'
import { personalStartBefore } from '../../core/timing/start.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { requireVersion, type Version } from '../content/versions.server.ts'

export type EnrolmentRow = NonNullable<Awaited<ReturnType<typeof enrolments.enrolmentById>>>
export type StageContext = {
  enrolment: EnrolmentRow
  programme: Version<'programme'>
  stage: Stage
  stageIndex: number
}

/** The actor's enrolment with the programme version that they were invited to. */
export async function openEnrolment(
  deps: Pick<Deps, 'store'>,
  actor: Actor,
): Promise<{ enrolment: EnrolmentRow; programme: Version<'programme'> } | null> {
  if (!actor.enrolmentId) return null
  const enrolment = await enrolments.enrolmentById(deps.store.read, actor.enrolmentId)
  if (!enrolment || enrolment.personId !== actor.personId) return null
  return { enrolment, programme: await requireVersion(deps.store.read, 'programme', enrolment.programmeVersionId) }
}

export async function stageContext(
  deps: Pick<Deps, 'store'>,
  actor: Actor,
  stageId: string,
): Promise<StageContext | null> {
  const open = await openEnrolment(deps, actor)
  const stageIndex = open?.programme.body.stages.findIndex((stage) => stage.id === stageId) ?? -1
  const stage = open?.programme.body.stages[stageIndex]
  return open && stage ? { ...open, stage, stageIndex } : null
}

export const accommodationFor = (deps: Pick<Deps, 'store'>, enrolmentId: string): Promise<Accommodation> =>
  accommodationIn(deps.store.read, enrolmentId)

export async function accommodationIn(r: Reader | Writer, enrolmentId: string): Promise<Accommodation> {
  const row = await enrolments.accommodationOf(r, enrolmentId)
  if (!row || row.status !== 'granted') return NO_ACCOMMODATION
  return {
    factor: row.factor,
    extraMs: row.extraMs,
    unlimited: row.unlimited,
    breaks: { allowanceMs: row.breakAllowanceMs },
  }
}

/** Timing of a test stage for one person. */
export function timingTerms(
  programme: Programme,
  stage: Stage,
  blueprint: Blueprint | null,
  accommodation: Accommodation,
  closesAt: Instant,
): TimingTerms {
  return {
    timeLimitMs: stage.assessment.timeLimitMinutes * MINUTE_MS,
    accommodation,
    windowEndsAt: closesAt,
    windowGates: programme.window,
    latencyAllowanceMs: stage.assessment.kind === 'test' ? stage.assessment.latencyAllowanceSeconds * SECOND_MS : 0,
    sections: (blueprint?.sections ?? []).map((section) => ({
      id: section.id,
      timeLimitMs: section.timeLimitMinutes === undefined ? null : section.timeLimitMinutes * MINUTE_MS,
      minimumMs: section.minimumSeconds * SECOND_MS,
    })),
  }
}

/**
 * Up to when this person may begin each stage: the window's end as their accommodation moves it, null where none
 * counts.
 */
export async function personalEnds(
  deps: Pick<Deps, 'store'>,
  { enrolment, programme }: Pick<StageContext, 'enrolment' | 'programme'>,
): Promise<(Instant | null)[]> {
  const accommodation = await accommodationFor(deps, enrolment.id)
  return programme.body.stages.map((stage) =>
    personalStartBefore(timingTerms(programme.body, stage, null, accommodation, enrolment.closesAt.getTime())),
  )
}

export async function stageOf(
  deps: Pick<Deps, 'store'>,
  row: { enrolmentId: string; stageId: string },
): Promise<{ programme: Programme; stage: Stage; programmeVersionId: string }> {
  const enrolment = await enrolments.enrolmentById(deps.store.read, row.enrolmentId)
  if (!enrolment) throw new Error(`enrolment ${row.enrolmentId} is missing`)
  const programme = await requireVersion(deps.store.read, 'programme', enrolment.programmeVersionId)
  const stage = programme.body.stages.find((s) => s.id === row.stageId)
  if (!stage) throw new Error(`stage ${row.stageId} is not in programme ${programme.body.id}`)
  return { programme: programme.body, stage, programmeVersionId: programme.versionId }
}
