/**
 * Results as admins handle them: what is complete, the evidence, and the release. Nobody is refused by a rule: every
 * result is released by a named person, and only after that person has opened the evidence. Nobody handles a result of
 * their own.
 */
import { latestNotes } from '../../../db/queries/rating.server.ts'
import {
  closedAttempts,
  lastSeenEvidence,
  latestScores,
  undecidedQuarantine,
} from '../../../db/queries/results.server.ts'
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { noteById } from '../../../db/repositories/candidate-requests.server.ts'
import { formItemsOf } from '../../../db/repositories/forms.server.ts'
import { insertNote, notesOf } from '../../../db/repositories/notes.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import { countedResponses } from '../../../db/repositories/quarantine.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import * as scores from '../../../db/repositories/scores.server.ts'
import type { Reader, Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import { decide } from '../../core/attempt/decide.ts'
import type { Rubric, Stage } from '../../core/bank/schema.ts'
import { COMPETENCIES } from '../../core/bank/vocabulary.ts'
import type { FormScore } from '../../core/scoring/score-form.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { appendStreamEvent } from '../../ground/streams.server.ts'
import { evidenceItem } from '../attempt/evidence.server.ts'
import { ledgerForStaff } from '../attempt/ledger.server.ts'
import { attemptStream, ROOM_STREAM } from '../attempt/saves.server.ts'
import { readVersions } from '../content/versions.server.ts'
import { stageOf } from '../enrolment/enrolment.server.ts'
import type { ScoreProfile } from './scoring.server.ts'

export const RESULT_STATES = ['ready', 'rating', 'scoring', 'released'] as const
export type ResultState = (typeof RESULT_STATES)[number]
export type ResultFilter = { state: ResultState | null; programmeId: string | null; q: string }

const profileOf = (score: { profile: unknown } | null | undefined): ScoreProfile | null =>
  score ? (score.profile as ScoreProfile) : null

/**
 * Closed attempts with where they stand, the ones that wait for a release first; and the programmes that there are, for
 * the filter.
 */
export async function listResults(deps: Pick<Deps, 'store'>, actor: Actor, filter: ResultFilter, locale: Locale) {
  const r = deps.store.read
  const rows = (await closedAttempts(r)).filter((row) =>
    can(actor, 'result:view', { ownerId: row.attempt.personId, released: row.attempt.releasedAt !== null }),
  )
  const ids = rows.map((row) => row.attempt.id)
  const [persons, versions, latest, late] = await Promise.all([
    people.peopleByIds(r, [...new Set(rows.map((row) => row.attempt.personId))]),
    readVersions(
      r,
      'programme',
      rows.map((row) => row.programmeVersionId),
    ),
    latestScores(r, ids),
    undecidedQuarantine(r, ids),
  ])
  const names = new Map(persons.map((person) => [person.id, person.displayName]))
  const all = rows.map((row) => {
    const score = latest.get(row.attempt.id)
    const profile = profileOf(score)
    const programme = versions.get(row.programmeVersionId)?.body
    const state: ResultState = row.attempt.releasedAt
      ? 'released'
      : score?.complete
        ? 'ready'
        : score
          ? 'rating'
          : 'scoring'
    return {
      attemptId: row.attempt.id,
      name: names.get(row.attempt.personId) ?? '',
      programmeId: row.programmeId,
      programmeTitle: programme?.title[locale] ?? row.programmeId,
      stageTitle:
        programme?.stages.find((stage) => stage.id === row.attempt.stageId)?.title[locale] ?? row.attempt.stageId,
      ordinal: row.attempt.ordinal,
      finishedAt: row.attempt.finishedAt?.toISOString() ?? null,
      state,
      percent: score?.percent ?? null,
      proposal: profile?.outcome.proposal ?? null,
      provisional: profile?.outcome.provisional ?? true,
      waiting: profile?.form.awaiting.length ?? null,
      lateTexts: late.get(row.attempt.id) ?? 0,
      outcome: row.outcome,
    }
  })
  const q = filter.q.trim().toLowerCase()
  const list = all.filter(
    (row) =>
      (filter.state === null || row.state === filter.state) &&
      (filter.programmeId === null || row.programmeId === filter.programmeId) &&
      (q === '' || row.name.toLowerCase().includes(q)),
  )
  return {
    rows: list.sort((a, b) => RESULT_STATES.indexOf(a.state) - RESULT_STATES.indexOf(b.state)),
    total: all.length,
    programmes: [...new Map(all.map((row) => [row.programmeId, row.programmeTitle]))].map(([id, title]) => ({
      id,
      title,
    })),
  }
}

// ---- The evidence ----

/**
 * Score and interval of the total and of each competency, in the order of the framework, with the cut scores they must
 * reach.
 */
function profileRows(form: FormScore, stage: Stage) {
  const cutOf = (competency: string) =>
    stage.competencyCuts.find((cut) => cut.competency === competency)?.percent ?? null
  const competencies = [...form.byCompetency].sort(
    (a, b) => COMPETENCIES.indexOf(a.competency) - COMPETENCIES.indexOf(b.competency),
  )
  return [
    {
      competency: null,
      percent: form.percent,
      low: form.interval?.low ?? null,
      high: form.interval?.high ?? null,
      n: form.n,
      cut: stage.cutScore.percent,
    },
    ...competencies.map((own) => ({
      competency: own.competency,
      percent: own.percent,
      low: own.interval?.low ?? null,
      high: own.interval?.high ?? null,
      n: own.n,
      cut: cutOf(own.competency),
    })),
  ]
}

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
async function sheetsView(r: Reader, attemptId: string, locale: Locale) {
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

async function itemsView(r: Reader, attemptId: string, locale: Locale) {
  const [slots, answers, counted, itemScores] = await Promise.all([
    formItemsOf(r, attemptId),
    attempts.answersOf(r, attemptId),
    countedResponses(r, attemptId),
    scores.itemScoresOf(r, attemptId),
  ])
  const versions = await readVersions(
    r,
    'item',
    slots.map((slot) => slot.itemVersionId),
  )
  return slots.flatMap((slot, index) => {
    const version = versions.get(slot.itemVersionId)
    if (!version) return []
    const answer = answers.find((entry) => entry.itemId === slot.itemId)
    const score = itemScores.find((entry) => entry.itemId === slot.itemId)
    return [
      {
        ...evidenceItem(version.body, counted.get(slot.itemId) ?? answer?.response ?? null, score?.parts ?? [], locale),
        position: index + 1,
        version: version.number,
        late: answer?.late ?? false,
        /** A late text that staff decided to count stands here instead of the stored answer. */
        lateCounted: counted.has(slot.itemId),
        credit: score?.credit ?? null,
        points: score?.points ?? version.body.points,
        waiting: score?.origin === 'waiting',
      },
    ]
  })
}

/**
 * The evidence of one attempt, and the fact that this person has opened it: a release asks for that. Viewing changes
 * nothing about the attempt. null where there is no such attempt for this reader.
 */
export async function openEvidence(deps: Deps, actor: Actor, attemptId: string, locale: Locale, now: Instant) {
  const r = deps.store.read
  const row = await attempts.attemptRow(r, attemptId)
  if (
    !row ||
    row.status !== 'closed' ||
    !can(actor, 'result:view', { ownerId: row.personId, released: row.releasedAt !== null })
  )
    return null
  // Written first: a score that is computed while the page is put together counts as not seen.
  await deps.store.transact((w) =>
    audit(w, deps, now, {
      actorId: actor.personId,
      action: 'evidence.opened',
      subjectType: 'attempt',
      subjectId: attemptId,
    }),
  )
  const [{ programme, stage }, person, score, release, notes, sheets, items, ledger, late, requests] =
    await Promise.all([
      stageOf(deps, row),
      people.personById(r, row.personId),
      scores.latestScore(r, attemptId),
      scores.releaseOf(r, attemptId),
      notesOf(r, 'attempt_release', attemptId),
      sheetsView(r, attemptId, locale),
      itemsView(r, attemptId, locale),
      ledgerForStaff(deps, row, locale, now),
      undecidedQuarantine(r, [attemptId]),
      requestsOf(r, attemptId),
    ])
  const releasedBy = release ? await people.personById(r, release.releasedBy) : null
  const profile = profileOf(score)
  return {
    attemptId,
    personId: row.personId,
    name: person?.displayName ?? '',
    kind: row.kind,
    ordinal: row.ordinal,
    programmeTitle: programme.title[locale],
    decidesHiring: programme.outcome === 'hiring_decision',
    stageTitle: stage.title[locale],
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    score: score
      ? {
          number: score.number,
          percent: score.percent,
          complete: score.complete,
          computedAt: score.computedAt.toISOString(),
          waiting: profile?.form.awaiting.length ?? 0,
        }
      : null,
    outcome: profile
      ? {
          ...profile.outcome,
          reasons: profile.outcome.reasons.map((reason) =>
            reason.code === 'outcome.critical_failure'
              ? { ...reason, criterion: sheets.criterionTitles.get(reason.criterionId) ?? reason.criterionId }
              : reason,
          ),
        }
      : null,
    profile: profile ? profileRows(profile.form, stage) : [],
    cutReason: stage.cutScore.reason[locale],
    items,
    sheets: sheets.sheets,
    sheetsWaiting: sheets.waiting,
    ledger,
    now,
    lateTexts: late.get(attemptId) ?? 0,
    release: release
      ? {
          outcome: release.outcome,
          by: releasedBy?.displayName ?? '',
          at: release.releasedAt.toISOString(),
          evidenceSeenAt: release.evidenceSeenAt.toISOString(),
          reason: notes.at(-1)?.text ?? null,
        }
      : null,
    requests,
    mayRelease:
      release === null &&
      score?.complete === true &&
      can(actor, 'result:release', { ownerId: row.personId, scored: row.scoredAt !== null }),
  }
}

async function requestsOf(r: Reader, attemptId: string) {
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

// ---- The release ----

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

// ---- Requests for reasons and review ----

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
