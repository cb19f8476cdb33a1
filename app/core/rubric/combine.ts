/**
 * Several sheets of one answer or contact: their mean, where they part too far, and how well a rater agrees with a
 * benchmark.
 */
import { criterionPercent, meanOf, scoreSheet, type RubricRules, type SheetEntry, type SheetScore } from './sheet.ts'

/** Two raters this many levels apart on a criterion need a third opinion. */
export const ADJUDICATION_LEVELS = 2

export type AdjudicationNeed = {
  readonly criterionId: string
  /**
   * levels_apart: two levels or more. critical: one sheet fails a critical criterion and another does not.
   * applicability: one calls a criterion not applicable that another has rated.
   */
  readonly reason: 'levels_apart' | 'critical' | 'applicability'
}
export type CombinedScore = {
  /** Mean of the sheets' totals, 0 to 100, after adjudication; null where nothing is rated. */
  readonly total: number | null
  readonly sheets: number
  /** Mean percent by criterion over the sheets that rated it. */
  readonly criteria: readonly { readonly criterionId: string; readonly percent: number | null; readonly n: number }[]
  /** Failed on every sheet, or by adjudication. A failure on some sheets only is a need for adjudication. */
  readonly criticalFailures: readonly string[]
  /** Not yet adjudicated; while there are any the total is preliminary. */
  readonly adjudication: readonly AdjudicationNeed[]
}

/**
 * Combines submitted sheets. `adjudicated` holds the third opinion on criteria in dispute; it takes the place of all
 * sheets' entries there, and the totals follow.
 */
export function combineSheets(
  rubric: RubricRules,
  sheets: readonly (readonly SheetEntry[])[],
  adjudicated: readonly SheetEntry[] = [],
): CombinedScore {
  const settled = new Set(adjudicated.map((e) => e.criterionId))
  const effective = sheets.map((entries) => [...entries.filter((e) => !settled.has(e.criterionId)), ...adjudicated])
  const scores = effective.map((entries) => scoreSheet(rubric, entries))
  const failures = rubric.criteria.filter(
    (c) => scores.length > 0 && scores.every((s) => s.criticalFailures.includes(c.id)),
  )
  return {
    total: meanOf(scores.flatMap((s) => (s.total === null ? [] : [s.total]))),
    sheets: sheets.length,
    criteria: rubric.criteria.map((c) => {
      const percents = scores.flatMap((s) =>
        s.criteria.filter((x) => x.criterionId === c.id && x.percent !== null).map((x) => x.percent as number),
      )
      return { criterionId: c.id, percent: meanOf(percents), n: percents.length }
    }),
    criticalFailures: failures.map((c) => c.id),
    adjudication: rubric.criteria.flatMap((c) => (settled.has(c.id) ? [] : needFor(c.id, sheets, scores))),
  }
}

function needFor(
  criterionId: string,
  sheets: readonly (readonly SheetEntry[])[],
  scores: readonly SheetScore[],
): AdjudicationNeed[] {
  const entries = sheets.flatMap((s) => s.filter((e) => e.criterionId === criterionId))
  const levels = entries.flatMap((e) => (e.level === null || e.notApplicable ? [] : [e.level]))
  const failing = scores.filter((s) => s.criticalFailures.includes(criterionId)).length
  if (failing > 0 && failing < scores.length) return [{ criterionId, reason: 'critical' }]
  if (levels.length > 0 && Math.max(...levels) - Math.min(...levels) >= ADJUDICATION_LEVELS)
    return [{ criterionId, reason: 'levels_apart' }]
  return levels.length > 0 && entries.some((e) => e.notApplicable) ? [{ criterionId, reason: 'applicability' }] : []
}

export type AlignmentLine = { readonly original: number; readonly benchmark: number; readonly max: number }

/** MaestroQA's alignment of one criterion: 1 − |original − benchmark| ÷ max, 0 to 1. */
export const alignmentOf = ({ original, benchmark, max }: AlignmentLine): number =>
  1 - Math.abs(original - benchmark) / max

/**
 * MaestroQA's alignment of a whole rubric: each line's alignment weighted by its share of the points. On purpose not
 * the difference of totals: two sheets of 80 % can disagree on every line. null for no lines.
 */
export function rubricAlignment(lines: readonly AlignmentLine[]): number | null {
  const total = lines.reduce((sum, line) => sum + line.max, 0)
  return total === 0 ? null : lines.reduce((sum, line) => sum + alignmentOf(line) * (line.max / total), 0)
}

/**
 * The alignment of a sheet with a benchmark sheet, 0 to 1. What both call not applicable is left out; where only one
 * does, they do not agree at all on that criterion.
 */
export function sheetAlignment(
  rubric: RubricRules,
  entries: readonly SheetEntry[],
  benchmark: readonly SheetEntry[],
): number | null {
  const lines = rubric.criteria.flatMap((c): AlignmentLine[] => {
    const [mine, theirs] = [entries, benchmark].map(
      (list) => list.find((e) => e.criterionId === c.id && !e.notApplicable)?.level ?? null,
    )
    if (mine === undefined || theirs === undefined || (mine === null && theirs === null)) return []
    if (mine === null || theirs === null) return [{ original: 0, benchmark: c.weight, max: c.weight }]
    const points = (level: number): number => (criterionPercent(level, rubric.levels) / 100) * c.weight
    return [{ original: points(mine), benchmark: points(theirs), max: c.weight }]
  })
  return rubricAlignment(lines)
}
