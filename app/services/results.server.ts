/**
 * Results as admins handle them: what is complete, the evidence, and the release. Nobody is refused by a rule: every result is
 * released by a named person, and only after that person has opened the evidence.
 */
import * as attempts from '../../db/repositories/attempts.server.ts'
import { insertNote, notesOf } from '../../db/repositories/notes.server.ts'
import * as people from '../../db/repositories/people.server.ts'
import * as ratings from '../../db/repositories/ratings.server.ts'
import * as scores from '../../db/repositories/scores.server.ts'
import { closedAttempts, lastSeenEvidence } from '../../db/queries/results.server.ts'
import type { Actor } from '../core/access/actor.ts'
import { decide } from '../core/attempt/decide.ts'
import { err, ok, type Result } from '../core/shared/result.ts'
import type { Instant } from '../core/shared/time.ts'
import { appendStreamEvent } from '../live/stream.server.ts'
import { attemptStream } from './attempt-saves.server.ts'
import { audit } from './audit.server.ts'
import { readVersions } from './content.server.ts'
import type { Deps } from './deps.server.ts'
import { stageOf, type ScoreProfile } from './scoring.server.ts'

export type ResultState = 'scoring' | 'rating' | 'ready' | 'released'

/** All closed attempts with where they stand, the ones that wait for a release first. */
export async function listResults(deps: Pick<Deps, 'store'>) {
  const rows = await closedAttempts(deps.store.read)
  const [persons, versions] = await Promise.all([
    people.peopleByIds(deps.store.read, [...new Set(rows.map((row) => row.attempt.personId))]),
    readVersions(deps.store.read, 'programme', rows.map((row) => row.programmeVersionId)),
  ])
  const names = new Map(persons.map((person) => [person.id, person.displayName]))
  const order: Record<ResultState, number> = { ready: 0, rating: 1, scoring: 2, released: 3 }
  return Promise.all(
    rows.map(async (row) => {
      const score = await scores.latestScore(deps.store.read, row.attempt.id)
      const profile = score ? (score.profile as unknown as ScoreProfile) : null
      const programme = versions.get(row.programmeVersionId)?.body
      const state: ResultState = row.attempt.releasedAt ? 'released' : score?.complete ? 'ready' : score ? 'rating' : 'scoring'
      return {
        attemptId: row.attempt.id,
        name: names.get(row.attempt.personId) ?? '',
        programmeTitle: programme?.title ?? { 'zh-CN': '', en: '' },
        stageTitle: programme?.stages.find((stage) => stage.id === row.attempt.stageId)?.title ?? { 'zh-CN': row.attempt.stageId, en: row.attempt.stageId },
        ordinal: row.attempt.ordinal,
        finishedAt: row.attempt.finishedAt?.toISOString() ?? null,
        state,
        percent: score?.percent ?? null,
        proposal: profile?.outcome.proposal ?? null,
        provisional: profile?.outcome.provisional ?? true,
        waiting: profile?.form.awaiting.length ?? null,
        outcome: row.outcome,
      }
    }),
  ).then((list) => list.sort((a, b) => order[a.state] - order[b.state]))
}

/**
 * The evidence of one attempt, and the fact that this person has opened it: a release asks for that. Viewing changes nothing about
 * the attempt.
 */
export async function openEvidence(deps: Deps, actor: Actor, attemptId: string, now: Instant) {
  const r = deps.store.read
  const row = await attempts.attemptRow(r, attemptId)
  if (!row || row.status !== 'closed') return null
  const [{ programme, stage }, person, score, release, slots, answers, itemScores, tasks, requests, notes] = await Promise.all([
    stageOf(deps, row),
    people.personById(r, row.personId),
    scores.latestScore(r, attemptId),
    scores.releaseOf(r, attemptId),
    attempts.formItemsOf(r, attemptId),
    attempts.answersOf(r, attemptId),
    scores.itemScoresOf(r, attemptId),
    ratings.tasksOfAttempt(r, attemptId),
    scores.reviewRequestsOf(r, attemptId),
    notesOf(r, 'attempt_release', attemptId),
  ])
  const versions = await readVersions(r, 'item', slots.map((slot) => slot.itemVersionId))
  const sheets = await ratings.sheetsOfTasks(r, tasks.map((task) => task.id))
  const submitted = sheets.filter((sheet) => sheet.status === 'submitted')
  const ids = submitted.map((sheet) => sheet.id)
  const [marks, evidence, raters, rubrics] = await Promise.all([
    ratings.marksOfSheets(r, ids),
    ratings.evidenceOfSheets(r, ids),
    people.peopleByIds(r, [...new Set(submitted.map((sheet) => sheet.raterId))]),
    readVersions(r, 'rubric', tasks.map((task) => task.rubricVersionId)),
  ])
  await deps.store.transact((w) => audit(w, deps, now, { actorId: actor.personId, action: 'evidence.opened', subjectType: 'attempt', subjectId: attemptId }))
  return {
    row,
    programme,
    stage,
    displayName: person?.displayName ?? '',
    score,
    profile: score ? (score.profile as unknown as ScoreProfile) : null,
    release,
    releaseNote: notes.at(-1)?.text ?? null,
    items: slots.map((slot) => ({
      itemId: slot.itemId,
      item: versions.get(slot.itemVersionId)?.body ?? null,
      response: answers.find((answer) => answer.itemId === slot.itemId)?.response ?? null,
      late: answers.find((answer) => answer.itemId === slot.itemId)?.late ?? false,
      score: itemScores.find((entry) => entry.itemId === slot.itemId) ?? null,
    })),
    sheets: submitted.map((sheet) => {
      const task = tasks.find((entry) => entry.id === sheet.taskId)
      return {
        sheet,
        task,
        rater: raters.find((entry) => entry.id === sheet.raterId)?.displayName ?? '',
        rubric: task ? (rubrics.get(task.rubricVersionId)?.body ?? null) : null,
        marks: marks.filter((mark) => mark.sheetId === sheet.id),
        evidence: evidence.filter((entry) => entry.sheetId === sheet.id),
      }
    }),
    tasks,
    requests,
  }
}

export type ReleaseCode = 'result.not_found' | 'result.not_complete' | 'result.evidence_first' | 'result.already_released' | 'result.reason_needed' | 'result.stale'

/**
 * Releases a result. Departing from the proposal needs a reason, and so does every "not passed". `scoreNumber` is the score that the
 * person saw: if it was computed anew since, they look again.
 */
export async function releaseResult(
  deps: Deps,
  actor: Actor,
  input: { attemptId: string; outcome: 'passed' | 'not_passed'; scoreNumber: number; reason: string },
  now: Instant,
): Promise<Result<true, ReleaseCode>> {
  const row = await attempts.attemptRow(deps.store.read, input.attemptId)
  const score = row ? await scores.latestScore(deps.store.read, row.id) : null
  if (!row || !score) return err('result.not_found')
  if (!score.complete) return err('result.not_complete')
  if (score.number !== input.scoreNumber) return err('result.stale')
  const seen = await lastSeenEvidence(deps.store.read, actor.personId, input.attemptId)
  if (!seen || seen < score.computedAt) return err('result.evidence_first')
  const { outcome } = score.profile as unknown as ScoreProfile
  const departs = (outcome.proposal === 'pass') !== (input.outcome === 'passed')
  const reason = input.reason.trim()
  if ((departs || input.outcome === 'not_passed') && reason.length === 0) return err('result.reason_needed')
  const noteId = deps.ids.id('no')
  return deps.store.transact(async (w) => {
    const loaded = await attempts.loadAttempt(w, input.attemptId)
    if (!loaded) return err('result.not_found')
    const decided = decide(loaded.attempt, { type: 'release', by: actor.personId, receivedAt: now })
    if (!decided.ok) return err(decided.error.code === 'attempt.already_released' ? 'result.already_released' : 'result.not_complete')
    const inserted = await scores.insertRelease(w, {
      attemptId: input.attemptId,
      scoreNumber: score.number,
      outcome: input.outcome,
      releasedBy: actor.personId,
      evidenceSeenAt: seen,
      noteId: reason ? noteId : null,
      releasedAt: new Date(now),
    })
    if (!inserted) return err('result.already_released')
    if (reason) await insertNote(w, { id: noteId, subjectType: 'attempt_release', subjectId: input.attemptId, authorId: actor.personId, text: reason, now: new Date(now) })
    await attempts.appendEvents(w, loaded.attempt, decided.value, actor.personId)
    await audit(w, deps, now, { actorId: actor.personId, action: 'result.released', subjectType: 'attempt', subjectId: input.attemptId, data: { outcome: input.outcome, scoreNumber: score.number, departs } })
    await appendStreamEvent(w, deps, attemptStream(input.attemptId), 'released', {})
    return ok(true)
  })
}

/** Open requests for reasons or a human review, with their texts, oldest first. */
export async function listReviewRequests(deps: Pick<Deps, 'store'>) {
  const open = await scores.openReviewRequests(deps.store.read)
  return Promise.all(
    open.map(async (request) => {
      const row = await attempts.attemptRow(deps.store.read, request.attemptId)
      const person = row ? await people.personById(deps.store.read, row.personId) : null
      const texts = await notesOf(deps.store.read, 'review_request', request.id)
      return { id: request.id, attemptId: request.attemptId, kind: request.kind, createdAt: request.createdAt.toISOString(), name: person?.displayName ?? '', text: texts[0]?.text ?? '' }
    }),
  )
}

/** Answers a request. A review is answered by somebody who did not release the result and did not rate it. */
export async function answerRequest(
  deps: Deps,
  actor: Actor,
  input: { requestId: string; attemptId: string; text: string },
  now: Instant,
): Promise<Result<true, 'review.not_found' | 'review.already_answered' | 'review.own_decision'>> {
  const requests = await scores.reviewRequestsOf(deps.store.read, input.attemptId)
  const request = requests.find((entry) => entry.id === input.requestId)
  if (!request) return err('review.not_found')
  if (request.kind === 'review') {
    const release = await scores.releaseOf(deps.store.read, input.attemptId)
    const tasks = await ratings.tasksOfAttempt(deps.store.read, input.attemptId)
    const sheets = await ratings.sheetsOfTasks(deps.store.read, tasks.map((task) => task.id))
    if (release?.releasedBy === actor.personId || sheets.some((sheet) => sheet.raterId === actor.personId)) return err('review.own_decision')
  }
  const noteId = deps.ids.id('no')
  return deps.store.transact(async (w) => {
    if (!(await scores.answerReviewRequest(w, request.id, { answerNoteId: noteId, answeredBy: actor.personId, answeredAt: new Date(now) }))) return err('review.already_answered')
    await insertNote(w, { id: noteId, subjectType: 'review_answer', subjectId: request.id, authorId: actor.personId, text: input.text, now: new Date(now) })
    await audit(w, deps, now, { actorId: actor.personId, action: 'review.answered', subjectType: 'attempt', subjectId: input.attemptId, data: { requestId: request.id } })
    return ok(true)
  })
}

/** What the candidate may ask after a release: the reasons, or a look by another person. Each once. */
export async function requestReview(
  deps: Deps,
  actor: Actor,
  input: { attemptId: string; kind: 'reasons' | 'review'; text: string },
  now: Instant,
): Promise<Result<true, 'result.not_found' | 'review.already_asked'>> {
  const row = await attempts.attemptRow(deps.store.read, input.attemptId)
  if (!row || row.personId !== actor.personId || row.releasedAt === null) return err('result.not_found')
  if (actor.enrolmentId !== null && row.enrolmentId !== actor.enrolmentId) return err('result.not_found')
  const id = deps.ids.id('rr')
  const noteId = deps.ids.id('no')
  return deps.store.transact(async (w) => {
    const inserted = await scores.insertReviewRequest(w, { id, attemptId: row.id, kind: input.kind, noteId: input.text ? noteId : null, status: 'open', createdAt: new Date(now) })
    if (!inserted) return err('review.already_asked')
    if (input.text) await insertNote(w, { id: noteId, subjectType: 'review_request', subjectId: id, authorId: actor.personId, text: input.text, now: new Date(now) })
    await audit(w, deps, now, { actorId: actor.personId, action: 'review.requested', subjectType: 'attempt', subjectId: row.id, data: { kind: input.kind } })
    return ok(true)
  })
}

