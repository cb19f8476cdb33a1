/** Staff accounts: signing in, signing out, passwords. */
import { z } from 'zod'
import * as people from '../../../db/repositories/people.server.ts'
import { revokeSession, revokeSessionsOf } from '../../../db/repositories/sessions.server.ts'
import type { Actor, Role } from '../../core/access/actor.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { codePointLength } from '../../core/shared/text.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { isCommonPassword } from './common-passwords.ts'
import { createSession } from './sessions.server.ts'

export const PASSWORD_MIN_CODE_POINTS = 15

export const normalEmail = (email: string): string => email.trim().normalize('NFKC').toLowerCase()
export const EmailSchema = z
  .string({ error: 'form.required' })
  .trim()
  .pipe(z.email({ error: 'form.email' }))
  .transform(normalEmail)

/** Length over composition rules (ASVS 6.2.1, 6.2.5): a sentence is easier to keep and harder to guess. */
export function judgePassword(password: string): Result<true, 'auth.password_short' | 'auth.password_common'> {
  if (codePointLength(password) < PASSWORD_MIN_CODE_POINTS) return err('auth.password_short')
  if (isCommonPassword(password)) return err('auth.password_common')
  return ok(true)
}

/**
 * Signs a staff member in. Unknown address and wrong password cost the same time and give the same answer.
 * `client` is the network address, used for limits only and never stored.
 */
export async function signIn(
  deps: Deps,
  input: { email: string; password: string; client: string },
  now: Instant,
): Promise<Result<{ token: string; personId: string }, 'auth.wrong' | 'auth.too_many'>> {
  const email = normalEmail(input.email)
  // Two limits: one address trying many accounts, and many addresses trying one account.
  const withinLimits =
    (await deps.limits.take('login', `client:${input.client}`)) && (await deps.limits.take('login', `account:${email}`))
  if (!withinLimits) return err('auth.too_many')
  const credential = await people.credentialByEmail(deps.store.read, email)
  const right = await deps.passwords.verify(credential?.passwordHash ?? null, input.password)
  if (!credential || !right) return err('auth.wrong')
  // Right passwords are no guesses: somebody who signs in often must not lock themselves out.
  await deps.limits.reset('login', `account:${email}`)
  await deps.limits.reset('login', `client:${input.client}`)
  const token = deps.ids.token()
  await deps.store.transact(async (w) => {
    await createSession(w, deps, { token, personId: credential.personId, origin: 'password', enrolmentId: null, now })
    await audit(w, deps, now, {
      actorId: credential.personId,
      action: 'session.started',
      subjectType: 'person',
      subjectId: credential.personId,
    })
  })
  return ok({ token, personId: credential.personId })
}

export async function signOut(deps: Deps, actor: Actor, now: Instant): Promise<void> {
  await deps.store.transact((w) => revokeSession(w, actor.sessionId, new Date(now)))
}

export async function signOutEverywhere(deps: Deps, actor: Actor, now: Instant): Promise<number> {
  return deps.store.transact(async (w) => {
    const ended = await revokeSessionsOf(w, actor.personId, new Date(now))
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'session.ended_everywhere',
      subjectType: 'person',
      subjectId: actor.personId,
      data: { ended },
    })
    return ended
  })
}

/** Changes one's own password; every session ends, so a thief is out as well. */
export async function changePassword(
  deps: Deps,
  actor: Actor,
  input: { current: string; next: string },
  now: Instant,
): Promise<Result<true, 'auth.wrong' | 'auth.password_short' | 'auth.password_common'>> {
  const judged = judgePassword(input.next)
  if (!judged.ok) return judged
  const hash = await people.credentialOf(deps.store.read, actor.personId)
  if (!(await deps.passwords.verify(hash, input.current))) return err('auth.wrong')
  const nextHash = await deps.passwords.hash(input.next)
  await deps.store.transact(async (w) => {
    await people.setPasswordHash(w, actor.personId, nextHash, new Date(now))
    await revokeSessionsOf(w, actor.personId, new Date(now))
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'password.changed',
      subjectType: 'person',
      subjectId: actor.personId,
    })
  })
  return ok(true)
}

/** Makes a staff account with a password, for the command line and the demo. */
export async function createAccount(
  deps: Deps,
  input: { email: string; displayName: string; password: string; roles: readonly Role[]; actorId: string | null },
  now: Instant,
): Promise<Result<{ personId: string }, 'auth.password_short' | 'auth.password_common' | 'person.email_taken'>> {
  const judged = judgePassword(input.password)
  if (!judged.ok) return judged
  const personId = deps.ids.id('pe')
  const passwordHash = await deps.passwords.hash(input.password)
  const made = await deps.store.transact(async (w) => {
    const inserted = await people.insertPerson(w, {
      id: personId,
      displayName: input.displayName.trim(),
      email: normalEmail(input.email),
      roles: input.roles,
      locale: null,
      now: new Date(now),
    })
    if (!inserted) return false
    await people.setPasswordHash(w, personId, passwordHash, new Date(now))
    await audit(w, deps, now, {
      actorId: input.actorId,
      action: 'person.created',
      subjectType: 'person',
      subjectId: personId,
      data: { roles: [...input.roles] },
    })
    return true
  })
  return made ? ok({ personId }) : err('person.email_taken')
}

/** Sets a new password for an account and ends its sessions, for the command line and admins. */
export async function resetPassword(
  deps: Deps,
  input: { email: string; password: string; actorId: string | null },
  now: Instant,
): Promise<Result<true, 'auth.password_short' | 'auth.password_common' | 'person.not_found'>> {
  const judged = judgePassword(input.password)
  if (!judged.ok) return judged
  const person = await people.personByEmail(deps.store.read, normalEmail(input.email))
  if (!person) return err('person.not_found')
  const hash = await deps.passwords.hash(input.password)
  await deps.store.transact(async (w) => {
    await people.setPasswordHash(w, person.id, hash, new Date(now))
    await revokeSessionsOf(w, person.id, new Date(now))
    await audit(w, deps, now, {
      actorId: input.actorId,
      action: 'password.reset',
      subjectType: 'person',
      subjectId: person.id,
    })
  })
  return ok(true)
}
