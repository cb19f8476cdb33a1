/** What an event does to the state. Total: an event that was appended is a fact and is never refused here. */
import { assertNever } from '../shared/result.ts'
import { later, type Instant } from '../shared/time.ts'
import type { Grant, Pause } from '../timing/deadline.ts'
import type { AttemptEvent, AttemptEventOf } from './events.ts'
import {
  answerOf,
  clockNote,
  placeOf,
  readyAttempt,
  REPLIES_KEPT,
  type AnswerState,
  type Attempt,
  type AttemptSetup,
  type MutationReply,
} from './state.ts'

/** The newest replies of each outcome, newest last: a flood into quarantine must not push out what was acknowledged. */
export function withReply(replies: readonly MutationReply[], reply: MutationReply): MutationReply[] {
  const same = replies.filter((r) => r.outcome === reply.outcome)
  const oldest = same.length >= REPLIES_KEPT[reply.outcome] ? same[0] : undefined
  return [...replies.filter((r) => r !== oldest), reply]
}

export function evolve(state: Attempt, event: AttemptEvent): Attempt {
  return { ...apply(state, event), seq: event.seq }
}

export const evolveAll = (state: Attempt, events: readonly AttemptEvent[]): Attempt => events.reduce(evolve, state)

/** The state rebuilt from the whole story. */
export const replay = (setup: AttemptSetup, events: readonly AttemptEvent[]): Attempt =>
  evolveAll(readyAttempt(setup), events)

function apply(state: Attempt, event: AttemptEvent): Attempt {
  switch (event.type) {
    case 'started':
      return {
        ...state,
        status: 'in_progress',
        startedAt: event.at,
        epoch: event.epoch,
        sessionId: event.sessionId,
        locale: event.locale,
      }
    case 'answer_saved': {
      const { revision, contentHash, late, mutationId } = event
      return withAnswer(state, event.itemId, (answer) => ({
        revision,
        contentHash,
        late,
        savedAt: event.receivedAt,
        flagged: event.flagged ?? answer.flagged,
        replies: withReply(answer.replies, { mutationId, contentHash, outcome: 'accepted', revision, late }),
      }))
    }
    case 'answer_quarantined': {
      const { contentHash, mutationId } = event
      const next = withAnswer(state, event.itemId, (answer) => ({
        ...answer,
        replies: withReply(answer.replies, {
          mutationId,
          contentHash,
          outcome: 'quarantined',
          revision: 0,
          late: false,
        }),
      }))
      return { ...next, quarantined: state.quarantined + 1 }
    }
    case 'flagged':
      return withAnswer(state, event.itemId, (answer) => ({ ...answer, flagged: event.flagged }))
    case 'section_entered':
      return {
        ...state,
        section: { id: event.sectionId, enteredAt: event.at, grantsBefore: state.grants.length, page: 0 },
      }
    case 'section_left':
      return {
        ...state,
        section: null,
        leftSections: state.leftSections.includes(event.sectionId)
          ? state.leftSections
          : [...state.leftSections, event.sectionId],
      }
    case 'item_left': {
      const place = placeOf(state.setup, event.itemId)
      if (!place || !state.section || place.sectionId !== state.section.id) return state
      return { ...state, section: { ...state.section, page: Math.max(state.section.page, place.page + 1) } }
    }
    case 'paused':
      return {
        ...state,
        pauses: [
          ...state.pauses,
          { from: event.from, until: null, by: event.by, reasonId: event.reasonId, kind: event.kind },
        ],
      }
    case 'resumed':
      return { ...state, pauses: endPause(state.pauses, event.until) }
    case 'time_granted':
      return { ...state, grants: [...state.grants, { ...grantOf(event), afterPauses: pausesOver(state) }] }
    case 'taken_over':
      return { ...state, epoch: event.epoch, sessionId: event.sessionId }
    case 'language_switched':
      return { ...state, locale: event.locale }
    case 'disconnected':
      return { ...state, connected: false }
    case 'reconnected':
      return { ...state, connected: true }
    case 'clock_alarm':
      return { ...state, clockNotes: [...state.clockNotes, clockNote(event)] }
    case 'clock_confirmed': {
      const given: Grant[] =
        event.givenBackMs > 0
          ? [
              {
                at: event.at,
                extraMs: event.givenBackMs,
                by: event.by,
                reasonId: event.alarmId,
                afterPauses: pausesOver(state),
              },
            ]
          : []
      return { ...state, clockNotes: [...state.clockNotes, clockNote(event)], grants: [...state.grants, ...given] }
    }
    case 'late_text_decided':
    case 'message_sent':
      return state
    case 'closed':
      return {
        ...state,
        status: 'closed',
        closingReason: event.reason,
        finishedAt: event.finishedAt,
        submittedAt: event.reason === 'submitted' ? event.finishedAt : null,
        // time no longer stands still for an attempt that is over
        pauses: endPause(state.pauses, event.finishedAt),
      }
    case 'scored':
      return { ...state, scoredAt: event.at }
    case 'released':
      return { ...state, releasedAt: event.at }
    default:
      return assertNever(event)
  }
}

const pausesOver = (state: Attempt): number => state.pauses.filter((pause) => pause.until !== null).length

function grantOf({ at, extraMs, by, reasonId, requestId }: AttemptEventOf<'time_granted'>): Omit<Grant, 'afterPauses'> {
  return { at, extraMs, by, reasonId, ...(requestId === undefined ? {} : { requestId }) }
}

function withAnswer(state: Attempt, itemId: string, change: (answer: AnswerState) => AnswerState): Attempt {
  return { ...state, answers: { ...state.answers, [itemId]: change(answerOf(state, itemId)) } }
}

const endPause = (pauses: readonly Pause[], until: Instant): Pause[] =>
  pauses.map((p) => (p.until === null ? { ...p, until: later(until, p.from) } : p))
