/**
 * The evidence of one result, and the fact that this person has opened it: a release asks for that. Viewing changes
 * nothing about the attempt.
 */
import { undecidedQuarantine } from '../../../db/queries/results.server.ts'
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { formItemsOf } from '../../../db/repositories/forms.server.ts'
import { notesOf } from '../../../db/repositories/notes.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import { countedResponses } from '../../../db/repositories/quarantine.server.ts'
import * as scores from '../../../db/repositories/scores.server.ts'
import type { Reader } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import type { Stage } from '../../core/bank/schema.ts'
import { COMPETENCIES } from '../../core/bank/vocabulary.ts'
import type { FormScore } from '../../core/scoring/score-form.ts'
import type { Locale } from '../../core/shared/locale.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { evidenceItem } from '../attempt/evidence.server.ts'
import { ledgerForStaff } from '../attempt/ledger.server.ts'
import { readVersions } from '../content/versions.server.ts'
import { stageOf } from '../enrolment/enrolment.server.ts'
import { sheetsView } from './evidence-sheets.server.ts'
import { requestsOf } from './review-requests.server.ts'
import { profileOf } from './scoring.server.ts'

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

/** null where there is no such attempt for this reader. */
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
