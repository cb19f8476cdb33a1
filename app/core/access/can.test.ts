import { describe, expect, test } from 'vitest'
import { ROLES, type Role } from './actor.ts'
import { ACTIONS, can, type Action, type Asker } from './can.ts'

const actor = (role: Role, personId = 'me', over: Partial<Asker> = {}): Asker => ({ personId, roles: [role], ...over })
/** A thing in the state in which most may be done, about somebody else. */
const thing = {
  ownerId: 'other',
  raterId: 'me',
  raterIds: ['rater-1', 'rater-2'],
  status: 'in_progress',
  released: true,
  scored: true,
  started: false,
  blindnessLifted: true,
}
const ask = (a: Asker, action: Action, over: Record<string, unknown> = {}): boolean =>
  (can as (x: Asker, y: Action, z: unknown) => boolean)(a, action, { ...thing, ...over })
const sheet = { status: 'draft' }

/** Staff roles, on what is about another person; written by hand from docs/design.md, sections 1 and 6. */
const STAFF: Record<Action, Role[]> = {
  'attempt:take': [],
  'attempt:save': [],
  'attempt:submit': [],
  'attempt:view': ['admin'],
  'attempt:monitor': ['admin', 'supervisor'],
  'attempt:grant': ['admin', 'supervisor'],
  'attempt:pause': ['admin', 'supervisor'],
  'attempt:message': ['admin', 'supervisor'],
  'attempt:close': ['admin', 'supervisor'],
  'ledger:read': ['admin', 'auditor', 'supervisor'],
  'identity:confirm': ['admin', 'supervisor'],
  'sheet:rate': ['interviewer'],
  'sheet:view': ['interviewer', 'trainer', 'admin', 'auditor'],
  'reference:resolve': ['admin'],
  'sheet:assign': ['admin'],
  'sheet:adjudicate': ['interviewer', 'trainer'],
  'result:view': ['admin', 'auditor'],
  'result:release': ['admin'],
  'item:view': ['trainer', 'admin'],
  'item:edit': ['trainer'],
  'item:publish': ['trainer'],
  'statistics:read': ['trainer', 'admin'],
  'scenario:play': ['interviewer'],
  'person:create': ['admin'],
  'person:erase': ['admin'],
  'invitation:send': ['admin'],
  'credential:revoke': ['admin'],
  'audit:read': ['admin', 'auditor'],
  'accommodation:request': [],
  'accommodation:view': ['accommodation_officer'],
  'accommodation:decide': ['accommodation_officer'],
  'fairness:read': ['auditor'],
}
/** What a candidate may do to what is their own. */
const OWN: Action[] = [
  'attempt:take',
  'attempt:save',
  'attempt:submit',
  'attempt:view',
  'ledger:read',
  'result:view',
  'accommodation:request',
  'accommodation:view',
]

const state = (action: Action): Record<string, unknown> => (action === 'sheet:rate' ? sheet : {})
const cases = ACTIONS.flatMap((action) => ROLES.map((role): [Action, Role] => [action, role]))

test.each(cases)('%s by %s, on another person', (action, role) => {
  expect(ask(actor(role), action, state(action))).toBe(STAFF[action].includes(role))
})
test.each(ACTIONS)('%s by a candidate on their own', (action) => {
  expect(ask(actor('candidate'), action, { ...state(action), ownerId: 'me' })).toBe(OWN.includes(action))
})
test('an admin who rates as well is not told whose code it is: raters are blind', () => {
  expect(can({ personId: 'me', roles: ['admin', 'interviewer'] }, 'reference:resolve', { ownerId: 'other' })).toBe(
    false,
  )
})
test.each(ACTIONS.filter((a) => STAFF[a].length > 0))(
  '%s: nobody acts as staff on what is about themselves',
  (action) => {
    const withoutOwner: Action[] = [
      'item:view',
      'item:edit',
      'item:publish',
      'statistics:read',
      'scenario:play',
      'person:create',
      'invitation:send',
      'audit:read',
      'fairness:read',
    ]
    for (const role of STAFF[action])
      expect(ask(actor(role), action, { ...state(action), ownerId: 'me' }), role).toBe(withoutOwner.includes(action))
  },
)
test('nobody without a role may do anything', () => {
  for (const action of ACTIONS)
    expect(ask({ personId: 'me', roles: [] }, action, { ...state(action), ownerId: 'me' }), action).toBe(false)
})

describe('states', () => {
  test.each([
    ['attempt:take', 'candidate', { ownerId: 'me', status: 'closed' }, false],
    ['attempt:take', 'candidate', { ownerId: 'me', status: 'ready' }, true],
    ['attempt:save', 'candidate', { ownerId: 'me', status: 'closed' }, true],
    ['attempt:grant', 'supervisor', { status: 'closed' }, false],
    ['attempt:close', 'supervisor', { status: 'ready' }, false],
    ['sheet:rate', 'interviewer', { status: 'submitted' }, false],
    ['sheet:rate', 'interviewer', { status: 'draft', raterId: 'else' }, false],
    ['sheet:view', 'interviewer', { raterId: 'else', blindnessLifted: false }, false],
    ['sheet:view', 'interviewer', { raterId: 'me', blindnessLifted: false }, true],
    ['sheet:view', 'admin', { raterId: 'else', blindnessLifted: false }, false],
    ['sheet:adjudicate', 'interviewer', { raterIds: ['me'] }, false],
    ['sheet:adjudicate', 'trainer', { blindnessLifted: false }, false],
    ['result:view', 'candidate', { ownerId: 'me', released: false }, false],
    ['result:release', 'admin', { scored: false }, false],
    ['accommodation:request', 'candidate', { ownerId: 'me', started: true }, false],
  ] as [Action, Role, Record<string, unknown>, boolean][])('%s by %s with %j', (action, role, over, expected) => {
    expect(ask(actor(role), action, over)).toBe(expected)
  })
  test('a session that came by an invitation reaches that enrolment only', () => {
    const invited = actor('candidate', 'me', { enrolmentId: 'en-1' })
    expect(can(invited, 'attempt:save', { ownerId: 'me', enrolmentId: 'en-1' })).toBe(true)
    expect(can(invited, 'attempt:save', { ownerId: 'me', enrolmentId: 'en-2' })).toBe(false)
  })
})
