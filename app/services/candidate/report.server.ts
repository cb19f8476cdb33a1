/**
 * The released result as its candidate sees it. Before the release nothing of a score is loaded; afterwards decision,
 * profile and reasons are, and never a key, an anchor or another person's words but those that were written for the
 * candidate.
 */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { insertReviewRequest, noteById, scoreRow } from '../../../db/repositories/candidate-requests.server.ts'
import { insertNote, notesOf } from '../../../db/repositories/notes.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import { releaseOf, reviewRequestsOf } from '../../../db/repositories/scores.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { phaseAt } from '../../core/attempt/state.ts'
import { COMPETENCIES } from '../../core/bank/vocabulary.ts'
import type { ReportRequest, ReportView } from '../../core/scoring/report-view.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { codePointLength } from '../../core/shared/text.ts'
import { DAY_MS, type Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { stageContext } from '../enrolment/enrolment.server.ts'
import type { ScoreProfile } from '../results/scoring.server.ts'
import { ledgerPage } from './ledger.server.ts'
import { ownAttempt } from './own-attempt.server.ts'
import { MAX_REASON } from './requests.server.ts'

/** As the notice promises. */
const REQUEST_DAYS = 60

export type { Report, ReportRequest, ReportView } from '../../core/scoring/report-view.ts'

/** The result page. Not found while the attempt runs; without figures until it is released. */
export async function resultPage(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  locale: Locale,
  now: Instant,
): Promise<Result<ReportView, 'attempt.not_found'>> {
  const own = await ownAttempt(deps, actor, attemptId, locale)
  if (!own || phaseAt(own.row.head, now) !== 'closed') return err('attempt.not_found')
  const names = { programmeTitle: own.programmeTitle, stageTitle: own.stageTitle }
  const release = own.row.releasedAt ? await releaseOf(deps.store.read, attemptId) : null
  const mine = await attempts.attemptsOfEnrolment(deps.store.read, own.row.enrolmentId)
  // An open attempt on the same stage must not profit from what an earlier one shows (Canvas: results between
  // attempts).
  const running = mine.some(
    (row) => row.stageId === own.stageId && row.id !== attemptId && phaseAt(row.head, now) === 'in_progress',
  )
  if (!release || running) return ok({ released: false, ...names })
  const context = await stageContext(deps, actor, own.stageId)
  const score = await scoreRow(deps.store.read, attemptId, release.scoreNumber)
  if (!context || !score) return ok({ released: false, ...names })
  const { stage, programme } = context
  const { form, outcome } = score.profile as unknown as ScoreProfile
  const [person, releasedBy, notes, ledger, requests] = await Promise.all([
    people.personById(deps.store.read, own.row.personId),
    people.personById(deps.store.read, release.releasedBy),
    notesOf(deps.store.read, 'attempt_release', attemptId),
    ledgerPage(deps, actor, attemptId, locale, now),
    requestsOf(deps, attemptId),
  ])
  const used = mine.filter((row) => row.stageId === own.stageId)
  const readyAt = Math.max(...used.map((row) => row.finishedAt?.getTime() ?? 0)) + stage.attempts.cooldownDays * DAY_MS
  const until = release.releasedAt.getTime() + REQUEST_DAYS * DAY_MS
  const cutOf = (competency: string) =>
    stage.competencyCuts.find((cut) => cut.competency === competency)?.percent ?? null
  return ok({
    released: true,
    report: {
      attemptId,
      name: person?.displayName ?? '',
      ...names,
      takenAt: (own.row.startedAt ?? own.row.createdAt).toISOString(),
      releasedAt: release.releasedAt.toISOString(),
      releasedBy: releasedBy?.displayName ?? '',
      outcome: release.outcome,
      hiring: programme.body.outcome === 'hiring_decision',
      provisional: outcome.provisional,
      explanation: notes.find((note) => note.id === release.noteId)?.text ?? null,
      reasons: outcome.reasons.filter((reason) => reason.code !== 'outcome.provisional'),
      profile: [
        {
          competency: null,
          percent: form.percent,
          low: form.interval?.low ?? null,
          high: form.interval?.high ?? null,
          n: form.n,
          cut: stage.cutScore.percent,
        },
        ...[...form.byCompetency]
          .sort((a, b) => COMPETENCIES.indexOf(a.competency) - COMPETENCIES.indexOf(b.competency))
          .map((one) => ({
            competency: one.competency,
            percent: one.percent,
            low: one.interval?.low ?? null,
            high: one.interval?.high ?? null,
            n: one.n,
            cut: cutOf(one.competency),
          })),
      ],
      ledger: ledger.ok ? ledger.value : null,
      again: {
        left: Math.max(0, stage.attempts.max - used.length),
        from: readyAt > now ? new Date(readyAt).toISOString() : null,
      },
      requestsUntil: new Date(until).toISOString(),
      mayRequest: now <= until,
      requests,
      scoreNumber: score.number,
    },
  })
}

async function requestsOf(deps: Deps, attemptId: string): Promise<ReportRequest[]> {
  const rows = await reviewRequestsOf(deps.store.read, attemptId)
  return Promise.all(
    rows.map(async (row) => {
      const asked = row.noteId ? await noteById(deps.store.read, row.noteId) : null
      const answer = row.answerNoteId ? await noteById(deps.store.read, row.answerNoteId) : null
      return {
        kind: row.kind,
        createdAt: row.createdAt.toISOString(),
        text: asked?.text ?? '',
        answer:
          row.status === 'answered'
            ? { text: answer?.text ?? '', at: (row.answeredAt ?? row.createdAt).toISOString() }
            : null,
      }
    }),
  )
}

/** Asks for the reasons of a released result, or for a review by somebody else; each once. */
export async function requestAfterResult(
  deps: Deps,
  actor: Actor,
  input: { attemptId: string; kind: 'reasons' | 'review'; text: string },
  locale: Locale,
  now: Instant,
): Promise<
  Result<
    true,
    | 'attempt.not_found'
    | 'result.not_found'
    | 'review.closed'
    | 'review.already_asked'
    | 'review.text_missing'
    | 'form.too_long'
  >
> {
  // Whoever answers has to know what is in question.
  if (input.text.trim() === '') return err('review.text_missing')
  if (codePointLength(input.text) > MAX_REASON) return err('form.too_long')
  const view = await resultPage(deps, actor, input.attemptId, locale, now)
  if (!view.ok) return view
  if (!view.value.released) return err('result.not_found')
  if (!view.value.report.mayRequest) return err('review.closed')
  const id = deps.ids.id('rr')
  const noteId = deps.ids.id('no')
  return deps.store.transact(async (w) => {
    if (
      !(await insertReviewRequest(w, { id, attemptId: input.attemptId, kind: input.kind, noteId, now: new Date(now) }))
    )
      return err('review.already_asked')
    await insertNote(w, {
      id: noteId,
      subjectType: 'review_request',
      subjectId: id,
      authorId: actor.personId,
      text: input.text,
      now: new Date(now),
    })
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'review.requested',
      subjectType: 'attempt',
      subjectId: input.attemptId,
      data: { requestId: id, kind: input.kind },
    })
    return ok(true)
  })
}
