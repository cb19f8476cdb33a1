/** Read models of people: what belongs to the enrolments of one person. */
import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Reader } from '../store.server.ts'

/** The latest invitation of each enrolment. */
export async function latestInvitations(r: Reader, enrolmentIds: string[]) {
  const latest = new Map<string, Reader['t']['invitations']['$inferSelect']>()
  if (enrolmentIds.length === 0) return latest
  const rows = await r.q
    .select()
    .from(r.t.invitations)
    .where(inArray(r.t.invitations.enrolmentId, enrolmentIds))
    .orderBy(desc(r.t.invitations.createdAt), desc(r.t.invitations.id))
  // The one that is in use comes before those that were ended in the same instant.
  for (const row of rows) {
    const known = latest.get(row.enrolmentId)
    if (!known || (known.endedAt !== null && row.endedAt === null)) latest.set(row.enrolmentId, row)
  }
  return latest
}

/** Attempts of some enrolments with what was released, earliest first. */
export async function attemptsWithReleases(r: Reader, enrolmentIds: string[]) {
  if (enrolmentIds.length === 0) return []
  return r.q
    .select({ attempt: r.t.attempts, outcome: r.t.releases.outcome })
    .from(r.t.attempts)
    .leftJoin(r.t.releases, eq(r.t.releases.attemptId, r.t.attempts.id))
    .where(inArray(r.t.attempts.enrolmentId, enrolmentIds))
    .orderBy(r.t.attempts.createdAt, r.t.attempts.ordinal)
}

/** Mails of a kind that carries a link, newest first, with the link's own fate. */
export async function mailsWithInvitations(r: Reader, limit: number) {
  return r.q
    .select({ mail: r.t.mails, invitation: r.t.invitations })
    .from(r.t.mails)
    .leftJoin(r.t.invitations, eq(r.t.invitations.id, r.t.mails.invitationId))
    .orderBy(desc(r.t.mails.createdAt), desc(r.t.mails.id))
    .limit(limit)
}

/** Mails that wait for somebody to hand their link over: held, their link still valid, never used. */
export async function heldMails(r: Reader, now: Date): Promise<number> {
  const rows = await r.q
    .select({
      id: r.t.mails.id,
      endedAt: r.t.invitations.endedAt,
      useCount: r.t.invitations.useCount,
      expiresAt: r.t.invitations.expiresAt,
    })
    .from(r.t.mails)
    .leftJoin(r.t.invitations, eq(r.t.invitations.id, r.t.mails.invitationId))
    .where(and(eq(r.t.mails.status, 'held')))
    .limit(2000)
  return rows.filter(
    (row) => row.endedAt === null && (row.useCount ?? 0) === 0 && (row.expiresAt === null || row.expiresAt > now),
  ).length
}
