/** What a save reads and writes of an attempt: the hot path, prepared once per connection. */
import { and, eq, sql } from 'drizzle-orm'
import type { AttemptEvent } from '../../app/core/attempt/events.ts'
import type { AnswerHead, AttemptHead } from '../../app/core/attempt/state.ts'
import type { Response } from '../../app/core/bank/response.ts'
import { bound } from '../dialect/sql.server.ts'
import { statement, type Reader, type Writer } from '../store.server.ts'
import type { JsonObject } from '../tables.server.ts'

/** Thrown when another transaction moved the attempt first; PostgreSQL runs the body again, SQLite never gets here. */
export class LostRace extends Error {
  readonly code = '40001'
}

const headById = statement('attempt-head', (q, t) =>
  q
    .select({
      personId: t.attempts.personId,
      enrolmentId: t.attempts.enrolmentId,
      sessionId: t.attempts.sessionId,
      seq: t.attemptPulses.seq,
      head: t.attempts.head,
      lastSeenAt: t.attemptPulses.lastSeenAt,
    })
    .from(t.attempts)
    .innerJoin(t.attemptPulses, eq(t.attemptPulses.attemptId, t.attempts.id))
    .where(eq(t.attempts.id, sql.placeholder('id'))),
)
const answerHead = statement('answer-head', (q, t) =>
  q
    .select({
      itemId: t.answers.itemId,
      sectionId: t.answers.sectionId,
      page: t.answers.page,
      revision: t.answers.revision,
      replies: t.answers.replies,
      flagged: t.answers.flagged,
    })
    .from(t.answers)
    .where(and(eq(t.answers.attemptId, sql.placeholder('attemptId')), eq(t.answers.itemId, sql.placeholder('itemId')))),
)
export const movePulse = statement('attempt-pulse', (q, { attemptPulses: p }) =>
  q
    .update(p)
    .set({
      seq: bound(p.seq, 'seq'),
      lastSaveAt: sql`coalesce(${bound(p.lastSaveAt, 'savedAt')}, ${p.lastSaveAt})`,
      lastSeenAt: sql`coalesce(${bound(p.lastSeenAt, 'seenAt')}, ${p.lastSeenAt})`,
    })
    .where(and(eq(p.attemptId, sql.placeholder('id')), eq(p.seq, sql.placeholder('before'))))
    .returning({ seq: p.seq }),
)
export const insertEvent = statement('attempt-event', (q, t) =>
  q.insert(t.attemptEvents).values({
    attemptId: sql.placeholder('attemptId'),
    seq: sql.placeholder('seq'),
    type: sql.placeholder('type'),
    at: sql.placeholder('at'),
    actorId: sql.placeholder('actorId'),
    data: sql.placeholder('data'),
  }),
)
const updateAnswer = statement('answer-save', (q, t) =>
  q
    .update(t.answers)
    .set({
      revision: bound(t.answers.revision, 'revision'),
      contentHash: bound(t.answers.contentHash, 'contentHash'),
      response: bound(t.answers.response, 'response'),
      flagged: bound(t.answers.flagged, 'flagged'),
      late: bound(t.answers.late, 'late'),
      receivedAt: bound(t.answers.receivedAt, 'receivedAt'),
      replies: bound(t.answers.replies, 'replies'),
    })
    .where(and(eq(t.answers.attemptId, sql.placeholder('attemptId')), eq(t.answers.itemId, sql.placeholder('itemId')))),
)

const insertSnapshot = statement('answer-snapshot', (q, t) =>
  q
    .insert(t.answerSnapshots)
    .values({
      attemptId: sql.placeholder('attemptId'),
      itemId: sql.placeholder('itemId'),
      revision: sql.placeholder('revision'),
      response: sql.placeholder('response'),
      receivedAt: sql.placeholder('receivedAt'),
    })
    .onConflictDoNothing(),
)

/** The head with the sequence number of its pulse; null for an unknown attempt. */
export async function loadHead(r: Reader | Writer, id: string) {
  const [row] = await headById(r, { id })
  return row ? { ...row, head: { ...row.head, seq: row.seq } satisfies AttemptHead } : null
}

export type HotRow = NonNullable<Awaited<ReturnType<typeof loadHead>>>

/** `flagged` is kept where a save does not mention it. */
export type StoredHead = AnswerHead & { flagged: boolean }

export async function loadAnswerHeads(
  r: Reader | Writer,
  attemptId: string,
  itemIds: readonly string[],
): Promise<StoredHead[]> {
  const heads: StoredHead[] = []
  for (const itemId of new Set(itemIds)) heads.push(...(await answerHead(r, { attemptId, itemId })))
  return heads
}

export type SavedAnswer = {
  head: AnswerHead
  contentHash: string
  response: Response | null
  flagged: boolean
  late: boolean
}

/**
 * Writes accepted answers and their events. Nothing else of the attempt changes, so one row number and the answers are
 * all.
 */
export async function writeSaves(
  w: Writer,
  input: {
    attemptId: string
    actorId: string
    before: number
    events: readonly AttemptEvent[]
    answers: readonly SavedAnswer[]
    at: Date
  },
): Promise<void> {
  const after = input.events.at(-1)?.seq
  if (after === undefined) return
  const [moved] = await movePulse(w, {
    id: input.attemptId,
    before: input.before,
    seq: after,
    savedAt: input.at,
    seenAt: input.at,
  })
  if (!moved) throw new LostRace()
  for (const event of input.events) await insertEvent(w, eventRow(input.attemptId, input.actorId, event))
  for (const answer of input.answers) await writeAnswer(w, input.attemptId, answer, input.at)
}

export async function writeAnswer(w: Writer, attemptId: string, answer: SavedAnswer, at: Date): Promise<void> {
  await updateAnswer(w, {
    attemptId,
    itemId: answer.head.itemId,
    revision: answer.head.revision,
    contentHash: answer.contentHash,
    response: answer.response,
    flagged: answer.flagged,
    late: answer.late,
    receivedAt: at,
    replies: answer.head.replies,
  })
  // Sampled history: enough to show how a text came about, without a row a keystroke (PrairieLearn #3358).
  if (answer.response && answer.head.revision % SNAPSHOT_EVERY === 0) {
    await insertSnapshot(w, {
      attemptId,
      itemId: answer.head.itemId,
      revision: answer.head.revision,
      response: answer.response,
      receivedAt: at,
    })
  }
}
const SNAPSHOT_EVERY = 5

export function eventRow(attemptId: string, actorId: string | null, event: AttemptEvent) {
  const { seq, at, type, ...data } = event
  return { attemptId, seq, type, at: new Date(at), actorId, data: data as JsonObject }
}
