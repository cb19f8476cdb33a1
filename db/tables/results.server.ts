/** Scores, releases, and what candidates ask afterwards. */
import type { ItemScore, ScorePart } from '../../app/core/scoring/score-item.ts'
import type { Kit } from '../kit.server.ts'
import type { AttemptTables } from './attempts.server.ts'
import type { JsonObject } from './json.server.ts'
import type { PeopleTables } from './people.server.ts'

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

export function resultTables(k: Kit, { people }: PeopleTables, { attempts }: AttemptTables) {
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

  return { scores, releases, reviewRequests }
}
