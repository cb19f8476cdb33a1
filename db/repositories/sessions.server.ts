/** Rows of sessions. A session is found by the hash of its token. */
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Role } from '../../app/core/access/actor.ts'
import { bound } from '../dialect/sql.server.ts'
import { statement, type Reader, type Writer } from '../store.server.ts'

const byId = statement('session-by-id', (q, t) =>
  q
    .select({
      personId: t.sessions.personId,
      origin: t.sessions.origin,
      enrolmentId: t.sessions.enrolmentId,
      lastSeenAt: t.sessions.lastSeenAt,
      role: t.personRoles.role,
    })
    .from(t.sessions)
    .innerJoin(t.people, and(eq(t.people.id, t.sessions.personId), eq(t.people.status, 'active')))
    .leftJoin(t.personRoles, eq(t.personRoles.personId, t.sessions.personId))
    .where(
      and(
        eq(t.sessions.id, sql.placeholder('id')),
        isNull(t.sessions.revokedAt),
        gt(t.sessions.expiresAt, bound(t.sessions.expiresAt, 'now')),
      ),
    ),
)

/** The running session of an active account with all its roles, or null. */
export async function loadSession(r: Reader, id: string, now: Date) {
  const rows = await byId(r, { id, now })
  const first = rows[0]
  if (!first) return null
  return { ...first, roles: rows.map((row) => row.role).filter((role): role is Role => role !== null) }
}

export async function insertSession(w: Writer, row: Writer['t']['sessions']['$inferInsert']): Promise<void> {
  await w.q.insert(w.t.sessions).values(row)
}

export async function touchSession(w: Writer, id: string, now: Date): Promise<void> {
  await w.q.update(w.t.sessions).set({ lastSeenAt: now }).where(eq(w.t.sessions.id, id))
}

export async function revokeSession(w: Writer, id: string, now: Date): Promise<void> {
  await w.q
    .update(w.t.sessions)
    .set({ revokedAt: now })
    .where(and(eq(w.t.sessions.id, id), isNull(w.t.sessions.revokedAt)))
}

/** Ends every running session of a person; returns how many there were. */
export async function revokeSessionsOf(w: Writer, personId: string, now: Date): Promise<number> {
  const ended = await w.q
    .update(w.t.sessions)
    .set({ revokedAt: now })
    .where(and(eq(w.t.sessions.personId, personId), isNull(w.t.sessions.revokedAt)))
    .returning({ id: w.t.sessions.id })
  return ended.length
}

/** Ends every running session that began with a password; returns how many there were. */
export async function revokePasswordSessions(w: Writer, now: Date): Promise<number> {
  const ended = await w.q
    .update(w.t.sessions)
    .set({ revokedAt: now })
    .where(and(eq(w.t.sessions.origin, 'password'), isNull(w.t.sessions.revokedAt)))
    .returning({ id: w.t.sessions.id })
  return ended.length
}
