/** Facts about this installation that services ask for. */
import { eq } from 'drizzle-orm'
import type { Reader, Writer } from '../store.server.ts'

const CLOCK_ALARM = 'clock_alarm'

export type KeptClockAlarm = { alarmId: string; raisedAt: number; stepMs: number }
export type ClockSetting = KeptClockAlarm & { status: 'raised' | 'confirmed' }

/** The last alarm of the wall clock, confirmed or not; null where there never was one. */
export async function lastClockAlarm(r: Reader | Writer): Promise<ClockSetting | null> {
  const [row] = await r.q.select({ value: r.t.settings.value }).from(r.t.settings).where(eq(r.t.settings.key, CLOCK_ALARM))
  return (row?.value as ClockSetting | undefined) ?? null
}

/** The unconfirmed alarm, or null. */
export async function readClockAlarm(r: Reader | Writer): Promise<KeptClockAlarm | null> {
  const last = await lastClockAlarm(r)
  return last?.status === 'raised' ? { alarmId: last.alarmId, raisedAt: last.raisedAt, stepMs: last.stepMs } : null
}

export async function keepClockAlarm(w: Writer, alarm: KeptClockAlarm): Promise<void> {
  const set = { value: { ...alarm, status: 'raised' }, updatedAt: new Date(alarm.raisedAt) }
  await w.q.insert(w.t.settings).values({ key: CLOCK_ALARM, ...set }).onConflictDoUpdate({ target: w.t.settings.key, set })
}

/** raised → confirmed; null where there was no alarm. */
export async function confirmClock(w: Writer, at: Date): Promise<KeptClockAlarm | null> {
  const alarm = await readClockAlarm(w)
  if (!alarm) return null
  await w.q.update(w.t.settings).set({ value: { ...alarm, status: 'confirmed' }, updatedAt: at }).where(eq(w.t.settings.key, CLOCK_ALARM))
  return alarm
}
