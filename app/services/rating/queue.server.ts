/**
 * The raters' queue: what waits, question by question in a stable pseudo-random order, and taking a place. The unique
 * keys (task, slot) and (task, rater) decide every race; a place is a lease that lapses unless the rater's work renews
 * it.
 */
import { contactsOfInterviewer } from '../../../db/queries/contacts.server.ts'
import { allSheetsOfTasks, openAnswerTasks, sheetsWithTasks, vacateSheet } from '../../../db/queries/rating.server.ts'
import * as attempts from '../../../db/repositories/attempts.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { SheetRow, TaskRow } from '../../../db/repositories/ratings.server.ts'
import type { Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import { MINUTE_MS, type Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { readVersions } from '../content/versions.server.ts'
import { referenceOf } from '../people/reference.server.ts'
import { excerpt, localeOf } from './view.server.ts'

export const LEASE_MS = 30 * MINUTE_MS
export const leaseFrom = (now: Instant): Date => new Date(now + LEASE_MS)

/** Whether the sheet keeps others out of its place now. */
const occupies = (sheet: Pick<SheetRow, 'status' | 'leaseUntil'>, now: Instant): boolean =>
  sheet.status === 'submitted' || (sheet.status === 'claimed' && sheet.leaseUntil.getTime() >= now)

/**
 * The first place that this rater could have: an empty one before one whose lease has lapsed. Null where all are taken,
 * or where the rater has rated or holds the task.
 */
function freePlace(
  task: Pick<TaskRow, 'sheetsWanted'>,
  sheets: readonly SheetRow[],
  raterId: string,
  now: Instant,
): number | null {
  if (sheets.some((sheet) => sheet.raterId === raterId && sheet.status !== 'returned')) return null
  const places = Array.from({ length: task.sheetsWanted }, (_, index) => index + 1)
  const empty = places.find((slot) => !sheets.some((sheet) => sheet.slot === slot))
  return empty ?? places.find((slot) => !sheets.some((sheet) => sheet.slot === slot && occupies(sheet, now))) ?? null
}

const byTask = (sheets: readonly SheetRow[]): Map<string, SheetRow[]> => {
  const map = new Map<string, SheetRow[]>()
  for (const sheet of sheets) map.set(sheet.taskId, [...(map.get(sheet.taskId) ?? []), sheet])
  return map
}

// ---- Reading ----

export async function readQueue(deps: Pick<Deps, 'store' | 'secrets'>, actor: Actor, locale: Locale, now: Instant) {
  const r = deps.store.read
  const [tasks, mine, contacts] = await Promise.all([
    openAnswerTasks(r, actor.personId),
    sheetsWithTasks(r, actor.personId),
    contactsOfInterviewer(r, actor.personId),
  ])
  const sheets = byTask(
    await allSheetsOfTasks(
      r,
      tasks.map((task) => task.id),
    ),
  )
  const waiting = tasks.filter((task) => freePlace(task, sheets.get(task.id) ?? [], actor.personId, now) !== null)
  const [items, rubrics, scenarios] = await Promise.all([
    readVersions(r, 'item', [
      ...waiting.map((task) => task.itemVersionId),
      ...mine.map((row) => row.itemVersionId).filter((id): id is string => id !== null),
    ]),
    readVersions(r, 'rubric', [
      ...waiting.map((task) => task.rubricVersionId),
      ...mine.map((row) => row.task.rubricVersionId),
    ]),
    readVersions(
      r,
      'scenario',
      contacts.map((row) => row.contact.scenarioVersionId),
    ),
  ])
  const marks = await ratings.marksOfSheets(
    r,
    mine.filter((row) => row.sheet.status === 'claimed').map((row) => row.sheet.id),
  )
  const held = mine.map(({ sheet, task, itemVersionId }) => {
    const played =
      task.subjectType === 'contact' ? contacts.find((row) => row.contact.id === task.subjectId) : undefined
    const item = itemVersionId === null ? undefined : items.get(itemVersionId)?.body
    const done = marks.filter((mark) => mark.sheetId === sheet.id && (mark.level !== null || mark.notApplicable)).length
    return {
      sheetId: sheet.id,
      contactId: played?.contact.id ?? null,
      reference: referenceOf(deps, played?.enrolmentId ?? task.id),
      title: played
        ? (scenarios.get(played.contact.scenarioVersionId)?.body.title[locale] ?? '')
        : item
          ? excerpt(item.stem[locale], 60)
          : '',
      status: sheet.status,
      /** A contact is nobody else's to rate, so its sheet does not lapse. */
      leaseUntil: played || sheet.status !== 'claimed' ? null : sheet.leaseUntil.toISOString(),
      lapsed: !played && sheet.status === 'claimed' && sheet.leaseUntil.getTime() < now,
      rated: done,
      criteria: rubrics.get(task.rubricVersionId)?.body.criteria.length ?? 0,
      submittedAt: sheet.submittedAt?.toISOString() ?? null,
    }
  })
  const questions = [...new Set(waiting.map((task) => task.itemId))].map((itemId) => {
    const own = waiting.filter((task) => task.itemId === itemId)
    const [first] = own
    const item = first ? items.get(first.itemVersionId)?.body : undefined
    return {
      itemId,
      kind: item?.kind ?? 'essay',
      stem: item ? excerpt(item.stem[locale]) : itemId,
      rubric: first ? (rubrics.get(first.rubricVersionId)?.body.title[locale] ?? '') : '',
      oldest: new Date(Math.min(...own.map((task) => task.createdAt.getTime()))).toISOString(),
      tasks: own.map((task) => ({
        taskId: task.id,
        reference: referenceOf(deps, task.id),
        locale: localeOf(task.locale),
      })),
    }
  })
  return {
    waiting: waiting.length,
    leaseMinutes: LEASE_MS / MINUTE_MS,
    questions,
    open: held.filter((sheet) => sheet.status === 'claimed'),
    submitted: held.filter((sheet) => sheet.status === 'submitted'),
  }
}

/** Where a sheet stands among this rater's answers to the same question: the ninth of twenty-four. */
export async function positionOf(
  deps: Pick<Deps, 'store'>,
  actor: Actor,
  sheet: Pick<SheetRow, 'id' | 'claimedAt'>,
  itemId: string,
  now: Instant,
): Promise<{ n: number; of: number; waiting: number }> {
  const [tasks, mine] = await Promise.all([
    openAnswerTasks(deps.store.read, actor.personId, itemId),
    sheetsWithTasks(deps.store.read, actor.personId),
  ])
  const sheets = byTask(
    await allSheetsOfTasks(
      deps.store.read,
      tasks.map((task) => task.id),
    ),
  )
  const waiting = tasks.filter(
    (task) => freePlace(task, sheets.get(task.id) ?? [], actor.personId, now) !== null,
  ).length
  const own = mine.filter((row) => row.task.subjectType === 'answer' && row.task.subjectId === itemId)
  const earlier = own.filter(
    (row) =>
      row.sheet.claimedAt.getTime() < sheet.claimedAt.getTime() ||
      (row.sheet.claimedAt.getTime() === sheet.claimedAt.getTime() && row.sheet.id < sheet.id),
  )
  return { n: earlier.length + 1, of: own.length + waiting, waiting }
}

// ---- Taking ----

export type TakeCode = 'rating.not_found' | 'rating.taken' | 'rating.already_rated' | 'rating.none_left'

/** Takes this answer. Asked twice by the same rater it gives the same sheet. */
export async function takeTask(
  deps: Deps,
  actor: Actor,
  taskId: string,
  now: Instant,
): Promise<Result<{ sheetId: string }, TakeCode>> {
  return deps.store.transact(async (w) => {
    const task = await ratings.taskById(w, taskId)
    if (!task || task.subjectType !== 'answer') return err('rating.not_found')
    return claim(w, deps, actor, task, now)
  })
}

/** Takes the next answer to a question. Whoever holds one of them already goes on with that: nobody hoards. */
export async function takeNext(
  deps: Deps,
  actor: Actor,
  itemId: string,
  now: Instant,
): Promise<Result<{ sheetId: string }, TakeCode>> {
  return deps.store.transact(async (w) => {
    const tasks = await openAnswerTasks(w, actor.personId, itemId)
    const sheets = byTask(
      await allSheetsOfTasks(
        w,
        tasks.map((task) => task.id),
      ),
    )
    const begun = tasks
      .flatMap((task) => sheets.get(task.id) ?? [])
      .find((sheet) => sheet.raterId === actor.personId && sheet.status === 'claimed')
    if (begun) return ok({ sheetId: begun.id })
    const next = tasks.find((task) => freePlace(task, sheets.get(task.id) ?? [], actor.personId, now) !== null)
    const task = next ? await ratings.taskById(w, next.id) : null
    return task ? claim(w, deps, actor, task, now) : err('rating.none_left')
  })
}

async function claim(
  w: Writer,
  deps: Deps,
  actor: Actor,
  task: TaskRow,
  now: Instant,
): Promise<Result<{ sheetId: string }, TakeCode>> {
  const attempt = await attempts.attemptRow(w, task.attemptId)
  if (!attempt || !can(actor, 'sheet:rate', { ownerId: attempt.personId, raterId: actor.personId, status: 'draft' }))
    return err('rating.not_found')
  const sheets = await allSheetsOfTasks(w, [task.id])
  const own = sheets.find((sheet) => sheet.raterId === actor.personId)
  if (own?.status === 'claimed') return ok({ sheetId: own.id })
  if (own?.status === 'submitted') return err('rating.already_rated')
  if (task.status !== 'open') return err('rating.taken')
  const slot = freePlace(task, sheets, actor.personId, now)
  if (slot === null) return err('rating.taken')
  await freeLapsed(w, sheets, slot, now)
  const terms = { slot, leaseUntil: leaseFrom(now), claimedAt: new Date(now) }
  let taken: { id: string; seq: number }
  if (own) {
    const again = await ratings.reclaimSheet(w, own.id, terms)
    if (!again) return err('rating.taken')
    taken = again
  } else {
    taken = { id: deps.ids.id('rs'), seq: 1 }
    if (
      !(await ratings.insertSheet(w, {
        ...taken,
        ...terms,
        taskId: task.id,
        raterId: actor.personId,
        status: 'claimed',
      }))
    )
      return err('rating.taken')
  }
  await ratings.insertRatingEvent(w, {
    sheetId: taken.id,
    seq: taken.seq,
    type: 'claimed',
    at: new Date(now),
    data: { taskId: task.id, slot },
  })
  await audit(w, deps, now, {
    actorId: actor.personId,
    action: 'sheet.claimed',
    subjectType: 'rating_sheet',
    subjectId: taken.id,
    data: { taskId: task.id },
  })
  return ok({ sheetId: taken.id })
}

/**
 * Frees the place if it is held by a lease that has lapsed. Marks stay with that sheet, in case its rater comes back
 * for it.
 */
async function freeLapsed(w: Writer, sheets: readonly SheetRow[], slot: number, now: Instant): Promise<void> {
  const lapsed = sheets.find((sheet) => sheet.slot === slot)
  if (!lapsed || occupies(lapsed, now)) return
  const freed = await vacateSheet(
    w,
    lapsed,
    sheets.map((sheet) => sheet.slot),
  )
  if (freed)
    await ratings.insertRatingEvent(w, {
      sheetId: freed.id,
      seq: freed.seq,
      type: 'lapsed',
      at: new Date(now),
      data: {},
    })
}

/** Puts a sheet back into the queue with its marks; the rater may take it up again as long as nobody else has. */
export async function putBack(w: Writer, sheet: SheetRow, now: Instant): Promise<boolean> {
  const slots = (await allSheetsOfTasks(w, [sheet.taskId])).map((other) => other.slot)
  const freed = await vacateSheet(w, sheet, slots)
  if (freed)
    await ratings.insertRatingEvent(w, {
      sheetId: freed.id,
      seq: freed.seq,
      type: 'returned',
      at: new Date(now),
      data: {},
    })
  return freed !== null
}
