/**
 * Every table of Poise, written once for both engines.
 *
 * Two rules shape them. Histories (attempt_events, rating_events, audit_events) hold ids, hashes and numbers only;
 * whatever a person wrote or is called stands in rows of its own, marked "erasable" below, so that erasing a person
 * leaves event, hash and score. And every race that matters has a unique key to settle it.
 */
import type { Attempt, AttemptHead, AttemptSetup, MutationReply } from '../app/core/attempt/state.ts'
import type { OptionOrder } from '../app/core/bank/candidate-view.ts'
import type { Response } from '../app/core/bank/response.ts'
import type { ItemScore, ScorePart } from '../app/core/scoring/score-item.ts'
import type { Kit } from './kit.server.ts'

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }
export type JsonObject = { [key: string]: JsonValue }

/** The attempt's state without what has columns or rows of its own. */
/** The score of one item, or of one criterion of a contact, as a row of `scores` keeps it. */
export type ScoredItem = {
  itemId: string
  /** 0 to 1; null while it waits for a rater. */
  credit: number | null
  /** What full credit is worth. */
  points: number
  origin: 'key' | 'rubric' | 'waiting'
  /** Scoring hash of the version that scored it. */
  scoringHash: string
  status: ItemScore['status']
  parts: readonly ScorePart[]
}

export type AttemptRest = Omit<Attempt, 'setup' | 'answers'>

export const ROLES = [
  'candidate',
  'interviewer',
  'trainer',
  'admin',
  'accommodation_officer',
  'auditor',
  'supervisor',
] as const
export const CONTENT_TYPES = [
  'item',
  'rubric',
  'policy',
  'scenario',
  'kit',
  'blueprint',
  'programme',
  'notice',
  'bank',
  'competencies',
] as const

export function defineTables(k: Kit) {
  // ---- People ----
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

  // ---- Content ----
  /** Immutable versions of all content, identified by the hash of their canonical form. */
  const contentVersions = k.table(
    'content_versions',
    {
      id: k.id('id').primaryKey(),
      type: k.oneOf('type', [...CONTENT_TYPES]).notNull(),
      contentId: k.text('content_id').notNull(),
      bankId: k.text('bank_id').notNull(),
      /** 1, 2, 3 … within (type, contentId). */
      number: k.int('number').notNull(),
      contentHash: k.text('content_hash').notNull(),
      /** Versions with the same scoring hash share their statistics; null for content that does not score. */
      scoringHash: k.text('scoring_hash'),
      body: k.json<JsonObject>('body').notNull(),
      origin: k.oneOf('origin', ['import', 'editor']).notNull(),
      createdBy: k.text('created_by'),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [
      k.uniqueIndex('content_versions_hash_uq').on(t.type, t.contentId, t.contentHash),
      k.uniqueIndex('content_versions_number_uq').on(t.type, t.contentId, t.number),
    ],
  )

  /** The version in use of each piece of content. */
  const contentHeads = k.table(
    'content_heads',
    {
      type: k.oneOf('type', [...CONTENT_TYPES]).notNull(),
      contentId: k.text('content_id').notNull(),
      bankId: k.text('bank_id').notNull(),
      versionId: k
        .text('version_id')
        .notNull()
        .references(() => contentVersions.id),
      status: k.oneOf('status', ['active', 'retired']).notNull(),
      /** Hash of the file last imported; a head with another hash was edited in Poise since. */
      lastImportedHash: k.text('last_imported_hash'),
      /** Item kind or null; for the list's filters. */
      kind: k.text('kind'),
      competency: k.text('competency'),
      /** Folded and segmented words of both languages, for search. */
      searchText: k.text('search_text').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [
      k.primaryKey({ name: 'content_heads_pk', columns: [t.type, t.contentId] }),
      k.index('content_heads_bank_idx').on(t.type, t.bankId),
    ],
  )

  /** Unfinished edits, one per content and author. */
  const contentDrafts = k.table(
    'content_drafts',
    {
      type: k.oneOf('type', [...CONTENT_TYPES]).notNull(),
      contentId: k.text('content_id').notNull(),
      authorId: k
        .text('author_id')
        .notNull()
        .references(() => people.id),
      baseVersionId: k
        .text('base_version_id')
        .notNull()
        .references(() => contentVersions.id),
      body: k.json<JsonObject>('body').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [k.primaryKey({ name: 'content_drafts_pk', columns: [t.type, t.contentId, t.authorId] })],
  )

  // ---- Enrolment ----
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

  const identityChecks = k.table(
    'identity_checks',
    {
      enrolmentId: k
        .text('enrolment_id')
        .notNull()
        .references(() => enrolments.id),
      /** First, second … check of the enrolment: each admits to one attempt. */
      number: k.int('number').notNull(),
      status: k.oneOf('status', ['waiting', 'confirmed', 'confirmed_in_person']).notNull(),
      supervisorId: k.text('supervisor_id'),
      confirmedAt: k.instant('confirmed_at'),
      /** The attempt that it was used for; null while it is open. */
      attemptId: k.text('attempt_id').references(() => attempts.id),
      /** Erasable, with a retention of its own: type of paper and last characters. */
      documentType: k.text('document_type'),
      lastCharacters: k.text('last_characters'),
      eraseAfter: k.instant('erase_after'),
    },
    (t) => [k.primaryKey({ name: 'identity_checks_pk', columns: [t.enrolmentId, t.number] })],
  )

  // ---- Attempts ----
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

  // ---- Rating ----
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

  // ---- Results ----
  /** Derived and rebuildable; one row each time the score was computed. */
  const scores = k.table(
    'scores',
    {
      attemptId: k
        .text('attempt_id')
        .notNull()
        .references(() => attempts.id),
      number: k.int('number').notNull(),
      percent: k.real('percent'),
      /** Competency profile, waiting items, critical failures, proposed outcome and its reasons (app/core/scoring). */
      profile: k.json<JsonObject>('profile').notNull(),
      /**
       * Item by item, in the form's order: what the profile was computed from. In the same row, because they are read
       * together.
       */
      items: k.json<ScoredItem[]>('items').notNull(),
      complete: k.bool('complete').notNull(),
      computedAt: k.instant('computed_at').notNull(),
    },
    (t) => [k.primaryKey({ name: 'scores_pk', columns: [t.attemptId, t.number] })],
  )

  const releases = k.table('releases', {
    attemptId: k
      .id('attempt_id')
      .primaryKey()
      .references(() => attempts.id),
    scoreNumber: k.int('score_number').notNull(),
    outcome: k.oneOf('outcome', ['passed', 'not_passed']).notNull(),
    releasedBy: k
      .text('released_by')
      .notNull()
      .references(() => people.id),
    /** When that person opened the evidence; a release without it does not exist. */
    evidenceSeenAt: k.instant('evidence_seen_at').notNull(),
    noteId: k.text('note_id'),
    releasedAt: k.instant('released_at').notNull(),
  })

  const reviewRequests = k.table(
    'review_requests',
    {
      id: k.id('id').primaryKey(),
      attemptId: k
        .text('attempt_id')
        .notNull()
        .references(() => attempts.id),
      kind: k.oneOf('kind', ['reasons', 'review']).notNull(),
      noteId: k.text('note_id'),
      status: k.oneOf('status', ['open', 'answered']).notNull(),
      answerNoteId: k.text('answer_note_id'),
      answeredBy: k.text('answered_by'),
      createdAt: k.instant('created_at').notNull(),
      answeredAt: k.instant('answered_at'),
    },
    (t) => [k.uniqueIndex('review_requests_uq').on(t.attemptId, t.kind)],
  )

  // ---- Machinery ----
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

  return {
    people,
    personIdentities,
    credentials,
    personRoles,
    sessions,
    contentVersions,
    contentHeads,
    contentDrafts,
    enrolments,
    invitations,
    consents,
    accommodations,
    accommodationReasons,
    identityChecks,
    attempts,
    attemptPulses,
    attemptEvents,
    forms,
    formItems,
    answers,
    answerSnapshots,
    quarantinedAnswers,
    notes,
    contacts,
    ratingTasks,
    ratingSheets,
    ratingMarks,
    ratingEvidence,
    ratingEvents,
    scores,
    releases,
    reviewRequests,
    jobs,
    streamEvents,
    auditEvents,
    mails,
    settings,
  }
}
