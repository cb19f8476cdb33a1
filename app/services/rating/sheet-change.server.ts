/**
 * What every change of a rating sheet has in common. It names the answer that it is about (attempt and content hash):
 * a page that got mixed up must not put one person's marks on another's answer. It is an event with ids and numbers;
 * quotations and comments stand in erasable rows.
 */
import { answerOf } from '../../../db/queries/rating.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { SheetRow } from '../../../db/repositories/ratings.server.ts'
import type { Writer } from '../../../db/store.server.ts'
import type { JsonObject } from '../../../db/tables.server.ts'
import type { SheetCode } from '../../core/rubric/sheet.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { leaseFrom } from './queue.server.ts'
import type { OwnSheet } from './sheet.server.ts'
import type { answerFields } from './view.server.ts'

/** What the marks are about: the attempt, and the hash of the answer or the id of the contact. */
export type SubjectToken = { attemptId: string; subjectHash: string }

export type SheetActCode =
  | Exclude<SheetCode, 'sheet.not_yours'>
  | 'sheet.not_found'
  | 'sheet.not_open'
  | 'sheet.contact_stays'
  | 'sheet.nothing_rated'
  | 'sheet.comment_too_long'
  | 'rating.stale'
  | 'evidence.not_in_answer'
  | 'evidence.too_long'
  | 'evidence.limit'
  | 'contact.not_ended'

export type Subject = {
  response: Parameters<typeof answerFields>[0]
  contentHash: string
  ended: boolean
  contact: boolean
}

export async function writable(
  w: Writer,
  { sheet, task, attempt }: OwnSheet,
  token: SubjectToken,
): Promise<Result<Subject, SheetActCode>> {
  if (sheet.status === 'submitted') return err('sheet.already_submitted')
  if (sheet.status === 'returned') return err('sheet.not_open')
  if (token.attemptId !== attempt.id) return err('rating.stale')
  if (task.subjectType === 'contact') {
    const contact = await ratings.contactById(w, task.subjectId)
    if (!contact || token.subjectHash !== contact.id) return err('rating.stale')
    return ok({ response: null, contentHash: contact.id, ended: contact.endedAt !== null, contact: true })
  }
  const answer = await answerOf(w, attempt.id, task.subjectId)
  if (!answer || token.subjectHash !== (answer.contentHash ?? '')) return err('rating.stale')
  return ok({ response: answer.response, contentHash: answer.contentHash ?? '', ended: true, contact: false })
}

/** Raises the sheet's revision, renews the lease, and writes the event that goes with it. */
export async function noteChange(
  w: Writer,
  sheet: SheetRow,
  type: string,
  data: JsonObject,
  now: Instant,
  set: Partial<SheetRow> = {},
): Promise<Result<SheetRow, 'sheet.not_open'>> {
  const moved = await ratings.updateClaimedSheet(w, sheet.id, { leaseUntil: leaseFrom(now), ...set })
  if (!moved) return err('sheet.not_open')
  await ratings.insertRatingEvent(w, { sheetId: sheet.id, seq: moved.seq, type, at: new Date(now), data })
  return ok(moved)
}

/** The sheet was found as the actor's own, so this code cannot come up; the type does not know that. */
export const withoutNotYours = (failed: {
  ok: false
  error: { code: SheetCode; params?: Readonly<Record<string, string | number>> }
}): Result<never, SheetActCode> =>
  failed.error.code === 'sheet.not_yours' ? err('sheet.not_found') : err(failed.error.code, failed.error.params)
