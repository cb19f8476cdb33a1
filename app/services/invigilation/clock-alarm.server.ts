/**
 * The alarm of the wall clock: kept, noted in the story of every attempt that it touches, and confirmed by staff. The
 * story is the only place where the alarm has an order among saves, pauses and grants that survives a clock set back.
 */
import { runningAttemptIds } from '../../../db/queries/live-room.server.ts'
import * as attempts from '../../../db/repositories/attempts.server.ts'
import {
  confirmClock,
  keepClockAlarm,
  readClockAlarm,
  type KeptClockAlarm,
} from '../../../db/repositories/settings.server.ts'
import type { Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { clockOf } from '../../core/attempt/protocol.ts'
import { headRemainingMs } from '../../core/attempt/state.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { SECOND_MS, type DurationMs, type Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import type { JobPayload } from '../../ground/job-kinds.server.ts'
import { enqueue } from '../../ground/jobs.server.ts'
import { appendStreamEvent } from '../../ground/streams.server.ts'
import { attemptStream, ROOM_STREAM } from '../attempt/saves.server.ts'

type Note = Omit<JobPayload<'note-clock'>, 'attemptId'>

/**
 * One note for each attempt that runs now, in the transaction of what it tells: after a crash either all of them are
 * due or nothing has happened. Each is written in a transaction of its own, which a save under way cannot make fail.
 */
async function noteInRunning(w: Writer, deps: Pick<Deps, 'live'>, note: Note): Promise<void> {
  for (const attemptId of await runningAttemptIds(w)) {
    await enqueue(
      w,
      'note-clock',
      { ...note, attemptId },
      { dedupeKey: `clock:${note.alarmId}:${note.type}:${attemptId}`, live: deps.live },
    )
  }
}

/**
 * Keeps an alarm and shows it to staff; gives its id. While one waits for them there is no second: the processes on a
 * machine all see its clock step, and what confirming does is measured when it is done.
 */
export async function recordClockAlarm(
  deps: Pick<Deps, 'store' | 'clock' | 'ids' | 'live'>,
  alarm: { raisedAt: Instant; stepMs: DurationMs },
): Promise<string> {
  const alarmId = deps.ids.id('ck')
  return deps.store.transact(async (w) => {
    const waiting = await readClockAlarm(w)
    if (waiting) return waiting.alarmId
    await keepClockAlarm(w, { alarmId, ...alarm, seenAt: alarm.raisedAt })
    await noteInRunning(w, deps, { type: 'clock_alarm', alarmId, stepMs: alarm.stepMs, at: alarm.raisedAt, by: null })
    await appendStreamEvent(w, deps, ROOM_STREAM, 'clock', {})
    return alarmId
  })
}

/**
 * How far the clock will jump when the alarm is confirmed: the machine's time may have been corrected since it was
 * raised.
 */
const aheadMs = (deps: Pick<Deps, 'clock'>, alarm: KeptClockAlarm): DurationMs =>
  deps.clock.alarm() ? deps.clock.aheadMs() : alarm.stepMs

export type ClockAlarmView = {
  alarmId: string
  raisedAt: Instant
  stepMs: DurationMs
  /** By how much confirming moves the clock; negative: back. */
  aheadMs: DurationMs
  /** Ahead: running attempts whose deadlines move along. Back: those that have more time left. */
  moved: number
}

/** The alarm that waits for staff, and what confirming it would do to the attempts that run. */
export async function clockAlarmView(
  deps: Pick<Deps, 'store' | 'clock'>,
  now: Instant,
): Promise<ClockAlarmView | null> {
  const alarm = await readClockAlarm(deps.store.read)
  if (!alarm) return null
  const ahead = aheadMs(deps, alarm)
  const left = (await attempts.runningAttempts(deps.store.read)).map((row) => ({
    before: headRemainingMs(row.head, now),
    after: headRemainingMs(row.head, now + ahead),
  }))
  return {
    alarmId: alarm.alarmId,
    raisedAt: alarm.raisedAt,
    stepMs: alarm.stepMs,
    aheadMs: ahead,
    moved: left.filter(({ before, after }) => before !== after).length,
  }
}

/**
 * Tells every running page the clock once it counts again, so that none goes on with a reading from between deadline
 * and clock.
 */
export async function announceClock(deps: Pick<Deps, 'store' | 'clock' | 'live'>): Promise<void> {
  const now = deps.clock.now()
  const running = await attempts.runningAttempts(deps.store.read)
  await deps.store.transact(async (w) => {
    for (const row of running)
      await appendStreamEvent(w, deps, attemptStream(row.id), 'deadline_changed', {
        clock: { ...clockOf({ ...row.head, seq: row.seq }, now) },
      })
  })
}

/**
 * Staff accept the machine's time after it jumped; the sweep goes on. A clock that is set ahead takes nothing from
 * attempts that have time left: the note in each of them moves its deadline along, and the clock counts again once all
 * are written (watchClock).
 */
export async function acceptClock(
  deps: Deps,
  actor: Actor,
  shown: Pick<ClockAlarmView, 'alarmId' | 'aheadMs'>,
  now: Instant,
): Promise<Result<true, 'clock.no_alarm' | 'clock.stale'>> {
  return deps.store.transact(async (w) => {
    const alarm = await readClockAlarm(w)
    if (!alarm) return err('clock.no_alarm')
    const { alarmId } = alarm
    const stepMs = aheadMs(deps, alarm)
    // The clock has moved again since the page was made, or it is another alarm: nobody has agreed to that.
    if (alarmId !== shown.alarmId || Math.abs(stepMs - shown.aheadMs) >= SECOND_MS) return err('clock.stale')
    await confirmClock(w, new Date(now))
    await noteInRunning(w, deps, { type: 'clock_confirmed', alarmId, stepMs, at: now, by: actor.personId })
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'clock.confirmed',
      subjectType: 'installation',
      subjectId: 'clock',
      data: { alarmId, stepMs },
    })
    await appendStreamEvent(w, deps, ROOM_STREAM, 'clock', {})
    return ok(true)
  })
}
