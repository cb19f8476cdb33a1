/** The page before the start of a stage: what to expect, time, notice, consents, accommodation and identity. */
import * as requests from '../../../db/repositories/candidate-requests.server.ts'
import * as enrolments from '../../../db/repositories/enrolments.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import type { StagePage } from '../../core/attempt/stage-view.ts'
import { MIN_EXPERTS } from '../../core/scoring/outcome.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { sectionLimitMs } from '../../core/timing/deadline.ts'
import { previewStart } from '../../core/timing/start.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { noticeFor } from '../enrolment/consents.server.ts'
import { stageContext } from '../enrolment/enrolment.server.ts'
import { readiness } from '../enrolment/readiness.server.ts'
import { summarise, termsOf } from './stage-summary.server.ts'

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
    wouldEndAt: preview.deadlineAt === null ? null : new Date(preview.deadlineAt).toISOString(),
    shortenedByWindow: preview.shortenedByWindow,
    breaksMs: terms.accommodation.breaks.allowanceMs,
    opensAt: enrolment.opensAt.toISOString(),
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
          acknowledgedAt: shown.acknowledgedAt?.toISOString() ?? null,
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
