/** Starting an attempt: is it allowed, what is drawn, and the first event. */
import * as attempts from '../../db/repositories/attempts.server.ts'
import { spendIdentityCheck } from '../../db/repositories/candidate-requests.server.ts'
import * as enrolments from '../../db/repositories/enrolments.server.ts'
import type { Reader, Writer } from '../../db/store.server.ts'
import type { JsonObject } from '../../db/tables.server.ts'
import type { Actor } from '../core/access/actor.ts'
import { decide } from '../core/attempt/decide.ts'
import { evolveAll } from '../core/attempt/evolve.ts'
import { readyAttempt, type AttemptSetup } from '../core/attempt/state.ts'
import { drawOptionOrder } from '../core/bank/candidate-view.ts'
import type { Blueprint, Item, Programme, Stage } from '../core/bank/schema.ts'
import { drawForm, poolItem, type Form } from '../core/blueprint/draw.ts'
import { canonicalJson } from '../core/shared/canonical-json.ts'
import type { Locale } from '../core/shared/locale.ts'
import { seededRandom } from '../core/shared/random.ts'
import { err, ok, type Failure, type Result } from '../core/shared/result.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS, type Instant } from '../core/shared/time.ts'
import { NO_ACCOMMODATION, type Accommodation, type TimingTerms } from '../core/timing/deadline.ts'
import { canStart, personalStartBefore, type StartCode, type StartGate } from '../core/timing/start.ts'
import { appendStreamEvent } from '../live/stream.server.ts'
import { attemptStream, ROOM_STREAM } from './attempt-saves.server.ts'
import { audit } from './audit.server.ts'
import { allCurrent, currentContent, requireVersion, type Version } from './content.server.ts'
import type { Deps } from './deps.server.ts'

export type EnrolmentRow = NonNullable<Awaited<ReturnType<typeof enrolments.enrolmentById>>>
export type StageContext = {
  enrolment: EnrolmentRow
  programme: Version<'programme'>
  stage: Stage
  stageIndex: number
}

/** The actor's enrolment with the programme version that they were invited to. */
export async function openEnrolment(
  deps: Pick<Deps, 'store'>,
  actor: Actor,
): Promise<{ enrolment: EnrolmentRow; programme: Version<'programme'> } | null> {
  if (!actor.enrolmentId) return null
  const enrolment = await enrolments.enrolmentById(deps.store.read, actor.enrolmentId)
  if (!enrolment || enrolment.personId !== actor.personId) return null
  return { enrolment, programme: await requireVersion(deps.store.read, 'programme', enrolment.programmeVersionId) }
}

export async function stageContext(
  deps: Pick<Deps, 'store'>,
  actor: Actor,
  stageId: string,
): Promise<StageContext | null> {
  const open = await openEnrolment(deps, actor)
  const stageIndex = open?.programme.body.stages.findIndex((stage) => stage.id === stageId) ?? -1
  const stage = open?.programme.body.stages[stageIndex]
  return open && stage ? { ...open, stage, stageIndex } : null
}

export const accommodationFor = (deps: Pick<Deps, 'store'>, enrolmentId: string): Promise<Accommodation> =>
  accommodationIn(deps.store.read, enrolmentId)

async function accommodationIn(r: Reader | Writer, enrolmentId: string): Promise<Accommodation> {
  const row = await enrolments.accommodationOf(r, enrolmentId)
  if (!row || row.status !== 'granted') return NO_ACCOMMODATION
  return {
    factor: row.factor,
    extraMs: row.extraMs,
    unlimited: row.unlimited,
    breaks: { allowanceMs: row.breakAllowanceMs },
  }
}

/** Timing of a test stage for one person. */
export function timingTerms(
  programme: Programme,
  stage: Stage,
  blueprint: Blueprint | null,
  accommodation: Accommodation,
  closesAt: Instant,
): TimingTerms {
  return {
    timeLimitMs: stage.assessment.timeLimitMinutes * MINUTE_MS,
    accommodation,
    windowEndsAt: closesAt,
    windowGates: programme.window,
    latencyAllowanceMs: stage.assessment.kind === 'test' ? stage.assessment.latencyAllowanceSeconds * SECOND_MS : 0,
    sections: (blueprint?.sections ?? []).map((section) => ({
      id: section.id,
      timeLimitMs: section.timeLimitMinutes === undefined ? null : section.timeLimitMinutes * MINUTE_MS,
      minimumMs: section.minimumSeconds * SECOND_MS,
    })),
  }
}

/**
 * Up to when this person may begin each stage: the window's end as their accommodation moves it, null where none
 * counts.
 */
export async function personalEnds(
  deps: Pick<Deps, 'store'>,
  { enrolment, programme }: Pick<StageContext, 'enrolment' | 'programme'>,
): Promise<(Instant | null)[]> {
  const accommodation = await accommodationFor(deps, enrolment.id)
  return programme.body.stages.map((stage) =>
    personalStartBefore(timingTerms(programme.body, stage, null, accommodation, enrolment.closesAt.getTime())),
  )
}

/** The gate of a stage: window, attempts used, cooldown since the last finish. */
export async function gateOf(deps: Pick<Deps, 'store'>, context: StageContext, terms: TimingTerms): Promise<StartGate> {
  const used = (await attempts.attemptsOfEnrolment(deps.store.read, context.enrolment.id)).filter(
    (row) => row.stageId === context.stage.id,
  )
  const finished = used.map((row) => row.finishedAt?.getTime() ?? 0)
  return {
    window: { from: context.enrolment.opensAt.getTime(), until: context.enrolment.closesAt.getTime() },
    attemptsUsed: used.length,
    max: context.stage.attempts.max,
    lastFinishedAt: finished.length > 0 ? Math.max(...finished) || null : null,
    cooldownMs: context.stage.attempts.cooldownDays * DAY_MS,
    terms,
  }
}

export type ReadinessCode =
  | StartCode
  | 'start.notice_first'
  | 'start.identity_first'
  | 'start.earlier_stage_first'
  | 'start.accommodation_open'
  | 'start.not_a_test'
  | 'start.running'

/** Looks for whatever keeps the candidate from starting; the first obstacle is the reason. */
export async function readiness(
  deps: Pick<Deps, 'store'>,
  context: StageContext,
  terms: TimingTerms,
  now: Instant,
): Promise<Result<true, ReadinessCode>> {
  const { enrolment, programme, stageIndex } = context
  const mine = await attempts.attemptsOfEnrolment(deps.store.read, enrolment.id)
  if (mine.some((row) => row.status === 'in_progress')) return err('start.running')
  const before = programme.body.stages.slice(0, stageIndex)
  if (before.some((earlier) => !mine.some((row) => row.stageId === earlier.id && row.status === 'closed')))
    return err('start.earlier_stage_first')
  const consents = await enrolments.consentsOf(deps.store.read, enrolment.id)
  if (!consents.get('notice')?.given) return err('start.notice_first')
  const accommodation = await enrolments.accommodationOf(deps.store.read, enrolment.id)
  if (accommodation?.status === 'requested') return err('start.accommodation_open')
  if (programme.body.identityCheck) {
    const check = await enrolments.identityCheckOf(deps.store.read, enrolment.id)
    if (!check || check.status === 'waiting') return err('start.identity_first')
  }
  return canStart({ ...(await gateOf(deps, context, terms)), now })
}

/**
 * Looks again, in the transaction of the start, at what the start relies on: the accommodation that its clock was
 * computed from, and an identity check that no other attempt has used.
 */
export async function startHolds(
  w: Writer,
  { enrolment, programme }: Pick<StageContext, 'enrolment' | 'programme'>,
  terms: TimingTerms,
): Promise<Result<true, 'start.changed' | 'start.identity_first'>> {
  if (canonicalJson(await accommodationIn(w, enrolment.id)) !== canonicalJson(terms.accommodation))
    return err('start.changed')
  if (!programme.body.identityCheck) return ok(true)
  const check = await enrolments.identityCheckOf(w, enrolment.id)
  return check && check.status !== 'waiting' ? ok(true) : err('start.identity_first')
}

/** All items in use. */
const currentItems = (deps: Pick<Deps, 'store'>) => allCurrent(deps.store.read, 'item')

function setupOf(
  attemptId: string,
  blueprint: Blueprint,
  form: Form,
  terms: TimingTerms,
  switchLanguage: boolean,
): AttemptSetup {
  return {
    attemptId,
    timing: terms,
    switchLanguage,
    sections: form.sections.map((section) => {
      const rules = blueprint.sections.find((s) => s.id === section.id)
      return {
        id: section.id,
        navigation: rules?.navigation ?? 'free',
        itemsPerPage: rules?.itemsPerPage ?? 1,
        itemIds: section.slots.map((slot) => slot.itemId),
      }
    }),
  }
}

/**
 * Draws the form and starts the attempt, in one transaction. A second click or a second tab meets the unique key of
 * (enrolment, stage, ordinal) and is sent to the attempt that the first one started.
 */
export async function startAttempt(
  deps: Deps,
  actor: Actor,
  input: { stageId: string; locale: Locale },
  now: Instant,
): Promise<
  Result<{ attemptId: string }, 'stage.not_found' | ReadinessCode | 'start.changed' | 'blueprint.infeasible'>
> {
  const context = await stageContext(deps, actor, input.stageId)
  if (!context) return err('stage.not_found')
  const { enrolment, programme, stage } = context
  if (stage.assessment.kind !== 'test') return err('start.not_a_test')
  const blueprint = await currentContent(deps.store.read, 'blueprint', stage.assessment.blueprint)
  if (!blueprint) return err('blueprint.infeasible')
  const terms = timingTerms(
    programme.body,
    stage,
    blueprint.body,
    await accommodationFor(deps, enrolment.id),
    enrolment.closesAt.getTime(),
  )
  const ready = await readiness(deps, context, terms, now)
  if (!ready.ok) {
    if (ready.error.code !== 'start.running') return ready
    const running = (await attempts.attemptsOfEnrolment(deps.store.read, enrolment.id)).find(
      (row) => row.status === 'in_progress' && row.stageId === stage.id,
    )
    return running ? ok({ attemptId: running.id }) : ready
  }
  const seed = deps.ids.token()
  const versions = await currentItems(deps)
  const drawn = await draw(deps, versions, actor.personId, blueprint, seed)
  if (!drawn.ok) return drawn
  const attemptId = deps.ids.id('at')
  const setup = setupOf(attemptId, blueprint.body, drawn.value, terms, stage.assessment.switchLanguage)
  const decided = decide(readyAttempt(setup), {
    type: 'start',
    sessionId: actor.sessionId,
    locale: input.locale,
    gate: await gateOf(deps, context, terms),
    receivedAt: now,
  })
  if (!decided.ok) return decided as { ok: false; error: Failure<ReadinessCode> }
  const gate = await gateOf(deps, context, terms)
  const before = readyAttempt(setup)
  return deps.store.transact(async (w) => {
    const holds = await startHolds(w, context, terms)
    const inserted =
      holds.ok &&
      (await attempts.insertAttempt(w, {
        id: attemptId,
        enrolmentId: enrolment.id,
        personId: actor.personId,
        stageId: stage.id,
        ordinal: gate.attemptsUsed + 1,
        kind: 'test',
        setup,
        locale: input.locale,
        attempt: before,
        now: new Date(now),
      }))
    if (!inserted) {
      const first = (await attempts.attemptsOfEnrolment(w, enrolment.id)).find(
        (row) => row.stageId === stage.id && row.status === 'in_progress',
      )
      return first ? ok({ attemptId: first.id }) : holds.ok ? err('start.running') : holds
    }
    await spendIdentityCheck(w, enrolment.id, attemptId)
    await attempts.insertForm(
      w,
      formRow(attemptId, blueprint.versionId, seed, drawn.value, now),
      formItemRows(attemptId, drawn.value, new Map(versions.map((version) => [version.versionId, version.body]))),
    )
    await attempts.insertAnswerRows(w, attemptId, setup)
    await attempts.appendEvents(w, before, decided.value, actor.personId, { seenAt: new Date(now) })
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'attempt.started',
      subjectType: 'attempt',
      subjectId: attemptId,
    })
    await appendStreamEvent(w, deps, attemptStream(attemptId), 'started', {
      epoch: evolveAll(before, decided.value).epoch,
    })
    await appendStreamEvent(w, deps, ROOM_STREAM, 'attempt', { attemptId })
    return ok({ attemptId })
  })
}

/** Draws for a person: what they have met before is left out where the bank allows it. */
async function draw(
  deps: Deps,
  versions: Version<'item'>[],
  personId: string,
  blueprint: Version<'blueprint'>,
  seed: string,
): Promise<Result<Form, 'blueprint.infeasible'>> {
  const pool = versions.map((version) => poolItem(version.body, version.bankId, version.versionId))
  const [exposure, seen] = await Promise.all([
    attempts.recentExposure(deps.store.read, blueprint.body.id, blueprint.body.exposureWindow),
    attempts.itemsSeenBy(deps.store.read, personId),
  ])
  const input = { blueprint: blueprint.body, pool, seed, exposure: Object.fromEntries(exposure.counts) }
  const fresh = drawForm({ ...input, exclude: [...seen] })
  // A bank too small for a third attempt repeats items rather than refusing the attempt; the proof keeps each item's
  // exposure.
  return fresh.ok || seen.size === 0 ? fresh : drawForm(input)
}

const formRow = (attemptId: string, blueprintVersionId: string, seed: string, form: Form, now: Instant) => ({
  attemptId,
  blueprintVersionId,
  seed,
  proof: { sections: form.sections } as unknown as JsonObject,
  createdAt: new Date(now),
})

function formItemRows(attemptId: string, form: Form, items: ReadonlyMap<string, Item>) {
  let position = 0
  return form.sections.flatMap((section) =>
    section.slots.flatMap((slot) => {
      const item = slot.versionId === undefined ? undefined : items.get(slot.versionId)
      if (!item || slot.versionId === undefined) return []
      // By item, so that an item's order does not depend on what else was drawn.
      const optionOrder = drawOptionOrder(item, seededRandom(`${form.seed}|options|${item.id}`))
      return [
        {
          attemptId,
          itemId: item.id,
          itemVersionId: slot.versionId,
          sectionId: section.id,
          position: position++,
          optionOrder,
        },
      ]
    }),
  )
}
