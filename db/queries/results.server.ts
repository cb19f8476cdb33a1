/**
 * Read models of results: closed attempts with programme and release, their latest scores, and when somebody last
 * opened the evidence.
 */
import { and, desc, eq, getTableColumns, inArray, isNull } from 'drizzle-orm'
import type { Reader, Writer } from '../store.server.ts'

export async function closedAttempts(r: Reader) {
  return r.q
    .select({
      attempt: r.t.attempts,
      programmeVersionId: r.t.enrolments.programmeVersionId,
      programmeId: r.t.enrolments.programmeId,
      outcome: r.t.releases.outcome,
    })
    .from(r.t.attempts)
    .innerJoin(r.t.enrolments, eq(r.t.enrolments.id, r.t.attempts.enrolmentId))
    .leftJoin(r.t.releases, eq(r.t.releases.attemptId, r.t.attempts.id))
    .where(eq(r.t.attempts.status, 'closed'))
    .orderBy(desc(r.t.attempts.finishedAt), desc(r.t.attempts.id))
    .limit(500)
}

/** Attempt id → its latest score, without the items. */
export async function latestScores(r: Reader, attemptIds: string[]) {
  const { items: _items, ...columns } = getTableColumns(r.t.scores)
  const latest = new Map<string, Omit<Reader['t']['scores']['$inferSelect'], 'items'>>()
  if (attemptIds.length === 0) return latest
  for (const row of await r.q.select(columns).from(r.t.scores).where(inArray(r.t.scores.attemptId, attemptIds))) {
    if ((latest.get(row.attemptId)?.number ?? 0) < row.number) latest.set(row.attemptId, row)
  }
  return latest
}

/**
 * Attempts that can be released: scored, not released. Who they belong to, because nobody handles a result of their
 * own.
 */
export async function readyForRelease(r: Reader) {
  const rows = await r.q
    .select({ attemptId: r.t.attempts.id, ownerId: r.t.attempts.personId, scoredAt: r.t.attempts.scoredAt })
    .from(r.t.attempts)
    .where(and(eq(r.t.attempts.status, 'closed'), isNull(r.t.attempts.releasedAt)))
    .limit(500)
  return rows.filter((row) => row.scoredAt !== null)
}

/** Late texts that nobody has decided on, by attempt. */
export async function undecidedQuarantine(r: Reader, attemptIds?: string[]): Promise<Map<string, number>> {
  const t = r.t.quarantinedAnswers
  if (attemptIds?.length === 0) return new Map()
  const rows = await r.q
    .select({ attemptId: t.attemptId })
    .from(t)
    .where(attemptIds ? and(isNull(t.decision), inArray(t.attemptId, attemptIds)) : isNull(t.decision))
    .limit(5000)
  const counts = new Map<string, number>()
  for (const { attemptId } of rows) counts.set(attemptId, (counts.get(attemptId) ?? 0) + 1)
  return counts
}

/** When this person last opened the evidence of an attempt, by the audit trail; null if never. */
export async function lastSeenEvidence(r: Reader | Writer, personId: string, attemptId: string): Promise<Date | null> {
  const [row] = await r.q
    .select({ at: r.t.auditEvents.at })
    .from(r.t.auditEvents)
    .where(
      and(
        eq(r.t.auditEvents.subjectType, 'attempt'),
        eq(r.t.auditEvents.subjectId, attemptId),
        eq(r.t.auditEvents.actorId, personId),
        eq(r.t.auditEvents.action, 'evidence.opened'),
      ),
    )
    .orderBy(desc(r.t.auditEvents.seq))
    .limit(1)
  return row?.at ?? null
}

/** Attempt id → whom it is about. */
export async function ownersOf(r: Reader, attemptIds: string[]): Promise<Map<string, string>> {
  if (attemptIds.length === 0) return new Map()
  const rows = await r.q
    .select({ id: r.t.attempts.id, personId: r.t.attempts.personId })
    .from(r.t.attempts)
    .where(inArray(r.t.attempts.id, attemptIds))
  return new Map(rows.map((row) => [row.id, row.personId]))
}
