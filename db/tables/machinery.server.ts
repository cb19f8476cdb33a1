/** What keeps the installation going: jobs, streams, the audit trail, mail and settings. */
import type { Kit } from '../kit.server.ts'
import type { JsonObject } from './json.server.ts'
import type { PeopleTables } from './people.server.ts'

export function machineryTables(k: Kit, { people }: PeopleTables) {
  const jobs = k.table(
    'jobs',
    {
      id: k.id('id').primaryKey(),
      kind: k.text('kind').notNull(),
      payload: k.json<JsonObject>('payload').notNull(),
      status: k.oneOf('status', ['queued', 'running', 'done', 'failed']).notNull(),
      runAt: k.instant('run_at').notNull(),
      tries: k.int('tries').notNull().default(0),
      maxTries: k.int('max_tries').notNull().default(8),
      leaseUntil: k.instant('lease_until'),
      /** Results of finished steps, so that a retry skips them. */
      steps: k.json<JsonObject>('steps').notNull(),
      /** At most one job with this key, ever. */
      dedupeKey: k.text('dedupe_key'),
      lastErrorCode: k.text('last_error_code'),
      createdAt: k.instant('created_at').notNull(),
      finishedAt: k.instant('finished_at'),
    },
    (t) => [k.uniqueIndex('jobs_dedupe_uq').on(t.dedupeKey), k.index('jobs_due_idx').on(t.status, t.runAt)],
  )

  /** Append-only streams behind the live pages; the table is the truth, in-process hints only wake the reader. */
  const streamEvents = k.table(
    'stream_events',
    {
      streamId: k.text('stream_id').notNull(),
      seq: k.int('seq').notNull(),
      type: k.text('type').notNull(),
      data: k.json<JsonObject>('data').notNull(),
      at: k.instant('at').notNull(),
    },
    (t) => [k.primaryKey({ name: 'stream_events_pk', columns: [t.streamId, t.seq] })],
  )

  const auditEvents = k.table(
    'audit_events',
    {
      seq: k.big('seq').notNull(),
      at: k.instant('at').notNull(),
      actorId: k.text('actor_id'),
      action: k.text('action').notNull(),
      subjectType: k.text('subject_type').notNull(),
      subjectId: k.text('subject_id').notNull(),
      data: k.json<JsonObject>('data').notNull(),
      previousHash: k.text('previous_hash').notNull(),
      hash: k.text('hash').notNull(),
    },
    (t) => [
      k.primaryKey({ name: 'audit_events_pk', columns: [t.seq] }),
      k.index('audit_events_subject_idx').on(t.subjectType, t.subjectId),
    ],
  )

  const mails = k.table(
    'mails',
    {
      id: k.id('id').primaryKey(),
      personId: k
        .text('person_id')
        .notNull()
        .references(() => people.id),
      kind: k.text('kind').notNull(),
      invitationId: k.text('invitation_id'),
      /** AES-256-GCM of subject and text, base64; null once erased. */
      sealedBody: k.text('sealed_body'),
      status: k.oneOf('status', ['held', 'queued', 'sent', 'failed']).notNull(),
      createdAt: k.instant('created_at').notNull(),
      sentAt: k.instant('sent_at'),
    },
    (t) => [k.index('mails_person_idx').on(t.personId)],
  )

  /** Small facts about this installation: demo mode, clock alarm, content epoch. */
  const settings = k.table('settings', {
    key: k.id('key').primaryKey(),
    value: k.json<JsonObject>('value').notNull(),
    updatedAt: k.instant('updated_at').notNull(),
  })

  return { jobs, streamEvents, auditEvents, mails, settings }
}
