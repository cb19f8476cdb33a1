/** Facts about this installation that services ask for. */
import { and, eq, inArray, like } from 'drizzle-orm'
import type { Reader, Writer } from '../store.server.ts'

const CLOCK_ALARM = 'clock_alarm'

/** `seenAt`: the last time that the clock is known to have shown since. */
export type KeptClockAlarm = { alarmId: string; raisedAt: number; stepMs: number; seenAt: number }
export type ClockSetting = KeptClockAlarm & { status: 'raised' | 'confirmed' }

/** The last alarm of the wall clock, confirmed or not; null where there never was one. */
export async function lastClockAlarm(r: Reader | Writer): Promise<ClockSetting | null> {
  const [row] = await r.q.select({ value: r.t.settings.value }).from(r.t.settings).where(eq(r.t.settings.key, CLOCK_ALARM))
  return (row?.value as ClockSetting | undefined) ?? null
}

/** The unconfirmed alarm, or null. */
export async function readClockAlarm(r: Reader | Writer): Promise<KeptClockAlarm | null> {
  const last = await lastClockAlarm(r)
  return last?.status === 'raised' ? { alarmId: last.alarmId, raisedAt: last.raisedAt, stepMs: last.stepMs, seenAt: last.seenAt } : null
}

export async function keepClockAlarm(w: Writer, alarm: KeptClockAlarm): Promise<void> {
  const set = { value: { ...alarm, status: 'raised' }, updatedAt: new Date(alarm.raisedAt) }
  await w.q.insert(w.t.settings).values({ key: CLOCK_ALARM, ...set }).onConflictDoUpdate({ target: w.t.settings.key, set })
}

/** Moves `seenAt` of an alarm that still waits. */
export async function touchClockAlarm(w: Writer, alarmId: string, at: Date): Promise<void> {
  const alarm = await readClockAlarm(w)
  if (alarm?.alarmId !== alarmId) return
  await w.q.update(w.t.settings).set({ value: { ...alarm, seenAt: at.getTime(), status: 'raised' }, updatedAt: at }).where(eq(w.t.settings.key, CLOCK_ALARM))
}

/** Is a note about this confirmation still to be written into an attempt. One that failed for good holds nothing up. */
export async function clockNotesDue(r: Reader, alarmId: string): Promise<boolean> {
  const t = r.t.jobs
  const rows = await r.q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.kind, 'note-clock'), inArray(t.status, ['queued', 'running']), like(t.dedupeKey, `clock:${alarmId}:clock_confirmed:%`)))
    .limit(1)
  return rows.length > 0
}

/** raised → confirmed; null where there was no alarm. */
export async function confirmClock(w: Writer, at: Date): Promise<KeptClockAlarm | null> {
  const alarm = await readClockAlarm(w)
  if (!alarm) return null
  await w.q.update(w.t.settings).set({ value: { ...alarm, status: 'confirmed' }, updatedAt: at }).where(eq(w.t.settings.key, CLOCK_ALARM))
  return alarm
}
