/** People as admins see them: adding, naming, giving and taking roles, disabling. */
import * as people from '../../db/repositories/people.server.ts'
import { revokeSessionsOf } from '../../db/repositories/sessions.server.ts'
import type { Actor, Role } from '../core/access/actor.ts'
import { err, ok, type Result } from '../core/shared/result.ts'
import type { Instant } from '../core/shared/time.ts'
import { normalEmail } from './accounts.server.ts'
import { audit } from './audit.server.ts'
import type { Deps } from './deps.server.ts'

export const readPerson = (deps: Pick<Deps, 'store'>, personId: string) => people.personById(deps.store.read, personId)

export const listPeople = (deps: Pick<Deps, 'store'>) => people.allPeople(deps.store.read)

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
    if (inserted) await audit(w, deps, now, { actorId: actor.personId, action: 'person.created', subjectType: 'person', subjectId: personId, data: { roles: [...input.roles] } })
    return inserted
  })
  return added ? ok({ personId }) : err('person.email_taken')
}

/** Gives and takes roles so that the person holds exactly `roles` besides being a candidate. Sessions end: rights change at once. */
export async function setRoles(deps: Deps, actor: Actor, personId: string, roles: readonly Role[], now: Instant): Promise<Result<true, 'person.not_found' | 'person.own_roles'>> {
  // An admin who takes the role from themselves could leave nobody with it.
  if (personId === actor.personId && !roles.includes('admin')) return err('person.own_roles')
  const person = await people.personById(deps.store.read, personId)
  if (!person) return err('person.not_found')
  await deps.store.transact(async (w) => {
    for (const role of person.roles) if (role !== 'candidate' && !roles.includes(role)) await people.removeRole(w, personId, role)
    for (const role of roles) await people.addRole(w, personId, role, new Date(now))
    if (personId !== actor.personId) await revokeSessionsOf(w, personId, new Date(now))
    await audit(w, deps, now, { actorId: actor.personId, action: 'person.roles_set', subjectType: 'person', subjectId: personId, data: { roles: [...roles] } })
  })
  return ok(true)
}

export async function setActive(deps: Deps, actor: Actor, personId: string, active: boolean, now: Instant): Promise<Result<true, 'person.not_found' | 'person.own_roles'>> {
  if (personId === actor.personId) return err('person.own_roles')
  const person = await people.personById(deps.store.read, personId)
  if (!person) return err('person.not_found')
  await deps.store.transact(async (w) => {
    await people.setStatus(w, personId, active ? 'active' : 'disabled')
    if (!active) await revokeSessionsOf(w, personId, new Date(now))
    await audit(w, deps, now, { actorId: actor.personId, action: active ? 'person.enabled' : 'person.disabled', subjectType: 'person', subjectId: personId })
  })
  return ok(true)
}
