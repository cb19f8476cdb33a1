/**
 * The supervised identity check: a supervisor sees the candidate and their identity document and confirms it. Document
 * type and last characters are recorded only with the candidate's own consent; without it the supervisor confirms in
 * person that they saw the document, and nothing of it is written down. Neither way gives an advantage. One check
 * admits to one attempt: its start uses the check up.
 */
import { identityChecks } from '../../../db/queries/requests.server.ts'
import { confirmIdentity, eraseIdentityCharacters } from '../../../db/repositories/accommodations.server.ts'
import { consentsOf } from '../../../db/repositories/enrolments.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { DAY_MS, type Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { currentContent, readVersions } from '../content/versions.server.ts'

export const DOCUMENT_TYPES = ['id_card', 'passport', 'residence_permit', 'driving_licence', 'work_pass'] as const
export const IDENTITY_CONSENT = 'identity_check'

export async function listIdentityChecks(deps: Pick<Deps, 'store'>, actor: Actor) {
  const rows = (await identityChecks(deps.store.read)).filter((row) =>
    can(actor, 'identity:confirm', { ownerId: row.personId }),
  )
  const [persons, programmes] = await Promise.all([
    people.peopleByIds(deps.store.read, [...new Set(rows.map((row) => row.personId))]),
    readVersions(
      deps.store.read,
      'programme',
      rows.map((row) => row.programmeVersionId),
    ),
  ])
  return Promise.all(
    rows.map(async ({ check, personId, programmeVersionId }) => ({
      enrolmentId: check.enrolmentId,
      number: check.number,
      used: check.attemptId !== null,
      name: persons.find((person) => person.id === personId)?.displayName ?? '',
      programmeTitle: programmes.get(programmeVersionId)?.body.title ?? { 'zh-CN': '', en: '' },
      noticeId: programmes.get(programmeVersionId)?.body.notice ?? '',
      status: check.status,
      consented: (await consentsOf(deps.store.read, check.enrolmentId)).get(IDENTITY_CONSENT)?.given ?? false,
      documentType: check.documentType,
      lastCharacters: check.lastCharacters,
      confirmedAt: check.confirmedAt?.toISOString() ?? null,
      erased: check.status === 'confirmed' && check.lastCharacters === null,
      eraseAfter: check.eraseAfter?.toISOString() ?? null,
    })),
  )
}

export async function confirmCheck(
  deps: Deps,
  actor: Actor,
  input: { enrolmentId: string; documentType: (typeof DOCUMENT_TYPES)[number] | null; lastCharacters: string | null },
  now: Instant,
): Promise<
  Result<
    true,
    'identity.not_found' | 'identity.already_confirmed' | 'identity.no_consent' | 'identity.characters_needed'
  >
> {
  const check = (await listIdentityChecks(deps, actor)).find((row) => row.enrolmentId === input.enrolmentId)
  if (!check) return err('identity.not_found')
  const noted = input.documentType !== null || input.lastCharacters !== null
  if (noted && !check.consented) return err('identity.no_consent')
  if (noted && (input.documentType === null || !/^[0-9A-Za-z]{2,6}$/.test(input.lastCharacters ?? '')))
    return err('identity.characters_needed')
  const notice = await currentContent(deps.store.read, 'notice', check.noticeId)
  const retentionDays = notice?.body.consents.find((consent) => consent.id === IDENTITY_CONSENT)?.retentionDays ?? 30
  return deps.store.transact(async (w) => {
    // Again, as it stands now: the candidate may have taken it back meanwhile.
    if (noted && !(await consentsOf(w, input.enrolmentId)).get(IDENTITY_CONSENT)?.given)
      return err('identity.no_consent')
    const confirmed = await confirmIdentity(w, input.enrolmentId, {
      status: noted ? 'confirmed' : 'confirmed_in_person',
      supervisorId: actor.personId,
      confirmedAt: new Date(now),
      documentType: input.documentType,
      lastCharacters: input.lastCharacters,
      eraseAfter: noted ? new Date(now + retentionDays * DAY_MS) : null,
    })
    if (!confirmed) return err('identity.already_confirmed')
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'identity.confirmed',
      subjectType: 'enrolment',
      subjectId: input.enrolmentId,
      data: { noted },
    })
    return ok(true)
  })
}

/** Erases what the retention no longer allows; called at intervals. */
export async function eraseExpiredIdentity(deps: Deps, now: Instant): Promise<number> {
  return deps.store.transact((w) => eraseIdentityCharacters(w, new Date(now)))
}
