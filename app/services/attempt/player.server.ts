/** The player's page: the attempt as its candidate may see it now. */
import { formOf } from '../../../db/repositories/forms.server.ts'
import { notesOf } from '../../../db/repositories/notes.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { progressOf } from '../../core/attempt/item-state.ts'
import type { PlayerContent, PlayerPage, PlayerSection, PlayerView } from '../../core/attempt/player-view.ts'
import { clockOf } from '../../core/attempt/protocol.ts'
import { placeOf, sectionRules } from '../../core/attempt/state.ts'
import { candidateItem } from '../../core/bank/candidate-view.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { breakUsedMs, deadlineUnderPause, isPausedAt, sectionLimitMs } from '../../core/timing/deadline.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { policyViews } from '../content/policies.server.ts'
import { readVersion } from '../content/versions.server.ts'
import { stageContext } from '../enrolment/enrolment.server.ts'
import { formOfAttempt, itemsOfAttempt } from './form.server.ts'
import { loadPlayerAttempt, type PlayerAttempt } from './player-attempt.server.ts'
import { searchPolicies } from './policy-search.server.ts'

export async function readPlayer(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  wish: { itemId: string | null; query: string | null },
  locale: Locale,
  now: Instant,
): Promise<Result<PlayerView, 'attempt.not_found'>> {
  const loaded = await loadPlayerAttempt(deps, actor, attemptId)
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

async function sectionsOf(
  deps: Deps,
  { row, answers, attempt }: PlayerAttempt,
  locale: Locale,
): Promise<PlayerSection[]> {
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
  { attempt, answers }: PlayerAttempt,
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
  { row, answers }: PlayerAttempt,
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
