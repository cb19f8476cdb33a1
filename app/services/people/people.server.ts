/** People as admins see them: adding, naming, giving and taking roles, disabling. */
import { attemptsWithReleases, latestInvitations } from '../../../db/queries/people.server.ts'
import * as enrolments from '../../../db/repositories/enrolments.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import { revokeSessionsOf } from '../../../db/repositories/sessions.server.ts'
import type { Actor, Role } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { foldText } from '../../core/shared/text.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { allCurrent, readVersions } from '../content/versions.server.ts'
import { judgePassword, normalEmail } from './accounts.server.ts'
import { referenceOf } from './reference.server.ts'

export const readPerson = (deps: Pick<Deps, 'store'>, personId: string) => people.personById(deps.store.read, personId)

export type PeopleFilter = { q: string; role: Role | null }
const SHOWN = 500

/** People whose name or address holds `q`, with a role if one is asked for, in the order of the reader's language. */
export async function searchPeople(deps: Pick<Deps, 'store'>, filter: PeopleFilter, locale: Locale) {
  const q = foldText(filter.q)
  const all = await people.allPeople(deps.store.read)
  const found = all.filter(
    (person) =>
      person.status !== 'erased' &&
      (filter.role === null || person.roles.includes(filter.role)) &&
      (q === '' || foldText(`${person.displayName} ${person.email}`).includes(q)),
  )
  const collator = new Intl.Collator(locale, { numeric: true })
  found.sort((a, b) => collator.compare(a.displayName, b.displayName) || (a.email < b.email ? -1 : 1))
  return {
    total: all.length,
    found: found.length,
    people: found.slice(0, SHOWN).map((person) => ({
      id: person.id,
      displayName: person.displayName,
      email: person.email,
      active: person.status === 'active',
      roles: person.roles,
    })),
  }
}

export type StageState = 'not_started' | 'running' | 'scoring' | 'ready' | 'passed' | 'not_passed'

/**
 * One person with roles and enrolments, and how far each stage is. Whether anybody has an accommodation is not said
 * here.
 */
export async function personPage(
  deps: Pick<Deps, 'store' | 'mail' | 'secrets'>,
  actor: Actor,
  personId: string,
  locale: Locale,
  now: Instant,
) {
  const r = deps.store.read
  const person = await people.personById(r, personId)
  if (!person || person.status === 'erased') return null
  const rows = await enrolments.enrolmentsOf(r, personId)
  const ids = rows.map((row) => row.id)
  const [invitations, taken, versions, programmes, hash] = await Promise.all([
    latestInvitations(r, ids),
    attemptsWithReleases(r, ids),
    readVersions(
      r,
      'programme',
      rows.map((row) => row.programmeVersionId),
    ),
    allCurrent(r, 'programme'),
    people.credentialOf(r, personId),
  ])
  // Raters know an answer by the code of its task, and a mock scenario by that of the enrolment.
  const resolves = can(actor, 'reference:resolve', { ownerId: personId })
  const tasks = resolves
    ? (await Promise.all(taken.map((entry) => ratings.tasksOfAttempt(r, entry.attempt.id)))).flat()
    : []
  const stageState = (own: typeof taken): StageState => {
    const last = own.at(-1)
    if (!last) return 'not_started'
    if (last.outcome) return last.outcome
    if (last.attempt.status !== 'closed') return 'running'
    return last.attempt.scoredAt ? 'ready' : 'scoring'
  }
  return {
    id: person.id,
    displayName: person.displayName,
    email: person.email,
    active: person.status === 'active',
    roles: person.roles,
    self: person.id === actor.personId,
    hasPassword: hash !== null,
    mailSends: deps.mail.sends,
    enrolments: rows.map((row) => {
      const invitation = invitations.get(row.id)
      const programme = versions.get(row.programmeVersionId)?.body
      return {
        id: row.id,
        programmeTitle: programme?.title[locale] ?? row.programmeId,
        reference: resolves ? referenceOf(deps, row.id) : null,
        open: row.status === 'open' && row.closesAt.getTime() > now,
        closesAt: row.closesAt.toISOString(),
        createdAt: row.createdAt.toISOString(),
        invitation: invitation
          ? {
              createdAt: invitation.createdAt.toISOString(),
              lastUsedAt: invitation.lastUsedAt?.toISOString() ?? null,
              useCount: invitation.useCount,
            }
          : null,
        stages: (programme?.stages ?? []).map((stage) => {
          const own = taken.filter(
            (entry) => entry.attempt.enrolmentId === row.id && entry.attempt.stageId === stage.id,
          )
          const last = own.at(-1)?.attempt
          // Nobody handles a result of their own, so there is nothing to open either.
          const evidence =
            last && last.status === 'closed' && can(actor, 'result:view', { ownerId: personId, released: false })
              ? last.id
              : null
          const references = tasks
            .filter((task) => task.subjectType === 'answer' && own.some((entry) => entry.attempt.id === task.attemptId))
            .map((task) => referenceOf(deps, task.id))
          return {
            id: stage.id,
            title: stage.title[locale],
            state: stageState(own),
            attempts: own.length,
            max: stage.attempts.max,
            attemptId: evidence,
            references,
          }
        }),
      }
    }),
    programmes: programmes.map((programme) => ({
      id: programme.body.id,
      title: programme.body.title[locale],
      windowDays: programme.body.windowDays,
    })),
  }
}

/** Adds a person. Without a password they cannot sign in; a candidate needs only an invitation. */
export async function addPerson(
  deps: Deps,
  actor: Actor,
  input: { displayName: string; email: string; roles: readonly Role[] },
  now: Instant,
): Promise<Result<{ personId: string }, 'person.email_taken'>> {
  const personId = deps.ids.id('pe')
  const added = await deps.store.transact(async (w) => {
    const inserted = await people.insertPerson(w, {
      id: personId,
      displayName: input.displayName,
      email: normalEmail(input.email),
      roles: input.roles,
      locale: null,
      now: new Date(now),
    })
    if (inserted)
      await audit(w, deps, now, {
        actorId: actor.personId,
        action: 'person.created',
        subjectType: 'person',
        subjectId: personId,
        data: { roles: [...input.roles] },
      })
    return inserted
  })
  return added ? ok({ personId }) : err('person.email_taken')
}

/**
 * Gives and takes roles so that the person holds exactly `roles` besides being a candidate. Sessions end: rights change
 * at once.
 */
export async function setRoles(
  deps: Deps,
  actor: Actor,
  personId: string,
  roles: readonly Role[],
  now: Instant,
): Promise<Result<true, 'person.not_found' | 'person.own_roles'>> {
  // An admin who takes the role from themselves could leave nobody with it.
  if (personId === actor.personId && !roles.includes('admin')) return err('person.own_roles')
  const person = await people.personById(deps.store.read, personId)
  if (!person) return err('person.not_found')
  await deps.store.transact(async (w) => {
    for (const role of person.roles)
      if (role !== 'candidate' && !roles.includes(role)) await people.removeRole(w, personId, role)
    for (const role of roles) await people.addRole(w, personId, role, new Date(now))
    if (personId !== actor.personId) await revokeSessionsOf(w, personId, new Date(now))
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'person.roles_set',
      subjectType: 'person',
      subjectId: personId,
      data: { roles: [...roles] },
    })
  })
  return ok(true)
}

export async function setActive(
  deps: Deps,
  actor: Actor,
  personId: string,
  active: boolean,
  now: Instant,
): Promise<Result<true, 'person.not_found' | 'person.own_roles'>> {
  if (personId === actor.personId) return err('person.own_roles')
  const person = await people.personById(deps.store.read, personId)
  if (!person) return err('person.not_found')
  await deps.store.transact(async (w) => {
    await people.setStatus(w, personId, active ? 'active' : 'disabled')
    if (!active) await revokeSessionsOf(w, personId, new Date(now))
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: active ? 'person.enabled' : 'person.disabled',
      subjectType: 'person',
      subjectId: personId,
    })
  })
  return ok(true)
}

/**
 * Sets a new password for a member of staff, whose sessions end. One's own is changed with the old one, on the account
 * page.
 */
export async function setPassword(
  deps: Deps,
  actor: Actor,
  input: { personId: string; password: string },
  now: Instant,
): Promise<
  Result<
    true,
    'auth.password_short' | 'auth.password_common' | 'person.not_found' | 'person.own_password' | 'person.no_staff_role'
  >
> {
  if (input.personId === actor.personId) return err('person.own_password')
  const judged = judgePassword(input.password)
  if (!judged.ok) return judged
  const person = await people.personById(deps.store.read, input.personId)
  if (!person || person.status === 'erased') return err('person.not_found')
  if (person.roles.every((role) => role === 'candidate')) return err('person.no_staff_role')
  const hash = await deps.passwords.hash(input.password)
  await deps.store.transact(async (w) => {
    await people.setPasswordHash(w, person.id, hash, new Date(now))
    await revokeSessionsOf(w, person.id, new Date(now))
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'password.reset',
      subjectType: 'person',
      subjectId: person.id,
    })
  })
  return ok(true)
}
