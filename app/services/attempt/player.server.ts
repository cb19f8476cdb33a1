/**
 * The player's page and its plain form. Without scripts every button of the page posts the one form; its answers are
 * saved by the service that the hot path calls, then the button's action is carried out. With scripts the same buttons
 * are taken over in the browser.
 */
import { loadHead } from '../../../db/repositories/attempt-saves.server.ts'
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { formOf } from '../../../db/repositories/forms.server.ts'
import { notesOf } from '../../../db/repositories/notes.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { progressOf } from '../../core/attempt/item-state.ts'
import type {
  Conflict,
  PlayerContent,
  PlayerNotice,
  PlayerPage,
  PlayerSection,
  PlayerView,
} from '../../core/attempt/player-view.ts'
import { clockOf, type SaveReply, type SaveRequest } from '../../core/attempt/protocol.ts'
import { canonicalResponse } from '../../core/attempt/receipt.ts'
import { placeOf, sectionRules, type Attempt } from '../../core/attempt/state.ts'
import { candidateItem, responseFromForm } from '../../core/bank/candidate-view.ts'
import type { Response } from '../../core/bank/response.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Failure, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { breakUsedMs, deadlineUnderPause, isPausedAt, sectionLimitMs } from '../../core/timing/deadline.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { policyViews } from '../content/policies.server.ts'
import { readVersion } from '../content/versions.server.ts'
import { stageContext } from '../enrolment/enrolment.server.ts'
import { actOnAttempt, submitAttempt, takeOverAttempt } from './acts.server.ts'
import { formOfAttempt, itemsOfAttempt } from './form.server.ts'
import { searchPolicies } from './policy-search.server.ts'
import { ownsAttempt, saveAnswers } from './saves.server.ts'

// ---- The page ----

type Loaded = { row: attempts.AttemptRow; answers: attempts.AnswerRow[]; attempt: Attempt }

async function load(deps: Deps, actor: Actor, attemptId: string): Promise<Loaded | null> {
  const row = await attempts.attemptRow(deps.store.read, attemptId)
  if (!row || !ownsAttempt(actor, row)) return null
  const answers = await attempts.answersOf(deps.store.read, attemptId)
  return { row, answers, attempt: attempts.attemptFrom(row, answers) }
}

/** The attempt as its candidate may see it now. */
export async function readPlayer(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  wish: { itemId: string | null; query: string | null },
  locale: Locale,
  now: Instant,
): Promise<Result<PlayerView, 'attempt.not_found'>> {
  const loaded = await load(deps, actor, attemptId)
  const context = loaded ? await stageContext(deps, actor, loaded.row.stageId) : null
  if (!loaded || !context) return err('attempt.not_found')
  const { row } = loaded
  const names = {
    attemptId,
    programmeTitle: context.programme.body.title[locale],
    stageTitle: context.stage.title[locale],
  }
  const head = { ...row.head, seq: row.seq }
  const clock = clockOf(head, now)
  if (clock.status === 'closed') return ok({ phase: 'over', attemptId })
  // Another session holds it: nothing of the form is shown before the candidate has confirmed.
  if (row.sessionId !== actor.sessionId) return ok({ phase: 'elsewhere', elsewhere: { ...names, clock } })

  const contentLocale: Locale = loaded.attempt.locale ?? locale
  const sections = await sectionsOf(deps, loaded, locale)
  const at = placeFor(loaded, sections, wish.itemId)
  const content = await contentOf(deps, loaded, sections, contentLocale)
  const beside = Object.values(content).flatMap(({ item }) => (item.kind === 'written_reply' ? item.policies : []))
  const found = wish.query ? await searchPolicies(deps, actor, { attemptId, query: wish.query }, locale, now) : null
  const { allowanceMs } = row.setup.timing.accommodation.breaks
  const messages = await notesOf(deps.store.read, 'attempt_message', attemptId)
  return ok({
    phase: 'play',
    page: {
      ...names,
      clock,
      minimumUntil: head.section ? deadlineUnderPause(head.section.minimumUntil, head.pause, now) : null,
      lastSavedAt: row.lastSaveAt?.toISOString() ?? null,
      contentLocale,
      switchLanguage: row.setup.switchLanguage,
      breakLeftMs: Math.max(0, allowanceMs - breakUsedMs(loaded.attempt.pauses, now)),
      onBreak: head.pause?.kind === 'break' && isPausedAt(head.pause, now),
      sections,
      content,
      policies: await policyViews(deps, beside, contentLocale),
      at,
      search: wish.query ? { query: wish.query, results: found?.ok ? found.value : [] } : null,
      messages: messages.map((note) => ({ id: note.id, text: note.text ?? '', sentAt: note.createdAt.toISOString() })),
    },
  })
}

async function sectionsOf(deps: Deps, { row, answers, attempt }: Loaded, locale: Locale): Promise<PlayerSection[]> {
  const form = await formOf(deps.store.read, row.id)
  const blueprint = form ? await readVersion(deps.store.read, 'blueprint', form.blueprintVersionId) : null
  const items = await itemsOfAttempt(deps.store, row.id)
  const rules = new Map(sectionRules(attempt).map((rule) => [rule.id, rule]))
  const byItem = new Map(answers.map((answer) => [answer.itemId, answer]))
  return row.setup.sections.map((section) => {
    const text = blueprint?.body.sections.find((s) => s.id === section.id)
    const rule = rules.get(section.id)
    const timing = row.setup.timing.sections.find((t) => t.id === section.id)
    const current = attempt.section?.id === section.id
    return {
      id: section.id,
      title: text?.title[locale] ?? section.id,
      instructions: text?.instructions?.[locale] ?? null,
      state: !rule?.gated ? 'open' : current ? 'current' : rule.left ? 'left' : 'to_enter',
      gated: rule?.gated ?? false,
      forwardOnly: rule?.forwardOnly ?? false,
      itemsPerPage: section.itemsPerPage,
      reachedPage: current ? (attempt.section?.page ?? 0) : 0,
      limitMs: timing ? sectionLimitMs(row.setup.timing, timing) : null,
      minimumMs: timing?.minimumMs ?? 0,
      items: section.itemIds.map((id, index) => {
        const answer = byItem.get(id)
        const item = items.get(id)
        return {
          id,
          number: index + 1,
          page: Math.floor(index / section.itemsPerPage),
          progress: item ? progressOf(item, answer?.response ?? null) : 'open',
          flagged: answer?.flagged ?? false,
          revision: answer?.revision ?? 0,
        }
      }),
    }
  })
}

/** Whether the items of this page may be seen now. */
const isShown = (section: PlayerSection, page: number): boolean =>
  section.state === 'open' || (section.state === 'current' && (!section.forwardOnly || page === section.reachedPage))

/**
 * Where the page stands: where it was asked for if that is open, else at the item last worked on, else where the
 * candidate has got to.
 */
function placeFor(
  { attempt, answers }: Loaded,
  sections: readonly PlayerSection[],
  itemId: string | null,
): PlayerPage['at'] {
  const wished = itemId ? placeOf(attempt.setup, itemId) : undefined
  const target = wished ? sections.find((section) => section.id === wished.sectionId) : undefined
  if (wished && target && itemId && target.state !== 'left') {
    if (target.state === 'to_enter') return { sectionId: target.id, page: 0, itemId: target.items[0]?.id ?? '' }
    if (isShown(target, wished.page)) return { ...wished, itemId }
  }
  const current = sections.find((s) => s.state === 'current')
  const latest = answers
    .filter((answer) => answer.receivedAt !== null)
    .sort((a, b) => (b.receivedAt?.getTime() ?? 0) - (a.receivedAt?.getTime() ?? 0))[0]
  const last = latest && placeOf(attempt.setup, latest.itemId)
  const there = sections.find((s) => s.id === last?.sectionId)
  if (latest && last && there && (!current || current === there) && isShown(there, last.page))
    return { ...last, itemId: latest.itemId }
  const section = current ?? sections.find((s) => s.state !== 'left') ?? sections[0]
  const page = section?.state === 'current' && section.forwardOnly ? section.reachedPage : 0
  return { sectionId: section?.id ?? '', page, itemId: section?.items.find((slot) => slot.page === page)?.id ?? '' }
}

/** The items that may be seen now, with the stored answers. */
async function contentOf(
  deps: Deps,
  { row, answers }: Loaded,
  sections: readonly PlayerSection[],
  locale: Locale,
): Promise<Record<string, PlayerContent>> {
  const { items, orders } = await formOfAttempt(deps.store, row.id)
  const responses = new Map(answers.map((answer) => [answer.itemId, answer.response]))
  const content: Record<string, PlayerContent> = {}
  for (const section of sections) {
    for (const slot of section.items) {
      const item = items.get(slot.id)
      if (!item || !isShown(section, slot.page)) continue
      content[slot.id] = {
        item: candidateItem(item, locale, orders.get(slot.id)),
        response: responses.get(slot.id) ?? null,
      }
    }
  }
  return content
}

// ---- The plain form ----

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
  const loaded = await load(deps, actor, attemptId)
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
  { answers }: Loaded,
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
  loaded: Loaded,
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
  loaded: Loaded,
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

/** A message of staff to this attempt. */
export async function messageText(
  deps: Pick<Deps, 'store'>,
  attemptId: string,
  messageId: string,
): Promise<{ text: string; sentAt: Instant } | null> {
  const note = (await notesOf(deps.store.read, 'attempt_message', attemptId)).find((n) => n.id === messageId)
  return note ? { text: note.text ?? '', sentAt: note.createdAt.getTime() } : null
}

/**
 * The key for drafts in this candidate's browser; nobody else gets it, and another candidate on the same machine gets
 * another.
 */
export async function draftKey(
  deps: Deps,
  actor: Actor,
  attemptId: string,
): Promise<Result<string, 'attempt.not_found'>> {
  const row = await loadHead(deps.store.read, attemptId)
  if (!row || !ownsAttempt(actor, row)) return err('attempt.not_found')
  return ok(deps.secrets.deriveKey('drafts', `${row.personId}:${attemptId}`))
}
