/** Rows of people, their names, roles and credentials. */
import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Role } from '../../app/core/access/actor.ts'
import type { Reader, Writer } from '../store.server.ts'

export type PersonRow = {
  id: string
  displayName: string
  email: string
  status: 'active' | 'disabled' | 'erased'
  createdAt: Date
  roles: Role[]
}

export async function insertPerson(
  w: Writer,
  input: { id: string; displayName: string; email: string; roles: readonly Role[]; locale: string | null; now: Date },
): Promise<boolean> {
  await w.q.insert(w.t.people).values({ id: input.id, status: 'active', locale: input.locale, createdAt: input.now })
  // The unique address decides when two admins add the same person at once.
  const [identity] = await w.q
    .insert(w.t.personIdentities)
    .values({ personId: input.id, displayName: input.displayName, email: input.email })
    .onConflictDoNothing()
    .returning({ id: w.t.personIdentities.personId })
  if (!identity) {
    await w.q.delete(w.t.people).where(eq(w.t.people.id, input.id))
    return false
  }
  for (const role of input.roles) await addRole(w, input.id, role, input.now)
  return true
}

export async function addRole(w: Writer, personId: string, role: Role, now: Date): Promise<void> {
  await w.q.insert(w.t.personRoles).values({ personId, role, grantedAt: now }).onConflictDoNothing()
}

export async function removeRole(w: Writer, personId: string, role: Role): Promise<void> {
  await w.q.delete(w.t.personRoles).where(and(eq(w.t.personRoles.personId, personId), eq(w.t.personRoles.role, role)))
}

export async function setStatus(w: Writer, personId: string, status: 'active' | 'disabled'): Promise<void> {
  await w.q.update(w.t.people).set({ status }).where(eq(w.t.people.id, personId))
}

export async function setPasswordHash(w: Writer, personId: string, passwordHash: string, now: Date): Promise<void> {
  await w.q
    .insert(w.t.credentials)
    .values({ personId, passwordHash, updatedAt: now })
    .onConflictDoUpdate({ target: w.t.credentials.personId, set: { passwordHash, updatedAt: now } })
}

export async function credentialByEmail(r: Reader, email: string) {
  const [row] = await r.q
    .select({ personId: r.t.people.id, passwordHash: r.t.credentials.passwordHash })
    .from(r.t.personIdentities)
    .innerJoin(r.t.people, and(eq(r.t.people.id, r.t.personIdentities.personId), eq(r.t.people.status, 'active')))
    .innerJoin(r.t.credentials, eq(r.t.credentials.personId, r.t.people.id))
    .where(eq(r.t.personIdentities.email, email))
  return row ?? null
}

export async function credentialOf(r: Reader, personId: string): Promise<string | null> {
  const [row] = await r.q
    .select({ hash: r.t.credentials.passwordHash })
    .from(r.t.credentials)
    .where(eq(r.t.credentials.personId, personId))
  return row?.hash ?? null
}

export async function personByEmail(r: Reader, email: string): Promise<PersonRow | null> {
  const [row] = await r.q
    .select({ id: r.t.personIdentities.personId })
    .from(r.t.personIdentities)
    .where(eq(r.t.personIdentities.email, email))
  return row ? personById(r, row.id) : null
}

export async function personById(r: Reader, id: string): Promise<PersonRow | null> {
  return (await peopleByIds(r, [id]))[0] ?? null
}

export async function peopleByIds(r: Reader, ids: string[]): Promise<PersonRow[]> {
  if (ids.length === 0) return []
  return assemble(r, await identityRows(r).where(inArray(r.t.people.id, ids)))
}

/** Everybody, oldest first; names are sorted by the caller, whose language decides the order. */
export async function allPeople(r: Reader): Promise<PersonRow[]> {
  return assemble(r, await identityRows(r).orderBy(asc(r.t.people.createdAt), asc(r.t.people.id)))
}

const identityRows = (r: Reader) =>
  r.q
    .select({
      id: r.t.people.id,
      displayName: r.t.personIdentities.displayName,
      email: r.t.personIdentities.email,
      status: r.t.people.status,
      createdAt: r.t.people.createdAt,
    })
    .from(r.t.people)
    .innerJoin(r.t.personIdentities, eq(r.t.personIdentities.personId, r.t.people.id))

async function assemble(r: Reader, rows: Array<Omit<PersonRow, 'roles'>>): Promise<PersonRow[]> {
  if (rows.length === 0) return []
  const roles = await r.q
    .select({ personId: r.t.personRoles.personId, role: r.t.personRoles.role })
    .from(r.t.personRoles)
    .where(
      inArray(
        r.t.personRoles.personId,
        rows.map((row) => row.id),
      ),
    )
  return rows.map((row) => ({
    ...row,
    roles: roles.filter((entry) => entry.personId === row.id).map((entry) => entry.role),
  }))
}
