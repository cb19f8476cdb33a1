import { count } from 'drizzle-orm'
import type { Reader } from '../store.server.ts'

/** Number of accounts; none means that this installation is new. */
export async function peopleCount(r: Reader): Promise<number> {
  const [row] = await r.q.select({ n: count() }).from(r.t.people)
  return row?.n ?? 0
}
