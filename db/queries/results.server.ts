/** Read models of results: closed attempts with programme and release, and when somebody last opened the evidence. */
import { and, desc, eq } from 'drizzle-orm'
import type { Reader } from '../store.server.ts'

export async function closedAttempts(r: Reader) {
  return r.q
    .select({ attempt: r.t.attempts, programmeVersionId: r.t.enrolments.programmeVersionId, outcome: r.t.releases.outcome })
    .from(r.t.attempts)
    .innerJoin(r.t.enrolments, eq(r.t.enrolments.id, r.t.attempts.enrolmentId))
    .leftJoin(r.t.releases, eq(r.t.releases.attemptId, r.t.attempts.id))
    .where(eq(r.t.attempts.status, 'closed'))
    .orderBy(desc(r.t.attempts.finishedAt), desc(r.t.attempts.id))
    .limit(500)
}

/** When this person last opened the evidence of an attempt, by the audit trail; null if never. */
export async function lastSeenEvidence(r: Reader, personId: string, attemptId: string): Promise<Date | null> {
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
