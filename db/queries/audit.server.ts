/** Read models of the audit trail. */
import { and, asc, desc, eq, lt } from 'drizzle-orm'
import type { Reader } from '../store.server.ts'

/** The latest entries before a number, newest first. */
export async function auditPage(
  r: Reader,
  filter: { subjectType: string | null; subjectId: string | null; before: number | null },
  limit: number,
) {
  const t = r.t.auditEvents
  return r.q
    .select()
    .from(t)
    .where(
      and(
        filter.subjectType === null ? undefined : eq(t.subjectType, filter.subjectType),
        filter.subjectId === null ? undefined : eq(t.subjectId, filter.subjectId),
        filter.before === null ? undefined : lt(t.seq, filter.before),
      ),
    )
    .orderBy(desc(t.seq))
    .limit(limit)
}

/** What entries are about. */
export async function auditSubjectTypes(r: Reader): Promise<string[]> {
  const rows = await r.q
    .selectDistinct({ type: r.t.auditEvents.subjectType })
    .from(r.t.auditEvents)
    .orderBy(asc(r.t.auditEvents.subjectType))
  return rows.map((row) => row.type)
}
