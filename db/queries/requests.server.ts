/**
 * Read models of what waits for an officer or supervisor: accommodations and identity checks. What waits is never cut
 * off by what is done.
 */
import { and, asc, count, desc, eq, ne } from 'drizzle-orm'
import type { Reader } from '../store.server.ts'

const DONE_SHOWN = 100

export async function accommodationRequests(r: Reader) {
  const rows = (waiting: boolean) =>
    r.q
      .select({
        accommodation: r.t.accommodations,
        reason: r.t.accommodationReasons,
        personId: r.t.enrolments.personId,
        programmeVersionId: r.t.enrolments.programmeVersionId,
      })
      .from(r.t.accommodations)
      .innerJoin(r.t.enrolments, eq(r.t.enrolments.id, r.t.accommodations.enrolmentId))
      .leftJoin(r.t.accommodationReasons, eq(r.t.accommodationReasons.accommodationId, r.t.accommodations.id))
      .where(waiting ? eq(r.t.accommodations.status, 'requested') : ne(r.t.accommodations.status, 'requested'))
  const [waiting, done] = await Promise.all([
    rows(true).orderBy(asc(r.t.accommodations.requestedAt)),
    rows(false).orderBy(desc(r.t.accommodations.requestedAt)).limit(DONE_SHOWN),
  ])
  return [...waiting, ...done]
}

export async function identityChecks(r: Reader) {
  const rows = (waiting: boolean) =>
    r.q
      .select({
        check: r.t.identityChecks,
        personId: r.t.enrolments.personId,
        programmeVersionId: r.t.enrolments.programmeVersionId,
      })
      .from(r.t.identityChecks)
      .innerJoin(r.t.enrolments, eq(r.t.enrolments.id, r.t.identityChecks.enrolmentId))
      .where(waiting ? eq(r.t.identityChecks.status, 'waiting') : ne(r.t.identityChecks.status, 'waiting'))
  const [waiting, done] = await Promise.all([
    rows(true).orderBy(asc(r.t.identityChecks.enrolmentId)),
    rows(false).orderBy(desc(r.t.identityChecks.confirmedAt)).limit(DONE_SHOWN),
  ])
  return [...waiting, ...done]
}

/** How many requests for an accommodation wait, but for the reader's own. */
export async function waitingAccommodations(r: Reader, exceptPersonId: string): Promise<number> {
  const [row] = await r.q
    .select({ n: count() })
    .from(r.t.accommodations)
    .innerJoin(r.t.enrolments, eq(r.t.enrolments.id, r.t.accommodations.enrolmentId))
    .where(and(eq(r.t.accommodations.status, 'requested'), ne(r.t.enrolments.personId, exceptPersonId)))
  return row?.n ?? 0
}

/** How many identity checks wait, but for the reader's own. */
export async function waitingIdentityChecks(r: Reader, exceptPersonId: string): Promise<number> {
  const [row] = await r.q
    .select({ n: count() })
    .from(r.t.identityChecks)
    .innerJoin(r.t.enrolments, eq(r.t.enrolments.id, r.t.identityChecks.enrolmentId))
    .where(and(eq(r.t.identityChecks.status, 'waiting'), ne(r.t.enrolments.personId, exceptPersonId)))
  return row?.n ?? 0
}
