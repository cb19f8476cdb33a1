/**
 * The hot path: saving answers and heartbeats. Called by app/server (JSON) and by the player's plain form action alike;
 * both go through the same transaction and the same decision.
 */
import {
  loadAnswerHeads,
  loadHead,
  writeSaves,
  type HotRow,
  type SavedAnswer,
  type StoredHead,
} from '../../../db/repositories/attempt-saves.server.ts'
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { insertQuarantined, quarantinedCount } from '../../../db/repositories/quarantine.server.ts'
import type { Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { decide } from '../../core/attempt/decide.ts'
import {
  clockOf,
  conflictCodeOf,
  saveCommandOf,
  saveReplyOf,
  type HeartbeatReply,
  type HeartbeatRequest,
  type SaveReply,
  type SaveRequest,
} from '../../core/attempt/protocol.ts'
import { canonicalResponse, receiptOf, receiptText, type Receipt } from '../../core/attempt/receipt.ts'
import { decideSave, type SaveCommand, type SaveDecision } from '../../core/attempt/save.ts'
import type { Attempt } from '../../core/attempt/state.ts'
import { validateResponse } from '../../core/bank/candidate-view.ts'
import type { Response } from '../../core/bank/response.ts'
import type { Item } from '../../core/bank/schema.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { enqueue } from '../../ground/jobs.server.ts'
import { appendStreamEvent } from '../../ground/streams.server.ts'
import { itemsOfAttempt } from './form.server.ts'

export const attemptStream = (attemptId: string): string => `attempt:${attemptId}`
export const ROOM_STREAM = 'room'

type SaveOutcome = { reply: SaveReply; conflict: 'attempt.taken_over' | 'attempt.not_open' | null }

/**
 * Whether this session may touch the attempt: it must be the person's own, and of the enrolment that the invitation was
 * for.
 */
export const ownsAttempt = (
  actor: Pick<Actor, 'personId' | 'enrolmentId'>,
  row: { personId: string; enrolmentId: string },
): boolean => row.personId === actor.personId && (actor.enrolmentId === null || actor.enrolmentId === row.enrolmentId)

/** Saves a batch; with `final` also submits. Answered after the COMMIT: an acknowledged answer is on the disk. */
export async function saveAnswers(
  deps: Deps,
  actor: Actor,
  request: SaveRequest,
  receivedAt: Instant,
): Promise<Result<SaveOutcome, 'attempt.not_found'>> {
  // Submitting with nothing unsaved needs no items.
  const items: ReadonlyMap<string, Item> =
    request.mutations.length > 0 ? await itemsOfAttempt(deps.store, request.attemptId) : new Map()
  // By hash, not by mutation: a client that uses one id for two texts must not have the one stored under the other's
  // name.
  const responses = new Map<string, Response | null>()
  const command = saveCommandOf(request, receivedAt, (mutation) => {
    const item = items.get(mutation.itemId)
    const contentHash = deps.secrets.sha256(canonicalResponse(mutation.response))
    responses.set(contentHash, mutation.response)
    const valid = item && mutation.response ? validateResponse(item, mutation.response) : null
    return { contentHash, ...(valid && !valid.ok ? { invalid: valid.error.code } : {}) }
  })
  return deps.store.transact(async (w) => {
    const row = await loadHead(w, request.attemptId)
    if (!row || !ownsAttempt(actor, row)) return err('attempt.not_found')
    const answers = await loadAnswerHeads(
      w,
      request.attemptId,
      command.mutations.map((m) => m.itemId),
    )
    const first = decideSave(row.head, answers, command)
    const asked = await lookedUp(w, request.attemptId, command, first)
    const decision = asked === command ? first : decideSave(row.head, answers, asked)
    const saved = savedAnswers(decision, asked, responses, answers)
    const plain = decision.events.every((event) => event.type === 'answer_saved')
    const receipt = plain
      ? await writePlain(w, request.attemptId, actor, row, decision, saved, receivedAt)
      : await writeWhole(w, deps, request.attemptId, actor, asked, responses, saved, receivedAt)
    const needsReceipt = receipt ?? (decision.closing?.ok ? await receiptFor(w, deps, request.attemptId) : null)
    const stored = decision.results.some((r) => r.result === 'conflict')
      ? await attempts.answersOf(w, request.attemptId)
      : []
    const reply = saveReplyOf(decision, deps.clock.now(), {
      receipt: needsReceipt,
      stored: (itemId) => stored.find((answer) => answer.itemId === itemId)?.response ?? null,
    })
    return ok({ reply, conflict: conflictCodeOf(decision) })
  })
}

/** Far more late texts than any page sends; a client that goes on is told so instead of filling the pages of staff. */
const MAX_LATE_TEXTS = 100

/**
 * The command, completed by what only the whole story tells about late texts: whether one is a copy of an earlier
 * version, and whether there are too many.
 */
async function lookedUp(
  w: Writer,
  attemptId: string,
  command: SaveCommand,
  decision: SaveDecision,
): Promise<SaveCommand> {
  if (!decision.results.some((result) => result.result === 'quarantined')) return command
  const versions = await attempts.savedHashes(w, attemptId)
  const full = (await quarantinedCount(w, attemptId)) >= MAX_LATE_TEXTS
  return {
    ...command,
    mutations: command.mutations.map((mutation, index) => {
      if (decision.results[index]?.result !== 'quarantined') return mutation
      if (versions.has(`${mutation.itemId} ${mutation.contentHash}`)) return { ...mutation, storedBefore: true }
      return full ? { ...mutation, invalid: 'request.too_many' } : mutation
    }),
  }
}

/** PostgreSQL stores no U+0000 in JSON, and a late text is kept whatever is in it. */
const storable = (response: Response): Response =>
  JSON.parse(JSON.stringify(response), (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\u0000', '\ufffd') : value,
  ) as Response

function savedAnswers(
  decision: SaveDecision,
  command: SaveCommand,
  responses: ReadonlyMap<string, Response | null>,
  stored: readonly StoredHead[],
): SavedAnswer[] {
  const saved = new Map<string, SavedAnswer>()
  // One result a mutation, in order.
  for (const [index, result] of decision.results.entries()) {
    if (result.result !== 'accepted') continue
    const head = decision.answers.find((answer) => answer.itemId === result.itemId)
    const mutation = command.mutations[index]
    if (!head || !mutation) continue
    saved.set(result.itemId, {
      head,
      contentHash: mutation.contentHash,
      response: responses.get(mutation.contentHash) ?? null,
      flagged:
        mutation.flagged ??
        saved.get(result.itemId)?.flagged ??
        stored.find((answer) => answer.itemId === result.itemId)?.flagged ??
        false,
      late: result.late,
    })
  }
  return [...saved.values()]
}

async function writePlain(
  w: Writer,
  attemptId: string,
  actor: Actor,
  row: HotRow,
  decision: SaveDecision,
  saved: SavedAnswer[],
  receivedAt: Instant,
): Promise<null> {
  await writeSaves(w, {
    attemptId,
    actorId: actor.personId,
    before: row.seq,
    events: decision.events,
    answers: saved,
    at: new Date(receivedAt),
  })
  return null
}

/** More happened than accepted answers (quarantine, closing): the whole state is written. */
async function writeWhole(
  w: Writer,
  deps: Deps,
  attemptId: string,
  actor: Actor,
  command: SaveCommand,
  responses: ReadonlyMap<string, Response | null>,
  saved: SavedAnswer[],
  receivedAt: Instant,
): Promise<Receipt | null> {
  const loaded = await attempts.loadAttempt(w, attemptId)
  if (!loaded) return null
  const decided = decide(loaded.attempt, { type: 'saveAnswers', ...command })
  if (!decided.ok) return null
  const at = new Date(receivedAt)
  const after = await attempts.appendEvents(w, loaded.attempt, decided.value, actor.personId, {
    answers: saved,
    seenAt: at,
    ...(saved.length > 0 ? { savedAt: at } : {}),
  })
  for (const event of decided.value) {
    if (event.type !== 'answer_quarantined' || !event.hasText) continue
    const response = responses.get(event.contentHash)
    if (!response) continue
    await insertQuarantined(w, {
      attemptId,
      seq: event.seq,
      mutationId: event.mutationId,
      itemId: event.itemId,
      response: storable(response),
      contentHash: event.contentHash,
      receivedAt: new Date(event.receivedAt),
      code: event.reason,
    })
  }
  if (after.status === 'closed' && loaded.attempt.status !== 'closed') {
    await onClosed(w, deps, attemptId, after)
    return receiptOn(deps, after)
  }
  return null
}

/** What follows every closing, in the same transaction: a scoring job, and a message to the pages that watch. */
export async function onClosed(
  w: Writer,
  deps: Deps,
  attemptId: string,
  after: { closingReason: string | null; finishedAt: number | null; setup: { timing: { latencyAllowanceMs: number } } },
): Promise<void> {
  // A closing by the clock leaves room for saves that were received within the allowance and are still in our queue.
  const byClock = after.closingReason === 'time_up' || after.closingReason === 'window_closed'
  const runAt =
    byClock && after.finishedAt !== null
      ? new Date(after.finishedAt + after.setup.timing.latencyAllowanceMs + 1)
      : undefined
  await enqueue(
    w,
    'score-attempt',
    { attemptId },
    { dedupeKey: `score:${attemptId}:closed`, live: deps.live, ...(runAt ? { runAt } : {}) },
  )
  await appendStreamEvent(w, deps, attemptStream(attemptId), 'closed', {
    reason: after.closingReason ?? 'submitted',
    finishedAt: after.finishedAt ?? 0,
  })
  await appendStreamEvent(w, deps, ROOM_STREAM, 'attempt', { attemptId })
}

/** The receipt of a closed attempt: the same for every repetition of the submit. */
export async function receiptFor(
  w: Parameters<typeof attempts.attemptRow>[0],
  deps: Pick<Deps, 'secrets'>,
  attemptId: string,
): Promise<Receipt | null> {
  const loaded = await attempts.loadAttempt(w, attemptId)
  return loaded?.attempt.status === 'closed' ? receiptOn(deps, loaded.attempt) : null
}

/** By hash: erasing what the person wrote leaves the receipt as it was. */
function receiptOn(deps: Pick<Deps, 'secrets'>, attempt: Attempt): Receipt | null {
  const { attemptId } = attempt.setup
  const takenBack = deps.secrets.sha256(canonicalResponse(null))
  const lines = Object.entries(attempt.answers).flatMap(([itemId, { revision, contentHash }]) =>
    contentHash === null || contentHash === takenBack ? [] : [{ itemId, revision, contentHash }],
  )
  return receiptOf(
    { attemptId, closingReason: attempt.closingReason, finishedAt: attempt.finishedAt },
    lines,
    deps.secrets.sha256(receiptText(attemptId, lines)),
  )
}

const TOUCH_EVERY_MS = 20_000

/** Answers with the clock and notes that the page is there. Writes at most every twenty seconds. */
export async function heartbeat(
  deps: Deps,
  actor: Actor,
  request: HeartbeatRequest,
  receivedAt: Instant,
): Promise<Result<{ reply: HeartbeatReply; takenOver: boolean }, 'attempt.not_found'>> {
  const row = await loadHead(deps.store.read, request.attemptId)
  if (!row || !ownsAttempt(actor, row)) return err('attempt.not_found')
  const takenOver = request.epoch !== row.head.epoch
  if (
    !takenOver &&
    row.head.status === 'in_progress' &&
    receivedAt - (row.lastSeenAt?.getTime() ?? 0) > TOUCH_EVERY_MS
  ) {
    await seen(deps, request.attemptId, receivedAt)
  }
  return ok({ reply: clockOf(row.head, deps.clock.now()), takenOver })
}

async function seen(deps: Deps, attemptId: string, now: Instant): Promise<void> {
  await deps.store.transact(async (w) => {
    const loaded = await attempts.loadAttempt(w, attemptId)
    if (!loaded) return
    const decided = decide(loaded.attempt, { type: 'connection', connected: true, receivedAt: now })
    if (decided.ok && decided.value.length > 0)
      await attempts.appendEvents(w, loaded.attempt, decided.value, null, { seenAt: new Date(now) })
    else await attempts.touchAttempt(w, attemptId, new Date(now))
  })
}
