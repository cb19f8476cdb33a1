/** The live room: running attempts as staff see them, and what staff may do to one or many. Viewing never closes anything. */
import * as attempts from '../../db/repositories/attempts.server.ts'
import { notesOf } from '../../db/repositories/notes.server.ts'
import * as people from '../../db/repositories/people.server.ts'
import { answeredCounts, recentlyClosed } from '../../db/queries/live-room.server.ts'
import type { Actor } from '../core/access/actor.ts'
import { can } from '../core/access/can.ts'
import { ledgerOf, staffLedger } from '../core/attempt/ledger.ts'
import { clockOf } from '../core/attempt/protocol.ts'
import { err, ok, type Failure, type Result } from '../core/shared/result.ts'
import { HOUR_MS, type Instant } from '../core/shared/time.ts'
import { audit } from './audit.server.ts'
import { staffAct, type StaffAct } from './attempts.server.ts'
import { readVersions } from './content.server.ts'
import type { Deps } from './deps.server.ts'
import { stageOf } from './scoring.server.ts'
import { confirmClock, readClockAlarm } from '../../db/repositories/settings.server.ts'

export type RoomRow = {
  attemptId: string
  name: string
  programmeTitle: { 'zh-CN': string; en: string }
  stageTitle: { 'zh-CN': string; en: string }
  /** null: nothing ends the attempt. */
  remainingMs: number | null
  deadlineAt: number | null
  paused: boolean
  connected: boolean
  lastSaveAt: string | null
  lastSeenAt: string | null
  answered: number
  items: number
  epoch: number
  quarantined: number
}

/** Running attempts, least time left first. Accommodations are not disclosed: what is shown is the person's own time. */
export async function roomOf(deps: Deps, now: Instant): Promise<{ rows: RoomRow[]; closed: Array<{ attemptId: string; name: string; finishedAt: string | null; reason: string | null; quarantined: number }>; alarm: { raisedAt: number; stepMs: number } | null }> {
  const r = deps.store.read
  const running = (await attempts.runningAttempts(r)).filter((row) => row.kind === 'test')
  const finished = await recentlyClosed(r, new Date(now - 12 * HOUR_MS))
  const persons = new Map((await people.peopleByIds(r, [...new Set([...running, ...finished].map((row) => row.personId))])).map((p) => [p.id, p.displayName]))
  const answered = await answeredCounts(r, running.map((row) => row.id))
  const stages = await Promise.all(running.map((row) => stageOf(deps, row)))
  const rows = running.map((row, index): RoomRow => {
    const clock = clockOf({ ...row.head, seq: row.seq }, now)
    const place = stages[index]
    return {
      attemptId: row.id,
      name: persons.get(row.personId) ?? '',
      programmeTitle: place?.programme.title ?? { 'zh-CN': '', en: '' },
      stageTitle: place?.stage.title ?? { 'zh-CN': row.stageId, en: row.stageId },
      remainingMs: clock.remainingMs,
      deadlineAt: clock.deadlineAt,
      paused: clock.paused,
      connected: row.state.connected,
      lastSaveAt: row.lastSaveAt?.toISOString() ?? null,
      lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
      answered: answered.get(row.id) ?? 0,
      items: row.setup.sections.reduce((sum, section) => sum + section.itemIds.length, 0),
      epoch: row.head.epoch,
      quarantined: row.state.quarantined,
    }
  })
  rows.sort((a, b) => (a.remainingMs ?? Infinity) - (b.remainingMs ?? Infinity))
  return {
    rows,
    closed: finished.map((row) => ({ attemptId: row.id, name: persons.get(row.personId) ?? '', finishedAt: row.finishedAt?.toISOString() ?? null, reason: row.closingReason, quarantined: row.state.quarantined })),
    alarm: await readClockAlarm(r),
  }
}

const PERMISSION = { grant: 'attempt:grant', pause: 'attempt:pause', resume: 'attempt:pause', message: 'attempt:message', close: 'attempt:close' } as const

/**
 * One act on one or many attempts. Each is decided by itself: those that cannot be done are named with their reason, the others are
 * done. Closing many never includes one that has time left, unless that was confirmed.
 */
export async function actInRoom(deps: Deps, actor: Actor, attemptIds: readonly string[], act: StaffAct, now: Instant): Promise<Array<{ attemptId: string; error: Failure | null }>> {
  const outcomes: Array<{ attemptId: string; error: Failure | null }> = []
  for (const attemptId of attemptIds) {
    const row = await attempts.attemptRow(deps.store.read, attemptId)
    if (!row || !can(actor, PERMISSION[act.type], { ownerId: row.personId, status: 'in_progress' })) {
      outcomes.push({ attemptId, error: { code: 'attempt.not_found' } })
      continue
    }
    const result = await staffAct(deps, actor, attemptId, act, now)
    outcomes.push({ attemptId, error: result.ok ? null : result.error })
  }
  return outcomes
}

/** One attempt for staff: its ledger, its quarantine, and the proof of what was drawn and why. */
export async function attemptForStaff(deps: Deps, actor: Actor, attemptId: string, now: Instant) {
  const r = deps.store.read
  const row = await attempts.attemptRow(r, attemptId)
  if (!row || !can(actor, 'attempt:monitor', { ownerId: row.personId })) return null
  const [events, form, slots, quarantine, reasons, person, place] = await Promise.all([
    attempts.eventsOf(r, attemptId),
    attempts.formOf(r, attemptId),
    attempts.formItemsOf(r, attemptId),
    attempts.quarantinedOf(r, attemptId),
    notesOf(r, 'attempt_reason', attemptId),
    people.personById(r, row.personId),
    stageOf(deps, row),
  ])
  const versions = await readVersions(r, 'item', slots.map((slot) => slot.itemVersionId))
  const ledger = staffLedger(ledgerOf(row.setup, events))
  const actors = new Map((await people.peopleByIds(r, [...new Set(ledger.flatMap((entry) => ('byId' in entry && entry.byId ? [entry.byId] : [])))])).map((p) => [p.id, p.displayName]))
  return {
    row,
    name: person?.displayName ?? '',
    programme: place.programme,
    stage: place.stage,
    clock: clockOf({ ...row.head, seq: row.seq }, now),
    ledger: ledger.map((entry) => ({
      ...entry,
      by: 'byId' in entry && entry.byId ? (actors.get(entry.byId) ?? null) : null,
      reason: 'reasonId' in entry && entry.reasonId ? (reasons.find((note) => note.id === entry.reasonId)?.text ?? null) : null,
    })),
    form,
    slots: slots.map((slot) => ({ ...slot, item: versions.get(slot.itemVersionId)?.body ?? null, number: versions.get(slot.itemVersionId)?.number ?? null })),
    quarantine,
  }
}

/** Staff accept the machine's time after it jumped; the sweep goes on. */
export async function acceptClock(deps: Deps, actor: Actor, now: Instant): Promise<Result<true, 'clock.no_alarm'>> {
  return deps.store.transact(async (w) => {
    if (!(await confirmClock(w, new Date(now)))) return err('clock.no_alarm')
    await audit(w, deps, now, { actorId: actor.personId, action: 'clock.confirmed', subjectType: 'installation', subjectId: 'clock' })
    return ok(true)
  })
}
