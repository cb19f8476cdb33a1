/** Rows of enrolments, their invitations, consents, accommodations and identity checks. */
import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import { statement, type Reader, type Writer } from '../store.server.ts'

export async function insertEnrolment(w: Writer, row: Writer['t']['enrolments']['$inferInsert']): Promise<void> {
  await w.q.insert(w.t.enrolments).values(row)
}

const byId = statement('enrolment-by-id', (q, { enrolments: t }) =>
  q
    .select()
    .from(t)
    .where(eq(t.id, sql.placeholder('id'))),
)

export async function enrolmentById(r: Reader, id: string) {
  return (await byId(r, { id }))[0] ?? null
}

export async function enrolmentsOf(r: Reader | Writer, personId: string) {
  return r.q
    .select()
    .from(r.t.enrolments)
    .where(eq(r.t.enrolments.personId, personId))
    .orderBy(desc(r.t.enrolments.createdAt))
}

export async function insertInvitation(w: Writer, row: Writer['t']['invitations']['$inferInsert']): Promise<void> {
  await w.q.insert(w.t.invitations).values(row)
}

export async function invitationByTokenHash(r: Reader, tokenHash: string) {
  const [row] = await r.q.select().from(r.t.invitations).where(eq(r.t.invitations.tokenHash, tokenHash))
  return row ?? null
}

export async function invitationById(r: Reader, id: string) {
  const [row] = await r.q.select().from(r.t.invitations).where(eq(r.t.invitations.id, id))
  return row ?? null
}

export async function noteInvitationUse(w: Writer, id: string, now: Date): Promise<void> {
  await w.q
    .update(w.t.invitations)
    .set({ lastUsedAt: now, useCount: sql`${w.t.invitations.useCount} + 1` })
    .where(eq(w.t.invitations.id, id))
}

/** Ends every open invitation of an enrolment: a new link replaces the old one. */
export async function endInvitations(w: Writer, enrolmentId: string, now: Date): Promise<void> {
  await w.q
    .update(w.t.invitations)
    .set({ endedAt: now })
    .where(and(eq(w.t.invitations.enrolmentId, enrolmentId), isNull(w.t.invitations.endedAt)))
}

export async function insertConsent(w: Writer, row: Writer['t']['consents']['$inferInsert']): Promise<void> {
  await w.q.insert(w.t.consents).values(row)
}

/** The latest word on each consent of an enrolment, by consent id. */
export async function consentsOf(r: Reader, enrolmentId: string) {
  const rows = await r.q
    .select()
    .from(r.t.consents)
    .where(eq(r.t.consents.enrolmentId, enrolmentId))
    .orderBy(asc(r.t.consents.at), asc(r.t.consents.id))
  return new Map(rows.map((row) => [row.consentId, row]))
}

export async function accommodationOf(r: Reader | Writer, enrolmentId: string) {
  const [row] = await r.q.select().from(r.t.accommodations).where(eq(r.t.accommodations.enrolmentId, enrolmentId))
  return row ?? null
}

/** The check that has not been used by an attempt, if there is one. */
export async function identityCheckOf(r: Reader | Writer, enrolmentId: string) {
  const [row] = await r.q
    .select()
    .from(r.t.identityChecks)
    .where(and(eq(r.t.identityChecks.enrolmentId, enrolmentId), isNull(r.t.identityChecks.attemptId)))
  return row ?? null
}
