/** Who acts. Roles are held by accounts; a person may hold several. */
export const ROLES = [
  'candidate',
  'interviewer',
  'trainer',
  'admin',
  'accommodation_officer',
  'auditor',
  'supervisor',
] as const
export type Role = (typeof ROLES)[number]

export type Actor = {
  readonly personId: string
  readonly roles: readonly Role[]
  readonly sessionId: string
  /** Set where a session began with an invitation: it reaches this enrolment only. */
  readonly enrolmentId: string | null
}

export const hasRole = (actor: Pick<Actor, 'roles'>, role: Role): boolean => actor.roles.includes(role)
