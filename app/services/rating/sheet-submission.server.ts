/**
 * Submitting a rating sheet: once, complete, about the answer that the rater read. Scoring follows in the same
 * transaction, as a job.
 */
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { submitSheet as decideSubmit, scoreSheet } from '../../core/rubric/sheet.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { enqueue } from '../../ground/jobs.server.ts'
import type { Version } from '../content/versions.server.ts'
import { noteChange, withoutNotYours, type SheetActCode, type Subject } from './sheet-change.server.ts'
import { coreSheet, type OwnSheet } from './sheet.server.ts'

export async function handIn(
  w: Writer,
  deps: Deps,
  actor: Actor,
  { sheet, task, attempt }: OwnSheet,
  rubric: Version<'rubric'>,
  subject: Subject,
  seq: number,
  now: Instant,
): Promise<Result<unknown, SheetActCode>> {
  if (seq !== sheet.seq) return err('sheet.stale', { serverRevision: sheet.seq })
  if (!subject.ended) return err('contact.not_ended')
  const [marks, evidence] = [await ratings.marksOfSheets(w, [sheet.id]), await ratings.evidenceOfSheets(w, [sheet.id])]
  const filled = coreSheet(sheet, task, marks, evidence)
  const decided = decideSubmit(rubric.body, filled, { raterId: actor.personId, at: now })
  if (!decided.ok)
    return decided.error.code === 'sheet.incomplete'
      ? err('sheet.incomplete', { n: decided.error.params?.['problems'] ?? 0 })
      : withoutNotYours(decided)
  const score = scoreSheet(rubric.body, filled.entries)
  // With everything "not applicable" there is nothing to score, and the answer would wait for a rating for ever.
  if (score.total === null) return err('sheet.nothing_rated')
  const criticalFailure = score.criticalFailures.length > 0
  const data = {
    attemptId: attempt.id,
    subjectHash: subject.contentHash,
    rubricVersionId: rubric.versionId,
    percent: score.total,
    criticalFailures: [...score.criticalFailures],
  }
  const moved = await noteChange(w, sheet, 'submitted', data, now, {
    status: 'submitted',
    submittedAt: new Date(now),
    percent: score.total,
    criticalFailure,
  })
  if (!moved.ok) return moved
  const handedIn = (await ratings.sheetsOfTasks(w, [task.id])).filter((other) => other.status === 'submitted').length
  if (handedIn >= task.sheetsWanted) await ratings.finishTask(w, task.id)
  await enqueue(w, 'score-attempt', { attemptId: attempt.id }, { live: deps.live })
  await audit(w, deps, now, {
    actorId: actor.personId,
    action: 'sheet.submitted',
    subjectType: 'rating_sheet',
    subjectId: sheet.id,
    data: { taskId: task.id, seq: moved.value.seq },
  })
  return ok(true)
}
