/**
 * The release of a result. Nobody is refused by a rule: every result is released by a named person, and only after that
 * person has opened the evidence. Nobody handles a result of their own.
 */
import { lastSeenEvidence } from '../../../db/queries/results.server.ts'
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { insertNote } from '../../../db/repositories/notes.server.ts'
import * as scores from '../../../db/repositories/scores.server.ts'
import type { Reader, Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import { decide } from '../../core/attempt/decide.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { appendStreamEvent } from '../../ground/streams.server.ts'
import { attemptStream, ROOM_STREAM } from '../attempt/saves.server.ts'
import { profileOf } from './scoring.server.ts'

export type ReleaseCode =
  | 'result.not_found'
  | 'result.not_complete'
  | 'result.evidence_first'
  | 'result.already_released'
  | 'result.reason_needed'
  | 'result.stale'
export type ReleaseInput = { attemptId: string; outcome: 'passed' | 'not_passed'; scoreNumber: number; reason: string }
type Judged = { scoreNumber: number; seen: Date; departs: boolean; reason: string }

/**
 * Whether it may be released like this. Departing from the proposal needs a reason, and so does every "not passed".
 * `scoreNumber` is the score that the person saw: if it was computed again since, they must look again.
 */
async function judgeRelease(
  r: Reader | Writer,
  actor: Actor,
  input: ReleaseInput,
): Promise<Result<Judged, ReleaseCode>> {
  const row = await attempts.attemptRow(r, input.attemptId)
  const score = row ? await scores.latestScore(r, row.id) : null
  if (!row || row.status !== 'closed' || !can(actor, 'result:view', { ownerId: row.personId, released: false }))
    return err('result.not_found')
  if (row.releasedAt !== null) return err('result.already_released')
  if (
    !score ||
    !score.complete ||
    !can(actor, 'result:release', { ownerId: row.personId, scored: row.scoredAt !== null })
  )
    return err('result.not_complete')
  if (score.number !== input.scoreNumber) return err('result.stale')
  const seen = await lastSeenEvidence(r, actor.personId, input.attemptId)
  if (!seen || seen < score.computedAt) return err('result.evidence_first')
  const proposal = profileOf(score)?.outcome.proposal
  const departs = (proposal === 'pass') !== (input.outcome === 'passed')
  const reason = input.reason.trim()
  if ((departs || input.outcome === 'not_passed') && reason.length === 0) return err('result.reason_needed')
  return ok({ scoreNumber: score.number, seen, departs, reason })
}

/** What a release would do, before it is confirmed. Changes nothing. */
export async function checkRelease(
  deps: Deps,
  actor: Actor,
  input: ReleaseInput,
): Promise<Result<{ departs: boolean }, ReleaseCode>> {
  const judged = await judgeRelease(deps.store.read, actor, input)
  return judged.ok ? ok({ departs: judged.value.departs }) : judged
}

/** Releases a result, once. */
export async function releaseResult(
  deps: Deps,
  actor: Actor,
  input: ReleaseInput,
  now: Instant,
): Promise<Result<true, ReleaseCode>> {
  const noteId = deps.ids.id('no')
  return deps.store.transact(async (w) => {
    const judged = await judgeRelease(w, actor, input)
    if (!judged.ok) return judged
    const { scoreNumber, seen, departs, reason } = judged.value
    const loaded = await attempts.loadAttempt(w, input.attemptId)
    if (!loaded) return err('result.not_found')
    const decided = decide(loaded.attempt, { type: 'release', by: actor.personId, receivedAt: now })
    if (!decided.ok)
      return err(decided.error.code === 'attempt.already_released' ? 'result.already_released' : 'result.not_complete')
    const inserted = await scores.insertRelease(w, {
      attemptId: input.attemptId,
      scoreNumber,
      outcome: input.outcome,
      releasedBy: actor.personId,
      evidenceSeenAt: seen,
      noteId: reason ? noteId : null,
      releasedAt: new Date(now),
    })
    if (!inserted) return err('result.already_released')
    if (reason)
      await insertNote(w, {
        id: noteId,
        subjectType: 'attempt_release',
        subjectId: input.attemptId,
        authorId: actor.personId,
        text: reason,
        now: new Date(now),
      })
    await attempts.appendEvents(w, loaded.attempt, decided.value, actor.personId)
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'result.released',
      subjectType: 'attempt',
      subjectId: input.attemptId,
      data: { outcome: input.outcome, scoreNumber, departs },
    })
    await appendStreamEvent(w, deps, attemptStream(input.attemptId), 'released', {})
    await appendStreamEvent(w, deps, ROOM_STREAM, 'attempt', { attemptId: input.attemptId })
    return ok(true)
  })
}
