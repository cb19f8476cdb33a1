/**
 * Accommodations, as the officer decides them. The reason is seen by the candidate and this role only; ledger, raters,
 * reports and exports show the person's own time and no flag.
 */
import { accommodationRequests } from '../../../db/queries/requests.server.ts'
import {
  accommodationById,
  accommodationOwner,
  answerAccommodation,
  correctAccommodation,
  decideAccommodation,
} from '../../../db/repositories/accommodations.server.ts'
import { attemptsOfEnrolment } from '../../../db/repositories/attempts.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { MINUTE_MS, type Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { readVersions } from '../content/versions.server.ts'

/** All requests that this officer may see, undecided first. */
export async function listAccommodations(deps: Pick<Deps, 'store'>, actor: Actor) {
  const rows = (await accommodationRequests(deps.store.read)).filter((row) =>
    can(actor, 'accommodation:view', { ownerId: row.personId }),
  )
  const [persons, programmes] = await Promise.all([
    people.peopleByIds(deps.store.read, [...new Set(rows.map((row) => row.personId))]),
    readVersions(
      deps.store.read,
      'programme',
      rows.map((row) => row.programmeVersionId),
    ),
  ])
  return rows.map(({ accommodation, reason, personId, programmeVersionId }) => ({
    id: accommodation.id,
    name: persons.find((person) => person.id === personId)?.displayName ?? '',
    programmeTitle: programmes.get(programmeVersionId)?.body.title ?? { 'zh-CN': '', en: '' },
    status: accommodation.status,
    reason: reason?.reason ?? '',
    answer: reason?.answer ?? null,
    factor: accommodation.factor,
    extraMinutes: accommodation.extraMs / MINUTE_MS,
    unlimited: accommodation.unlimited,
    breakMinutes: accommodation.breakAllowanceMs / MINUTE_MS,
    requestedAt: accommodation.requestedAt.toISOString(),
    decidedAt: accommodation.decidedAt?.toISOString() ?? null,
  }))
}

export type AccommodationDecision = {
  accommodationId: string
  decision: 'granted' | 'declined'
  factor: number
  extraMinutes: number
  unlimited: boolean
  breakMinutes: number
  /** Told to the candidate. */
  answer: string
  /** When the decision was made that this one takes the place of; nothing for a first one. */
  former?: string | null | undefined
}

/**
 * Decides, or corrects what was decided: a slip must not stand for a whole enrolment. Not while an attempt is running:
 * its clock keeps the terms that it started with.
 */
export async function decide(
  deps: Deps,
  actor: Actor,
  input: AccommodationDecision,
  now: Instant,
): Promise<
  Result<
    true,
    | 'accommodation.not_found'
    | 'accommodation.already_decided'
    | 'accommodation.running'
    | 'accommodation.answer_needed'
    | 'accommodation.nothing_granted'
  >
> {
  const ownerId = await accommodationOwner(deps.store.read, input.accommodationId)
  if (ownerId === null || !can(actor, 'accommodation:decide', { ownerId })) return err('accommodation.not_found')
  if (input.decision === 'declined' && input.answer.trim() === '') return err('accommodation.answer_needed')
  const nothing = input.factor === 1 && input.extraMinutes === 0 && !input.unlimited && input.breakMinutes === 0
  if (input.decision === 'granted' && nothing && input.answer.trim() === '') return err('accommodation.nothing_granted')
  return deps.store.transact(async (w) => {
    const granted = input.decision === 'granted'
    const set = {
      status: input.decision,
      factor: granted ? input.factor : 1,
      extraMs: granted ? Math.round(input.extraMinutes * MINUTE_MS) : 0,
      unlimited: granted && input.unlimited,
      breakAllowanceMs: granted ? Math.round(input.breakMinutes * MINUTE_MS) : 0,
      decidedBy: actor.personId,
      decidedAt: new Date(now),
    }
    const entry = { actorId: actor.personId, subjectType: 'accommodation', subjectId: input.accommodationId }
    if (!input.former) {
      if (!(await decideAccommodation(w, input.accommodationId, set))) return err('accommodation.already_decided')
      // The trail says that a decision was made, not which: the row itself does.
      await audit(w, deps, now, { ...entry, action: 'accommodation.decided' })
    } else {
      const before = await accommodationById(w, input.accommodationId)
      if (!before || !(await correctAccommodation(w, input.accommodationId, new Date(input.former), set))) {
        const running =
          before !== null &&
          (await attemptsOfEnrolment(w, before.enrolmentId)).some((row) => row.status === 'in_progress')
        return err(running ? 'accommodation.running' : 'accommodation.already_decided')
      }
      const { status, factor, extraMs, unlimited, breakAllowanceMs, decidedBy } = before
      await audit(w, deps, now, {
        ...entry,
        action: 'accommodation.corrected',
        data: { former: { status, factor, extraMs, unlimited, breakAllowanceMs, decidedBy, decidedAt: input.former } },
      })
    }
    await answerAccommodation(w, input.accommodationId, input.answer.trim() || null)
    return ok(true)
  })
}
