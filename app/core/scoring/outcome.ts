/**
 * The pass rule on a profile: total, competencies, critical criteria. The result is a proposal. No person is refused by
 * a rule alone: anything but an undisputed pass needs a named person who has seen the evidence.
 */
import type { Competency } from '../bank/vocabulary.ts'
import type { FormScore } from './score-form.ts'

/** Experts below which keys and cut scores are the author's own. */
export const MIN_EXPERTS = 5

export type PassRule = {
  /** Lowest percent that passes; equal passes. Compared unrounded: 79.9 does not pass 80. */
  readonly cutPercent: number
  readonly competencyCuts: readonly { readonly competency: Competency; readonly percent: number }[]
  /** The least number of named experts behind the cut score and the keys in the form. */
  readonly experts: number
}
export type OutcomeReason =
  | { readonly code: 'outcome.awaiting_rating'; readonly items: number }
  | { readonly code: 'outcome.nothing_scored' }
  | { readonly code: 'outcome.cut_score'; readonly met: boolean; readonly percent: number; readonly cut: number }
  /** The cut lies inside the interval: other items could have turned it. */
  | { readonly code: 'outcome.near_cut'; readonly low: number; readonly high: number; readonly cut: number }
  | {
      readonly code: 'outcome.competency_cut'
      readonly met: boolean
      readonly competency: Competency
      readonly percent: number
      readonly cut: number
      readonly n: number
    }
  | { readonly code: 'outcome.competency_too_few'; readonly competency: Competency; readonly n: number }
  | { readonly code: 'outcome.critical_failure'; readonly criterionId: string }
  | { readonly code: 'outcome.provisional'; readonly experts: number; readonly needed: number }

export type Outcome = {
  /** undecided: ratings are missing or a competency that must be reached has too few items. */
  readonly proposal: 'pass' | 'fail' | 'undecided'
  /**
   * by_person: a named person has to look at the evidence and release it. There is no way to release a fail by rule.
   */
  readonly release: 'by_rule_or_person' | 'by_person'
  /** Keys or cut scores that fewer than five experts have rated: not for a hiring decision. */
  readonly provisional: boolean
  readonly reasons: readonly OutcomeReason[]
}

/** Rounding errors of sums of fractions, in percent points; far below any difference in points. */
const SLACK = 1e-9
const reaches = (percent: number, cut: number): boolean => percent >= cut - SLACK

export function decideOutcome(score: FormScore, rule: PassRule, criticalFailures: readonly string[] = []): Outcome {
  const reasons: OutcomeReason[] = []
  let undecided = false
  let failed = false

  if (score.awaiting.length > 0) {
    reasons.push({ code: 'outcome.awaiting_rating', items: score.awaiting.length })
    undecided = true
  }
  if (score.percent === null) {
    reasons.push({ code: 'outcome.nothing_scored' })
    undecided = true
  } else {
    const met = reaches(score.percent, rule.cutPercent)
    reasons.push({ code: 'outcome.cut_score', met, percent: score.percent, cut: rule.cutPercent })
    failed ||= !met
    if (score.interval && score.interval.low < rule.cutPercent && rule.cutPercent < score.interval.high) {
      reasons.push({ code: 'outcome.near_cut', ...score.interval, cut: rule.cutPercent })
    }
  }
  for (const { competency, percent: cut } of rule.competencyCuts) {
    const own = score.byCompetency.find((c) => c.competency === competency)
    if (!own || own.percent === null) {
      reasons.push({ code: 'outcome.competency_too_few', competency, n: own?.n ?? 0 })
      undecided = true
      continue
    }
    const met = reaches(own.percent, cut)
    reasons.push({ code: 'outcome.competency_cut', met, competency, percent: own.percent, cut, n: own.n })
    failed ||= !met
  }
  for (const criterionId of criticalFailures) {
    reasons.push({ code: 'outcome.critical_failure', criterionId })
    failed = true
  }
  const provisional = rule.experts < MIN_EXPERTS
  if (provisional) reasons.push({ code: 'outcome.provisional', experts: rule.experts, needed: MIN_EXPERTS })
  const proposal = undecided ? 'undecided' : failed ? 'fail' : 'pass'
  return {
    proposal,
    release: proposal === 'pass' && !provisional ? 'by_rule_or_person' : 'by_person',
    provisional,
    reasons,
  }
}
