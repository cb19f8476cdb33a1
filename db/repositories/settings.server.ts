/** Facts about this installation that services ask for. */
import { and, eq, inArray, like, sql } from 'drizzle-orm'
import { excluded } from '../dialect/sql.server.ts'
import { statement, StoreError, type Reader, type Writer } from '../store.server.ts'

const CLOCK_ALARM = 'clock_alarm'

/** `seenAt`: the last time that the clock is known to have shown since. */
export type KeptClockAlarm = { alarmId: string; raisedAt: number; stepMs: number; seenAt: number }
export type ClockSetting = KeptClockAlarm & { status: 'raised' | 'confirmed' }

/** The last alarm of the wall clock, confirmed or not; null where there never was one. */
export async function lastClockAlarm(r: Reader | Writer): Promise<ClockSetting | null> {
  const [row] = await r.q
    .select({ value: r.t.settings.value })
    .from(r.t.settings)
    .where(eq(r.t.settings.key, CLOCK_ALARM))
  return (row?.value as ClockSetting | undefined) ?? null
}

/** The unconfirmed alarm, or null. */
export async function readClockAlarm(r: Reader | Writer): Promise<KeptClockAlarm | null> {
  const last = await lastClockAlarm(r)
  return last?.status === 'raised'
    ? { alarmId: last.alarmId, raisedAt: last.raisedAt, stepMs: last.stepMs, seenAt: last.seenAt }
    : null
}

export async function keepClockAlarm(w: Writer, alarm: KeptClockAlarm): Promise<void> {
  const set = { value: { ...alarm, status: 'raised' }, updatedAt: new Date(alarm.raisedAt) }
  await w.q
    .insert(w.t.settings)
    .values({ key: CLOCK_ALARM, ...set })
    .onConflictDoUpdate({ target: w.t.settings.key, set })
}

/** Moves `seenAt` of an alarm that still waits. */
export async function touchClockAlarm(w: Writer, alarmId: string, at: Date): Promise<void> {
  const alarm = await readClockAlarm(w)
  if (alarm?.alarmId !== alarmId) return
  await w.q
    .update(w.t.settings)
    .set({ value: { ...alarm, seenAt: at.getTime(), status: 'raised' }, updatedAt: at })
    .where(eq(w.t.settings.key, CLOCK_ALARM))
}

/**
 * Whether a note about this confirmation is still to be written into an attempt. One that failed for good holds nothing
 * up.
 */
export async function clockNotesDue(r: Reader, alarmId: string): Promise<boolean> {
  const t = r.t.jobs
  const rows = await r.q
    .select({ id: t.id })
    .from(t)
    .where(
      and(
        eq(t.kind, 'note-clock'),
        inArray(t.status, ['queued', 'running']),
        like(t.dedupeKey, `clock:${alarmId}:clock_confirmed:%`),
      ),
    )
    .limit(1)
  return rows.length > 0
}

/** raised → confirmed; null where there was no alarm. */
export async function confirmClock(w: Writer, at: Date): Promise<KeptClockAlarm | null> {
  const alarm = await readClockAlarm(w)
  if (!alarm) return null
  await w.q
    .update(w.t.settings)
    .set({ value: { ...alarm, status: 'confirmed' }, updatedAt: at })
    .where(eq(w.t.settings.key, CLOCK_ALARM))
  return alarm
}

// ---- The probe of the health check ----

/** Rows that the probes of all processes share; each process keeps to one of them. */
export const PROBE_ROWS = 16
/** SQLite counts its free pages within the size that it may reach; a save with its events needs a few. */
const PAGES_WANTED = 16

const keepProbe = statement('settings.keep-probe', (q, { settings: t }) =>
  q
    .insert(t)
    .values({ key: sql.placeholder('key'), value: sql.placeholder('value'), updatedAt: sql.placeholder('updatedAt') })
    .onConflictDoUpdate({ target: t.key, set: { value: excluded(t, 'value'), updatedAt: excluded(t, 'updatedAt') } }),
)
const pagesLeft = statement<object, { pages: number }>('settings.pages-left', (q) =>
  q
    .select({ pages: sql<number>`m.max_page_count - c.page_count + f.freelist_count`.as('pages') })
    .from(sql`pragma_max_page_count() m, pragma_page_count() c, pragma_freelist_count() f`),
)

/**
 * Overwrites one small row, so that the COMMIT has something to bring to the disk. The same bytes again would not:
 * SQLite leaves a page alone that does not change, hence `n`. Throws `db.full` where the file may not grow: overwriting
 * would go on long after that.
 */
export async function writeProbe(w: Writer, row: number, n: number, at: Date): Promise<void> {
  if (w.dialect === 'sqlite') {
    const [left] = await pagesLeft(w, {})
    if (left && left.pages < PAGES_WANTED) throw new StoreError('db.full', 'The database file may not grow')
  }
  await keepProbe(w, { key: `health_probe_${row}`, value: { n }, updatedAt: at })
}
