/** Enrolments, the links into them, and what their candidates agreed to and asked for. */
import type { Kit } from '../kit.server.ts'
import type { ContentTables } from './content.server.ts'
import type { PeopleTables } from './people.server.ts'

export function enrolmentTables(k: Kit, { people }: PeopleTables, { contentVersions }: ContentTables) {
  const enrolments = k.table(
    'enrolments',
    {
      id: k.id('id').primaryKey(),
      personId: k
        .text('person_id')
        .notNull()
        .references(() => people.id),
      programmeId: k.text('programme_id').notNull(),
      programmeVersionId: k
        .text('programme_version_id')
        .notNull()
        .references(() => contentVersions.id),
      status: k.oneOf('status', ['open', 'finished', 'withdrawn']).notNull(),
      opensAt: k.instant('opens_at').notNull(),
      closesAt: k.instant('closes_at').notNull(),
      createdBy: k.text('created_by').notNull(),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [k.index('enrolments_person_idx').on(t.personId)],
  )

  const invitations = k.table(
    'invitations',
    {
      id: k.id('id').primaryKey(),
      enrolmentId: k
        .text('enrolment_id')
        .notNull()
        .references(() => enrolments.id),
      /** SHA-256 of the 256-bit token, hex. The token itself is only ever in the (encrypted) mail. */
      tokenHash: k.text('token_hash').notNull(),
      createdBy: k.text('created_by').notNull(),
      createdAt: k.instant('created_at').notNull(),
      expiresAt: k.instant('expires_at').notNull(),
      lastUsedAt: k.instant('last_used_at'),
      useCount: k.int('use_count').notNull().default(0),
      endedAt: k.instant('ended_at'),
    },
    (t) => [
      k.uniqueIndex('invitations_token_uq').on(t.tokenHash),
      k.index('invitations_enrolment_idx').on(t.enrolmentId),
    ],
  )

  const consents = k.table(
    'consents',
    {
      id: k.id('id').primaryKey(),
      enrolmentId: k
        .text('enrolment_id')
        .notNull()
        .references(() => enrolments.id),
      /** `notice` is the acknowledgement of the notice; everything else is a consent of its own. */
      consentId: k.text('consent_id').notNull(),
      noticeVersionId: k
        .text('notice_version_id')
        .notNull()
        .references(() => contentVersions.id),
      noticeHash: k.text('notice_hash').notNull(),
      given: k.bool('given').notNull(),
      at: k.instant('at').notNull(),
    },
    (t) => [k.index('consents_enrolment_idx').on(t.enrolmentId)],
  )

  const accommodations = k.table(
    'accommodations',
    {
      id: k.id('id').primaryKey(),
      enrolmentId: k
        .text('enrolment_id')
        .notNull()
        .references(() => enrolments.id),
      status: k.oneOf('status', ['requested', 'granted', 'declined', 'withdrawn']).notNull(),
      /** Time limit × factor + extraMs; unlimited overrides both. */
      factor: k.real('factor').notNull().default(1),
      extraMs: k.int('extra_ms').notNull().default(0),
      unlimited: k.bool('unlimited').notNull().default(false),
      breakAllowanceMs: k.int('break_allowance_ms').notNull().default(0),
      requestedAt: k.instant('requested_at').notNull(),
      decidedBy: k.text('decided_by'),
      decidedAt: k.instant('decided_at'),
    },
    (t) => [k.uniqueIndex('accommodations_enrolment_uq').on(t.enrolmentId)],
  )

  /** Erasable. Read by the candidate and the accommodation officer only. */
  const accommodationReasons = k.table('accommodation_reasons', {
    accommodationId: k
      .id('accommodation_id')
      .primaryKey()
      .references(() => accommodations.id),
    reason: k.text('reason').notNull(),
    answer: k.text('answer'),
  })

  return { enrolments, invitations, consents, accommodations, accommodationReasons }
}

export type EnrolmentTables = ReturnType<typeof enrolmentTables>
