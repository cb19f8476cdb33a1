/** What candidates and staff do to a running attempt besides saving: load, decide, save. One closing path for all. */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { insertNote, noteExists } from '../../../db/repositories/notes.server.ts'
import type { Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { decide, type AttemptCode, type AttemptCommand } from '../../core/attempt/decide.ts'
import { clockOf } from '../../core/attempt/protocol.ts'
import { headOf, type Attempt } from '../../core/attempt/state.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import type { JobPayload } from '../../ground/job-kinds.server.ts'
import { appendStreamEvent } from '../../ground/streams.server.ts'
import { attemptStream, onClosed, ownsAttempt, receiptFor, ROOM_STREAM } from './saves.server.ts'

type Code = AttemptCode | 'attempt.not_found'

/** Loads, decides, appends, and tells whoever watches. */
async function perform(
  w: Writer,
  deps: Deps,
  attemptId: string,
  actorId: string | null,
  mayTouch: (row: attempts.AttemptRow) => boolean,
  command: AttemptCommand,
): Promise<Result<Attempt, Code>> {
  const loaded = await attempts.loadAttempt(w, attemptId)
  if (!loaded || !mayTouch(loaded.row)) return err('attempt.not_found')
  const decided = decide(loaded.attempt, command)
  if (!decided.ok) return decided
  if (decided.value.length === 0) return ok(loaded.attempt)
  const after = await attempts.appendEvents(w, loaded.attempt, decided.value, actorId)
  if (after.status === 'closed' && loaded.attempt.status !== 'closed') await onClosed(w, deps, attemptId, after)
  else await tell(w, deps, attemptId, command, after)
  return ok(after)
}

/** The message that a command sends on the attempt's stream. */
async function tell(w: Writer, deps: Deps, attemptId: string, command: AttemptCommand, after: Attempt): Promise<void> {
  const stream = attemptStream(attemptId)
  const clock = { ...clockOf(headOf(after), command.receivedAt) }
  switch (command.type) {
    case 'grant':
      await appendStreamEvent(w, deps, stream, 'deadline_changed', { clock })
      break
    case 'pause':
    case 'takeBreak':
      await appendStreamEvent(w, deps, stream, 'paused', { clock })
      break
    case 'resume':
    case 'endBreak':
      await appendStreamEvent(w, deps, stream, 'resumed', { clock })
      break
    case 'message':
      await appendStreamEvent(w, deps, stream, 'message', { messageId: command.messageId })
      break
    case 'takeOver':
      await appendStreamEvent(w, deps, stream, 'taken_over', { epoch: after.epoch })
      break
    default:
      return
  }
  await appendStreamEvent(w, deps, ROOM_STREAM, 'attempt', { attemptId })
}

// ---- The candidate ----

export type HolderAct =
  | { type: 'flag'; itemId: string; flagged: boolean }
  | { type: 'enterSection'; sectionId: string }
  | { type: 'leaveSection'; sectionId: string }
  | { type: 'moveTo'; itemId: string }
  | { type: 'switchLanguage'; locale: Locale }
  | { type: 'takeBreak' }
  | { type: 'endBreak' }
  | { type: 'submit' }

/** An act of the page that holds the attempt. */
export async function actOnAttempt(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  epoch: number,
  act: HolderAct,
  receivedAt: Instant,
): Promise<Result<Attempt, Code>> {
  const command: AttemptCommand =
    act.type === 'takeBreak' || act.type === 'endBreak'
      ? { ...act, by: actor.personId, epoch, receivedAt }
      : { ...act, epoch, receivedAt }
  return deps.store.transact((w) =>
    perform(w, deps, attemptId, actor.personId, (row) => ownsAttempt(actor, row), command),
  )
}

/** Continues on this device after confirmation. The device that held the attempt is told and keeps its unsent text. */
export async function takeOverAttempt(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  fromEpoch: number,
  receivedAt: Instant,
): Promise<Result<Attempt, Code>> {
  return deps.store.transact(async (w) => {
    const result = await perform(w, deps, attemptId, actor.personId, (row) => ownsAttempt(actor, row), {
      type: 'takeOver',
      sessionId: actor.sessionId,
      fromEpoch,
      confirmed: true,
      receivedAt,
    })
    if (result.ok)
      await audit(w, deps, receivedAt, {
        actorId: actor.personId,
        action: 'attempt.taken_over',
        subjectType: 'attempt',
        subjectId: attemptId,
        data: { epoch: result.value.epoch },
      })
    return result
  })
}

/**
 * The first sign of the page after the start: staff must be able to tell a page that was never opened from one that is
 * quiet.
 */
export async function pageOpened(deps: Deps, actor: Actor, attemptId: string, receivedAt: Instant): Promise<void> {
  const row = await attempts.attemptRow(deps.store.read, attemptId)
  if (!row || row.status !== 'in_progress' || !ownsAttempt(actor, row) || row.sessionId !== actor.sessionId) return
  if (row.lastSeenAt !== null && row.startedAt !== null && row.lastSeenAt > row.startedAt) return
  await deps.store.transact(async (w) => {
    await attempts.touchAttempt(w, attemptId, new Date(receivedAt))
    await appendStreamEvent(w, deps, ROOM_STREAM, 'attempt', { attemptId })
  })
}

// ---- Staff ----

export type StaffAct =
  /** `requestId` names the request, so that a form sent twice grants once. */
  | { type: 'grant'; extraMs: number; reason: string; requestId?: string }
  | { type: 'pause'; reason: string }
  | { type: 'resume' }
  | { type: 'message'; text: string; requestId?: string }
  | { type: 'close'; reason: string; evenWithTimeLeft: boolean }

/**
 * An act of staff on one attempt. The reason or message is an erasable note; the story and the audit trail refer to it
 * by id. The caller has checked the permission; the attempt must exist.
 */
export async function staffAct(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  act: StaffAct,
  receivedAt: Instant,
): Promise<Result<true, Code>> {
  // A message is named by its request and its attempt, so that a form sent twice is one message.
  const noteId =
    act.type === 'message' && act.requestId
      ? `no_${deps.secrets.sha256(`${act.requestId} ${attemptId}`).slice(0, 32)}`
      : deps.ids.id('no')
  const command = staffCommand(actor, act, noteId, receivedAt)
  return deps.store.transact(async (w) => {
    if (act.type === 'message' && (await noteExists(w, noteId))) return ok(true)
    const seqBefore = (await attempts.attemptRow(w, attemptId))?.seq
    const result = await perform(w, deps, attemptId, actor.personId, () => true, command)
    if (!result.ok) return result
    // The same request again: it was done, noted and recorded the first time.
    if (result.value.seq === seqBefore) return ok(true)
    const text = act.type === 'message' ? act.text : act.type === 'resume' ? null : act.reason
    if (text !== null)
      await insertNote(w, {
        id: noteId,
        subjectType: act.type === 'message' ? 'attempt_message' : 'attempt_reason',
        subjectId: attemptId,
        authorId: actor.personId,
        text,
        now: new Date(receivedAt),
      })
    await audit(w, deps, receivedAt, {
      actorId: actor.personId,
      action: `attempt.${act.type}`,
      subjectType: 'attempt',
      subjectId: attemptId,
      data: act.type === 'grant' ? { extraMs: act.extraMs, noteId } : { noteId },
    })
    return ok(true)
  })
}

function staffCommand(actor: Actor, act: StaffAct, noteId: string, receivedAt: Instant): AttemptCommand {
  const by = actor.personId
  switch (act.type) {
    case 'grant':
      return {
        type: 'grant',
        extraMs: act.extraMs,
        reasonId: noteId,
        by,
        receivedAt,
        ...(act.requestId ? { requestId: act.requestId } : {}),
      }
    case 'pause':
      return { type: 'pause', reasonId: noteId, by, receivedAt }
    case 'resume':
      return { type: 'resume', by, receivedAt }
    case 'message':
      return { type: 'message', messageId: noteId, by, receivedAt }
    case 'close':
      return { type: 'staffClose', reasonId: noteId, evenWithTimeLeft: act.evenWithTimeLeft, by, receivedAt }
  }
}

// ---- The clock ----

const SWEEP_BATCH = 100
const GONE_AFTER_MS = 75_000

/**
 * What the clock does to one attempt, in a transaction of its own: one that cannot be read must not hold up the others.
 */
async function byClock(
  deps: Deps,
  attemptId: string,
  command: Extract<AttemptCommand, { type: 'sweep' | 'connection' }>,
): Promise<Attempt | null> {
  try {
    const result = await deps.store.transact((w) => perform(w, deps, attemptId, null, () => true, command))
    if (result.ok) return result.value
    deps.log.warn(`${command.type}.refused`, { attemptId, code: result.error.code })
  } catch (error) {
    deps.log.error(`${command.type}.failed`, error, { attemptId })
  }
  return null
}

/** Closes what has run out of time; nothing while the wall clock has jumped and nobody has confirmed it. */
export async function sweepAttempts(deps: Deps, now: Instant): Promise<number> {
  if (deps.clock.alarm()) return 0
  const due = await attempts.dueForSweep(deps.store.read, new Date(now), SWEEP_BATCH)
  let closed = 0
  for (const attemptId of due)
    if ((await byClock(deps, attemptId, { type: 'sweep', receivedAt: now }))?.status === 'closed') closed += 1
  return closed
}

/**
 * Notes in the ledger that a page has not been heard from for a while, and that it is back. A heartbeat notes the
 * return by itself; a page that saves all the time sends none.
 */
export async function noteDisconnects(deps: Deps, now: Instant): Promise<void> {
  for (const row of await attempts.runningAttempts(deps.store.read)) {
    // No page of the candidate holds a contact that an interviewer plays.
    if (row.kind !== 'test') continue
    const lastSeenAt = row.lastSeenAt?.getTime() ?? now
    const connected = now - lastSeenAt < GONE_AFTER_MS
    if (connected !== row.state.connected)
      await byClock(
        deps,
        row.id,
        connected
          ? { type: 'connection', connected, receivedAt: now }
          : { type: 'connection', connected, lastSeenAt, receivedAt: now },
      )
  }
}

/**
 * Writes into an attempt's story that the server's clock stepped, or that staff confirmed the step; once each, however
 * often it is asked.
 */
export async function noteClock(deps: Deps, note: JobPayload<'note-clock'>): Promise<void> {
  const { attemptId, alarmId, stepMs, at, by } = note
  const command: AttemptCommand =
    note.type === 'clock_confirmed' && by !== null
      ? { type: 'clockConfirmed', alarmId, stepMs, by, receivedAt: at }
      : { type: 'clockAlarm', alarmId, stepMs, receivedAt: at }
  const noted = await deps.store.transact((w) => perform(w, deps, attemptId, by, () => true, command))
  if (!noted.ok) deps.log.warn('clock.not_noted', { attemptId, code: noted.error.code })
}

/** Submits as the candidate, for the page without scripts; repeated submits get the same receipt. */
export async function submitAttempt(deps: Deps, actor: Actor, attemptId: string, epoch: number, receivedAt: Instant) {
  return deps.store.transact(async (w) => {
    const result = await perform(w, deps, attemptId, actor.personId, (row) => ownsAttempt(actor, row), {
      type: 'submit',
      epoch,
      receivedAt,
    })
    if (!result.ok) return result
    return ok(await receiptFor(w, deps, attemptId))
  })
}
