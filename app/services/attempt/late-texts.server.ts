/** Texts that came too late: staff decide on each once, and the candidate is told what was decided. */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { insertNote } from '../../../db/repositories/notes.server.ts'
import {
  countedResponses,
  decideQuarantined,
  quarantinedOf,
  quarantinedRow,
} from '../../../db/repositories/quarantine.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import { decide } from '../../core/attempt/decide.ts'
import type { LateTextDecision } from '../../core/attempt/events.ts'
import type { LateTextFate } from '../../core/attempt/player-view.ts'
import { isRatedKind } from '../../core/bank/vocabulary.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { enqueue } from '../../ground/jobs.server.ts'
import { appendStreamEvent } from '../../ground/streams.server.ts'
import { reasonTexts, sectionTitles } from './ledger.server.ts'
import { ROOM_STREAM } from './saves.server.ts'

export type QuarantineCode =
  | 'quarantine.not_found'
  | 'quarantine.already_decided'
  | 'quarantine.other_counted'
  | 'quarantine.already_rated'
  | 'quarantine.released'
  | 'quarantine.reason_needed'

/**
 * Decides on a text that came too late, once, with a reason for the candidate where it is not counted. A counted text
 * is scored in place of the stored answer; the stored answer, the late text and the receipt stay as they are. An answer
 * that a rater has begun to read is not replaced, and nothing is decided after the release.
 */
export async function decideLateText(
  deps: Deps,
  actor: Actor,
  input: { attemptId: string; seq: number; decision: LateTextDecision; reason: string },
  now: Instant,
): Promise<Result<true, QuarantineCode>> {
  const reason = input.reason.trim()
  const noteId = reason ? deps.ids.id('no') : null
  return deps.store.transact(async (w) => {
    const loaded = await attempts.loadAttempt(w, input.attemptId)
    const entry =
      loaded && can(actor, 'attempt:monitor', { ownerId: loaded.row.personId })
        ? await quarantinedRow(w, input.attemptId, input.seq)
        : null
    if (!loaded || !entry) return err('quarantine.not_found')
    const { row, attempt } = loaded
    if (row.releasedAt !== null) return err('quarantine.released')
    if (entry.decision !== null) return err('quarantine.already_decided')
    if (input.decision === 'counted') {
      if ((await countedResponses(w, input.attemptId)).has(entry.itemId)) return err('quarantine.other_counted')
      if (isRatedKind(entry.response.kind) && (await isBeingRated(w, input.attemptId, entry.itemId)))
        return err('quarantine.already_rated')
    }
    if (input.decision === 'not_counted' && !noteId) return err('quarantine.reason_needed')
    if (
      !(await decideQuarantined(w, input.attemptId, input.seq, {
        decision: input.decision,
        decidedBy: actor.personId,
        decidedAt: new Date(now),
        noteId,
      }))
    )
      return err('quarantine.already_decided')
    const { itemId, mutationId, contentHash } = entry
    const decided = decide(attempt, {
      type: 'decideLateText',
      itemId,
      mutationId,
      contentHash,
      decision: input.decision,
      by: actor.personId,
      reasonId: noteId,
      receivedAt: now,
    })
    if (!decided.ok) return err('quarantine.not_found')
    await attempts.appendEvents(w, attempt, decided.value, actor.personId)
    if (noteId)
      await insertNote(w, {
        id: noteId,
        subjectType: 'attempt_reason',
        subjectId: input.attemptId,
        authorId: actor.personId,
        text: reason,
        now: new Date(now),
      })
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'quarantine.decided',
      subjectType: 'attempt',
      subjectId: input.attemptId,
      data: { decision: input.decision, itemId, mutationId, contentHash, ...(noteId ? { noteId } : {}) },
    })
    // An attempt that still runs is scored when it closes; a decision against the text changes no score.
    if (input.decision === 'counted' && row.status === 'closed') {
      await enqueue(
        w,
        'score-attempt',
        { attemptId: input.attemptId },
        { dedupeKey: `score:${input.attemptId}:late:${input.seq}`, live: deps.live },
      )
    }
    await appendStreamEvent(w, deps, ROOM_STREAM, 'attempt', { attemptId: input.attemptId })
    return ok(true)
  })
}

async function isBeingRated(
  w: Parameters<typeof ratings.tasksOfAttempt>[0],
  attemptId: string,
  itemId: string,
): Promise<boolean> {
  const tasks = (await ratings.tasksOfAttempt(w, attemptId)).filter(
    (task) => task.subjectType === 'answer' && task.subjectId === itemId,
  )
  return (
    (
      await ratings.sheetsOfTasks(
        w,
        tasks.map((task) => task.id),
      )
    ).length > 0
  )
}

/** What became of the candidate's own late texts. The caller has checked whose attempt it is. */
export async function lateTextFates(
  deps: Pick<Deps, 'store'>,
  row: Pick<attempts.AttemptRow, 'id' | 'setup' | 'releasedAt'>,
  locale: Locale,
): Promise<LateTextFate[]> {
  const r = deps.store.read
  const [texts, reasons, titles] = await Promise.all([
    quarantinedOf(r, row.id),
    reasonTexts(r, row.id),
    sectionTitles(r, row.id, locale),
  ])
  return texts.map((text) => {
    const section = row.setup.sections.find((one) => one.itemIds.includes(text.itemId))
    return {
      section: section && row.setup.sections.length > 1 ? (titles.get(section.id) ?? section.id) : null,
      number: section ? section.itemIds.indexOf(text.itemId) + 1 : null,
      receivedAt: text.receivedAt.toISOString(),
      // After the release nobody can count it any more.
      fate: text.decision ?? (row.releasedAt ? 'lapsed' : 'undecided'),
      decidedAt: text.decidedAt?.toISOString() ?? null,
      why: text.noteId ? (reasons.get(text.noteId) ?? null) : null,
    }
  })
}
