import type { Actor } from '../core/access/actor.ts'

/** Where somebody belongs after signing in. */
export function homeOf(actor: Pick<Actor, 'roles'>): string {
  if (actor.roles.includes('candidate')) return '/candidate'
  if (actor.roles.includes('admin')) return '/admin'
  if (actor.roles.includes('trainer')) return '/trainer'
  if (actor.roles.includes('interviewer')) return '/interviewer'
  if (actor.roles.some((role) => role === 'accommodation_officer' || role === 'supervisor' || role === 'auditor'))
    return '/admin'
  return '/account'
}
