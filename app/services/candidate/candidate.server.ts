/**
 * The candidate's own pages around an attempt: overview, the page before the start, practice, receipt and time ledger.
 * Every view is built field by field; nothing of a key, a rubric or an unreleased score is ever loaded here.
 */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import * as requests from '../../../db/repositories/candidate-requests.server.ts'
import * as enrolments from '../../../db/repositories/enrolments.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { progressOf, tallyOf, type Tally } from '../../core/attempt/item-state.ts'
import type { LateTextFate, LedgerPage, PolicyView } from '../../core/attempt/player-view.ts'
import { canonicalResponse, type Receipt } from '../../core/attempt/receipt.ts'
import { headDeadlineAt, phaseAt } from '../../core/attempt/state.ts'
import type { CandidateItem } from '../../core/bank/candidate-item.ts'
import { candidateItem } from '../../core/bank/candidate-view.ts'
import type { Stage } from '../../core/bank/schema.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Failure, type Result } from '../../core/shared/result.ts'
import { codePointLength } from '../../core/shared/text.ts'
import type { Instant } from '../../core/shared/time.ts'
import { personalLimitMs, sectionLimitMs, stoodStillMs } from '../../core/timing/deadline.ts'
import { personalStartBefore, previewStart } from '../../core/timing/start.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { itemsOfAttempt } from '../attempt/form.server.ts'
import { lateTextFates } from '../attempt/late-texts.server.ts'
import { ledgerForCandidate, type CandidateLedgerEntry } from '../attempt/ledger.server.ts'
import { ownsAttempt, receiptFor } from '../attempt/saves.server.ts'
import { policyViews } from '../content/policies.server.ts'
import { currentContent } from '../content/versions.server.ts'
import { acknowledgeNotice, giveConsent, noticeFor } from '../enrolment/consents.server.ts'
import {
  accommodationFor,
  openEnrolment,
  stageContext,
  timingTerms,
  type StageContext,
} from '../enrolment/enrolment.server.ts'
import { readiness } from '../enrolment/readiness.server.ts'

/** Below this number of named experts a cut score is its author's own (docs/design.md 6.7). */
const MIN_EXPERTS = 5
const iso = (at: Date | Instant): string => new Date(at).toISOString()

export type StageState = 'locked' | 'waiting' | 'open' | 'running' | 'handed_in' | 'released' | 'over'
export type StageSummary = {
  id: string
  number: number
  title: string
  kind: Stage['assessment']['kind']
  /** The candidate's own limit; null where there is none. */
  limitMs: number | null
  /** The window's end as it is for this candidate at this stage; null where nothing ends it. */
  closesAt: string | null
  state: StageState
  /** Why it cannot be started now; null where it can, or where it has been. */
  blocked: Failure | null
  attempt: { id: string; ordinal: number; finishedAt: string | null; released: boolean } | null
  attemptsLeft: number
  maxAttempts: number
}
export type Overview = {
  displayTitle: string
  summary: string
  outcome: 'hiring_decision' | 'credential'
  languageRequirement: string | null
  provisional: boolean
  windowGates: 'start' | 'end'
  /** The end of every stage for this candidate; null where nothing ends, or where each stage has its own. */
  closesAt: string | null
  endsByStage: boolean
  /** No stage has a time limit for this candidate. */
  limitless: boolean
  hasPractice: boolean
  stages: StageSummary[]
}

async function termsOf(deps: Deps, context: StageContext) {
  const { stage, programme, enrolment } = context
  const blueprint =
    stage.assessment.kind === 'test'
      ? await currentContent(deps.store.read, 'blueprint', stage.assessment.blueprint)
      : null
  const accommodation = await accommodationFor(deps, enrolment.id)
  return {
    blueprint,
    terms: timingTerms(programme.body, stage, blueprint?.body ?? null, accommodation, enrolment.closesAt.getTime()),
  }
}

async function summarise(deps: Deps, context: StageContext, locale: Locale, now: Instant): Promise<StageSummary> {
  const { stage, stageIndex, enrolment } = context
  const { terms } = await termsOf(deps, context)
  const mine = (await attempts.attemptsOfEnrolment(deps.store.read, enrolment.id)).filter(
    (row) => row.stageId === stage.id,
  )
  const latest = mine.at(-1) ?? null
  const phase = latest ? phaseAt(latest.head, now) : null
  const ready = await readiness(deps, context, terms, now)
  const attemptsLeft = Math.max(0, stage.attempts.max - mine.length)
  const closesAt = personalStartBefore(terms)
  const state = stageState({ latest, phase, ready, attemptsLeft, kind: stage.assessment.kind })
  return {
    id: stage.id,
    number: stageIndex + 1,
    title: stage.title[locale],
    kind: stage.assessment.kind,
    limitMs: personalLimitMs(terms),
    closesAt: closesAt === null ? null : iso(closesAt),
    state,
    blocked: ready.ok || phase === 'in_progress' ? null : ready.error,
    attempt: latest
      ? {
          id: latest.id,
          ordinal: latest.ordinal,
          finishedAt: latest.finishedAt
            ? iso(latest.finishedAt)
            : phase === 'closed' && latest.head.deadlineAt !== null
              ? iso(latest.head.deadlineAt)
              : null,
          released: latest.releasedAt !== null,
        }
      : null,
    attemptsLeft,
    maxAttempts: stage.attempts.max,
  }
}

function stageState(facts: {
  latest: attempts.AttemptRow | null
  phase: string | null
  ready: Result<true, string>
  attemptsLeft: number
  kind: Stage['assessment']['kind']
}): StageState {
  const { latest, phase, ready } = facts
  if (phase === 'in_progress') return 'running'
  if (latest?.releasedAt) return 'released'
  if (phase === 'closed') return 'handed_in'
  // A mock scenario or interview is begun by the interviewer, so there is nothing to press.
  if (ready.ok) return facts.kind === 'test' ? 'open' : 'waiting'
  switch (ready.error.code) {
    case 'start.earlier_stage_first':
      return 'locked'
    case 'start.window_over':
    case 'start.no_attempts_left':
      return 'over'
    case 'start.notice_first':
      return facts.kind === 'test' ? 'open' : 'waiting'
    default:
      return 'waiting'
  }
}

/** The programme with its stages, as the candidate who was invited to it sees them. Null without an enrolment. */
export async function candidateOverview(
  deps: Deps,
  actor: Actor,
  locale: Locale,
  now: Instant,
): Promise<Overview | null> {
  const open = await openEnrolment(deps, actor)
  if (!open) return null
  const { enrolment, programme } = open
  const stages = []
  for (const [stageIndex, stage] of programme.body.stages.entries())
    stages.push(await summarise(deps, { enrolment, programme, stage, stageIndex }, locale, now))
  const ends = [...new Set(stages.map((stage) => stage.closesAt))]
  return {
    displayTitle: programme.body.title[locale],
    summary: programme.body.summary[locale],
    outcome: programme.body.outcome,
    languageRequirement: programme.body.languageRequirement?.[locale] ?? null,
    provisional: programme.body.stages.some((stage) => stage.cutScore.experts.length < MIN_EXPERTS),
    windowGates: programme.body.window,
    closesAt: ends.length > 1 ? null : (ends[0] ?? null),
    endsByStage: ends.length > 1,
    limitless: stages.every((stage) => stage.limitMs === null),
    hasPractice: programme.body.practiceItems.length > 0,
    stages,
  }
}

export type StagePage = {
  programmeTitle: string
  stage: StageSummary & {
    whatToExpect: string
    switchLanguage: boolean
    latencyAllowanceSeconds: number
    cooldownDays: number
  }
  sections: Array<{
    id: string
    title: string
    instructions: string | null
    count: number
    limitMs: number | null
    minimumMs: number
    forwardOnly: boolean
  }>
  /** When a start at this moment would end; null where nothing ends it. */
  wouldEndAt: string | null
  shortenedByWindow: boolean
  /** Time for breaks of the candidate's own choice, while the clock stands still. */
  breaksMs: number
  opensAt: string
  windowGates: 'start' | 'end'
  retentionDays: number
  provisional: boolean
  hasPractice: boolean
  languageRequirement: string | null
  notice: {
    title: string
    revision: number
    effectiveFrom: string
    hash: string
    paragraphs: string[]
    acknowledgedAt: string | null
  } | null
  consents: Array<{
    id: string
    text: string
    without: string
    retentionDays: number
    given: boolean
    answered: boolean
  }>
  accommodation: {
    status: 'requested' | 'granted' | 'declined' | 'withdrawn'
    reason: string
    answer: string | null
  } | null
  /** For the next attempt. `erased`: confirmed by document, and what was recorded of it has been erased. */
  identity: 'not_asked' | 'needed' | 'waiting' | 'confirmed' | 'erased'
  /** Nothing stands between the candidate and the start. */
  ready: Failure | null
}

/** Everything that the page before the start shows. */
export async function stagePage(
  deps: Deps,
  actor: Actor,
  stageId: string,
  locale: Locale,
  now: Instant,
): Promise<Result<StagePage, 'stage.not_found'>> {
  const context = await stageContext(deps, actor, stageId)
  if (!context) return err('stage.not_found')
  const { enrolment, programme, stage } = context
  const { blueprint, terms } = await termsOf(deps, context)
  const [summary, shown, ready, accommodation, check] = [
    await summarise(deps, context, locale, now),
    await noticeFor(deps, actor),
    await readiness(deps, context, terms, now),
    await enrolments.accommodationOf(deps.store.read, enrolment.id),
    await enrolments.identityCheckOf(deps.store.read, enrolment.id),
  ]
  const preview = previewStart(terms, now)
  const reasons = accommodation ? await requests.accommodationReasonOf(deps.store.read, accommodation.id) : null
  const test = stage.assessment.kind === 'test' ? stage.assessment : null
  return ok({
    programmeTitle: programme.body.title[locale],
    stage: {
      ...summary,
      whatToExpect: stage.whatToExpect[locale],
      switchLanguage: test?.switchLanguage ?? false,
      latencyAllowanceSeconds: test?.latencyAllowanceSeconds ?? 0,
      cooldownDays: stage.attempts.cooldownDays,
    },
    sections: (blueprint?.body.sections ?? []).map((section, index) => ({
      id: section.id,
      title: section.title[locale],
      instructions: section.instructions?.[locale] ?? null,
      count: section.count,
      limitMs: terms.sections[index] ? sectionLimitMs(terms, terms.sections[index]) : null,
      minimumMs: section.minimumSeconds * 1000,
      forwardOnly: section.navigation === 'forward_only',
    })),
    wouldEndAt: preview.deadlineAt === null ? null : iso(preview.deadlineAt),
    shortenedByWindow: preview.shortenedByWindow,
    breaksMs: terms.accommodation.breaks.allowanceMs,
    opensAt: iso(enrolment.opensAt),
    windowGates: programme.body.window,
    retentionDays: programme.body.retentionDays,
    provisional: stage.cutScore.experts.length < MIN_EXPERTS,
    hasPractice: programme.body.practiceItems.length > 0,
    languageRequirement: programme.body.languageRequirement?.[locale] ?? null,
    notice: shown
      ? {
          title: shown.notice.body.title[locale],
          revision: shown.notice.body.revision,
          effectiveFrom: shown.notice.body.effectiveFrom,
          hash: shown.notice.contentHash,
          paragraphs: shown.notice.body.paragraphs.map((paragraph) => paragraph[locale]),
          acknowledgedAt: shown.acknowledgedAt ? iso(shown.acknowledgedAt) : null,
        }
      : null,
    // Consents that concern the identity check alone are asked for only where there is one.
    consents: (shown?.consents ?? [])
      .filter((consent) => consent.id !== 'identity_check' || programme.body.identityCheck)
      .map((consent) => ({
        id: consent.id,
        text: consent.text[locale],
        without: consent.without[locale],
        retentionDays: consent.retentionDays,
        given: consent.given,
        answered: consent.answered,
      })),
    accommodation: accommodation
      ? { status: accommodation.status, reason: reasons?.reason ?? '', answer: reasons?.answer ?? null }
      : null,
    identity: !programme.body.identityCheck
      ? 'not_asked'
      : !check
        ? 'needed'
        : check.status === 'waiting'
          ? 'waiting'
          : check.status === 'confirmed' && check.lastCharacters === null
            ? 'erased'
            : 'confirmed',
    ready: ready.ok ? null : ready.error,
  })
}

/** Records that the notice was read and the answer to each consent; an empty box means no. */
export async function acceptNotice(
  deps: Deps,
  actor: Actor,
  input: { noticeHash: string; consents: readonly string[] },
  now: Instant,
): Promise<Result<true, 'notice.not_found' | 'notice.stale'>> {
  const shown = await noticeFor(deps, actor)
  if (!shown) return err('notice.not_found')
  // A notice that changed while the page was open must be read in its new version.
  if (shown.notice.contentHash !== input.noticeHash) return err('notice.stale')
  const acknowledged = await acknowledgeNotice(deps, actor, now)
  if (!acknowledged.ok) return acknowledged
  return chooseConsents(deps, actor, input.consents, now)
}

/** Records each consent whose answer is new or differs from the last one. */
export async function chooseConsents(
  deps: Deps,
  actor: Actor,
  given: readonly string[],
  now: Instant,
): Promise<Result<true, 'notice.not_found'>> {
  const shown = await noticeFor(deps, actor)
  const open = await openEnrolment(deps, actor)
  if (!shown || !open) return err('notice.not_found')
  for (const consent of shown.consents) {
    if (consent.id === 'identity_check' && !open.programme.body.identityCheck) continue
    const yes = given.includes(consent.id)
    if (consent.answered && consent.given === yes) continue
    const said = await giveConsent(deps, actor, consent.id, yes, now)
    if (!said.ok) return err('notice.not_found')
  }
  if (open.programme.body.identityCheck)
    await deps.store.transact((w) => requests.awaitIdentityCheck(w, open.enrolment.id))
  return ok(true)
}

/** Asks for the check of another attempt. The first one waits for the supervisor as soon as the notice is read. */
export async function requestIdentityCheck(
  deps: Deps,
  actor: Actor,
  stageId: string,
  now: Instant,
): Promise<Result<true, string>> {
  const context = await stageContext(deps, actor, stageId)
  if (!context) return err('stage.not_found')
  const { terms } = await termsOf(deps, context)
  const ready = await readiness(deps, context, terms, now)
  if (ready.ok) return ready
  if (ready.error.code !== 'start.identity_first') return ready
  await deps.store.transact((w) => requests.awaitNextIdentityCheck(w, context.enrolment.id))
  return ok(true)
}

/** Longest reason of a request, in code points. */
export const MAX_REASON = 2000

/** Asks for an accommodation. The reason goes into a row that only the candidate and the accommodation officer read. */
export async function requestAccommodation(
  deps: Deps,
  actor: Actor,
  reason: string,
  now: Instant,
): Promise<
  Result<true, 'enrolment.not_found' | 'accommodation.already_asked' | 'accommodation.too_late' | 'form.too_long'>
> {
  const open = await openEnrolment(deps, actor)
  if (!open) return err('enrolment.not_found')
  if (codePointLength(reason) > MAX_REASON) return err('form.too_long')
  const enrolmentId = open.enrolment.id
  const running = (await attempts.attemptsOfEnrolment(deps.store.read, enrolmentId)).some(
    (row) => row.status === 'in_progress',
  )
  if (running) return err('accommodation.too_late')
  const before = await enrolments.accommodationOf(deps.store.read, enrolmentId)
  if (before && before.status !== 'withdrawn' && before.status !== 'declined') return err('accommodation.already_asked')
  const from = before?.status === 'declined' ? 'declined' : 'withdrawn'
  const id = before?.id ?? deps.ids.id('ac')
  return deps.store.transact(async (w) => {
    const row = { id, reason, now: new Date(now) }
    const done = before
      ? await requests.reopenAccommodationRequest(w, { ...row, from })
      : await requests.insertAccommodationRequest(w, { ...row, enrolmentId })
    if (!done) return err('accommodation.already_asked')
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'accommodation.requested',
      subjectType: 'accommodation',
      subjectId: id,
      data: {},
    })
    return ok(true)
  })
}

/** Takes an undecided request back; the start is open again. */
export async function withdrawAccommodation(
  deps: Deps,
  actor: Actor,
  now: Instant,
): Promise<Result<true, 'enrolment.not_found' | 'accommodation.already_decided'>> {
  const open = await openEnrolment(deps, actor)
  const row = open ? await enrolments.accommodationOf(deps.store.read, open.enrolment.id) : null
  if (!row) return err('enrolment.not_found')
  return deps.store.transact(async (w) => {
    if (!(await requests.withdrawAccommodationRequest(w, row.id))) return err('accommodation.already_decided')
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'accommodation.withdrawn',
      subjectType: 'accommodation',
      subjectId: row.id,
      data: {},
    })
    return ok(true)
  })
}

// ---- Practice ----

export type PracticePage = { programmeTitle: string; items: CandidateItem[]; policies: PolicyView[] }

/** Items that count for nothing. Nothing that is written there reaches the server's store. */
export async function practicePage(deps: Deps, actor: Actor, locale: Locale): Promise<PracticePage | null> {
  const open = await openEnrolment(deps, actor)
  if (!open) return null
  const versions = []
  for (const id of open.programme.body.practiceItems) {
    const version = await currentContent(deps.store.read, 'item', id)
    if (version?.body.practice) versions.push(version)
  }
  const items = versions.map((version) => candidateItem(version.body, locale))
  // Nothing is given away here, so the article that an item is about simply stands beside it.
  const beside = versions.flatMap(({ body }) => [
    ...(body.kind === 'written_reply' ? body.policies : []),
    ...(body.policySearch && body.policy ? [body.policy.id] : []),
  ])
  return { programmeTitle: open.programme.body.title[locale], items, policies: await policyViews(deps, beside, locale) }
}

// ---- After the end ----

type Owned = {
  row: attempts.AttemptRow
  stageTitle: string
  programmeTitle: string
  stageId: string
  nextStage: { id: string; title: string } | null
}

/** The attempt with its names; null for an unknown one and for somebody else's alike. */
export async function ownAttempt(deps: Deps, actor: Actor, attemptId: string, locale: Locale): Promise<Owned | null> {
  const row = await attempts.attemptRow(deps.store.read, attemptId)
  if (!row || !ownsAttempt(actor, row)) return null
  const context = await stageContext(deps, actor, row.stageId)
  if (!context) return null
  const next = context.programme.body.stages[context.stageIndex + 1]
  return {
    row,
    stageId: row.stageId,
    stageTitle: context.stage.title[locale],
    programmeTitle: context.programme.body.title[locale],
    nextStage: next ? { id: next.id, title: next.title[locale] } : null,
  }
}

export type ReceiptPage = {
  attemptId: string
  programmeTitle: string
  stageTitle: string
  /** null while the clock has closed the attempt and the closing is about to be written. */
  receipt: (Omit<Receipt, 'finishedAt'> & { finishedAt: string }) | null
  items: number
  /** As the review page counted them; null once words of the person have been erased. */
  tally: Tally | null
  lateTexts: LateTextFate[]
  waitsForRaters: boolean
  released: boolean
  nextStage: { id: string; title: string } | null
  /** For text that waits in the browser: it is sent as from the page that last held the attempt. */
  epoch: number
  revisions: Record<string, number>
}

async function tallyOfStored(
  deps: Deps,
  attemptId: string,
  answers: readonly attempts.AnswerRow[],
): Promise<Tally | null> {
  const takenBack = deps.secrets.sha256(canonicalResponse(null))
  if (
    answers.some(({ response, contentHash }) => response === null && contentHash !== null && contentHash !== takenBack)
  )
    return null
  const items = await itemsOfAttempt(deps.store, attemptId)
  const stored = new Map(answers.map((answer) => [answer.itemId, answer]))
  return tallyOf(
    [...items].map(([id, item]) => ({
      progress: progressOf(item, stored.get(id)?.response ?? null),
      flagged: stored.get(id)?.flagged ?? false,
    })),
  )
}

/** The receipt of an attempt that is over; `running` while there is time left. */
export async function receiptPage(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  locale: Locale,
  now: Instant,
): Promise<Result<ReceiptPage, 'attempt.not_found' | 'attempt.still_running'>> {
  const own = await ownAttempt(deps, actor, attemptId, locale)
  if (!own) return err('attempt.not_found')
  if (phaseAt(own.row.head, now) !== 'closed') return err('attempt.still_running')
  const receipt = await receiptFor(deps.store.read, deps, attemptId)
  const answers = await attempts.answersOf(deps.store.read, attemptId)
  return ok({
    attemptId,
    programmeTitle: own.programmeTitle,
    stageTitle: own.stageTitle,
    receipt: receipt ? { ...receipt, finishedAt: iso(receipt.finishedAt) } : null,
    items: own.row.setup.sections.reduce((sum, section) => sum + section.itemIds.length, 0),
    tally: await tallyOfStored(deps, attemptId, answers),
    lateTexts: await lateTextFates(deps, own.row, locale),
    waitsForRaters: own.row.releasedAt === null,
    released: own.row.releasedAt !== null,
    nextStage: own.nextStage,
    epoch: own.row.head.epoch,
    revisions: Object.fromEntries(answers.map((answer) => [answer.itemId, answer.revision])),
  })
}

/** Time that really passed between two instants: a confirmed step of the server's clock in between does not count. */
function livedMs(rows: readonly CandidateLedgerEntry[], startedAt: Instant, endAt: Instant): number {
  let lived = 0
  let from = startedAt
  for (const row of rows) {
    if (row.kind !== 'clock_confirmed') continue
    lived += row.at - from
    from = row.at + row.stepMs
  }
  return lived + Math.max(0, endAt - from)
}

/** What happened to the clock of an attempt, with the reasons that staff wrote and without their names. */
export async function ledgerPage(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  locale: Locale,
  now: Instant,
): Promise<Result<LedgerPage, 'attempt.not_found'>> {
  const own = await ownAttempt(deps, actor, attemptId, locale)
  if (!own || own.row.startedAt === null) return err('attempt.not_found')
  const rows = await ledgerForCandidate(deps, own.row, locale, now)
  const startedAt = own.row.startedAt.getTime()
  const over = phaseAt(own.row.head, now) === 'closed'
  const endAt = own.row.finishedAt?.getTime() ?? (over ? (headDeadlineAt(own.row.head, now) ?? now) : now)
  const stoodMs = stoodStillMs(own.row.setup.timing, own.row.state.pauses, startedAt, endAt)
  return ok({
    attemptId,
    programmeTitle: own.programmeTitle,
    stageTitle: own.stageTitle,
    rows,
    now: endAt,
    finished: over,
    workedMs: Math.max(0, livedMs(rows, startedAt, endAt) - stoodMs),
  })
}
