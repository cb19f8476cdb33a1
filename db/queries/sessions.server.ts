import { and, count, eq, gt, isNull } from 'drizzle-orm'
import type { Reader } from '../store.server.ts'

/** How many devices hold a running session of this enrolment. */
export async function runningSessionsOfEnrolment(r: Reader, enrolmentId: string, now: Date): Promise<number> {
  const [row] = await r.q
    .select({ n: count() })
    .from(r.t.sessions)
    .where(
      and(eq(r.t.sessions.enrolmentId, enrolmentId), isNull(r.t.sessions.revokedAt), gt(r.t.sessions.expiresAt, now)),
    )
  return row?.n ?? 0
}
