/** One rating sheet as its rater reads it. A rater sees their own sheet and nothing of anybody else's. */
import { lastEventAt, latestNotes } from '../../../db/queries/rating.server.ts'
import * as attempts from '../../../db/repositories/attempts.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { EvidenceRow, MarkRow, SheetRow, TaskRow } from '../../../db/repositories/ratings.server.ts'
import type { Reader, Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import { sheetProblems, type Sheet, type SheetProblem } from '../../core/rubric/sheet.ts'
import type { Locale } from '../../core/shared/locale.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { requireVersion } from '../content/versions.server.ts'
import { rubricView } from './view.server.ts'

export const COMMENT = 'sheet_comment'

export type OwnSheet = { sheet: SheetRow; task: TaskRow; attempt: attempts.AttemptRow }

/** The actor's own sheet; null for anybody else's, as if it did not exist. */
export async function ownSheet(r: Reader | Writer, actor: Actor, sheetId: string): Promise<OwnSheet | null> {
  const sheet = await ratings.sheetById(r, sheetId)
  const task = sheet && sheet.raterId === actor.personId ? await ratings.taskById(r, sheet.taskId) : null
  const attempt = task ? await attempts.attemptRow(r, task.attemptId) : null
  if (!sheet || !task || !attempt) return null
  return can(actor, 'sheet:view', { ownerId: attempt.personId, raterId: sheet.raterId, blindnessLifted: false })
    ? { sheet, task, attempt }
    : null
}

/** What the sheet says so far, as the core reads it. */
export function coreSheet(
  sheet: SheetRow,
  task: TaskRow,
  marks: readonly MarkRow[],
  evidence: readonly EvidenceRow[],
): Sheet {
  return {
    id: sheet.id,
    subjectId: task.subjectId,
    raterId: sheet.raterId,
    status: sheet.status === 'submitted' ? 'submitted' : 'draft',
    revision: sheet.seq,
    entries: marks.map((mark) => ({
      criterionId: mark.criterionId,
      level: mark.level,
      notApplicable: mark.notApplicable,
      evidenceIds: evidence.filter((entry) => entry.criterionId === mark.criterionId).map((entry) => entry.id),
    })),
    submittedAt: sheet.submittedAt?.getTime() ?? null,
  }
}

export const commentSubject = (sheetId: string, criterionId: string): string => `${sheetId}:${criterionId}`

/** The sheet with its rubric, for either kind of subject. */
export async function readSheet(deps: Pick<Deps, 'store' | 'secrets'>, actor: Actor, sheetId: string, locale: Locale) {
  const r = deps.store.read
  const loaded = await ownSheet(r, actor, sheetId)
  if (!loaded) return null
  const { sheet, task, attempt } = loaded
  const rubric = await requireVersion(r, 'rubric', task.rubricVersionId)
  const [marks, evidence, comments, savedAt] = await Promise.all([
    ratings.marksOfSheets(r, [sheet.id]),
    ratings.evidenceOfSheets(r, [sheet.id]),
    latestNotes(
      r,
      COMMENT,
      rubric.body.criteria.map((criterion) => commentSubject(sheet.id, criterion.id)),
    ),
    lastEventAt(r, sheet.id),
  ])
  const problems: SheetProblem[] = sheetProblems(rubric.body, coreSheet(sheet, task, marks, evidence).entries)
  return {
    loaded,
    view: {
      sheetId: sheet.id,
      status: sheet.status,
      seq: sheet.seq,
      attemptId: attempt.id,
      savedAt: (savedAt ?? sheet.claimedAt).toISOString(),
      submittedAt: sheet.submittedAt?.toISOString() ?? null,
      rubric: rubricView(rubric.body, rubric.number, locale),
      marks: marks.map((mark) => ({
        criterionId: mark.criterionId,
        level: mark.level,
        notApplicable: mark.notApplicable,
      })),
      evidence: evidence.map((entry) => ({
        id: entry.id,
        criterionId: entry.criterionId,
        polarity: entry.polarity,
        field: entry.field,
        start: entry.startAt,
        end: entry.endAt,
        quote: entry.quote,
        at: entry.createdAt.getTime(),
      })),
      comments: rubric.body.criteria.map((criterion) => ({
        criterionId: criterion.id,
        text: comments.get(commentSubject(sheet.id, criterion.id)) ?? '',
      })),
      problems: problems.map((problem) => ({ code: problem.code, criterionId: problem.criterionId })),
    },
  }
}
