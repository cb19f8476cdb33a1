/**
 * The player. One form holds the whole page: without scripts each of its buttons posts it, and the server saves, acts
 * and sends the next page. With scripts the same buttons are handled here, and only what the server must decide
 * (entering and leaving sections, going forward for good, language) still posts, once everything is saved.
 */
import { useSearchParams } from '@remix-run/react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { progressOf } from '../../core/attempt/item-state.ts'
import type { PlayerNotice, PlayerPage, PlayerSection } from '../../core/attempt/player-view.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { openKinds } from '../kinds/registry.ts'
import { Banners } from './banners.tsx'
import { PlayerBar } from './bar.tsx'
import { Gate, Paused } from './between.tsx'
import { Dialogs, type Asking } from './dialogs.tsx'
import { isEditable, isOver } from './editable.ts'
import { ItemPage } from './item-page.tsx'
import { useShortcuts } from './keys.tsx'
import { Navigator, type StateOf } from './navigator.tsx'
import { PlainNotice } from './plain-notice.tsx'
import { ReviewView } from './review-view.tsx'
import { TakenOver } from './taken-over.tsx'
import { usePlayer, type Live } from './use-player.ts'

type View = 'item' | 'review'

/** Set by a move that loads the page anew, for the page that comes. */
const MOVED = 'poise-moved'

export function Player({
  page: loaded,
  notice,
  initialView,
  shortcuts,
}: {
  page: PlayerPage
  notice: PlayerNotice | null
  initialView: View
  shortcuts: boolean
}) {
  const overrides =
    notice && 'values' in notice
      ? Object.fromEntries(
          Object.entries(notice.values).filter(([itemId]) => isEditable(loaded, itemId, isOver(loaded))),
        )
      : {}
  const live = usePlayer(loaded, overrides)
  const t = useMessages(playerMessages)
  const [params, setParams] = useSearchParams()
  const [keys, setKeys] = useState(shortcuts)
  const [asking, setAsking] = useState<Asking>(null)
  const [submitting, setSubmitting] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const sheet = useRef<HTMLElement>(null)

  // Where the page stands: what was asked for in the address, if it is among what was delivered; else what the server
  // chose.
  const { at, view } = useMemo(() => placeIn(loaded, params, initialView), [loaded, params, initialView])
  const page = useMemo(() => ({ ...loaded, at }), [loaded, at])
  const section = page.sections.find((s) => s.id === at.sectionId) as PlayerSection
  const slots = section.items.filter((slot) =>
    section.itemsPerPage === 1 ? slot.id === at.itemId : slot.page === at.page,
  )
  const slotOf = useMemo(
    () => new Map(loaded.sections.flatMap((s) => s.items.map((slot) => [slot.id, slot]))),
    [loaded],
  )
  const numberOf = useCallback((itemId: string) => slotOf.get(itemId)?.number ?? 0, [slotOf])
  const stateOf: StateOf = useCallback(
    (itemId) => {
      const slot = slotOf.get(itemId)
      const content = loaded.content[itemId]
      return {
        progress: content ? progressOf(content.item, live.answers[itemId] ?? null) : (slot?.progress ?? 'open'),
        flagged: live.flags[itemId] ?? slot?.flagged ?? false,
      }
    },
    [loaded, slotOf, live.answers, live.flags],
  )

  const show = useCallback(
    (to: { itemId: string } | { review: true }) => {
      setParams('review' in to ? { view: 'review' } : { item: to.itemId }, { preventScrollReset: false })
    },
    [setParams],
  )

  // A new item is read from its number on, also where the move was posted; a page that was opened keeps the browser's
  // own focus.
  const opened = useRef(`${view} ${at.itemId}`)
  useEffect(() => {
    const here = `${view} ${at.itemId}`
    const posted = sessionStorage.getItem(MOVED)
    sessionStorage.removeItem(MOVED)
    if (!posted && opened.current === here) return
    opened.current = here
    sheet.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
  }, [view, at.itemId])

  /** Posts what a button asks for once nothing is left to save. */
  const post = useCallback(
    async (go: string): Promise<void> => {
      const saved = live.api ? await live.api.flush() : true
      if (!saved && !go.startsWith('take-over:')) {
        const code = obstacle(live, page, go)
        if (code) return setAsking({ kind: 'failed', code })
      }
      const plain = document.createElement('form')
      plain.method = 'post'
      plain.action = `/candidate/attempt/${page.attemptId}?item=${encodeURIComponent(at.itemId)}`
      for (const [name, value] of Object.entries({ epoch: String(page.clock.epoch), at: at.itemId, go })) {
        const input = document.createElement('input')
        input.type = 'hidden'
        input.name = name
        input.value = value
        plain.append(input)
      }
      document.body.append(plain)
      sessionStorage.setItem(MOVED, '1')
      plain.submit()
    },
    [live, page.attemptId, page.clock.epoch, at.itemId],
  )

  const submit = async (): Promise<void> => {
    if (!live.api) return
    // Handing in would leave a text behind that can still be shortened or mended.
    if (live.api.state().refused.some(({ itemId }) => isEditable(page, itemId, live.sectionOver)))
      return setAsking({ kind: 'failed', code: 'attempt.unsettled_answers' })
    setSubmitting(true)
    const done = await live.api.submit()
    // The end of the queue leads to the receipt.
    if (done.done) return
    setSubmitting(false)
    setAsking({ kind: 'failed', code: done.code })
  }

  const openOn = (list: readonly { id: string }[]): number =>
    list.filter((slot) => stateOf(slot.id).progress !== 'answered').length

  function step(direction: 'next' | 'back'): void {
    const index = page.sections.indexOf(section)
    const places = section.items
    if (direction === 'back') {
      if (section.forwardOnly) return
      const before = places.findLast((slot) => slot.page === at.page - 1 && slot.page >= 0) ?? null
      const first = before ? places.find((slot) => slot.page === before.page) : undefined
      const earlier = page.sections[index - 1]
      const target = first ?? (earlier && isOpen(earlier) ? earlier.items.at(-1) : undefined)
      if (target) show({ itemId: target.id })
      return
    }
    const next = places.find((slot) => slot.page === at.page + 1)
    if (next) {
      if (!section.forwardOnly) return show({ itemId: next.id })
      const open = openOn(slots)
      return open > 0 ? setAsking({ kind: 'next', unanswered: open }) : void post('next!')
    }
    if (section.gated) return setAsking({ kind: 'leave', sectionId: section.id, unanswered: openOn(section.items) })
    const after = page.sections[index + 1]
    if (!after) return show({ review: true })
    go(`item:${after.items[0]?.id ?? ''}`)
  }

  function go(wish: string): void {
    const [verb = '', subject = '', extra = ''] = wish.split(':')
    if (verb === 'save' || verb === 'search') return void live.api?.flush()
    if (verb === 'next' || verb === 'back') return step(verb)
    if (verb === 'flag')
      return isEditable(page, subject, live.sectionOver) ? live.flag(subject, extra === 'on') : undefined
    if (verb === 'review') return show({ review: true })
    if (verb === 'submit') return setAsking({ kind: 'submit' })
    if (verb === 'item') {
      const target = page.sections.find((s) => s.items.some((slot) => slot.id === subject))
      if (target && subject in page.content) return show({ itemId: subject })
    }
    void post(wish)
  }

  // While the network is there: the items further on may be of any kind.
  useEffect(() => {
    if (live.ready) void openKinds()
  }, [live.ready])

  useShortcuts(keys && live.ready && asking === null && view === 'item', sheet, {
    next: () => step('next'),
    back: () => step('back'),
    flag: () => slots[0] && go(`flag:${slots[0].id}:${live.flags[slots[0].id] ? 'off' : 'on'}`),
    help: () => setAsking({ kind: 'keys' }),
  })

  const takenOver = live.queue?.end?.reason === 'elsewhere' || notice?.kind === 'taken_over'
  if (takenOver) {
    const unsent = notice?.kind === 'taken_over' ? notice.unsent : (live.queue?.unsent ?? [])
    return <TakenOver page={page} unsent={unsent} numberOf={numberOf} live={live} />
  }

  return (
    <form
      className={`player ${live.ready ? 'js' : ''}`}
      id="player"
      ref={form}
      method="post"
      action={`/candidate/attempt/${page.attemptId}?item=${encodeURIComponent(at.itemId)}`}
      onSubmit={(event) => {
        const button = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null
        if (!live.ready) return
        event.preventDefault()
        go(button?.value ?? 'save')
      }}
    >
      {/* Enter in a text field presses the first button of a form: that must be the one that only saves. */}
      <button className="vh" type="submit" name="go" value="save" tabIndex={-1} aria-hidden="true" />
      <input type="hidden" name="epoch" value={page.clock.epoch} />
      <input type="hidden" name="at" value={at.itemId} />
      {view === 'item' && !live.paused ? (
        <input
          type="hidden"
          name="items"
          value={slots
            .filter((slot) => isEditable(page, slot.id, live.sectionOver))
            .map((slot) => slot.id)
            .join(',')}
        />
      ) : null}
      {slots.map((slot) => (
        <input
          key={slot.id}
          type="hidden"
          name={`base/${slot.id}`}
          value={baseOf(slot.id, notice, live, slot.revision)}
        />
      ))}
      <PlayerBar page={page} live={live} keys={keys} onKeys={setKeys} />
      <Banners page={page} live={live} numberOf={numberOf} />
      <PlainNotice notice={notice} page={page} numberOf={numberOf} />
      <div className="frame">
        <Navigator
          page={page}
          stateOf={stateOf}
          hint={
            section.items.some((slot) => page.content[slot.id]?.item.kind === 'behavioural')
              ? t('kind.behavioural.hint')
              : null
          }
        />
        <main className="sheet" id="main" ref={sheet}>
          {live.paused ? (
            <Paused page={page} live={live} post={post} />
          ) : view === 'review' ? (
            <ReviewView page={page} live={live} stateOf={stateOf} submitting={submitting} />
          ) : section.state === 'to_enter' ? (
            <Gate page={page} section={section} />
          ) : (
            <ItemPage
              page={page}
              section={section}
              slots={slots}
              live={live}
              keys={keys}
              onKeys={setKeys}
              stateOf={stateOf}
              onHelp={() => setAsking({ kind: 'keys' })}
            />
          )}
        </main>
      </div>
      <Dialogs
        asking={asking}
        live={live}
        page={page}
        numberOf={numberOf}
        stateOf={stateOf}
        onClose={() => setAsking(null)}
        post={post}
        submit={submit}
      />
    </form>
  )
}

/**
 * Why what is asked for must wait, where not everything is saved; null where nothing can be done about it on this page.
 */
function obstacle(live: Live, page: PlayerPage, go: string): string | null {
  const queue = live.api?.state()
  if (!queue) return 'save.offline'
  if (queue.end?.reason === 'elsewhere') return 'attempt.taken_over'
  const refused = queue.refused.find(({ itemId }) => isEditable(page, itemId, live.sectionOver))
  if (refused) return refused.code
  if (live.paused && go === 'resume') return null
  if (queue.end === null && queue.unsent.every((one) => queue.refused.some(({ itemId }) => itemId === one.itemId)))
    return null
  return (queue.status.kind === 'on_device' && queue.status.code) || 'save.offline'
}

const isOpen = (section: PlayerSection): boolean => section.state === 'open' || section.state === 'current'

function baseOf(itemId: string, notice: PlayerNotice | null, live: Live, revision: number): number {
  if (notice?.kind === 'conflict') {
    const conflict = notice.conflicts.find((c) => c.itemId === itemId)
    if (conflict) return conflict.storedRevision
  }
  return live.queue?.revisions[itemId] ?? revision
}

function placeIn(page: PlayerPage, params: URLSearchParams, initialView: View): { at: PlayerPage['at']; view: View } {
  const wanted = params.get('item')
  const view = params.get('view') === 'review' ? 'review' : wanted ? 'item' : initialView
  const section = wanted ? page.sections.find((s) => s.items.some((slot) => slot.id === wanted)) : undefined
  const slot = section?.items.find((s) => s.id === wanted)
  if (!section || !slot || !(slot.id in page.content)) return { at: page.at, view }
  return { at: { sectionId: section.id, page: slot.page, itemId: slot.id }, view }
}
