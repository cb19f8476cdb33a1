/** Rating sheets in the evidence of a result. */
import { latestNotes } from '../../../db/queries/rating.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { Reader } from '../../../db/store.server.ts'
import type { Rubric } from '../../core/bank/schema.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { readVersions } from '../content/versions.server.ts'

/** Criteria of a rubric with what a rater marked: level, the anchor chosen, and the quotations that bear it. */
function sheetCriteria(
  rubric: Rubric,
  locale: Locale,
  marks: ratings.MarkRow[],
  evidence: ratings.EvidenceRow[],
  comments: ReadonlyMap<string, string>,
  sheetId: string,
) {
  return rubric.criteria.map((criterion) => {
    const mark = marks.find((entry) => entry.criterionId === criterion.id)
    const level = mark && !mark.notApplicable ? mark.level : null
    return {
      id: criterion.id,
      title: criterion.title[locale],
      competency: criterion.competency,
      weight: criterion.weight,
      level,
      notApplicable: mark?.notApplicable ?? false,
      anchor: level === null ? null : (criterion.anchors[level - 1]?.[locale] ?? null),
      failBelow: criterion.critical?.failBelow ?? null,
      evidence: evidence
        .filter((entry) => entry.criterionId === criterion.id)
        .map((entry) => ({ id: entry.id, polarity: entry.polarity, field: entry.field, quote: entry.quote })),
      comment: comments.get(`${sheetId}:${criterion.id}`) || null,
    }
  })
}

/** Submitted sheets of the tasks whose blindness is lifted: before that not even an admin sees one rater's sheet. */
export async function sheetsView(r: Reader, attemptId: string, locale: Locale) {
  const tasks = await ratings.tasksOfAttempt(r, attemptId)
  const submitted = (
    await ratings.sheetsOfTasks(
      r,
      tasks.map((task) => task.id),
    )
  ).filter((sheet) => sheet.status === 'submitted')
  const inOf = (taskId: string) => submitted.filter((sheet) => sheet.taskId === taskId).length
  const lifted = new Set(tasks.filter((task) => inOf(task.id) >= task.sheetsWanted).map((task) => task.id))
  const shown = submitted.filter((sheet) => lifted.has(sheet.taskId))
  const ids = shown.map((sheet) => sheet.id)
  const [marks, evidence, raters, rubrics] = await Promise.all([
    ratings.marksOfSheets(r, ids),
    ratings.evidenceOfSheets(r, ids),
    people.peopleByIds(r, [...new Set(shown.map((sheet) => sheet.raterId))]),
    readVersions(
      r,
      'rubric',
      tasks.map((task) => task.rubricVersionId),
    ),
  ])
  const commentIds = shown.flatMap((sheet) => {
    const rubric = rubrics.get(tasks.find((task) => task.id === sheet.taskId)?.rubricVersionId ?? '')?.body
    return (rubric?.criteria ?? []).map((criterion) => `${sheet.id}:${criterion.id}`)
  })
  const comments = await latestNotes(r, 'sheet_comment', commentIds)
  return {
    sheets: shown.flatMap((sheet) => {
      const task = tasks.find((entry) => entry.id === sheet.taskId)
      const rubric = task && rubrics.get(task.rubricVersionId)?.body
      if (!task || !rubric) return []
      return [
        {
          sheetId: sheet.id,
          subjectType: task.subjectType,
          subjectId: task.subjectId,
          rubricTitle: rubric.title[locale],
          levels: rubric.levels,
          rater: raters.find((entry) => entry.id === sheet.raterId)?.displayName ?? '',
          submittedAt: sheet.submittedAt?.toISOString() ?? null,
          percent: sheet.percent,
          criticalFailure: sheet.criticalFailure,
          criteria: sheetCriteria(
            rubric,
            locale,
            marks.filter((mark) => mark.sheetId === sheet.id),
            evidence.filter((entry) => entry.sheetId === sheet.id),
            comments,
            sheet.id,
          ),
        },
      ]
    }),
    waiting: tasks
      .filter((task) => !lifted.has(task.id))
      .map((task) => ({ subjectId: task.subjectId, in: inOf(task.id), wanted: task.sheetsWanted })),
    criterionTitles: new Map(
      [...rubrics.values()].flatMap((rubric) =>
        rubric.body.criteria.map((criterion) => [criterion.id, criterion.title[locale]] as const),
      ),
    ),
  }
}
