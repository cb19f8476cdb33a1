/** Rows of attempts: the whole state, and the append-only story. What a save needs of them is in attempt-saves. */
import { and, asc, eq, getTableColumns, lte, sql } from 'drizzle-orm'
import type { AttemptEvent } from '../../app/core/attempt/events.ts'
import { evolveAll } from '../../app/core/attempt/evolve.ts'
import { headOf, sweepDueAt, withGrantsInOrder, type Attempt, type AttemptSetup } from '../../app/core/attempt/state.ts'
import type { Response } from '../../app/core/bank/response.ts'
import type { Locale } from '../../app/core/shared/locale.ts'
import { bound } from '../dialect/sql.server.ts'
import { statement, type Reader, type Writer } from '../store.server.ts'
import type { AttemptRest } from '../tables.server.ts'
import { eventRow, insertEvent, LostRace, movePulse, writeAnswer, type SavedAnswer } from './attempt-saves.server.ts'

/** An attempt with its pulse. */
export type AttemptRow = Reader['t']['attempts']['$inferSelect'] &
  Pick<Reader['t']['attemptPulses']['$inferSelect'], 'seq' | 'lastSaveAt' | 'lastSeenAt'>
export type AnswerRow = Reader['t']['answers']['$inferSelect']

const rowColumns = ({ attempts, attemptPulses: { seq, lastSaveAt, lastSeenAt } }: Reader['t']) => ({
  ...getTableColumns(attempts),
  seq,
  lastSaveAt,
  lastSeenAt,
})
/** Attempts with their pulses, to be narrowed. */
export const selectAttempts = (q: Pick<Reader['q'], 'select'>, t: Reader['t']) =>
  q.select(rowColumns(t)).from(t.attempts).innerJoin(t.attemptPulses, eq(t.attemptPulses.attemptId, t.attempts.id))

const rowById = statement('attempt-row', (q, t) => selectAttempts(q, t).where(eq(t.attempts.id, sql.placeholder('id'))))
const answersByAttempt = statement('attempt-answers', (q, t) =>
  q
    .select()
    .from(t.answers)
    .where(eq(t.answers.attemptId, sql.placeholder('attemptId'))),
)

export async function attemptRow(r: Reader | Writer, id: string): Promise<AttemptRow | null> {
  return (await rowById(r, { id }))[0] ?? null
}

export async function answersOf(r: Reader | Writer, attemptId: string): Promise<AnswerRow[]> {
  return answersByAttempt(r, { attemptId })
}

type AnswerStateRow = Pick<
  AnswerRow,
  'itemId' | 'revision' | 'contentHash' | 'receivedAt' | 'late' | 'flagged' | 'replies'
>
const answerStates = statement('attempt-answer-states', (q, { answers: t }) =>
  q
    .select({
      itemId: t.itemId,
      revision: t.revision,
      contentHash: t.contentHash,
      receivedAt: t.receivedAt,
      late: t.late,
      flagged: t.flagged,
      replies: t.replies,
    })
    .from(t)
    .where(eq(t.attemptId, sql.placeholder('attemptId'))),
)

export function attemptFrom(row: AttemptRow, answers: readonly AnswerStateRow[]): Attempt {
  const touched = answers.filter((a) => a.revision > 0 || a.flagged || a.replies.length > 0)
  return {
    ...withGrantsInOrder(row.state),
    setup: row.setup,
    seq: row.seq,
    answers: Object.fromEntries(
      touched.map((a) => [
        a.itemId,
        {
          revision: a.revision,
          contentHash: a.contentHash,
          savedAt: a.receivedAt?.getTime() ?? null,
          late: a.late,
          flagged: a.flagged,
          replies: a.replies,
        },
      ]),
    ),
  }
}

export async function loadAttempt(
  r: Reader | Writer,
  id: string,
): Promise<{ row: AttemptRow; attempt: Attempt } | null> {
  const row = await attemptRow(r, id)
  return row ? { row, attempt: attemptFrom(row, await answerStates(r, { attemptId: id })) } : null
}

const briefById = statement('attempt-brief', (q, { attempts: t }) =>
  q
    .select({ id: t.id, kind: t.kind, status: t.status, enrolmentId: t.enrolmentId, stageId: t.stageId })
    .from(t)
    .where(eq(t.id, sql.placeholder('id'))),
)
export type AttemptBrief = Pick<AttemptRow, 'id' | 'kind' | 'status' | 'enrolmentId' | 'stageId'>

/** What an attempt is of, without its state. */
export async function attemptBrief(r: Reader | Writer, id: string): Promise<AttemptBrief | null> {
  return (await briefById(r, { id }))[0] ?? null
}

/** The attempt without its answers: enough for events that touch none of them, as scoring and release. */
export async function loadWithoutAnswers(r: Reader | Writer, id: string): Promise<Attempt | null> {
  const row = await attemptRow(r, id)
  return row && attemptFrom(row, [])
}

const responsesByAttempt = statement('attempt-responses', (q, { answers: t }) =>
  q
    .select({ itemId: t.itemId, response: t.response })
    .from(t)
    .where(eq(t.attemptId, sql.placeholder('attemptId'))),
)

/** Item id → the stored answer, for scoring. */
export async function responsesOf(r: Reader | Writer, attemptId: string): Promise<Map<string, Response | null>> {
  return new Map((await responsesByAttempt(r, { attemptId })).map((row) => [row.itemId, row.response]))
}

/** `fallback` is the language chosen before the start, which the state learns from the first event. */
function columnsOf(attempt: Attempt, fallback: Locale = 'zh-CN') {
  const { setup: _setup, answers: _answers, ...rest } = attempt
  const head = headOf(attempt)
  const instant = (at: number | null) => (at === null ? null : new Date(at))
  return {
    status: attempt.status,
    head,
    state: rest satisfies AttemptRest,
    sessionId: attempt.sessionId,
    locale: attempt.locale ?? fallback,
    startedAt: instant(attempt.startedAt),
    finishedAt: instant(attempt.finishedAt),
    closingReason: attempt.closingReason,
    submittedAt: instant(attempt.submittedAt),
    scoredAt: instant(attempt.scoredAt),
    releasedAt: instant(attempt.releasedAt),
    sweepAt: instant(sweepDueAt(head)),
  }
}

export async function insertAttempt(
  w: Writer,
  input: {
    id: string
    enrolmentId: string
    personId: string
    stageId: string
    ordinal: number
    kind: AttemptRow['kind']
    setup: AttemptSetup
    locale: Locale
    attempt: Attempt
    now: Date
  },
): Promise<boolean> {
  const [inserted] = await w.q
    .insert(w.t.attempts)
    .values({
      id: input.id,
      enrolmentId: input.enrolmentId,
      personId: input.personId,
      stageId: input.stageId,
      ordinal: input.ordinal,
      kind: input.kind,
      setup: input.setup,
      createdAt: input.now,
      ...columnsOf(input.attempt, input.locale),
    })
    .onConflictDoNothing()
    .returning({ id: w.t.attempts.id })
  if (!inserted) return false
  await w.q.insert(w.t.attemptPulses).values({ attemptId: input.id, seq: input.attempt.seq, lastSeenAt: input.now })
  return true
}

/** Empty answer rows for a form; saves then only update. */
export async function insertAnswerRows(w: Writer, attemptId: string, setup: AttemptSetup): Promise<void> {
  const rows = setup.sections.flatMap((section) =>
    section.itemIds.map((itemId, index) => ({
      attemptId,
      itemId,
      sectionId: section.id,
      page: Math.floor(index / section.itemsPerPage),
      replies: [],
    })),
  )
  if (rows.length > 0) await w.q.insert(w.t.answers).values(rows)
}

const advance = statement('attempt-advance', (q, t) => {
  const { attempts: a } = t
  return q
    .update(a)
    .set({
      status: bound(a.status, 'status'),
      head: bound(a.head, 'head'),
      state: bound(a.state, 'state'),
      sessionId: bound(a.sessionId, 'sessionId'),
      locale: bound(a.locale, 'locale'),
      startedAt: bound(a.startedAt, 'startedAt'),
      finishedAt: bound(a.finishedAt, 'finishedAt'),
      closingReason: bound(a.closingReason, 'closingReason'),
      submittedAt: bound(a.submittedAt, 'submittedAt'),
      scoredAt: bound(a.scoredAt, 'scoredAt'),
      releasedAt: bound(a.releasedAt, 'releasedAt'),
      sweepAt: bound(a.sweepAt, 'sweepAt'),
    })
    .where(eq(a.id, sql.placeholder('id')))
})

/**
 * Appends what was decided on `before` and stores the state after it. If the attempt has moved meanwhile, the body runs
 * again.
 */
export async function appendEvents(
  w: Writer,
  before: Attempt,
  events: readonly AttemptEvent[],
  actorId: string | null,
  extra: { answers?: readonly SavedAnswer[]; seenAt?: Date; savedAt?: Date } = {},
): Promise<Attempt> {
  const after = evolveAll(before, events)
  const attemptId = before.setup.attemptId
  const [moved] = await movePulse(w, {
    id: attemptId,
    before: before.seq,
    seq: after.seq,
    seenAt: extra.seenAt ?? null,
    savedAt: extra.savedAt ?? null,
  })
  if (!moved) throw new LostRace()
  await advance(w, { ...columnsOf(after), id: attemptId })
  for (const event of events) await insertEvent(w, eventRow(attemptId, actorId, event))
  for (const answer of extra.answers ?? [])
    await writeAnswer(w, attemptId, answer, extra.savedAt ?? new Date(events.at(-1)?.at ?? 0))
  for (const event of events) {
    if (event.type === 'flagged') {
      await w.q
        .update(w.t.answers)
        .set({ flagged: event.flagged })
        .where(and(eq(w.t.answers.attemptId, attemptId), eq(w.t.answers.itemId, event.itemId)))
    } else if (event.type === 'answer_quarantined') {
      const replies = after.answers[event.itemId]?.replies ?? []
      await w.q
        .update(w.t.answers)
        .set({ replies: [...replies] })
        .where(and(eq(w.t.answers.attemptId, attemptId), eq(w.t.answers.itemId, event.itemId)))
    }
  }
  return after
}

/** The story of an attempt, in order. */
export async function eventsOf(r: Reader, attemptId: string): Promise<AttemptEvent[]> {
  const rows = await r.q
    .select()
    .from(r.t.attemptEvents)
    .where(eq(r.t.attemptEvents.attemptId, attemptId))
    .orderBy(asc(r.t.attemptEvents.seq))
  return rows.map(
    (row) => ({ ...row.data, seq: row.seq, at: row.at.getTime(), type: row.type }) as unknown as AttemptEvent,
  )
}

/** `<item> <hash>` of every version that was ever accepted. */
export async function savedHashes(r: Reader | Writer, attemptId: string): Promise<Set<string>> {
  const t = r.t.attemptEvents
  const rows = await r.q
    .select({ data: t.data })
    .from(t)
    .where(and(eq(t.attemptId, attemptId), eq(t.type, 'answer_saved')))
  return new Set(rows.map(({ data }) => `${data['itemId'] as string} ${data['contentHash'] as string}`))
}

export async function touchAttempt(w: Writer, id: string, now: Date): Promise<void> {
  await w.q.update(w.t.attemptPulses).set({ lastSeenAt: now }).where(eq(w.t.attemptPulses.attemptId, id))
}

export async function attemptsOfEnrolment(r: Reader | Writer, enrolmentId: string): Promise<AttemptRow[]> {
  return selectAttempts(r.q, r.t)
    .where(eq(r.t.attempts.enrolmentId, enrolmentId))
    .orderBy(asc(r.t.attempts.createdAt), asc(r.t.attempts.ordinal))
}

/** Running attempts whose time and allowance are over, earliest first. */
export async function dueForSweep(r: Reader, now: Date, limit: number): Promise<string[]> {
  const rows = await r.q
    .select({ id: r.t.attempts.id })
    .from(r.t.attempts)
    .where(lte(r.t.attempts.sweepAt, now))
    .orderBy(asc(r.t.attempts.sweepAt))
    .limit(limit)
  return rows.map((row) => row.id)
}

export async function runningAttempts(r: Reader): Promise<AttemptRow[]> {
  return selectAttempts(r.q, r.t)
    .where(eq(r.t.attempts.status, 'in_progress'))
    .orderBy(asc(r.t.attempts.startedAt), asc(r.t.attempts.id))
}
