/** Facts about this installation that services ask for. */
import { eq } from 'drizzle-orm'
import type { Reader, Writer } from '../store.server.ts'

const CLOCK_ALARM = 'clock_alarm'

/** The unconfirmed alarm of the wall clock, or null. */
export async function readClockAlarm(r: Reader | Writer): Promise<{ raisedAt: number; stepMs: number } | null> {
  const [row] = await r.q.select({ value: r.t.settings.value }).from(r.t.settings).where(eq(r.t.settings.key, CLOCK_ALARM))
  const value = row?.value
  if (!value || value['status'] !== 'raised') return null
  return { raisedAt: Number(value['raisedAt']), stepMs: Number(value['stepMs']) }
}

/** raised → confirmed; false where there was no alarm. */
export async function confirmClock(w: Writer, at: Date): Promise<boolean> {
  const alarm = await readClockAlarm(w)
  if (!alarm) return false
  await w.q.update(w.t.settings).set({ value: { ...alarm, status: 'confirmed' }, updatedAt: at }).where(eq(w.t.settings.key, CLOCK_ALARM))
  return true
}
