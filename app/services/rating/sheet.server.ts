/**
 * One rating sheet: reading it, marking it criterion by criterion, and submitting it once. A rater sees their own sheet
 * and nothing of anybody else's. Every change is an event with ids and numbers; quotations and comments stand in
 * erasable rows.
 *
 * Marks do not conflict: each is saved for its own criterion, so the page need not send the revision it saw, and of two
 * quick key presses neither is refused. Submitting does send it. What every write names is the answer it is about
 * (attempt and content hash): a page that got mixed up must not put one person's marks on another's answer.
 */
import { answerOf, itemVersionOf, lastEventAt, latestNotes } from '../../../db/queries/rating.server.ts'
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { insertNote } from '../../../db/repositories/notes.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { EvidenceRow, MarkRow, SheetRow, TaskRow } from '../../../db/repositories/ratings.server.ts'
import type { Reader, Writer } from '../../../db/store.server.ts'
import type { JsonObject } from '../../../db/tables.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import {
  submitSheet as decideSubmit,
  rateCriterion,
  scoreSheet,
  sheetProblems,
  type RubricRules,
  type Sheet,
  type SheetCode,
  type SheetProblem,
} from '../../core/rubric/sheet.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { codePointLength } from '../../core/shared/text.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { enqueue } from '../../ground/jobs.server.ts'
import { currentContent, readVersion, requireVersion, type Version } from '../content/versions.server.ts'
import { referenceOf } from '../people/reference.server.ts'
import { findQuote, quoteAt, type Place } from './evidence.server.ts'
import { leaseFrom, positionOf, putBack } from './queue.server.ts'
import { answerFields, itemView, localeOf, policyView, rubricView, type PolicyView } from './view.server.ts'

const COMMENT = 'sheet_comment'
export const COMMENT_MAX = 2000
export const QUOTE_MAX = 2000
const EVIDENCE_PER_CRITERION = 20

/** What the marks are about: the attempt, and the hash of the answer or the id of the contact. */
export type SubjectToken = { attemptId: string; subjectHash: string }

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

// ---- Reading ----

type Loaded = { sheet: SheetRow; task: TaskRow; attempt: attempts.AttemptRow }

/** The actor's own sheet; null for anybody else's, as if it did not exist. */
async function ownSheet(r: Reader | Writer, actor: Actor, sheetId: string): Promise<Loaded | null> {
  const sheet = await ratings.sheetById(r, sheetId)
  const task = sheet && sheet.raterId === actor.personId ? await ratings.taskById(r, sheet.taskId) : null
  const attempt = task ? await attempts.attemptRow(r, task.attemptId) : null
  if (!sheet || !task || !attempt) return null
  return can(actor, 'sheet:view', { ownerId: attempt.personId, raterId: sheet.raterId, blindnessLifted: false })
    ? { sheet, task, attempt }
    : null
}

/** What the sheet says so far, as the core reads it. */
function coreSheet(sheet: SheetRow, task: TaskRow, marks: readonly MarkRow[], evidence: readonly EvidenceRow[]): Sheet {
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

const commentSubject = (sheetId: string, criterionId: string): string => `${sheetId}:${criterionId}`

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

type ReadSheet = NonNullable<Awaited<ReturnType<typeof readSheet>>>

async function roomOf(
  deps: Pick<Deps, 'store' | 'secrets'>,
  actor: Actor,
  read: ReadSheet,
  locale: Locale,
  now: Instant,
) {
  const { sheet, task, attempt } = read.loaded
  const [answer, versionId] = await Promise.all([
    answerOf(deps.store.read, attempt.id, task.subjectId),
    itemVersionOf(deps.store.read, attempt.id, task.subjectId),
  ])
  const item = versionId === null ? null : await readVersion(deps.store.read, 'item', versionId)
  const shown = item && itemView(item.body, localeOf(attempt.locale), locale)
  if (!answer || !item || !shown) return null
  return {
    ...read.view,
    subjectHash: answer.contentHash ?? '',
    reference: referenceOf(deps, task.id),
    leaseUntil: sheet.status === 'claimed' ? sheet.leaseUntil.toISOString() : null,
    position: await positionOf(deps, actor, sheet, task.subjectId, now),
    item: shown,
    policies: await policiesOf(deps, item, locale),
    fields: answerFields(answer.response),
  }
}

type Room = NonNullable<Awaited<ReturnType<typeof roomOf>>>

/**
 * The rating room of one answer. `contactId` is set where the sheet belongs to a contact, which has a room of its own.
 */
export async function openSheet(
  deps: Pick<Deps, 'store' | 'secrets'>,
  actor: Actor,
  sheetId: string,
  locale: Locale,
  now: Instant,
): Promise<Result<{ contactId: string } | { contactId: null; room: Room }, 'sheet.not_found' | 'sheet.not_open'>> {
  const read = await readSheet(deps, actor, sheetId, locale)
  if (!read) return err('sheet.not_found')
  if (read.loaded.task.subjectType === 'contact') return ok({ contactId: read.loaded.task.subjectId })
  if (read.loaded.sheet.status === 'returned') return err('sheet.not_open')
  const room = await roomOf(deps, actor, read, locale, now)
  return room ? ok({ contactId: null, room }) : err('sheet.not_found')
}

async function policiesOf(deps: Pick<Deps, 'store'>, item: Version<'item'>, locale: Locale): Promise<PolicyView[]> {
  const ids = new Set([
    ...(item.body.kind === 'written_reply' ? item.body.policies : []),
    ...(item.body.policy ? [item.body.policy.id] : []),
  ])
  const found = await Promise.all([...ids].map((id) => currentContent(deps.store.read, 'policy', id)))
  return found.filter((policy) => policy !== null).map((policy) => policyView(policy.body, locale))
}

// ---- Writing ----

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

type Subject = { response: Parameters<typeof answerFields>[0]; contentHash: string; ended: boolean; contact: boolean }

async function writable(
  w: Writer,
  { sheet, task, attempt }: Loaded,
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
async function note(
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

async function perform(
  w: Writer,
  deps: Deps,
  actor: Actor,
  loaded: Loaded,
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
      return note(w, sheet, 'marked', { criterionId: act.criterionId, level, notApplicable: act.notApplicable }, now)
    }
    case 'evidence':
      return addEvidence(w, deps, loaded, rubric.body, subject, act, now)
    case 'drop_evidence':
      if (!(await ratings.deleteEvidence(w, sheet.id, act.evidenceId))) return err('sheet.not_found')
      return note(w, sheet, 'evidence_dropped', { evidenceId: act.evidenceId }, now)
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
      return note(w, sheet, 'commented', { criterionId: act.criterionId, noteId }, now)
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

/** The sheet was found as the actor's own, so this code cannot come up; the type does not know that. */
const withoutNotYours = (failed: {
  ok: false
  error: { code: SheetCode; params?: Readonly<Record<string, string | number>> }
}): Result<never, SheetActCode> =>
  failed.error.code === 'sheet.not_yours' ? err('sheet.not_found') : err(failed.error.code, failed.error.params)

async function addEvidence(
  w: Writer,
  deps: Deps,
  { sheet }: Loaded,
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
  return note(
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

/**
 * Submits the sheet: once, complete, about the answer that the rater read. Scoring follows in the same transaction, as
 * a job.
 */
async function handIn(
  w: Writer,
  deps: Deps,
  actor: Actor,
  { sheet, task, attempt }: Loaded,
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
  const moved = await note(w, sheet, 'submitted', data, now, {
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
