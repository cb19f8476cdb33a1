/** The candidate's overview: the programme with its stages. */
import type { Actor } from '../../core/access/actor.ts'
import type { StageSummary } from '../../core/attempt/stage-view.ts'
import { MIN_EXPERTS } from '../../core/scoring/outcome.ts'
import type { Locale } from '../../core/shared/locale.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { openEnrolment } from '../enrolment/enrolment.server.ts'
import { summarise } from './stage-summary.server.ts'

export type Overview = {
  displayTitle: string
  summary: string
  outcome: 'hiring_decision' | 'credential'
  languageRequirement: string | null
  provisional: boolean
  windowGates: 'start' | 'end'
  /** The end of every stage for this candidate; null where nothing ends, or where each stage has its own. */
  closesAt: string | null
  endsByStage: boolean
  /** No stage has a time limit for this candidate. */
  limitless: boolean
  hasPractice: boolean
  stages: StageSummary[]
}

/** The programme with its stages, as the candidate who was invited to it sees them. Null without an enrolment. */
export async function candidateOverview(
  deps: Deps,
  actor: Actor,
  locale: Locale,
  now: Instant,
): Promise<Overview | null> {
  const open = await openEnrolment(deps, actor)
  if (!open) return null
  const { enrolment, programme } = open
  const stages = []
  for (const [stageIndex, stage] of programme.body.stages.entries())
    stages.push(await summarise(deps, { enrolment, programme, stage, stageIndex }, locale, now))
  const ends = [...new Set(stages.map((stage) => stage.closesAt))]
  return {
    displayTitle: programme.body.title[locale],
    summary: programme.body.summary[locale],
    outcome: programme.body.outcome,
    languageRequirement: programme.body.languageRequirement?.[locale] ?? null,
    provisional: programme.body.stages.some((stage) => stage.cutScore.experts.length < MIN_EXPERTS),
    windowGates: programme.body.window,
    closesAt: ends.length > 1 ? null : (ends[0] ?? null),
    endsByStage: ends.length > 1,
    limitless: stages.every((stage) => stage.limitMs === null),
    hasPractice: programme.body.practiceItems.length > 0,
    stages,
  }
}
