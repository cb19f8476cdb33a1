import type { Role } from '../../core/access/actor.ts'

/** What an account may be given. `candidate` comes with an invitation. */
export const STAFF_ROLES = [
  'interviewer',
  'trainer',
  'admin',
  'supervisor',
  'accommodation_officer',
  'auditor',
] as const satisfies readonly Role[]
