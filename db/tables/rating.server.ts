/** Contacts, work to be rated, and the sheets of raters. */
import type { Kit } from '../kit.server.ts'
import type { AttemptTables } from './attempts.server.ts'
import type { ContentTables } from './content.server.ts'
import type { JsonObject } from './json.server.ts'
import type { PeopleTables } from './people.server.ts'

export function ratingTables(
  k: Kit,
  { people }: PeopleTables,
  { contentVersions }: ContentTables,
  { attempts }: AttemptTables,
) {
  /** One mock scenario played with one candidate. */
  const contacts = k.table(
    'contacts',
    {
      id: k.id('id').primaryKey(),
      attemptId: k
        .text('attempt_id')
        .notNull()
        .references(() => attempts.id),
      scenarioVersionId: k
        .text('scenario_version_id')
        .notNull()
        .references(() => contentVersions.id),
      interviewerId: k.text('interviewer_id'),
      startedAt: k.instant('started_at'),
      endedAt: k.instant('ended_at'),
      /** Fact id → milliseconds after the start at which the customer disclosed it. */
      disclosed: k.json<Record<string, number>>('disclosed').notNull(),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [k.uniqueIndex('contacts_attempt_uq').on(t.attemptId)],
  )

  /** Work to be rated: one answer, or one contact. */
  const ratingTasks = k.table(
    'rating_tasks',
    {
      id: k.id('id').primaryKey(),
      attemptId: k
        .text('attempt_id')
        .notNull()
        .references(() => attempts.id),
      subjectType: k.oneOf('subject_type', ['answer', 'contact']).notNull(),
      /** Item id of an answer, or id of the contact. */
      subjectId: k.text('subject_id').notNull(),
      rubricVersionId: k
        .text('rubric_version_id')
        .notNull()
        .references(() => contentVersions.id),
      /** Number of independent sheets wanted. */
      sheetsWanted: k.int('sheets_wanted').notNull().default(1),
      /** Stable pseudo-random order: neither time nor surname decides who is read when tired. */
      orderKey: k.text('order_key').notNull(),
      status: k.oneOf('status', ['open', 'done', 'cancelled']).notNull(),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [
      k.uniqueIndex('rating_tasks_subject_uq').on(t.attemptId, t.subjectType, t.subjectId),
      k.index('rating_tasks_queue_idx').on(t.status, t.orderKey),
    ],
  )

  const ratingSheets = k.table(
    'rating_sheets',
    {
      id: k.id('id').primaryKey(),
      taskId: k
        .text('task_id')
        .notNull()
        .references(() => ratingTasks.id),
      raterId: k
        .text('rater_id')
        .notNull()
        .references(() => people.id),
      /** 1, 2 …: the unique key lets only as many raters in as sheets are wanted. */
      slot: k.int('slot').notNull(),
      status: k.oneOf('status', ['claimed', 'submitted', 'returned']).notNull(),
      seq: k.int('seq').notNull().default(0),
      claimedAt: k.instant('claimed_at').notNull(),
      /** The claim lapses here unless the rater's work renews it. */
      leaseUntil: k.instant('lease_until').notNull(),
      submittedAt: k.instant('submitted_at'),
      /** Percent of the rubric, null until submitted or when nothing applied. */
      percent: k.real('percent'),
      criticalFailure: k.bool('critical_failure').notNull().default(false),
    },
    (t) => [
      k.uniqueIndex('rating_sheets_slot_uq').on(t.taskId, t.slot),
      k.uniqueIndex('rating_sheets_rater_uq').on(t.taskId, t.raterId),
    ],
  )

  const ratingMarks = k.table(
    'rating_marks',
    {
      sheetId: k
        .text('sheet_id')
        .notNull()
        .references(() => ratingSheets.id),
      criterionId: k.text('criterion_id').notNull(),
      level: k.int('level'),
      notApplicable: k.bool('not_applicable').notNull().default(false),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.primaryKey({ name: 'rating_marks_pk', columns: [t.sheetId, t.criterionId] })],
  )

  /** Erasable: quotations from an answer or notes on a contact, for or against. */
  const ratingEvidence = k.table(
    'rating_evidence',
    {
      id: k.id('id').primaryKey(),
      sheetId: k
        .text('sheet_id')
        .notNull()
        .references(() => ratingSheets.id),
      criterionId: k.text('criterion_id').notNull(),
      polarity: k.oneOf('polarity', ['for', 'against']).notNull(),
      /** Field of the answer (`text`, `situation` …) and code-point range; null for a note on a live contact. */
      field: k.text('field'),
      startAt: k.int('start_at'),
      endAt: k.int('end_at'),
      quote: k.text('quote').notNull(),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [k.index('rating_evidence_sheet_idx').on(t.sheetId)],
  )

  const ratingEvents = k.table(
    'rating_events',
    {
      sheetId: k
        .text('sheet_id')
        .notNull()
        .references(() => ratingSheets.id),
      seq: k.int('seq').notNull(),
      type: k.text('type').notNull(),
      at: k.instant('at').notNull(),
      data: k.json<JsonObject>('data').notNull(),
    },
    (t) => [k.primaryKey({ name: 'rating_events_pk', columns: [t.sheetId, t.seq] })],
  )

  return { contacts, ratingTasks, ratingSheets, ratingMarks, ratingEvidence, ratingEvents }
}
