/** Attempts: their state and history, their forms and their answers. */
import type { Attempt, AttemptHead, AttemptSetup, MutationReply } from '../../app/core/attempt/state.ts'
import type { OptionOrder } from '../../app/core/bank/candidate-view.ts'
import type { Response } from '../../app/core/bank/response.ts'
import type { Kit } from '../kit.server.ts'
import type { ContentTables } from './content.server.ts'
import type { EnrolmentTables } from './enrolment.server.ts'
import type { JsonObject } from './json.server.ts'
import type { PeopleTables } from './people.server.ts'

/** The attempt's state without what has columns or rows of its own. */
export type AttemptRest = Omit<Attempt, 'setup' | 'answers'>

export function attemptTables(
  k: Kit,
  { people }: PeopleTables,
  { contentVersions }: ContentTables,
  { enrolments }: EnrolmentTables,
) {
  const attempts = k.table(
    'attempts',
    {
      id: k.id('id').primaryKey(),
      enrolmentId: k
        .text('enrolment_id')
        .notNull()
        .references(() => enrolments.id),
      personId: k
        .text('person_id')
        .notNull()
        .references(() => people.id),
      stageId: k.text('stage_id').notNull(),
      /** First, second … attempt at this stage. */
      ordinal: k.int('ordinal').notNull(),
      kind: k.oneOf('kind', ['test', 'mock_scenario', 'interview']).notNull(),
      status: k.oneOf('status', ['ready', 'in_progress', 'closed']).notNull(),
      /** Fixed at creation: sections, timing terms, accommodation (app/core/attempt AttemptSetup). */
      setup: k.json<AttemptSetup>('setup').notNull(),
      /** All that a save must know; its `seq` is overruled by that of the pulse, which changes with every save. */
      head: k.json<AttemptHead>('head').notNull(),
      /** The rest of the state but for setup and answers: grants, pauses, sections visited. */
      state: k.json<AttemptRest>('state').notNull(),
      /** Session that holds the attempt. */
      sessionId: k.text('session_id'),
      locale: k.text('locale').notNull(),
      startedAt: k.instant('started_at'),
      /** For the sweep: null while paused, without limit, or once closed. */
      sweepAt: k.instant('sweep_at'),
      finishedAt: k.instant('finished_at'),
      closingReason: k.oneOf('closing_reason', ['submitted', 'time_up', 'staff_closed', 'window_closed']),
      submittedAt: k.instant('submitted_at'),
      scoredAt: k.instant('scored_at'),
      releasedAt: k.instant('released_at'),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [
      k.uniqueIndex('attempts_ordinal_uq').on(t.enrolmentId, t.stageId, t.ordinal),
      k.index('attempts_sweep_idx').on(t.sweepAt),
      k.index('attempts_person_idx').on(t.personId),
    ],
  )

  /**
   * What every save moves. Apart from the attempt, whose wide row would be a page of the write-ahead log for each save.
   */
  const attemptPulses = k.table('attempt_pulses', {
    attemptId: k
      .id('attempt_id')
      .primaryKey()
      .references(() => attempts.id),
    /** Sequence number of the last event. */
    seq: k.int('seq').notNull().default(0),
    lastSaveAt: k.instant('last_save_at'),
    lastSeenAt: k.instant('last_seen_at'),
  })

  const attemptEvents = k.table(
    'attempt_events',
    {
      attemptId: k
        .text('attempt_id')
        .notNull()
        .references(() => attempts.id),
      seq: k.int('seq').notNull(),
      type: k.text('type').notNull(),
      at: k.instant('at').notNull(),
      actorId: k.text('actor_id'),
      data: k.json<JsonObject>('data').notNull(),
    },
    (t) => [k.primaryKey({ name: 'attempt_events_pk', columns: [t.attemptId, t.seq] })],
  )

  /** One form an attempt: the seed and, slot by slot, why each item was drawn. */
  const forms = k.table('forms', {
    attemptId: k
      .id('attempt_id')
      .primaryKey()
      .references(() => attempts.id),
    blueprintVersionId: k
      .text('blueprint_version_id')
      .notNull()
      .references(() => contentVersions.id),
    seed: k.text('seed').notNull(),
    proof: k.json<JsonObject>('proof').notNull(),
    createdAt: k.instant('created_at').notNull(),
  })

  const formItems = k.table(
    'form_items',
    {
      attemptId: k
        .text('attempt_id')
        .notNull()
        .references(() => attempts.id),
      itemId: k.text('item_id').notNull(),
      itemVersionId: k
        .text('item_version_id')
        .notNull()
        .references(() => contentVersions.id),
      sectionId: k.text('section_id').notNull(),
      /** 0-based over the whole form. */
      position: k.int('position').notNull(),
      /** Shown order of each list of the item (options, elements, right side …), by the name of the list. */
      optionOrder: k.json<OptionOrder>('option_order').notNull(),
    },
    (t) => [
      k.primaryKey({ name: 'form_items_pk', columns: [t.attemptId, t.itemId] }),
      k.index('form_items_item_idx').on(t.itemId),
    ],
  )

  /**
   * The current answer of each item; the rows are made at the start. `response` is erasable; revision and hash stay.
   */
  const answers = k.table(
    'answers',
    {
      attemptId: k
        .text('attempt_id')
        .notNull()
        .references(() => attempts.id),
      itemId: k.text('item_id').notNull(),
      sectionId: k.text('section_id').notNull(),
      /** Page within the section, from 0. */
      page: k.int('page').notNull(),
      revision: k.int('revision').notNull().default(0),
      contentHash: k.text('content_hash'),
      response: k.json<Response>('response'),
      flagged: k.bool('flagged').notNull().default(false),
      late: k.bool('late').notNull().default(false),
      receivedAt: k.instant('received_at'),
      /** The latest replies to mutations, so that a repeated one gets the same answer. */
      replies: k.json<MutationReply[]>('replies').notNull(),
    },
    (t) => [k.primaryKey({ name: 'answers_pk', columns: [t.attemptId, t.itemId] })],
  )

  /** Erasable. Sampled history of answers: not every keystroke, but enough to show how a text came about. */
  const answerSnapshots = k.table(
    'answer_snapshots',
    {
      attemptId: k
        .text('attempt_id')
        .notNull()
        .references(() => attempts.id),
      itemId: k.text('item_id').notNull(),
      revision: k.int('revision').notNull(),
      response: k.json<Response>('response').notNull(),
      receivedAt: k.instant('received_at').notNull(),
    },
    (t) => [k.primaryKey({ name: 'answer_snapshots_pk', columns: [t.attemptId, t.itemId, t.revision] })],
  )

  /** Erasable. Answers that came too late, kept for staff to decide on. */
  const quarantinedAnswers = k.table(
    'quarantined_answers',
    {
      attemptId: k
        .text('attempt_id')
        .notNull()
        .references(() => attempts.id),
      /** Number of the event that put it here. */
      seq: k.int('seq').notNull(),
      mutationId: k.text('mutation_id').notNull(),
      itemId: k.text('item_id').notNull(),
      response: k.json<Response>('response').notNull(),
      contentHash: k.text('content_hash').notNull(),
      receivedAt: k.instant('received_at').notNull(),
      code: k.text('code').notNull(),
      decidedBy: k.text('decided_by'),
      decidedAt: k.instant('decided_at'),
      decision: k.oneOf('decision', ['counted', 'not_counted']),
      /** What the candidate is told about the decision. */
      noteId: k.text('note_id'),
    },
    (t) => [
      k.primaryKey({ name: 'quarantined_answers_pk', columns: [t.attemptId, t.seq] }),
      // A client may use one mutation id for several items or texts: each is kept, and each only once.
      k.uniqueIndex('quarantined_answers_text_uq').on(t.attemptId, t.itemId, t.mutationId, t.contentHash),
    ],
  )

  /** Erasable. Reasons, messages and remarks that people wrote; histories refer to them by id. */
  const notes = k.table(
    'notes',
    {
      id: k.id('id').primaryKey(),
      subjectType: k.text('subject_type').notNull(),
      subjectId: k.text('subject_id').notNull(),
      authorId: k.text('author_id').notNull(),
      text: k.text('text'),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [k.index('notes_subject_idx').on(t.subjectType, t.subjectId)],
  )

  return {
    attempts,
    attemptPulses,
    attemptEvents,
    forms,
    formItems,
    answers,
    answerSnapshots,
    quarantinedAnswers,
    notes,
  }
}

export type AttemptTables = ReturnType<typeof attemptTables>
