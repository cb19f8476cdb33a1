/** Decisions on accommodations and on identity checks; of two that are made at once, one wins. */
import { and, eq, inArray, isNotNull, isNull, lte, notExists, or } from 'drizzle-orm'
import type { Reader, Writer } from '../store.server.ts'

export type Terms = { factor: number; extraMs: number; unlimited: boolean; breakAllowanceMs: number }

/** The person whom a request is about; null where there is no such request. */
export async function accommodationOwner(r: Reader | Writer, id: string): Promise<string | null> {
  const [row] = await r.q
    .select({ personId: r.t.enrolments.personId })
    .from(r.t.accommodations)
    .innerJoin(r.t.enrolments, eq(r.t.enrolments.id, r.t.accommodations.enrolmentId))
    .where(eq(r.t.accommodations.id, id))
  return row?.personId ?? null
}

export async function accommodationById(r: Reader | Writer, id: string) {
  const [row] = await r.q.select().from(r.t.accommodations).where(eq(r.t.accommodations.id, id))
  return row ?? null
}

type Decided = Terms & { status: 'granted' | 'declined'; decidedBy: string; decidedAt: Date }

/** requested → granted or declined; false when somebody decided it before. */
export async function decideAccommodation(w: Writer, id: string, set: Decided): Promise<boolean> {
  const a = w.t.accommodations
  const [row] = await w.q
    .update(a)
    .set(set)
    .where(and(eq(a.id, id), eq(a.status, 'requested'), isNull(a.decidedAt)))
    .returning({ id: a.id })
  return row !== undefined
}

/**
 * Puts a decision in the place of the one made at `former`; false when that stands no longer, or while an attempt is
 * running on it.
 */
export async function correctAccommodation(w: Writer, id: string, former: Date, set: Decided): Promise<boolean> {
  const { accommodations: a, attempts } = w.t
  const running = w.q
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(eq(attempts.enrolmentId, a.enrolmentId), eq(attempts.status, 'in_progress')))
  const [row] = await w.q
    .update(a)
    .set(set)
    .where(and(eq(a.id, id), inArray(a.status, ['granted', 'declined']), eq(a.decidedAt, former), notExists(running)))
    .returning({ id: a.id })
  return row !== undefined
}

export async function answerAccommodation(w: Writer, accommodationId: string, answer: string | null): Promise<void> {
  await w.q
    .update(w.t.accommodationReasons)
    .set({ answer })
    .where(eq(w.t.accommodationReasons.accommodationId, accommodationId))
}

/** waiting → confirmed, once. Characters of the paper are kept only with the candidate's consent, and not for ever. */
export async function confirmIdentity(
  w: Writer,
  enrolmentId: string,
  set: {
    status: 'confirmed' | 'confirmed_in_person'
    supervisorId: string
    confirmedAt: Date
    documentType: string | null
    lastCharacters: string | null
    eraseAfter: Date | null
  },
): Promise<boolean> {
  const [row] = await w.q
    .update(w.t.identityChecks)
    .set(set)
    .where(and(eq(w.t.identityChecks.enrolmentId, enrolmentId), eq(w.t.identityChecks.status, 'waiting')))
    .returning({ id: w.t.identityChecks.enrolmentId })
  return row !== undefined
}

/** Erases what is noted for one enrolment; false where nothing was. */
export async function eraseIdentityOf(w: Writer, enrolmentId: string): Promise<boolean> {
  const rows = await w.q
    .update(w.t.identityChecks)
    .set({ documentType: null, lastCharacters: null, eraseAfter: null })
    .where(and(eq(w.t.identityChecks.enrolmentId, enrolmentId), isNotNull(w.t.identityChecks.lastCharacters)))
    .returning({ id: w.t.identityChecks.enrolmentId })
  return rows.length > 0
}

/** Erases the characters whose retention is over; returns how many. */
export async function eraseIdentityCharacters(w: Writer, now: Date): Promise<number> {
  const rows = await w.q
    .update(w.t.identityChecks)
    .set({ documentType: null, lastCharacters: null, eraseAfter: null })
    .where(
      and(
        lte(w.t.identityChecks.eraseAfter, now),
        or(eq(w.t.identityChecks.status, 'confirmed'), eq(w.t.identityChecks.status, 'confirmed_in_person')),
      ),
    )
    .returning({ id: w.t.identityChecks.enrolmentId })
  return rows.length
}
