/**
 * A stage in short, as its candidate sees it. Every view of this folder is built field by field; nothing of a key, a
 * rubric or an unreleased score is ever loaded for it.
 */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import type { StageState, StageSummary } from '../../core/attempt/stage-view.ts'
import { phaseAt } from '../../core/attempt/state.ts'
import type { Stage } from '../../core/bank/schema.ts'
import type { Locale } from '../../core/shared/locale.ts'
import type { Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { personalLimitMs } from '../../core/timing/deadline.ts'
import { personalStartBefore } from '../../core/timing/start.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { currentContent } from '../content/versions.server.ts'
import { accommodationFor, timingTerms, type StageContext } from '../enrolment/enrolment.server.ts'
import { readiness } from '../enrolment/readiness.server.ts'

const iso = (at: Date | Instant): string => new Date(at).toISOString()

export async function termsOf(deps: Deps, context: StageContext) {
  const { stage, programme, enrolment } = context
  const blueprint =
    stage.assessment.kind === 'test'
      ? await currentContent(deps.store.read, 'blueprint', stage.assessment.blueprint)
      : null
  const accommodation = await accommodationFor(deps, enrolment.id)
  return {
    blueprint,
    terms: timingTerms(programme.body, stage, blueprint?.body ?? null, accommodation, enrolment.closesAt.getTime()),
  }
}

export async function summarise(
  deps: Deps,
  context: StageContext,
  locale: Locale,
  now: Instant,
): Promise<StageSummary> {
  const { stage, stageIndex, enrolment } = context
  const { terms } = await termsOf(deps, context)
  const mine = (await attempts.attemptsOfEnrolment(deps.store.read, enrolment.id)).filter(
    (row) => row.stageId === stage.id,
  )
  const latest = mine.at(-1) ?? null
  const phase = latest ? phaseAt(latest.head, now) : null
  const ready = await readiness(deps, context, terms, now)
  const attemptsLeft = Math.max(0, stage.attempts.max - mine.length)
  const closesAt = personalStartBefore(terms)
  const state = stageState({ latest, phase, ready, attemptsLeft, kind: stage.assessment.kind })
  return {
    id: stage.id,
    number: stageIndex + 1,
    title: stage.title[locale],
    kind: stage.assessment.kind,
    limitMs: personalLimitMs(terms),
    closesAt: closesAt === null ? null : iso(closesAt),
    state,
    blocked: ready.ok || phase === 'in_progress' ? null : ready.error,
    attempt: latest
      ? {
          id: latest.id,
          ordinal: latest.ordinal,
          finishedAt: latest.finishedAt
            ? iso(latest.finishedAt)
            : phase === 'closed' && latest.head.deadlineAt !== null
              ? iso(latest.head.deadlineAt)
              : null,
          released: latest.releasedAt !== null,
        }
      : null,
    attemptsLeft,
    maxAttempts: stage.attempts.max,
  }
}

function stageState(facts: {
  latest: attempts.AttemptRow | null
  phase: string | null
  ready: Result<true, string>
  attemptsLeft: number
  kind: Stage['assessment']['kind']
}): StageState {
  const { latest, phase, ready } = facts
  if (phase === 'in_progress') return 'running'
  if (latest?.releasedAt) return 'released'
  if (phase === 'closed') return 'handed_in'
  // A mock scenario or interview is begun by the interviewer, so there is nothing to press.
  if (ready.ok) return facts.kind === 'test' ? 'open' : 'waiting'
  switch (ready.error.code) {
    case 'start.earlier_stage_first':
      return 'locked'
    case 'start.window_over':
    case 'start.no_attempts_left':
      return 'over'
    case 'start.notice_first':
      return facts.kind === 'test' ? 'open' : 'waiting'
    default:
      return 'waiting'
  }
}
