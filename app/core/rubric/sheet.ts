/**
 * Rating sheets: their arithmetic and the decisions about them. Arithmetic follows what support QA tools publish
 * (Zendesk QA: percent of the scale, weights over rated criteria only, a critical criterion below its mark sets the
 * whole to 0 but not the reports by criterion). Fractions are kept; the page that shows a figure rounds it.
 */
import type { Rubric } from '../bank/schema.ts'
import type { Competency } from '../bank/vocabulary.ts'
import { err, ok, type Result } from '../shared/result.ts'
import type { Instant } from '../shared/time.ts'

/** What one rater says about one criterion. Evidence is referred to by id: quotes and notes stand in erasable rows. */
export type SheetEntry = {
  readonly criterionId: string
  /** 1 to the rubric's number of levels; null with `notApplicable`, or while undecided. */
  readonly level: number | null
  readonly notApplicable: boolean
  readonly evidenceIds: readonly string[]
}
export type SheetStatus = 'draft' | 'submitted'
export type Sheet = {
  readonly id: string
  /** The answer, contact or interview that is rated. */
  readonly subjectId: string
  readonly raterId: string
  readonly status: SheetStatus
  /** Raised by each change; a write names the revision it stands on. */
  readonly revision: number
  readonly entries: readonly SheetEntry[]
  readonly submittedAt: Instant | null
}
export type RubricRules = Pick<Rubric, 'levels' | 'criteria'>

/** A level as a percent of the scale: lowest 0, highest 100. Four levels give 0, 33.3, 66.6 and 100. */
export const criterionPercent = (level: number, levels: number): number => ((level - 1) / (levels - 1)) * 100

export type CriterionScore = {
  readonly criterionId: string
  readonly competency: Competency
  readonly weight: number
  /** null where not applicable or not rated. A critical failure elsewhere does not change it. */
  readonly percent: number | null
}
export type SheetScore = {
  /** 0 to 100: weighted mean over the rated criteria, 0 after a critical failure; null where nothing is rated. */
  readonly total: number | null
  /** The weighted mean before critical failures. */
  readonly uncut: number | null
  readonly criticalFailures: readonly string[]
  readonly criteria: readonly CriterionScore[]
}

const entryOf = (entries: readonly SheetEntry[], id: string): SheetEntry | undefined =>
  entries.find((e) => e.criterionId === id)
const ratedLevel = (entry: SheetEntry | undefined): number | null =>
  entry && !entry.notApplicable ? entry.level : null

/** The score of one sheet, also of an unfinished one. */
export function scoreSheet(rubric: RubricRules, entries: readonly SheetEntry[]): SheetScore {
  const criteria = rubric.criteria.map((c): CriterionScore => {
    const level = ratedLevel(entryOf(entries, c.id))
    return {
      criterionId: c.id,
      competency: c.competency,
      weight: c.weight,
      percent: level === null ? null : criterionPercent(level, rubric.levels),
    }
  })
  const criticalFailures = rubric.criteria
    .filter((c) => {
      const level = ratedLevel(entryOf(entries, c.id))
      return c.critical !== undefined && level !== null && level < c.critical.failBelow
    })
    .map((c) => c.id)
  const uncut = weightedMean(criteria)
  return { total: uncut === null ? null : criticalFailures.length > 0 ? 0 : uncut, uncut, criticalFailures, criteria }
}

/** Σ(percent · weight) ÷ Σ weight over what has a percent; null where nothing has. */
export function weightedMean(list: readonly { percent: number | null; weight: number }[]): number | null {
  let sum = 0
  let weights = 0
  for (const { percent, weight } of list) {
    if (percent === null) continue
    sum += percent * weight
    weights += weight
  }
  return weights === 0 ? null : sum / weights
}

/** Plain mean, e.g. of the totals of several reviews; null for none. */
export const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length

export type SheetProblemCode =
  | 'sheet.criterion_unknown'
  | 'sheet.criterion_twice'
  | 'sheet.criterion_missing'
  | 'sheet.level_out_of_range'
  | 'sheet.not_applicable_not_allowed'
  | 'sheet.evidence_missing'
export type SheetProblem = { readonly code: SheetProblemCode; readonly criterionId: string }

/**
 * What keeps a sheet from being submitted; empty when each criterion is rated or not applicable and evidence is there.
 */
export function sheetProblems(rubric: RubricRules, entries: readonly SheetEntry[]): SheetProblem[] {
  const problems: SheetProblem[] = []
  const add = (code: SheetProblemCode, criterionId: string): void => void problems.push({ code, criterionId })
  entries.forEach((entry, i) => {
    if (!rubric.criteria.some((c) => c.id === entry.criterionId)) add('sheet.criterion_unknown', entry.criterionId)
    else if (entries.findIndex((e) => e.criterionId === entry.criterionId) !== i)
      add('sheet.criterion_twice', entry.criterionId)
  })
  for (const criterion of rubric.criteria) {
    const entry = entryOf(entries, criterion.id)
    if (!entry || (entry.level === null && !entry.notApplicable)) add('sheet.criterion_missing', criterion.id)
    else if (entry.notApplicable) {
      if (!criterion.notApplicable) add('sheet.not_applicable_not_allowed', criterion.id)
    } else {
      if (!validLevel(entry.level, rubric)) add('sheet.level_out_of_range', criterion.id)
      if (criterion.evidence === 'required' && entry.evidenceIds.length === 0)
        add('sheet.evidence_missing', criterion.id)
    }
  }
  return problems
}

const validLevel = (level: number | null, rubric: RubricRules): boolean =>
  level !== null && Number.isInteger(level) && level >= 1 && level <= rubric.levels

export type SheetCode =
  'sheet.already_submitted' | 'sheet.not_yours' | 'sheet.stale' | 'sheet.incomplete' | SheetProblemCode

/** Rates one criterion. Refused once the sheet is submitted, and on a revision that is not the current one. */
export function rateCriterion(
  rubric: RubricRules,
  sheet: Sheet,
  cmd: { readonly raterId: string; readonly baseRevision: number; readonly entry: SheetEntry },
): Result<Sheet, SheetCode> {
  const open = writable(sheet, cmd.raterId)
  if (!open.ok) return open
  if (cmd.baseRevision !== sheet.revision) return err('sheet.stale', { serverRevision: sheet.revision })
  const criterion = rubric.criteria.find((c) => c.id === cmd.entry.criterionId)
  if (!criterion) return err('sheet.criterion_unknown')
  if (cmd.entry.notApplicable && !criterion.notApplicable) return err('sheet.not_applicable_not_allowed')
  if (cmd.entry.level !== null && !validLevel(cmd.entry.level, rubric)) return err('sheet.level_out_of_range')
  const entry = cmd.entry.notApplicable ? { ...cmd.entry, level: null } : cmd.entry
  const entries = [...sheet.entries.filter((e) => e.criterionId !== entry.criterionId), entry]
  return ok({ ...sheet, entries, revision: sheet.revision + 1 })
}

/** Submits a sheet, once. From then on it is frozen: a change of mind is a new act (adjudication), not an edit. */
export function submitSheet(
  rubric: RubricRules,
  sheet: Sheet,
  cmd: { readonly raterId: string; readonly at: Instant },
): Result<Sheet, SheetCode> {
  const open = writable(sheet, cmd.raterId)
  if (!open.ok) return open
  const problems = sheetProblems(rubric, sheet.entries)
  if (problems.length > 0) return err('sheet.incomplete', { problems: problems.length })
  return ok({ ...sheet, status: 'submitted', submittedAt: cmd.at, revision: sheet.revision + 1 })
}

function writable(sheet: Sheet, raterId: string): Result<true, 'sheet.not_yours' | 'sheet.already_submitted'> {
  if (sheet.raterId !== raterId) return err('sheet.not_yours')
  return sheet.status === 'draft' ? ok(true) : err('sheet.already_submitted')
}

/**
 * The sheets of one subject that a person may see. Raters are blind to each other until all that are required have
 * submitted: before that, each sees only their own sheet, and not even whether another rater has begun. Those who do
 * not rate (`viewerId` owns no sheet) see nothing until then either: a hint from them would end the blindness as well.
 */
export function visibleSheets(sheets: readonly Sheet[], viewerId: string, required: number): Sheet[] {
  const submitted = sheets.filter((s) => s.status === 'submitted')
  return submitted.length >= required
    ? sheets.filter((s) => s.status === 'submitted' || s.raterId === viewerId)
    : sheets.filter((s) => s.raterId === viewerId)
}

/** Whether all sheets that the subject needs are in. */
export const blindnessLifted = (sheets: readonly Pick<Sheet, 'status'>[], required: number): boolean =>
  sheets.filter((s) => s.status === 'submitted').length >= required
