/**
 * What an interviewer does in a mock contact: noting what was told, holding the clock, ending the talk.
 *
 * How it ends: the candidate has nothing to hand in, so a contact does not end by `submit`, which would put an act of
 * theirs into the record that they never did. It ends by `staffClose` with a reason, like every act of staff on an
 * attempt, through the same closeAttempt as all others: past the deadline it is the clock that has closed it, whoever
 * asks. If the sweep was first, the attempt is closed at its deadline already and ending the contact only notes that
 * the talk is over; the sheet stays open either way, because the attempt's end never closes a sheet.
 */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { insertNote } from '../../../db/repositories/notes.server.ts'
import * as ratings from '../../../db/repositories/ratings.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { decide } from '../../core/attempt/decide.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { translator } from '../../i18n/messages.ts'
import { staffAct } from '../attempt/acts.server.ts'
import { onClosed } from '../attempt/saves.server.ts'
import { requireVersion } from '../content/versions.server.ts'
import { playedMs, plays, type ContactRow } from './contact.server.ts'

/** How a contact ended; the sentence for it is written into the attempt's ledger as the reason of the closing. */
export const ENDINGS = ['completed', 'broken_off', 'candidate_left'] as const
export type Ending = (typeof ENDINGS)[number]

export type ContactAct =
  | { type: 'disclose'; factId: string; disclosed: boolean }
  | { type: 'hold' }
  | { type: 'resume' }
  | { type: 'end'; ending: Ending }
export type ContactCode = 'contact.not_found' | 'contact.closed' | 'contact.not_running' | 'scenario.unknown_fact'

export async function actOnContact(
  deps: Deps,
  actor: Actor,
  contactId: string,
  act: ContactAct,
  locale: Locale,
  now: Instant,
): Promise<Result<true, ContactCode>> {
  const contact = await ratings.contactById(deps.store.read, contactId)
  if (!plays(actor, contact)) return err('contact.not_found')
  switch (act.type) {
    case 'disclose':
      return disclose(deps, contact, act, now)
    case 'hold':
    case 'resume': {
      if (contact.endedAt) return err('contact.closed')
      const reason = translator(interviewerMessages, locale)('contact.hold.reason')
      const done = await staffAct(
        deps,
        actor,
        contact.attemptId,
        act.type === 'hold' ? { type: 'pause', reason } : { type: 'resume' },
        now,
      )
      // Twice the same button is no mistake worth a sentence.
      return done.ok || done.error.code === 'attempt.already_paused' || done.error.code === 'attempt.not_paused'
        ? ok(true)
        : err('contact.not_running')
    }
    case 'end':
      return endContact(deps, actor, contactId, act.ending, locale, now)
  }
}

/** Notes which fact the customer has told, and when; unticking undoes a slip. */
async function disclose(
  deps: Deps,
  contact: ContactRow,
  act: { factId: string; disclosed: boolean },
  now: Instant,
): Promise<Result<true, ContactCode>> {
  const scenario = await requireVersion(deps.store.read, 'scenario', contact.scenarioVersionId)
  if (!scenario.body.factCard.knows.some((fact) => fact.id === act.factId)) return err('scenario.unknown_fact')
  return deps.store.transact(async (w) => {
    const [current, loaded] = [
      await ratings.contactById(w, contact.id),
      await attempts.loadAttempt(w, contact.attemptId),
    ]
    if (!current || !loaded) return err('contact.not_found')
    if (current.endedAt) return err('contact.closed')
    const { [act.factId]: before, ...others } = current.disclosed
    const disclosed = act.disclosed ? { ...others, [act.factId]: before ?? playedMs(loaded.attempt, now) } : others
    await ratings.updateContact(w, contact.id, { disclosed })
    return ok(true)
  })
}

/** Ends the talk and with it the attempt. Repeated, it changes nothing. */
async function endContact(
  deps: Deps,
  actor: Actor,
  contactId: string,
  ending: Ending,
  locale: Locale,
  now: Instant,
): Promise<Result<true, ContactCode>> {
  const noteId = deps.ids.id('no')
  const text = translator(interviewerMessages, locale)(`contact.ending.${ending}.reason`)
  return deps.store.transact(async (w) => {
    const contact = await ratings.contactById(w, contactId)
    const loaded = contact ? await attempts.loadAttempt(w, contact.attemptId) : null
    if (!contact || !loaded) return err('contact.not_found')
    if (contact.endedAt) return ok(true)
    const { attempt } = loaded
    if (attempt.status === 'in_progress') {
      const decided = decide(attempt, {
        type: 'staffClose',
        reasonId: noteId,
        evenWithTimeLeft: true,
        by: actor.personId,
        receivedAt: now,
      })
      if (!decided.ok) return err('contact.not_running')
      const after = await attempts.appendEvents(w, attempt, decided.value, actor.personId)
      await insertNote(w, {
        id: noteId,
        subjectType: 'attempt_reason',
        subjectId: contact.attemptId,
        authorId: actor.personId,
        text,
        now: new Date(now),
      })
      await onClosed(w, deps, contact.attemptId, after)
    }
    await ratings.updateContact(w, contactId, { endedAt: new Date(now) })
    await audit(w, deps, now, {
      actorId: actor.personId,
      action: 'contact.ended',
      subjectType: 'contact',
      subjectId: contactId,
      data: { attemptId: contact.attemptId, ending },
    })
    return ok(true)
  })
}
