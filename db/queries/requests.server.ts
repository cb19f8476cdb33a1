/** Read models of what waits for an officer or supervisor: accommodations and identity checks. */
import { asc, desc, eq } from 'drizzle-orm'
import type { Reader } from '../store.server.ts'

export async function accommodationRequests(r: Reader) {
  return r.q
    .select({ accommodation: r.t.accommodations, reason: r.t.accommodationReasons, personId: r.t.enrolments.personId, programmeVersionId: r.t.enrolments.programmeVersionId })
    .from(r.t.accommodations)
    .innerJoin(r.t.enrolments, eq(r.t.enrolments.id, r.t.accommodations.enrolmentId))
    .leftJoin(r.t.accommodationReasons, eq(r.t.accommodationReasons.accommodationId, r.t.accommodations.id))
    .orderBy(desc(r.t.accommodations.requestedAt))
    .limit(200)
}

export async function identityChecks(r: Reader) {
  return r.q
    .select({ check: r.t.identityChecks, personId: r.t.enrolments.personId, programmeVersionId: r.t.enrolments.programmeVersionId })
    .from(r.t.identityChecks)
    .innerJoin(r.t.enrolments, eq(r.t.enrolments.id, r.t.identityChecks.enrolmentId))
    .orderBy(asc(r.t.identityChecks.confirmedAt), asc(r.t.identityChecks.enrolmentId))
    .limit(200)
}
