/**
 * The live room: running attempts as staff see them, and what staff may do to one or many. Viewing never closes
 * anything.
 */
import { answeredCounts, lastStreamSeq, recentlyClosed } from '../../../db/queries/live-room.server.ts'
import { undecidedQuarantine } from '../../../db/queries/results.server.ts'
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { formItemsOf, formOf } from '../../../db/repositories/forms.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import { quarantinedOf } from '../../../db/repositories/quarantine.server.ts'
import { hasRole, type Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import { clockOf } from '../../core/attempt/protocol.ts'
import type { Slot } from '../../core/blueprint/draw.ts'
import type { Locale } from '../../core/shared/locale.ts'
import type { Failure } from '../../core/shared/result.ts'
import { HOUR_MS, type Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { staffAct, type StaffAct } from '../attempt/acts.server.ts'
import { evidenceItem, type EvidenceItem } from '../attempt/evidence.server.ts'
import { ledgerForStaff, reasonTexts } from '../attempt/ledger.server.ts'
import { ROOM_STREAM } from '../attempt/saves.server.ts'
import { allCurrent, readVersion, readVersions } from '../content/versions.server.ts'
import { stageOf } from '../enrolment/enrolment.server.ts'
import { clockAlarmView } from './clock-alarm.server.ts'

/** What is known of the candidate's page. `unseen`: no sign of it since the start. */
export type Connection = { state: 'unseen' | 'connected' | 'lost'; since: string | null }

function connectionOf(row: attempts.AttemptRow): Connection {
  const seen = row.lastSeenAt !== null && (row.startedAt === null || row.lastSeenAt > row.startedAt)
  if (!seen) return { state: 'unseen', since: row.startedAt?.toISOString() ?? null }
  return { state: row.state.connected ? 'connected' : 'lost', since: row.lastSeenAt?.toISOString() ?? null }
}

export type RoomRow = {
  attemptId: string
  name: string
  programmeTitle: string
  stageTitle: string
  /** null: nothing ends the attempt. */
  remainingMs: number | null
  deadlineAt: number | null
  paused: boolean
  connection: Connection
  lastSaveAt: string | null
  answered: number
  items: number
  lateTexts: number
}

const mayMonitor = (actor: Actor, row: { personId: string }): boolean =>
  can(actor, 'attempt:monitor', { ownerId: row.personId })

/**
 * Running attempts, least time left first. Accommodations are not disclosed: what is shown is the person's own time.
 */
export async function roomOf(deps: Deps, actor: Actor, locale: Locale, now: Instant) {
  const r = deps.store.read
  // Before the rows: a hint that comes in between makes the page look again, and none is missed.
  const streamSeq = await lastStreamSeq(r, ROOM_STREAM)
  const running = (await attempts.runningAttempts(r)).filter((row) => row.kind === 'test' && mayMonitor(actor, row))
  const finished = (await recentlyClosed(r, new Date(now - 12 * HOUR_MS))).filter((row) => mayMonitor(actor, row))
  const ids = [...running, ...finished].map((row) => row.id)
  const [persons, answered, stages, late, alarm] = await Promise.all([
    people.peopleByIds(r, [...new Set([...running, ...finished].map((row) => row.personId))]),
    answeredCounts(
      r,
      running.map((row) => row.id),
    ),
    Promise.all(running.map((row) => stageOf(deps, row))),
    undecidedQuarantine(r, ids),
    clockAlarmView(deps, now),
  ])
  const names = new Map(persons.map((person) => [person.id, person.displayName]))
  const rows = running.map((row, index): RoomRow => {
    const clock = clockOf({ ...row.head, seq: row.seq }, now)
    const place = stages[index]
    return {
      attemptId: row.id,
      name: names.get(row.personId) ?? '',
      programmeTitle: place?.programme.title[locale] ?? '',
      stageTitle: place?.stage.title[locale] ?? row.stageId,
      remainingMs: clock.remainingMs,
      deadlineAt: clock.deadlineAt,
      paused: clock.paused,
      connection: connectionOf(row),
      lastSaveAt: row.lastSaveAt?.toISOString() ?? null,
      answered: answered.get(row.id) ?? 0,
      items: row.setup.sections.reduce((sum, section) => sum + section.itemIds.length, 0),
      lateTexts: late.get(row.id) ?? 0,
    }
  })
  rows.sort((a, b) => (a.remainingMs ?? Infinity) - (b.remainingMs ?? Infinity))
  return {
    now,
    streamSeq,
    /** Names the next act, so that a form sent twice acts once. */
    requestId: deps.ids.id('rq'),
    rows,
    closed: finished.map((row) => ({
      attemptId: row.id,
      name: names.get(row.personId) ?? '',
      finishedAt: row.finishedAt?.toISOString() ?? null,
      reason: row.closingReason,
      lateTexts: late.get(row.id) ?? 0,
    })),
    alarm,
  }
}

// ---- Acts ----

const PERMISSION = {
  grant: 'attempt:grant',
  pause: 'attempt:pause',
  resume: 'attempt:pause',
  message: 'attempt:message',
  close: 'attempt:close',
} as const

/** As StaffAct, but a closing names those whom it may end although they have time left. */
export type RoomAct =
  Exclude<StaffAct, { type: 'close' }> | { type: 'close'; reason: string; confirmed: readonly string[] }
export type ActOutcome = { attemptId: string; name: string; error: Failure | null; remainingMs: number | null }

/**
 * One act on one or many attempts. Each is decided by itself: those that cannot be done are named with their reason,
 * the others are done. Closing many never includes one that has time left, unless that very one was confirmed.
 */
export async function actInRoom(
  deps: Deps,
  actor: Actor,
  attemptIds: readonly string[],
  act: RoomAct,
  now: Instant,
): Promise<ActOutcome[]> {
  const outcomes: ActOutcome[] = []
  for (const attemptId of new Set(attemptIds)) {
    const row = await attempts.attemptRow(deps.store.read, attemptId)
    if (!row || !mayMonitor(actor, row)) {
      outcomes.push({ attemptId, name: '', error: { code: 'attempt.not_found' }, remainingMs: null })
      continue
    }
    const name = (await people.personById(deps.store.read, row.personId))?.displayName ?? ''
    const { remainingMs } = clockOf({ ...row.head, seq: row.seq }, now)
    if (!can(actor, PERMISSION[act.type], { ownerId: row.personId, status: row.status })) {
      outcomes.push({ attemptId, name, error: { code: 'attempt.not_open' }, remainingMs })
      continue
    }
    const own: StaffAct =
      act.type === 'close'
        ? { type: 'close', reason: act.reason, evenWithTimeLeft: act.confirmed.includes(attemptId) }
        : act
    const result = await staffAct(deps, actor, attemptId, own, now)
    outcomes.push({ attemptId, name, error: result.ok ? null : result.error, remainingMs })
  }
  return outcomes
}

// ---- One attempt ----

type ProofSection = { id: string; slots: Slot[] }

/**
 * One attempt for staff: its ledger, its late texts, and the proof of what was drawn and why. null where it is not
 * theirs to see.
 */
export async function attemptForStaff(deps: Deps, actor: Actor, attemptId: string, locale: Locale, now: Instant) {
  const r = deps.store.read
  const row = await attempts.attemptRow(r, attemptId)
  if (!row || !mayMonitor(actor, row)) return null
  const streamSeq = await lastStreamSeq(r, ROOM_STREAM)
  const [ledger, form, slots, answers, quarantine, answered, person, place] = await Promise.all([
    ledgerForStaff(deps, row, locale, now),
    formOf(r, attemptId),
    formItemsOf(r, attemptId),
    attempts.answersOf(r, attemptId),
    quarantinedOf(r, attemptId),
    answeredCounts(r, [attemptId]),
    people.personById(r, row.personId),
    stageOf(deps, row),
  ])
  const [versions, blueprint, deciders, reasons, banks] = await Promise.all([
    readVersions(
      r,
      'item',
      slots.map((slot) => slot.itemVersionId),
    ),
    form ? readVersion(r, 'blueprint', form.blueprintVersionId) : null,
    people.peopleByIds(r, [...new Set(quarantine.flatMap((entry) => (entry.decidedBy ? [entry.decidedBy] : [])))]),
    reasonTexts(r, attemptId),
    allCurrent(r, 'bank'),
  ])
  const bankTitle = (id: string) => banks.find((bank) => bank.body.id === id)?.body.title[locale] ?? id
  const named = (reason: Slot['reason']): Slot['reason'] =>
    reason.type === 'free'
      ? reason
      : {
          ...reason,
          bounds: reason.bounds.map((bound) =>
            bound.by === 'bank' ? { ...bound, value: bankTitle(bound.value) } : bound,
          ),
        }
  const itemOf = (itemId: string) => versions.get(slots.find((slot) => slot.itemId === itemId)?.itemVersionId ?? '')
  const clock = clockOf({ ...row.head, seq: row.seq }, now)
  const shown = (itemId: string, response: Parameters<typeof evidenceItem>[1]): EvidenceItem | null => {
    const version = itemOf(itemId)
    // No key and no explanation here: who watches an attempt need not know them.
    return version ? withoutKey(evidenceItem(version.body, response, [], locale)) : null
  }
  return {
    attemptId,
    now,
    streamSeq,
    requestId: deps.ids.id('rq'),
    name: person?.displayName ?? '',
    programmeTitle: place.programme.title[locale],
    stageTitle: place.stage.title[locale],
    ordinal: row.ordinal,
    status: clock.status,
    closed: row.status === 'closed',
    hasEvidence:
      row.status === 'closed' &&
      can(actor, 'result:view', { ownerId: row.personId, released: false }) &&
      hasRole(actor, 'admin'),
    released: row.releasedAt !== null,
    remainingMs: clock.remainingMs,
    deadlineAt: clock.deadlineAt,
    paused: clock.paused,
    connection: connectionOf(row),
    lastSaveAt: row.lastSaveAt?.toISOString() ?? null,
    answered: answered.get(attemptId) ?? 0,
    items: slots.length,
    ledger,
    quarantine: quarantine.map((entry) => ({
      seq: entry.seq,
      itemId: entry.itemId,
      position: slots.findIndex((slot) => slot.itemId === entry.itemId) + 1,
      receivedAt: entry.receivedAt.toISOString(),
      code: entry.code,
      late: shown(entry.itemId, entry.response),
      stored: shown(entry.itemId, answers.find((answer) => answer.itemId === entry.itemId)?.response ?? null),
      decision: entry.decision,
      decidedAt: entry.decidedAt?.toISOString() ?? null,
      reason: entry.noteId ? (reasons.get(entry.noteId) ?? null) : null,
      decidedBy: deciders.find((decider) => decider.id === entry.decidedBy)?.displayName ?? null,
    })),
    proof: form
      ? {
          seed: form.seed,
          blueprint: blueprint ? { title: blueprint.body.title[locale], number: blueprint.number } : null,
          drawnAt: form.createdAt.toISOString(),
          sections: ((form.proof as { sections?: ProofSection[] }).sections ?? []).map((section) => ({
            id: section.id,
            title: blueprint?.body.sections.find((entry) => entry.id === section.id)?.title[locale] ?? section.id,
            slots: section.slots.map((slot) => {
              const version = itemOf(slot.itemId)
              return {
                itemId: slot.itemId,
                position: slots.findIndex((entry) => entry.itemId === slot.itemId) + 1,
                version: version?.number ?? null,
                kind: version?.body.kind ?? null,
                competency: version?.body.competency ?? null,
                reason: named(slot.reason),
                exposure: slot.exposure,
              }
            }),
          })),
        }
      : null,
  }
}

const withoutKey = (item: EvidenceItem): EvidenceItem => ({
  ...item,
  lines: item.lines.map((line) => ({ ...line, expected: null, mark: null, why: null })),
})
