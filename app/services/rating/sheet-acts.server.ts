/**
 * What a rater does on a sheet: marks, evidence, comments, giving it back, submitting it.
 *
 * Marks do not conflict: each is saved for its own criterion, so the page need not send the revision it saw, and of two
 * quick key presses neither is refused. Submitting does send it.
 */
import { insertNote } from '../../../db/repositories/notes.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { rateCriterion, type RubricRules } from '../../core/rubric/sheet.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { codePointLength } from '../../core/shared/text.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { requireVersion, type Version } from '../content/versions.server.ts'
import { findQuote, quoteAt, type Place } from './evidence.server.ts'
import { putBack } from './queue.server.ts'
import {
  noteChange,
  withoutNotYours,
  writable,
  type SheetActCode,
  type Subject,
  type SubjectToken,
} from './sheet-change.server.ts'
import { handIn } from './sheet-submission.server.ts'
import { COMMENT, commentSubject, coreSheet, ownSheet, type OwnSheet } from './sheet.server.ts'
import { answerFields } from './view.server.ts'

export const COMMENT_MAX = 2000
export const QUOTE_MAX = 2000
const EVIDENCE_PER_CRITERION = 20

export type SheetAct =
  | { type: 'mark'; criterionId: string; level: number | null; notApplicable: boolean }
  | {
      type: 'evidence'
      criterionId: string
      polarity: 'for' | 'against'
      quote?: string | undefined
      place?: Place | undefined
    }
  | { type: 'drop_evidence'; evidenceId: string }
  | { type: 'comment'; criterionId: string; text: string }
  | { type: 'return' }
  | { type: 'submit'; seq: number }

/** One act on a sheet. Each renews the lease; none is possible once the sheet is submitted or back in the queue. */
export async function actOnSheet(
  deps: Deps,
  actor: Actor,
  sheetId: string,
  subject: SubjectToken,
  act: SheetAct,
  now: Instant,
): Promise<Result<{ savedAt: Instant }, SheetActCode>> {
  const known = await ownSheet(deps.store.read, actor, sheetId)
  if (!known) return err('sheet.not_found')
  // A version never changes, so it may be read before the transaction.
  const rubric = await requireVersion(deps.store.read, 'rubric', known.task.rubricVersionId)
  return deps.store.transact(async (w) => {
    const loaded = await ownSheet(w, actor, sheetId)
    if (!loaded) return err('sheet.not_found')
    const open = await writable(w, loaded, subject)
    if (!open.ok) return open
    const done = await perform(w, deps, actor, loaded, rubric, open.value, act, now)
    return done.ok ? ok({ savedAt: now }) : done
  })
}

async function perform(
  w: Writer,
  deps: Deps,
  actor: Actor,
  loaded: OwnSheet,
  rubric: Version<'rubric'>,
  subject: Subject,
  act: SheetAct,
  now: Instant,
): Promise<Result<unknown, SheetActCode>> {
  const { sheet, task } = loaded
  switch (act.type) {
    case 'mark': {
      const entry = {
        criterionId: act.criterionId,
        level: act.level,
        notApplicable: act.notApplicable,
        evidenceIds: [],
      }
      const rated = rateCriterion(rubric.body, coreSheet(sheet, task, [], []), {
        raterId: actor.personId,
        baseRevision: sheet.seq,
        entry,
      })
      if (!rated.ok) return withoutNotYours(rated)
      const level = act.notApplicable ? null : act.level
      await ratings.upsertMark(w, {
        sheetId: sheet.id,
        criterionId: act.criterionId,
        level,
        notApplicable: act.notApplicable,
        updatedAt: new Date(now),
      })
      return noteChange(
        w,
        sheet,
        'marked',
        { criterionId: act.criterionId, level, notApplicable: act.notApplicable },
        now,
      )
    }
    case 'evidence':
      return addEvidence(w, deps, loaded, rubric.body, subject, act, now)
    case 'drop_evidence':
      if (!(await ratings.deleteEvidence(w, sheet.id, act.evidenceId))) return err('sheet.not_found')
      return noteChange(w, sheet, 'evidence_dropped', { evidenceId: act.evidenceId }, now)
    case 'comment': {
      if (!knows(rubric.body, act.criterionId)) return err('sheet.criterion_unknown')
      if (codePointLength(act.text) > COMMENT_MAX) return err('sheet.comment_too_long', { max: COMMENT_MAX })
      const noteId = await insertNote(w, {
        id: deps.ids.id('no'),
        subjectType: COMMENT,
        subjectId: commentSubject(sheet.id, act.criterionId),
        authorId: actor.personId,
        text: act.text.trim(),
        now: new Date(now),
      })
      return noteChange(w, sheet, 'commented', { criterionId: act.criterionId, noteId }, now)
    }
    case 'return':
      // Nobody else can rate a contact: put back, its sheet would be lost and the result never complete.
      if (subject.contact) return err('sheet.contact_stays')
      return (await putBack(w, sheet, now)) ? ok(true) : err('sheet.not_open')
    case 'submit':
      return handIn(w, deps, actor, loaded, rubric, subject, act.seq, now)
  }
}

const knows = (rubric: RubricRules, criterionId: string): boolean =>
  rubric.criteria.some((criterion) => criterion.id === criterionId)

async function addEvidence(
  w: Writer,
  deps: Deps,
  { sheet }: OwnSheet,
  rubric: RubricRules,
  subject: Subject,
  act: Extract<SheetAct, { type: 'evidence' }>,
  now: Instant,
): Promise<Result<unknown, SheetActCode>> {
  if (!knows(rubric, act.criterionId)) return err('sheet.criterion_unknown')
  const before = (await ratings.evidenceOfSheets(w, [sheet.id])).filter(
    (entry) => entry.criterionId === act.criterionId,
  )
  if (before.length >= EVIDENCE_PER_CRITERION) return err('evidence.limit', { max: EVIDENCE_PER_CRITERION })
  const typed = act.quote?.trim() ?? ''
  let found: { field: string | null; startAt: number | null; endAt: number | null; quote: string }
  if (subject.contact) {
    if (typed === '') return err('evidence.not_in_answer')
    found = { field: null, startAt: null, endAt: null, quote: typed }
  } else {
    const fields = answerFields(subject.response)
    const place = act.place ? quoteAt(fields, act.place) : findQuote(fields, typed)
    if (!place.ok) return place
    found = { field: place.value.field, startAt: place.value.start, endAt: place.value.end, quote: place.value.quote }
  }
  if (codePointLength(found.quote) > QUOTE_MAX) return err('evidence.too_long', { max: QUOTE_MAX })
  const evidenceId = deps.ids.id('ev')
  await ratings.insertEvidence(w, {
    id: evidenceId,
    sheetId: sheet.id,
    criterionId: act.criterionId,
    polarity: act.polarity,
    ...found,
    createdAt: new Date(now),
  })
  return noteChange(
    w,
    sheet,
    'evidence_added',
    {
      criterionId: act.criterionId,
      evidenceId,
      polarity: act.polarity,
      field: found.field,
      startAt: found.startAt,
      endAt: found.endAt,
    },
    now,
  )
}
