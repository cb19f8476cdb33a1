/**
 * Accommodations, as the officer decides them. The reason is seen by the candidate and this role only; ledger, raters, reports and
 * exports show the person's own time and no flag.
 */
import { accommodationRequests } from '../../db/queries/requests.server.ts'
import { accommodationOwner, answerAccommodation, decideAccommodation } from '../../db/repositories/accommodations.server.ts'
import * as people from '../../db/repositories/people.server.ts'
import type { Actor } from '../core/access/actor.ts'
import { can } from '../core/access/can.ts'
import { err, ok, type Result } from '../core/shared/result.ts'
import { MINUTE_MS, type Instant } from '../core/shared/time.ts'
import { audit } from './audit.server.ts'
import { readVersions } from './content.server.ts'
import type { Deps } from './deps.server.ts'

/** All requests that this officer may see, undecided first. */
export async function listAccommodations(deps: Pick<Deps, 'store'>, actor: Actor) {
  const rows = (await accommodationRequests(deps.store.read)).filter((row) => can(actor, 'accommodation:view', { ownerId: row.personId }))
  const [persons, programmes] = await Promise.all([
    people.peopleByIds(deps.store.read, [...new Set(rows.map((row) => row.personId))]),
    readVersions(deps.store.read, 'programme', rows.map((row) => row.programmeVersionId)),
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
}

export async function decide(deps: Deps, actor: Actor, input: AccommodationDecision, now: Instant): Promise<Result<true, 'accommodation.not_found' | 'accommodation.already_decided' | 'accommodation.answer_needed' | 'accommodation.nothing_granted'>> {
  const ownerId = await accommodationOwner(deps.store.read, input.accommodationId)
  if (ownerId === null || !can(actor, 'accommodation:decide', { ownerId })) return err('accommodation.not_found')
  if (input.decision === 'declined' && input.answer.trim() === '') return err('accommodation.answer_needed')
  const nothing = input.factor === 1 && input.extraMinutes === 0 && !input.unlimited && input.breakMinutes === 0
  if (input.decision === 'granted' && nothing && input.answer.trim() === '') return err('accommodation.nothing_granted')
  return deps.store.transact(async (w) => {
    const granted = input.decision === 'granted'
    const decided = await decideAccommodation(w, input.accommodationId, {
      status: input.decision,
      factor: granted ? input.factor : 1,
      extraMs: granted ? Math.round(input.extraMinutes * MINUTE_MS) : 0,
      unlimited: granted && input.unlimited,
      breakAllowanceMs: granted ? Math.round(input.breakMinutes * MINUTE_MS) : 0,
      decidedBy: actor.personId,
      decidedAt: new Date(now),
    })
    if (!decided) return err('accommodation.already_decided')
    if (input.answer.trim() !== '') await answerAccommodation(w, input.accommodationId, input.answer.trim())
    // The trail says that a decision was made, not which: auditors are not the accommodation role.
    await audit(w, deps, now, { actorId: actor.personId, action: 'accommodation.decided', subjectType: 'accommodation', subjectId: input.accommodationId })
    return ok(true)
  })
}
