/**
 * Who may do what: one table, pure. It is asked by every loader, action and service, and the same table hides buttons.
 * A `false` is answered as 404, never 403. Lists are filtered in the query as well; this table is not the only floor.
 */
import type { Actor, Role } from './actor.ts'

/** The few fields that the rules need, by action. `ownerId` is the person whom the thing is about. */
export type Resources = {
  'attempt:take': Owned & AttemptLike
  'attempt:save': Owned & Enrolled
  'attempt:submit': Owned & Enrolled
  'attempt:view': Owned
  'attempt:monitor': Owned
  'attempt:grant': Owned & AttemptLike
  'attempt:pause': Owned & AttemptLike
  'attempt:message': Owned & AttemptLike
  'attempt:close': Owned & AttemptLike
  'ledger:read': Owned
  'identity:confirm': Owned
  'sheet:rate': SheetLike & { readonly status: 'draft' | 'submitted' }
  /** `blindnessLifted`: all sheets that the subject needs are in. */
  'sheet:view': SheetLike & { readonly blindnessLifted: boolean }
  /** Whose code it is that raters see: only for those who rate nobody. */
  'reference:resolve': Owned
  'sheet:assign': Owned
  /** `raterIds`: those who have rated; a third opinion comes from somebody else. */
  'sheet:adjudicate': Owned & { readonly raterIds: readonly string[]; readonly blindnessLifted: boolean }
  'result:view': Owned & { readonly released: boolean }
  'result:release': Owned & { readonly scored: boolean }
  'item:view': null
  'item:edit': null
  'item:publish': null
  'statistics:read': null
  'scenario:play': null
  'person:create': null
  'person:erase': Owned
  'invitation:send': null
  'credential:revoke': Owned
  'audit:read': null
  'accommodation:request': Owned & { readonly started: boolean }
  /** The reason for an accommodation: its owner and one role only. */
  'accommodation:view': Owned
  'accommodation:decide': Owned
  /** Shows groups only, and to no role that decides about people. */
  'fairness:read': null
}
export type Action = keyof Resources
type Owned = { readonly ownerId: string }
type AttemptLike = { readonly status: 'ready' | 'in_progress' | 'closed' }
/** A session that began with an invitation reaches that enrolment only. */
type Enrolled = { readonly enrolmentId?: string }
type SheetLike = Owned & { readonly raterId: string }
export type Asker = Pick<Actor, 'personId' | 'roles'> & Partial<Pick<Actor, 'enrolmentId'>>

type Rule<A extends Action> = (actor: Asker, resource: Resources[A]) => boolean

const has = (actor: Asker, ...roles: readonly Role[]): boolean => roles.some((role) => actor.roles.includes(role))
const owns = (actor: Asker, r: Owned): boolean => has(actor, 'candidate') && r.ownerId === actor.personId
const reaches = (actor: Asker, r: Enrolled): boolean =>
  !actor.enrolmentId || r.enrolmentId === undefined || r.enrolmentId === actor.enrolmentId
/** Nobody acts as staff on what is about themselves. */
const staff =
  (...roles: readonly Role[]) =>
  (actor: Asker, r: Owned): boolean =>
    has(actor, ...roles) && r.ownerId !== actor.personId
const holds =
  (...roles: readonly Role[]) =>
  (actor: Asker): boolean =>
    has(actor, ...roles)
const onRunning =
  (...roles: readonly Role[]) =>
  (actor: Asker, r: Owned & AttemptLike): boolean =>
    staff(...roles)(actor, r) && r.status === 'in_progress'

const RULES: { readonly [A in Action]: Rule<A> } = {
  'attempt:take': (actor, r) => owns(actor, r) && r.status !== 'closed',
  // also for a closed attempt: a late save is answered and kept, not turned away
  'attempt:save': (actor, r) => owns(actor, r) && reaches(actor, r),
  'attempt:submit': (actor, r) => owns(actor, r) && reaches(actor, r),
  'attempt:view': (actor, r) => owns(actor, r) || staff('admin')(actor, r),
  'attempt:monitor': staff('supervisor', 'admin'),
  'attempt:grant': onRunning('supervisor', 'admin'),
  'attempt:pause': onRunning('supervisor', 'admin'),
  'attempt:message': onRunning('supervisor', 'admin'),
  'attempt:close': onRunning('supervisor', 'admin'),
  'ledger:read': (actor, r) => owns(actor, r) || staff('admin', 'auditor', 'supervisor')(actor, r),
  'identity:confirm': staff('supervisor', 'admin'),
  'sheet:rate': (actor, r) => staff('interviewer')(actor, r) && r.raterId === actor.personId && r.status === 'draft',
  'sheet:view': (actor, r) =>
    r.ownerId !== actor.personId &&
    ((has(actor, 'interviewer') && r.raterId === actor.personId) ||
      (r.blindnessLifted && has(actor, 'interviewer', 'trainer', 'admin', 'auditor'))),
  'reference:resolve': (actor, r) => staff('admin')(actor, r) && !has(actor, 'interviewer'),
  'sheet:assign': staff('admin'),
  'sheet:adjudicate': (actor, r) =>
    staff('interviewer', 'trainer')(actor, r) && r.blindnessLifted && !r.raterIds.includes(actor.personId),
  'result:view': (actor, r) => (owns(actor, r) && r.released) || staff('admin', 'auditor')(actor, r),
  'result:release': (actor, r) => staff('admin')(actor, r) && r.scored,
  'item:view': holds('trainer', 'admin'),
  'item:edit': holds('trainer'),
  'item:publish': holds('trainer'),
  'statistics:read': holds('trainer', 'admin'),
  'scenario:play': holds('interviewer'),
  'person:create': holds('admin'),
  'person:erase': staff('admin'),
  'invitation:send': holds('admin'),
  'credential:revoke': staff('admin'),
  'audit:read': holds('auditor', 'admin'),
  'accommodation:request': (actor, r) => owns(actor, r) && !r.started,
  'accommodation:view': (actor, r) => owns(actor, r) || staff('accommodation_officer')(actor, r),
  'accommodation:decide': staff('accommodation_officer'),
  'fairness:read': holds('auditor'),
}
export const ACTIONS = Object.keys(RULES) as Action[]

/** Whether the actor may do this to that. Actions without a resource take null. */
export function can<A extends Action>(
  actor: Asker,
  action: A,
  ...resource: Resources[A] extends null ? [null?] : [Resources[A]]
): boolean {
  return RULES[action](actor, (resource[0] ?? null) as Resources[A])
}
