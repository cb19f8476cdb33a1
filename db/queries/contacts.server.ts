/** What the interviewers' room reads about mock scenarios: who may be next, and which contacts somebody plays. */
import { and, asc, desc, eq, gt, lte, ne } from 'drizzle-orm'
import type { Reader } from '../store.server.ts'

/** Open enrolments of other people whose window has begun and not ended. */
export async function enrolmentsInWindow(r: Reader, exceptPersonId: string, now: Date) {
  return r.q
    .select()
    .from(r.t.enrolments)
    .where(
      and(
        eq(r.t.enrolments.status, 'open'),
        ne(r.t.enrolments.personId, exceptPersonId),
        lte(r.t.enrolments.opensAt, now),
        gt(r.t.enrolments.closesAt, now),
      ),
    )
    .orderBy(asc(r.t.enrolments.id))
}

/** Contacts of an interviewer with the enrolment they belong to, the latest first. */
export async function contactsOfInterviewer(r: Reader, interviewerId: string) {
  return r.q
    .select({ contact: r.t.contacts, enrolmentId: r.t.attempts.enrolmentId, attemptStatus: r.t.attempts.status })
    .from(r.t.contacts)
    .innerJoin(r.t.attempts, eq(r.t.attempts.id, r.t.contacts.attemptId))
    .where(eq(r.t.contacts.interviewerId, interviewerId))
    .orderBy(desc(r.t.contacts.createdAt), desc(r.t.contacts.id))
    .limit(100)
}

/** Content ids of the scenarios that a person has met. */
export async function scenariosMetBy(r: Reader, personId: string): Promise<Set<string>> {
  const rows = await r.q
    .selectDistinct({ contentId: r.t.contentVersions.contentId })
    .from(r.t.contacts)
    .innerJoin(r.t.attempts, eq(r.t.attempts.id, r.t.contacts.attemptId))
    .innerJoin(r.t.contentVersions, eq(r.t.contentVersions.id, r.t.contacts.scenarioVersionId))
    .where(eq(r.t.attempts.personId, personId))
  return new Set(rows.map((row) => row.contentId))
}
