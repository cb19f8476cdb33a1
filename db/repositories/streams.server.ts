// Rows of the append-only streams. A stream numbers its events by itself.
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { statement, type Reader, type Writer } from '../store.server.ts'
import type { JsonObject } from '../tables.server.ts'

const insertEvent = statement('stream-append', (q, { streamEvents: t }) =>
  q
    .insert(t)
    .values({
      streamId: sql.placeholder('streamId'),
      seq: sql`(select coalesce(max(seq), 0) + 1 from ${t} where ${t.streamId} = ${sql.placeholder('streamId')})`,
      type: sql.placeholder('type'),
      data: sql.placeholder('data'),
      at: sql.placeholder('at'),
    })
    .onConflictDoNothing()
    .returning({ seq: t.seq }),
)
const eventsAfter = statement('stream-after', (q, { streamEvents: t }) =>
  q
    .select({ seq: t.seq, type: t.type, data: t.data })
    .from(t)
    .where(and(eq(t.streamId, sql.placeholder('streamId')), gt(t.seq, sql.placeholder('after'))))
    .orderBy(asc(t.seq))
    .limit(STREAM_BATCH),
)

/** A read gives at most this many events. */
export const STREAM_BATCH = 200

export type StreamEvent = { seq: number; type: string; data: JsonObject }

/** Adds an event at the next free number and gives that number; null where another transaction took it first. */
export async function insertStreamEvent(
  w: Writer,
  event: { streamId: string; type: string; data: JsonObject; at: Date },
): Promise<number | null> {
  const [inserted] = await insertEvent(w, event)
  return inserted?.seq ?? null
}

/** What came after a number, oldest first. */
export const streamEventsAfter = (r: Reader, streamId: string, after: number): Promise<StreamEvent[]> =>
  eventsAfter(r, { streamId, after })
