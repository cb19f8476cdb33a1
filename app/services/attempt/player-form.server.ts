/**
 * The player's plain form. Without scripts every button of the page posts the one form; its answers are saved by the
 * service that the hot path calls, then the button's action is carried out. With scripts the same buttons are taken
 * over in the browser.
 */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { progressOf } from '../../core/attempt/item-state.ts'
import type { Conflict, PlayerNotice } from '../../core/attempt/player-view.ts'
import type { SaveReply, SaveRequest } from '../../core/attempt/protocol.ts'
import { canonicalResponse } from '../../core/attempt/receipt.ts'
import { placeOf, sectionRules } from '../../core/attempt/state.ts'
import { responseFromForm } from '../../core/bank/candidate-view.ts'
import type { Response } from '../../core/bank/response.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Failure, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { actOnAttempt, submitAttempt, takeOverAttempt } from './acts.server.ts'
import { itemsOfAttempt } from './form.server.ts'
import { loadPlayerAttempt, type PlayerAttempt } from './player-attempt.server.ts'
import { saveAnswers } from './saves.server.ts'

export type PlayerForm = {
  epoch: number
  /** The button: `next`, `item:<id>`, `flag:<id>:on`, `lang:en` … */
  go: string
  query: string
  /** Items on the page, each with the revision it was shown at and the fields it was sent with. */
  items: ReadonlyArray<{ itemId: string; base: number; fields: Record<string, string | string[]> }>
  at: string
}
export type PlayerStep =
  | { to: 'item'; itemId: string | null; query?: string; preference?: { name: string; value: string } }
  | { to: 'review' | 'receipt' | 'overview' }
  | { to: 'stay'; notice: PlayerNotice }

/** Saves what the form holds, then does what its button asks. */
export async function playerStep(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  form: PlayerForm,
  receivedAt: Instant,
): Promise<Result<PlayerStep, 'attempt.not_found'>> {
  const loaded = await loadPlayerAttempt(deps, actor, attemptId)
  if (!loaded) return err('attempt.not_found')
  if (form.go.startsWith('take-over:')) {
    const from = form.go.slice('take-over:'.length)
    const taken = await takeOverAttempt(
      deps,
      actor,
      attemptId,
      /^\d{1,9}$/.test(from) ? Number(from) : Number.NaN,
      receivedAt,
    )
    return ok(taken.ok || taken.error.code !== 'attempt.not_open' ? { to: 'item', itemId: null } : { to: 'receipt' })
  }
  const values = await valuesOf(deps, attemptId, form)
  const saved = await saveForm(deps, actor, attemptId, form, loaded, values, receivedAt)
  if (saved) return ok(saved)
  return ok(await follow(deps, actor, attemptId, form, loaded, receivedAt))
}

async function valuesOf(deps: Deps, attemptId: string, form: PlayerForm): Promise<Record<string, Response | null>> {
  const items = await itemsOfAttempt(deps.store, attemptId)
  const values: Record<string, Response | null> = {}
  for (const sent of form.items) {
    const item = items.get(sent.itemId)
    if (item) values[sent.itemId] = responseFromForm(item, sent.fields)
  }
  return values
}

/** Null where everything that changed is stored. */
async function saveForm(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  form: PlayerForm,
  { answers }: PlayerAttempt,
  values: Record<string, Response | null>,
  receivedAt: Instant,
): Promise<PlayerStep | null> {
  const mutations: SaveRequest['mutations'] = []
  for (const sent of form.items) {
    const stored = answers.find((answer) => answer.itemId === sent.itemId)
    if (!stored || !(sent.itemId in values)) continue
    const response = values[sent.itemId] ?? null
    if (canonicalResponse(response) === canonicalResponse(stored.response)) continue
    mutations.push({
      mutationId: deps.ids.id('mu'),
      itemId: sent.itemId,
      baseRevision: sent.base,
      response,
      flagged: stored.flagged,
    })
  }
  if (mutations.length === 0) return null
  const saved = await saveAnswers(deps, actor, { attemptId, epoch: form.epoch, mutations }, receivedAt)
  if (!saved.ok) return { to: 'overview' }
  if (saved.value.conflict === 'attempt.taken_over') {
    return {
      to: 'stay',
      notice: { kind: 'taken_over', unsent: mutations.map((m) => ({ itemId: m.itemId, response: m.response })) },
    }
  }
  return afterSave(saved.value.reply, mutations)
}

function afterSave(reply: SaveReply, mutations: SaveRequest['mutations']): PlayerStep | null {
  const settled = (r: SaveReply['results'][number]): boolean => r.result === 'accepted'
  const unsaved = mutations
    .filter((_, index) => reply.results[index] && !settled(reply.results[index]))
    .map(({ itemId, response }) => ({ itemId, response }))
  const values = Object.fromEntries(unsaved.map(({ itemId, response }) => [itemId, response]))
  const conflicts = reply.results.flatMap((r): Conflict[] =>
    r.result === 'conflict'
      ? [
          {
            itemId: r.itemId,
            mine: values[r.itemId] ?? null,
            stored: r.serverResponse ?? null,
            storedRevision: r.serverRevision,
          },
        ]
      : [],
  )
  if (conflicts.length > 0) return { to: 'stay', notice: { kind: 'conflict', conflicts, values } }
  const refused = reply.results.find((r) => r.result === 'refused')
  if (refused?.result === 'refused')
    return { to: 'stay', notice: { kind: 'refused', failure: { code: refused.code }, values } }
  if (unsaved.length === 0) return null
  // After the end of the attempt the receipt says that the text is with staff; after the end of a section this page
  // does.
  return reply.status === 'closed' ? { to: 'receipt' } : { to: 'stay', notice: { kind: 'late', texts: unsaved } }
}

const refusedStep = (failure: Failure): PlayerStep =>
  failure.code === 'attempt.not_open'
    ? { to: 'receipt' }
    : { to: 'stay', notice: { kind: 'refused', failure, values: {} } }

async function follow(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  form: PlayerForm,
  loaded: PlayerAttempt,
  receivedAt: Instant,
): Promise<PlayerStep> {
  const [verb = '', subject = '', extra = ''] = form.go.split(':')
  const act = (what: Parameters<typeof actOnAttempt>[4]) =>
    actOnAttempt(deps, actor, attemptId, form.epoch, what, receivedAt)
  const here: PlayerStep = { to: 'item', itemId: form.at || null }
  switch (verb) {
    case 'item':
      return { to: 'item', itemId: subject }
    case 'flag': {
      const done = await act({ type: 'flag', itemId: subject, flagged: extra === 'on' })
      return done.ok ? here : refusedStep(done.error)
    }
    case 'next':
    case 'next!':
    case 'back':
      return stepPage(deps, actor, attemptId, form, loaded, verb, receivedAt)
    case 'enter': {
      const done = await act({ type: 'enterSection', sectionId: subject })
      return done.ok
        ? { to: 'item', itemId: loaded.attempt.setup.sections.find((s) => s.id === subject)?.itemIds[0] ?? null }
        : refusedStep(done.error)
    }
    case 'leave': {
      const done = await act({ type: 'leaveSection', sectionId: subject })
      if (!done.ok) return refusedStep(done.error)
      const order = loaded.attempt.setup.sections
      const next = order[order.findIndex((s) => s.id === subject) + 1]
      return next ? { to: 'item', itemId: next.itemIds[0] ?? null } : { to: 'review' }
    }
    case 'lang': {
      const locale: Locale = subject === 'en' ? 'en' : 'zh-CN'
      const done = await act({ type: 'switchLanguage', locale })
      return done.ok
        ? { to: 'item', itemId: form.at || null, preference: { name: 'lang', value: locale } }
        : refusedStep(done.error)
    }
    case 'set':
      return { to: 'item', itemId: form.at || null, preference: { name: subject, value: extra } }
    case 'search':
      return { to: 'item', itemId: form.at || null, query: form.query }
    case 'break': {
      const done = await act({ type: 'takeBreak' })
      return done.ok ? here : refusedStep(done.error)
    }
    case 'resume': {
      const done = await act({ type: 'endBreak' })
      return done.ok ? here : refusedStep(done.error)
    }
    case 'review':
      return { to: 'review' }
    case 'overview':
      return { to: 'overview' }
    case 'submit': {
      const done = await submitAttempt(deps, actor, attemptId, form.epoch, receivedAt)
      return done.ok ? { to: 'receipt' } : refusedStep(done.error)
    }
    default:
      // Enter in a field presses no button of its own; with words in the search field it is the search that was meant.
      return form.query ? { to: 'item', itemId: form.at || null, query: form.query } : here
  }
}

/** The next or previous page; in a forward-only section going on is a step that cannot be taken back. */
async function stepPage(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  form: PlayerForm,
  loaded: PlayerAttempt,
  verb: string,
  receivedAt: Instant,
): Promise<PlayerStep> {
  const { attempt } = loaded
  const place = placeOf(attempt.setup, form.at)
  const order = attempt.setup.sections
  const index = order.findIndex((section) => section.id === place?.sectionId)
  const section = order[index]
  if (!place || !section) return { to: 'item', itemId: null }
  const rule = sectionRules(attempt).find((r) => r.id === section.id)
  const firstOf = (page: number) => section.itemIds[page * section.itemsPerPage]
  if (verb === 'back') {
    if (rule?.forwardOnly) return { to: 'item', itemId: form.at }
    const before = order[index - 1]
    return { to: 'item', itemId: firstOf(place.page - 1) ?? before?.itemIds.at(-1) ?? form.at }
  }
  const stored = await attempts.answersOf(deps.store.read, attemptId)
  const items = await itemsOfAttempt(deps.store, attemptId)
  const unanswered = (ids: readonly string[]) =>
    ids.filter(
      (id) =>
        items.has(id) &&
        progressOf(items.get(id)!, stored.find((answer) => answer.itemId === id)?.response ?? null) !== 'answered',
    ).length
  const onPage = section.itemIds.slice(place.page * section.itemsPerPage, (place.page + 1) * section.itemsPerPage)
  const nextItem = firstOf(place.page + 1)
  if (nextItem) {
    if (!rule?.forwardOnly) return { to: 'item', itemId: nextItem }
    const open = unanswered(onPage)
    if (verb === 'next' && open > 0) return { to: 'stay', notice: { kind: 'confirm_next', unanswered: open } }
    const moved = await actOnAttempt(
      deps,
      actor,
      attemptId,
      form.epoch,
      { type: 'moveTo', itemId: nextItem },
      receivedAt,
    )
    return moved.ok ? { to: 'item', itemId: nextItem } : refusedStep(moved.error)
  }
  if (rule?.gated)
    return {
      to: 'stay',
      notice: { kind: 'confirm_leave', sectionId: section.id, unanswered: unanswered(section.itemIds) },
    }
  const after = order[index + 1]
  return after ? { to: 'item', itemId: after.itemIds[0] ?? null } : { to: 'review' }
}
