/**
 * Scoring a closed attempt: objective items by key at once, the rest from raters' sheets as they come in. Runs as a job
 * after closing and again after each sheet; running it twice changes nothing. The outcome is a proposal: a named person
 * releases it.
 */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { countedResponses } from '../../../db/repositories/quarantine.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import * as scores from '../../../db/repositories/scores.server.ts'
import type { Writer } from '../../../db/store.server.ts'
import type { JsonObject, ScoredItem } from '../../../db/tables.server.ts'
import { decide } from '../../core/attempt/decide.ts'
import type { Attempt } from '../../core/attempt/state.ts'
import type { Item, Stage } from '../../core/bank/schema.ts'
import { combineSheets } from '../../core/rubric/combine.ts'
import type { SheetEntry } from '../../core/rubric/sheet.ts'
import { decideOutcome, type Outcome } from '../../core/scoring/outcome.ts'
import { scoreForm, type FormScore } from '../../core/scoring/score-form.ts'
import { scoreItem, type ItemScore } from '../../core/scoring/score-item.ts'
import { canonicalJson } from '../../core/shared/canonical-json.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { appendStreamEvent } from '../../ground/streams.server.ts'
import { formOfAttempt } from '../attempt/form.server.ts'
import { ROOM_STREAM } from '../attempt/saves.server.ts'
import { currentContent, readVersions, requireVersion } from '../content/versions.server.ts'
import { stageOf } from '../enrolment/enrolment.server.ts'

/** What a row of `scores` keeps beside the percent. */
export type ScoreProfile = { form: FormScore; outcome: Outcome }

export const profileOf = (score: { profile: unknown } | null | undefined): ScoreProfile | null =>
  score ? (score.profile as ScoreProfile) : null

type Subject = { attemptId: string; subjectType: 'answer' | 'contact'; subjectId: string; rubricId: string }

/** Mean percent of the submitted sheets of a task once all that are wanted are in; null before. */
type Rated = { percent: number; criticalFailures: string[] }

export async function scoreAttempt(deps: Deps, attemptId: string): Promise<void> {
  const row = await attempts.attemptBrief(deps.store.read, attemptId)
  if (!row || row.status !== 'closed') return
  const { stage } = await stageOf(deps, row)
  if (row.kind === 'test') await scoreTest(deps, row, stage)
  else await scoreContact(deps, row, stage)
}

// ---- Tests ----

async function scoreTest(deps: Deps, row: attempts.AttemptBrief, stage: Stage): Promise<void> {
  const { versions, items: drawn } = await formOfAttempt(deps.store, row.id)
  const rubrics = await rubricVersions(deps, [...drawn.values()])
  await deps.store.transact(async (w) => {
    // A late text that staff decided to count is scored in place of the stored answer, which stays as it is.
    const counted = await countedResponses(w, row.id)
    const attempt = await attempts.loadWithoutAnswers(w, row.id)
    if (!attempt) return
    const answers = await attempts.responsesOf(w, row.id)
    const rated = await ratedSubjects(w, row.id)
    const items: ItemScore[] = []
    const scored: ScoredItem[] = []
    const criticalFailures: string[] = []
    for (const version of versions) {
      const itemId = version.body.id
      const rating = rated.get(itemId)
      const score = scoreItem(version.body, counted.get(itemId) ?? answers.get(itemId) ?? null, rating?.percent ?? null)
      items.push(score)
      criticalFailures.push(...(rating?.criticalFailures ?? []))
      scored.push(scoredItem(score, version.scoringHash ?? version.contentHash))
      const rubricId = 'rubric' in version.body ? version.body.rubric : null
      const rubricVersionId = rubricId === null ? undefined : rubrics.get(rubricId)
      if (score.status === 'awaiting_rating' && rubricId !== null && rubricVersionId !== undefined) {
        await queueForRating(
          w,
          deps,
          { attemptId: row.id, subjectType: 'answer', subjectId: itemId, rubricId },
          rubricVersionId,
        )
      }
    }
    const experts = Math.min(stage.cutScore.experts.length, ...versions.map((version) => version.body.experts.length))
    await keepScore(w, deps, attempt, items, scored, stage, criticalFailures, experts)
  })
}

async function rubricVersions(deps: Pick<Deps, 'store'>, items: Item[]): Promise<Map<string, string>> {
  const ids = new Set(items.flatMap((item) => ('rubric' in item ? [item.rubric] : [])))
  const found = await Promise.all(
    [...ids].map(async (id) => [id, (await currentContent(deps.store.read, 'rubric', id))?.versionId] as const),
  )
  return new Map(found.filter((entry): entry is readonly [string, string] => entry[1] !== undefined))
}

const scoredItem = (score: ItemScore, scoringHash: string): ScoredItem => ({
  itemId: score.itemId,
  credit: score.credit,
  points: score.maxPoints,
  origin: score.status === 'awaiting_rating' ? 'waiting' : score.parts.length > 0 ? 'key' : 'rubric',
  scoringHash,
  status: score.status,
  parts: score.parts,
})

/**
 * Puts a subject into the raters' queue once. The key sorts by question, then at random but stably: surname and time
 * decide nothing.
 */
async function queueForRating(w: Writer, deps: Deps, subject: Subject, rubricVersionId: string): Promise<void> {
  const id = deps.ids.id('rt')
  await ratings.insertTask(w, {
    id,
    attemptId: subject.attemptId,
    subjectType: subject.subjectType,
    subjectId: subject.subjectId,
    rubricVersionId,
    sheetsWanted: 1,
    orderKey: `${subject.subjectType === 'answer' ? subject.subjectId : 'contact'}:${deps.secrets.sha256(`${subject.attemptId}:${subject.subjectId}`).slice(0, 16)}`,
    status: 'open',
    createdAt: new Date(deps.clock.now()),
  })
}

/**
 * Subject id → the combined result of its sheets, for the tasks of an attempt whose sheets are all in. A sheet on which
 * nothing is rated cannot be submitted. A critical criterion that only some of the raters failed counts as failed in
 * the proposal until it is settled: a named person sees the sheets before anything is released.
 */
async function ratedSubjects(w: Writer, attemptId: string): Promise<Map<string, Rated>> {
  const tasks = await ratings.tasksOfAttempt(w, attemptId)
  const sheets = (
    await ratings.sheetsOfTasks(
      w,
      tasks.map((task) => task.id),
    )
  ).filter((sheet) => sheet.status === 'submitted')
  const rated = new Map<string, Rated>()
  if (sheets.length === 0) return rated
  const marks = await ratings.marksOfSheets(
    w,
    sheets.map((sheet) => sheet.id),
  )
  const rubrics = await readVersions(
    w,
    'rubric',
    tasks.map((task) => task.rubricVersionId),
  )
  for (const task of tasks) {
    const own = sheets.filter((sheet) => sheet.taskId === task.id)
    const rubric = rubrics.get(task.rubricVersionId)
    if (own.length < task.sheetsWanted || !rubric) continue
    const { total, criticalFailures, adjudication } = combineSheets(
      rubric.body,
      own.map((sheet) => entriesOf(marks, sheet.id)),
    )
    if (total === null) continue
    const critical = criticalFailures.length > 0 || adjudication.some((need) => need.reason === 'critical')
    rated.set(task.subjectId, { percent: total, criticalFailures: critical ? [task.subjectId] : [] })
  }
  return rated
}

const entriesOf = (marks: readonly ratings.MarkRow[], sheetId: string): SheetEntry[] =>
  marks
    .filter((mark) => mark.sheetId === sheetId)
    .map(({ criterionId, level, notApplicable }) => ({ criterionId, level, notApplicable, evidenceIds: [] }))

// ---- Mock scenarios ----

/** A contact is scored criterion by criterion: each counts for its competency with its weight. */
async function scoreContact(deps: Deps, row: attempts.AttemptBrief, stage: Stage): Promise<void> {
  const tasks = (await ratings.tasksOfAttempt(deps.store.read, row.id)).filter((task) => task.subjectType === 'contact')
  const task = tasks[0]
  if (!task) return
  const rubric = await requireVersion(deps.store.read, 'rubric', task.rubricVersionId)
  await deps.store.transact(async (w) => {
    const sheets = (await ratings.sheetsOfTasks(w, [task.id])).filter((sheet) => sheet.status === 'submitted')
    const complete = sheets.length >= task.sheetsWanted
    const marks = await ratings.marksOfSheets(
      w,
      sheets.map((sheet) => sheet.id),
    )
    const items: ItemScore[] = rubric.body.criteria.flatMap((criterion): ItemScore[] => {
      const levels = marks
        .filter((mark) => mark.criterionId === criterion.id && mark.level !== null && !mark.notApplicable)
        .map((mark) => mark.level ?? 1)
      const notApplicable = complete && levels.length === 0
      if (notApplicable) return []
      const credit = complete
        ? levels.reduce((sum, level) => sum + (level - 1) / (rubric.body.levels - 1), 0) / levels.length
        : null
      return [
        {
          itemId: criterion.id,
          kind: 'behavioural',
          competency: criterion.competency,
          status: complete ? 'scored' : 'awaiting_rating',
          credit,
          points: credit === null ? null : credit * criterion.weight,
          maxPoints: criterion.weight,
          parts: [],
        },
      ]
    })
    const critical = sheets.some((sheet) => sheet.criticalFailure) ? criticalCriteria(rubric.body.criteria, marks) : []
    const attempt = await attempts.loadWithoutAnswers(w, row.id)
    if (attempt)
      await keepScore(
        w,
        deps,
        attempt,
        items,
        items.map((score) => scoredItem(score, rubric.contentHash)),
        stage,
        critical,
        stage.cutScore.experts.length,
      )
  })
}

const criticalCriteria = (
  criteria: ReadonlyArray<{ id: string; critical?: { failBelow: number } | undefined }>,
  marks: ratings.MarkRow[],
): string[] =>
  criteria
    .filter(
      (c) =>
        c.critical &&
        marks.some((m) => m.criterionId === c.id && m.level !== null && m.level < (c.critical?.failBelow ?? 0)),
    )
    .map((c) => c.id)

// ---- Both ----

async function keepScore(
  w: Writer,
  deps: Deps,
  attempt: Attempt,
  items: ItemScore[],
  scored: ScoredItem[],
  stage: Stage,
  criticalFailures: string[],
  experts: number,
): Promise<void> {
  const { attemptId } = attempt.setup
  const form = scoreForm(items)
  const outcome = decideOutcome(
    form,
    { cutPercent: stage.cutScore.percent, competencyCuts: stage.competencyCuts, experts },
    criticalFailures,
  )
  const profile = { form, outcome } as unknown as JsonObject
  const complete = form.awaiting.length === 0
  const last = await scores.latestScore(w, attemptId)
  const same = last !== null && canonicalJson([last.profile, last.items]) === canonicalJson([profile, scored])
  if (!same) {
    await scores.insertScore(w, {
      attemptId,
      number: (last?.number ?? 0) + 1,
      percent: form.percent,
      profile,
      items: scored,
      complete,
      computedAt: new Date(deps.clock.now()),
    })
    await appendStreamEvent(w, deps, ROOM_STREAM, 'attempt', { attemptId })
  }
  if (!complete || attempt.scoredAt !== null) return
  const scoringHash = deps.secrets.sha256(
    canonicalJson(items.map((item) => [item.itemId, item.credit, item.maxPoints])),
  )
  const decided = decide(attempt, { type: 'score', scoringHash, receivedAt: deps.clock.now() })
  if (decided.ok) await attempts.appendEvents(w, attempt, decided.value, null)
}
