/** Requests for reasons or a human review of a released result, and their answers. */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { noteById } from '../../../db/repositories/candidate-requests.server.ts'
import { insertNote } from '../../../db/repositories/notes.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import * as scores from '../../../db/repositories/scores.server.ts'
import type { Reader, Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { stageOf } from '../enrolment/enrolment.server.ts'

export async function requestsOf(r: Reader, attemptId: string) {
  const rows = await scores.reviewRequestsOf(r, attemptId)
  return Promise.all(
    rows.map(async (request) => {
      const [asked, answer, by] = await Promise.all([
        request.noteId ? noteById(r, request.noteId) : null,
        request.answerNoteId ? noteById(r, request.answerNoteId) : null,
        request.answeredBy ? people.personById(r, request.answeredBy) : null,
      ])
      return {
        id: request.id,
        kind: request.kind,
        text: asked?.text ?? '',
        createdAt: request.createdAt.toISOString(),
        answer:
          request.status === 'answered'
            ? { text: answer?.text ?? '', by: by?.displayName ?? '', at: request.answeredAt?.toISOString() ?? null }
            : null,
      }
    }),
  )
}

/**
 * A review is answered by somebody who did not release the result and did not rate it; nobody answers a request of
 * their own.
 */
async function answererOf(
  r: Reader | Writer,
  actor: Actor,
  request: { attemptId: string; kind: 'reasons' | 'review' },
): Promise<'may' | 'own_decision' | 'none'> {
  const row = await attempts.attemptRow(r, request.attemptId)
  if (!row || !can(actor, 'result:view', { ownerId: row.personId, released: true })) return 'none'
  if (request.kind === 'reasons') return 'may'
  const release = await scores.releaseOf(r, request.attemptId)
  const sheets = await ratings.sheetsOfTasks(
    r,
    (await ratings.tasksOfAttempt(r, request.attemptId)).map((task) => task.id),
  )
  return release?.releasedBy === actor.personId || sheets.some((sheet) => sheet.raterId === actor.personId)
    ? 'own_decision'
    : 'may'
}

/** Open requests for reasons or a human review, with their texts, oldest first. */
export async function listReviewRequests(deps: Pick<Deps, 'store'>, actor: Actor, locale: Locale) {
  const r = deps.store.read
  const open = await scores.openReviewRequests(r)
  const list = await Promise.all(
    open.map(async (request) => {
      const answerer = await answererOf(r, actor, request)
      const row = answerer === 'none' ? null : await attempts.attemptRow(r, request.attemptId)
      if (!row) return null
      const [person, place, asked, release] = await Promise.all([
        people.personById(r, row.personId),
        stageOf(deps, row),
        request.noteId ? noteById(r, request.noteId) : null,
        scores.releaseOf(r, request.attemptId),
      ])
      return {
        id: request.id,
        attemptId: request.attemptId,
        kind: request.kind,
        createdAt: request.createdAt.toISOString(),
        name: person?.displayName ?? '',
        programmeTitle: place.programme.title[locale],
        stageTitle: place.stage.title[locale],
        outcome: release?.outcome ?? null,
        text: asked?.text ?? '',
        mayAnswer: answerer === 'may',
      }
    }),
  )
  return list.filter((entry) => entry !== null)
}

export async function answerRequest(
  deps: Deps,
  actor: Actor,
  input: { requestId: string; attemptId: string; text: string },
  now: Instant,
): Promise<Result<true, 'review.not_found' | 'review.already_answered' | 'review.own_decision'>> {
  const noteId = deps.ids.id('no')
  return deps.store.transact(async (w) => {
    const request = (await scores.reviewRequestsOf(w, input.attemptId)).find((entry) => entry.id === input.requestId)
    const answerer = request ? await answererOf(w, actor, request) : 'none'
    if (!request || answerer === 'none') return err('review.not_found')
    if (answerer === 'own_decision') return err('review.own_decision')
    if (
      !(await scores.answerReviewRequest(w, request.id, {
        answerNoteId: noteId,
        answeredBy: actor.personId,
        answeredAt: new Date(now),
      }))
    )
      return err('review.already_answered')
    await insertNote(w, {
      id: noteId,
      subjectType: 'review_answer',
      subjectId: request.id,
      authorId: actor.personId,
      text: input.text,
      now: new Date(now),
    })
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'review.answered',
      subjectType: 'attempt',
      subjectId: input.attemptId,
      data: { requestId: request.id },
    })
    return ok(true)
  })
}
