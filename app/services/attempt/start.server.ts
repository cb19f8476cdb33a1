/** Starting an attempt: is it allowed, what is drawn, and the first event. */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { spendIdentityCheck } from '../../../db/repositories/candidate-requests.server.ts'
import { insertForm, itemsSeenBy, recentExposure } from '../../../db/repositories/forms.server.ts'
import type { JsonObject } from '../../../db/tables.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { decide } from '../../core/attempt/decide.ts'
import { evolveAll } from '../../core/attempt/evolve.ts'
import { readyAttempt, type AttemptSetup } from '../../core/attempt/state.ts'
import { drawOptionOrder } from '../../core/bank/candidate-view.ts'
import type { Blueprint, Item } from '../../core/bank/schema.ts'
import { drawForm, poolItem, type Form } from '../../core/blueprint/draw.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { seededRandom } from '../../core/shared/random.ts'
import { err, ok, type Failure, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { TimingTerms } from '../../core/timing/deadline.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { appendStreamEvent } from '../../ground/streams.server.ts'
import { allCurrent, currentContent, type Version } from '../content/versions.server.ts'
import { accommodationFor, stageContext, timingTerms } from '../enrolment/enrolment.server.ts'
import { gateOf, readiness, startHolds, type ReadinessCode } from '../enrolment/readiness.server.ts'
import { attemptStream, ROOM_STREAM } from './saves.server.ts'

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
    await insertForm(
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
    recentExposure(deps.store.read, blueprint.body.id, blueprint.body.exposureWindow),
    itemsSeenBy(deps.store.read, personId),
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
