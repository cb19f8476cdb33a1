/** People, what they are called, how they sign in, and what they may do. */
import type { Kit } from '../kit.server.ts'

export const ROLES = [
  'candidate',
  'interviewer',
  'trainer',
  'admin',
  'accommodation_officer',
  'auditor',
  'supervisor',
] as const
export function peopleTables(k: Kit) {
  const people = k.table('people', {
    id: k.id('id').primaryKey(),
    status: k.oneOf('status', ['active', 'disabled', 'erased']).notNull(),
    locale: k.text('locale'),
    timeZone: k.text('time_zone'),
    theme: k.text('theme'),
    createdAt: k.instant('created_at').notNull(),
  })

  /** Erasable: what a person is called. */
  const personIdentities = k.table(
    'person_identities',
    {
      personId: k
        .id('person_id')
        .primaryKey()
        .references(() => people.id),
      displayName: k.text('display_name').notNull(),
      /** Lower-cased address. */
      email: k.text('email').notNull(),
    },
    (t) => [k.uniqueIndex('person_identities_email_uq').on(t.email)],
  )

  const credentials = k.table('credentials', {
    personId: k
      .id('person_id')
      .primaryKey()
      .references(() => people.id),
    passwordHash: k.text('password_hash').notNull(),
    updatedAt: k.instant('updated_at').notNull(),
  })

  const personRoles = k.table(
    'person_roles',
    {
      personId: k
        .text('person_id')
        .notNull()
        .references(() => people.id),
      role: k.oneOf('role', [...ROLES]).notNull(),
      grantedAt: k.instant('granted_at').notNull(),
    },
    (t) => [k.primaryKey({ name: 'person_roles_pk', columns: [t.personId, t.role] })],
  )

  const sessions = k.table(
    'sessions',
    {
      /** SHA-256 of the cookie's 256-bit token, hex. */
      id: k.id('id').primaryKey(),
      personId: k
        .text('person_id')
        .notNull()
        .references(() => people.id),
      /** password: a staff account. invitation: a candidate who came by a link, bound to that enrolment. */
      origin: k.oneOf('origin', ['password', 'invitation']).notNull(),
      enrolmentId: k.text('enrolment_id'),
      createdAt: k.instant('created_at').notNull(),
      lastSeenAt: k.instant('last_seen_at').notNull(),
      expiresAt: k.instant('expires_at').notNull(),
      revokedAt: k.instant('revoked_at'),
    },
    (t) => [k.index('sessions_person_idx').on(t.personId)],
  )

  return { people, personIdentities, credentials, personRoles, sessions }
}

export type PeopleTables = ReturnType<typeof peopleTables>
