/**
 * The player. One form holds the whole page: without scripts each of its buttons posts it, and the server saves, acts and sends the
 * next page. With scripts the same buttons are handled here, and only what the server must decide (entering and leaving sections,
 * going forward for good, language) still posts, once everything is saved.
 */
import { useSearchParams } from '@remix-run/react'
import { useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { Response } from '../../core/bank/response.ts'
import { isAnswered, isComplete } from '../../core/bank/response-rules.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { playerSentence } from '../../i18n/areas/player-errors.ts'
import { LanguageContext, useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import type { PlayerNotice, PlayerPage, PlayerSection } from '../../core/attempt/player-view.ts'
import { answerText, CopyText } from './answer-text.tsx'
import { Banners } from './banners.tsx'
import { PlayerBar } from './bar.tsx'
import { Dialog } from './dialog.tsx'
import { Icon } from './icons.tsx'
import { ItemView } from './item-view.tsx'
import { KeysHelp, KeysLine, useShortcuts } from './keys.tsx'
import { Navigator, type StateOf } from './navigator.tsx'
import { PoliciesBeside, PolicySearch } from './policies.tsx'
import { ReviewView } from './review-view.tsx'
import { usePlayer, type Live } from './use-player.ts'

type View = 'item' | 'review'
type Asking = { kind: 'next'; unanswered: number } | { kind: 'leave'; sectionId: string; unanswered: number } | { kind: 'submit' } | { kind: 'failed'; code: string } | { kind: 'keys' } | null

export function Player({ page: loaded, notice, initialView, shortcuts }: { page: PlayerPage; notice: PlayerNotice | null; initialView: View; shortcuts: boolean }) {
  const overrides = notice && 'values' in notice ? notice.values : {}
  const live = usePlayer(loaded, overrides)
  const t = useMessages(playerMessages)
  const [params, setParams] = useSearchParams()
  const [keys, setKeys] = useState(shortcuts)
  const [asking, setAsking] = useState<Asking>(null)
  const [submitting, setSubmitting] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const sheet = useRef<HTMLElement>(null)

  // Where the page stands: what was asked for in the address, if it is among what was delivered; else what the server chose.
  const { at, view } = useMemo(() => placeIn(loaded, params, initialView), [loaded, params, initialView])
  const page = useMemo(() => ({ ...loaded, at }), [loaded, at])
  const section = page.sections.find((s) => s.id === at.sectionId) as PlayerSection
  const slots = section.items.filter((slot) => (section.itemsPerPage === 1 ? slot.id === at.itemId : slot.page === at.page))
  const numberOf = useCallback((itemId: string) => loaded.sections.flatMap((s) => s.items).find((slot) => slot.id === itemId)?.number ?? 0, [loaded])
  const stateOf: StateOf = useCallback(
    (itemId) => {
      const slot = loaded.sections.flatMap((s) => s.items).find((s) => s.id === itemId)
      return { answered: itemId in live.answers ? isAnswered(live.answers[itemId] ?? null) : (slot?.answered ?? false), flagged: live.flags[itemId] ?? slot?.flagged ?? false }
    },
    [loaded, live.answers, live.flags],
  )
  const partOf = useCallback(
    (itemId: string) => {
      const content = loaded.content[itemId]
      const slot = loaded.sections.flatMap((s) => s.items).find((s) => s.id === itemId)
      return content ? isComplete(content.item, live.answers[itemId] ?? null) : (slot?.complete ?? false)
    },
    [loaded, live.answers],
  )

  const show = useCallback(
    (to: { itemId: string } | { review: true }) => {
      setParams('review' in to ? { view: 'review' } : { item: to.itemId }, { preventScrollReset: false })
    },
    [setParams],
  )

  // A new item is read from its number on; the page that was opened keeps the browser's own focus.
  const opened = useRef(`${view} ${at.itemId}`)
  useEffect(() => {
    const here = `${view} ${at.itemId}`
    if (opened.current === here) return
    opened.current = here
    sheet.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
  }, [view, at.itemId])

  /** Posts a wish of which nothing is left to save. */
  const post = useCallback(
    async (go: string): Promise<void> => {
      const saved = live.api ? await live.api.flush() : true
      if (!saved && !go.startsWith('take-over:')) {
        const code = live.api?.state().end?.reason === 'elsewhere' ? 'attempt.taken_over' : (live.api?.state().refused[0]?.code ?? (live.paused && go === 'resume' ? null : 'save.offline'))
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
      plain.submit()
    },
    [live, page.attemptId, page.clock.epoch, at.itemId],
  )

  const submit = async (): Promise<void> => {
    if (!live.api) return
    setSubmitting(true)
    const done = await live.api.submit()
    if (done.done) return window.location.assign(`/candidate/attempt/${page.attemptId}/receipt`)
    setSubmitting(false)
    setAsking({ kind: 'failed', code: done.code })
  }

  const openOn = (list: readonly { id: string }[]): number => list.filter((slot) => !stateOf(slot.id).answered).length

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
    if (verb === 'flag') return live.flag(subject, extra === 'on')
    if (verb === 'review') return show({ review: true })
    if (verb === 'submit') return setAsking({ kind: 'submit' })
    if (verb === 'item') {
      const target = page.sections.find((s) => s.items.some((slot) => slot.id === subject))
      if (target && subject in page.content) return show({ itemId: subject })
    }
    void post(wish)
  }

  useShortcuts(keys && live.ready && asking === null && view === 'item', sheet, { next: () => step('next'), back: () => step('back'), flag: () => slots[0] && live.flag(slots[0].id, !(live.flags[slots[0].id] ?? false)), help: () => setAsking({ kind: 'keys' }) })

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
      {view === 'item' && !live.paused ? <input type="hidden" name="items" value={slots.filter((slot) => slot.id in page.content).map((slot) => slot.id).join(',')} /> : null}
      {slots.map((slot) => (
        <input key={slot.id} type="hidden" name={`base/${slot.id}`} value={baseOf(slot.id, notice, live, slot.revision)} />
      ))}
      <PlayerBar page={page} live={live} keys={keys} onKeys={setKeys} />
      <Banners page={page} live={live} numberOf={numberOf} />
      <PlainNotice notice={notice} page={page} numberOf={numberOf} />
      <div className="frame">
        <Navigator page={page} stateOf={stateOf} hint={section.items.some((slot) => page.content[slot.id]?.item.kind === 'behavioural') ? t('kind.behavioural.hint') : null} />
        <main className="sheet" id="main" ref={sheet}>
          {live.paused ? (
            <Paused page={page} live={live} post={post} />
          ) : view === 'review' ? (
            <ReviewView page={page} live={live} stateOf={stateOf} isComplete={partOf} submitting={submitting} />
          ) : section.state === 'to_enter' ? (
            <Gate page={page} section={section} />
          ) : (
            <ItemPage page={page} section={section} slots={slots} live={live} keys={keys} onKeys={setKeys} stateOf={stateOf} onHelp={() => setAsking({ kind: 'keys' })} />
          )}
        </main>
      </div>
      <Dialogs asking={asking} live={live} page={page} numberOf={numberOf} stateOf={stateOf} onClose={() => setAsking(null)} post={post} submit={submit} />
    </form>
  )
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

type Slots = PlayerSection['items']

function ItemPage({ page, section, slots, live, keys, onKeys, stateOf, onHelp }: { page: PlayerPage; section: PlayerSection; slots: Slots; live: Live; keys: boolean; onKeys(on: boolean): void; stateOf: StateOf; onHelp(): void }) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  const { timeZone } = useContext(LanguageContext)
  const several = section.itemsPerPage > 1
  const first = slots[0]
  if (!first) return null
  const last = !section.items.some((slot) => slot.page > first.page)
  const lastSection = page.sections.at(-1)?.id === section.id
  const firstOfAll = first.page === 0 && page.sections[0]?.id === section.id
  const policies = slots.flatMap((slot) => {
    const item = page.content[slot.id]?.item
    return item?.kind === 'written_reply' ? item.policies : []
  })
  const searchable = slots.some((slot) => page.content[slot.id]?.item.policySearch)
  const besides = page.policies.filter((policy) => policies.includes(policy.id))
  return (
    <>
      <noscript>
        <p className="note off noscript">
          <Icon name="clock" />
          {page.clock.deadlineAt === null ? t('timer.none') : t('noscript.deadline', { time: formats.time(page.clock.deadlineAt), zone: formats.zone(page.clock.deadlineAt) })}
        </p>
      </noscript>
      {live.ready && live.sectionRemainingMs === 0 && !live.paused ? (
        <div className="note warn off" role="status">
          <Icon name="clock" />
          <p>{t(lastSection ? 'section.over.last' : 'section.over')}</p>
        </div>
      ) : null}
      {first.page === 0 && section.instructions ? <p className="instructions">{section.instructions}</p> : null}
      <div className={`sheet-body ${besides.length > 0 ? 'beside-body' : ''}`}>
        <div>
      {slots.map((slot) => {
        const content = page.content[slot.id]
        if (!content) return null
        const Heading = slot === first ? 'h1' : 'h2'
        return (
          <div className="sheet-in" key={slot.id} data-item={slot.id}>
            <Heading className="no" tabIndex={-1}>
              <span className="vh">{t('item.number', { n: slot.number })} </span>
              <span aria-hidden="true">{slot.number}</span>
              <small>{t('item.of', { total: section.items.length })}</small>
            </Heading>
            <div className="work">
              <LanguageContext.Provider value={{ locale: content.item.locale, timeZone }}>
                <ItemView item={content.item} response={live.answers[slot.id] ?? null} onChange={(response) => live.change(slot.id, response)} />
              </LanguageContext.Provider>
              {several ? <FlagButton slot={slot} flagged={stateOf(slot.id).flagged} /> : null}
              {!several && live.ready ? <KeysLine item={content.item} keys={keys} onKeys={onKeys} onHelp={onHelp} /> : null}
            </div>
          </div>
        )
      })}
        </div>
      {besides.length > 0 || searchable ? (
        <div className="tools">
          <PoliciesBeside policies={besides} />
          {searchable ? <PolicySearch attemptId={page.attemptId} initial={page.search} ready={live.ready} /> : null}
        </div>
      ) : null}
      </div>
      {section.forwardOnly && !last ? <p className="forward-line">{t('item.forward_only')}</p> : null}
      <div className="foot">
        {section.forwardOnly || firstOfAll ? null : (
          <button className="btn touch" type="submit" name="go" value="back" aria-label={t(several ? 'item.back.page' : 'item.back')}>
            <Icon name="left" />
            <span className="txt">{t(several ? 'item.back.page' : 'item.back')}</span>
          </button>
        )}
        {several ? null : <FlagButton slot={first} flagged={stateOf(first.id).flagged} touch />}
        <span className="grow" />
        <button className="btn touch list m-only" type="submit" name="go" value="review" aria-label={t('nav.list')}>
          <span className="txt num">
            {several ? first.page + 1 : first.number} / {several ? Math.ceil(section.items.length / section.itemsPerPage) : section.items.length}
          </span>
        </button>
        <button className="btn touch pri" type="submit" name="go" value="next">
          <span className="txt">{last ? t(section.gated || !lastSection ? 'item.next.section' : 'item.review') : t(several ? 'item.next.page' : 'item.next')}</span>
          <Icon name="right" />
        </button>
      </div>
    </>
  )
}

function FlagButton({ slot, flagged, touch = false }: { slot: Slots[number]; flagged: boolean; touch?: boolean }) {
  const t = useMessages(playerMessages)
  return (
    <button className={`btn flag-btn ${touch ? 'touch' : 'dense'}`} type="submit" name="go" value={`flag:${slot.id}:${flagged ? 'off' : 'on'}`} aria-pressed={flagged} aria-label={t('item.flag.this', { n: slot.number })}>
      <Icon name="flag" />
      <span className="txt">{t('item.flag')}</span>
    </button>
  )
}

/** The page before a section with a clock or a one-way door of its own. */
function Gate({ page, section }: { page: PlayerPage; section: PlayerSection }) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  const leaving = page.sections.find((s) => s.state === 'current')
  return (
    <div className="sheet-in plain">
      <div className="work">
        <h1 className="title" tabIndex={-1}>
          {t('gate.title', { section: section.title })}
        </h1>
        <ul className="facts-list">
          <li>{t('gate.lede', { n: section.items.length })}</li>
          {section.limitMs !== null ? <li>{t('gate.limit', { time: formats.duration(section.limitMs) })}</li> : null}
          {section.minimumMs > 0 ? <li>{t('gate.minimum', { time: formats.duration(section.minimumMs) })}</li> : null}
          {section.forwardOnly ? <li>{t('gate.forward')}</li> : null}
          <li>{t('gate.once')}</li>
          {leaving ? <li>{t('gate.leaving', { section: leaving.title })}</li> : null}
        </ul>
        {section.instructions ? <p className="prose">{section.instructions}</p> : null}
        <p className="actions">
          <button className="btn touch pri" type="submit" name="go" value={`enter:${section.id}`}>
            {t('gate.enter')}
          </button>
        </p>
      </div>
    </div>
  )
}

function Paused({ page, live, post }: { page: PlayerPage; live: Live; post(go: string): Promise<void> }) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  return (
    <div className="sheet-in plain">
      <div className="work">
        <h1 className="title" tabIndex={-1}>
          <Icon name="pause" /> {t(live.onBreak ? 'paused.break.title' : 'paused.title')}
        </h1>
        <p className="lede">{t(live.onBreak ? 'paused.break.body' : 'paused.body')}</p>
        {live.remainingMs !== null ? <p className="lede">{t('paused.left', { time: formats.countdown(live.remainingMs) })}</p> : null}
        {live.onBreak ? (
          <p className="actions">
            <button
              className="btn touch pri"
              type="submit"
              name="go"
              value="resume"
              onClick={(event) => {
                if (!live.ready) return
                event.preventDefault()
                void post('resume')
              }}
            >
              {t('paused.resume')}
            </button>
          </p>
        ) : null}
        <noscript>
          <p className="actions">
            <a className="btn" href={`/candidate/attempt/${page.attemptId}`}>
              {t('paused.check')}
            </a>
          </p>
        </noscript>
      </div>
    </div>
  )
}

/** What the plain form's action had to say. With scripts the same matters come as dialogs. */
function PlainNotice({ notice, page, numberOf }: { notice: PlayerNotice | null; page: PlayerPage; numberOf(itemId: string): number }) {
  const t = useMessages(playerMessages)
  const locale = useLocale()
  if (!notice) return null
  switch (notice.kind) {
    case 'refused':
      return (
        <Told tone="bad" icon="octagon">
          <p className="b">{t('saved.not')}</p>
          <p>{playerSentence(locale, notice.failure.code, notice.failure.params)}</p>
        </Told>
      )
    case 'conflict':
      return (
        <>
          {notice.conflicts.map((conflict) => (
            <Told key={conflict.itemId} tone="warn" icon="triangle">
              <p>
                <b className="b">{t('conflict.title', { n: numberOf(conflict.itemId) })}</b> {t('conflict.body')}
              </p>
              <div className="two">
                <CopyText label={t('conflict.mine')} text={answerText(conflict.mine, page.content[conflict.itemId]?.item ?? null, t)} />
                <CopyText label={t('conflict.stored')} text={answerText(conflict.stored, page.content[conflict.itemId]?.item ?? null, t)} />
              </div>
              <p className="row">
                <button className="btn" type="submit" name="go" value="save">
                  {t('conflict.use_mine')}
                </button>
                <a className="btn" href={`/candidate/attempt/${page.attemptId}?item=${conflict.itemId}`}>
                  {t('conflict.use_stored')}
                </a>
              </p>
            </Told>
          ))}
        </>
      )
    case 'confirm_next':
      return (
        <Told tone="warn" icon="triangle">
          <p>
            <b className="b">{t('next.title', { n: notice.unanswered })}</b> {t('next.body')}
          </p>
          <p className="row">
            <button className="btn" type="submit" name="go" value="next!">
              {t('next.do')}
            </button>
          </p>
        </Told>
      )
    case 'confirm_leave':
      return (
        <Told tone="warn" icon="triangle">
          <p>
            <b className="b">{t('leave.title', { section: page.sections.find((s) => s.id === notice.sectionId)?.title ?? '' })}</b> {t('leave.body')} {notice.unanswered > 0 ? t('leave.unanswered', { n: notice.unanswered }) : null}
          </p>
          <p className="row">
            <button className="btn" type="submit" name="go" value={`leave:${notice.sectionId}`}>
              {t('leave.do')}
            </button>
          </p>
        </Told>
      )
    case 'taken_over':
      return null
  }
}

function Told({ tone, icon, children }: { tone: 'warn' | 'bad'; icon: 'triangle' | 'octagon'; children: ReactNode }) {
  return (
    <div className={`note ${tone} off`} role="alert">
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  )
}

function Dialogs({ asking, live, page, numberOf, stateOf, onClose, post, submit }: { asking: Asking; live: Live; page: PlayerPage; numberOf(itemId: string): number; stateOf: StateOf; onClose(): void; post(go: string): Promise<void>; submit(): Promise<void> }) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  const locale = useLocale()
  const safe = (label: string) => (
    <button type="button" className="btn touch" data-safe onClick={onClose}>
      {label}
    </button>
  )
  const act = (label: string, run: () => void) => (
    <button
      type="button"
      className="btn touch pri"
      onClick={() => {
        onClose()
        run()
      }}
    >
      {label}
    </button>
  )
  const conflict = live.queue?.conflicts[0]
  if (live.holds === false) {
    return (
      <Dialog
        title={t('takeover.title')}
        actions={
          <>
            <a className="btn touch" data-safe href="/candidate">
              {t('takeover.back')}
            </a>
            {act(t('takeover.do'), () => void post(`take-over:${page.clock.epoch}`))}
          </>
        }
      >
        <p>{t('takeover.tab')}</p>
      </Dialog>
    )
  }
  if (live.timeIsUp) {
    const offline = live.queue?.status.kind === 'on_device'
    return (
      <Dialog title={t('over.title')} actions={null}>
        <p role="status">{t(offline ? 'over.offline' : 'over.body')}</p>
      </Dialog>
    )
  }
  if (conflict) {
    const item = page.content[conflict.itemId]?.item ?? null
    return (
      <Dialog
        key={conflict.itemId}
        title={t('conflict.title', { n: numberOf(conflict.itemId) })}
        actions={
          <>
            <button type="button" className="btn touch" onClick={() => live.choose(conflict.itemId, 'stored')}>
              {t('conflict.use_stored')}
            </button>
            <button type="button" className="btn touch" data-safe onClick={() => live.choose(conflict.itemId, 'mine')}>
              {t('conflict.use_mine')}
            </button>
          </>
        }
      >
        <p>{t('conflict.body')}</p>
        <div className="two">
          <CopyText label={t('conflict.mine')} text={answerText(conflict.mine, item, t)} />
          <CopyText label={t('conflict.stored')} text={answerText(conflict.stored, item, t)} />
        </div>
      </Dialog>
    )
  }
  switch (asking?.kind) {
    case 'next':
      return (
        <Dialog
          title={t('next.title', { n: asking.unanswered })}
          onCancel={onClose}
          actions={
            <>
              {safe(t('next.stay'))}
              {act(t('next.do'), () => void post('next!'))}
            </>
          }
        >
          <p>{t('next.body')}</p>
        </Dialog>
      )
    case 'leave':
      return (
        <Dialog
          title={t('leave.title', { section: page.sections.find((s) => s.id === asking.sectionId)?.title ?? '' })}
          onCancel={onClose}
          actions={
            <>
              {safe(t('leave.stay'))}
              {act(t('leave.do'), () => void post(`leave:${asking.sectionId}`))}
            </>
          }
        >
          <p>
            {t('leave.body')} {asking.unanswered > 0 ? t('leave.unanswered', { n: asking.unanswered }) : null}
          </p>
        </Dialog>
      )
    case 'submit': {
      const all = page.sections.flatMap((section) => section.items)
      const open = all.filter((slot) => !stateOf(slot.id).answered)
      const timed = live.remainingMs !== null
      const time = timed ? formats.countdown(live.remainingMs ?? 0) : ''
      const list = listOf(open, page.sections, locale)
      return (
        <Dialog
          title={t('submit.title')}
          onCancel={onClose}
          actions={
            <>
              {safe(t('submit.stay'))}
              {act(t('submit.do'), () => void submit())}
            </>
          }
        >
          <p>{open.length > 0 ? t(timed ? 'submit.unanswered' : 'submit.unanswered.untimed', { n: open.length, list, time }) : t(timed ? 'submit.all' : 'submit.all.untimed', { n: all.length, time })}</p>
        </Dialog>
      )
    }
    case 'failed':
      return (
        <Dialog title={t('submit.failed')} onCancel={onClose} actions={safe(t('submit.stay'))}>
          <p>{asking.code === 'section.minimum_time' && page.minimumUntil !== null ? t('leave.minimum', { time: formats.clock(page.minimumUntil) }) : playerSentence(locale, asking.code)}</p>
        </Dialog>
      )
    case 'keys':
      return <KeysHelp onClose={onClose} />
    default:
      return null
  }
}

/** 11、17 or 11 and 17; with several sections each number is preceded by its section. */
export function listOf(open: PlayerSection['items'], sections: readonly PlayerSection[], locale: 'zh-CN' | 'en'): string {
  const many = sections.length > 1
  const words = sections.flatMap((section) => {
    const numbers = open.filter((slot) => section.items.includes(slot)).map((slot) => String(slot.number))
    if (numbers.length === 0) return []
    const joined = locale === 'en' ? new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(numbers) : `第${numbers.join('、')}题`
    return [many ? (locale === 'en' ? `${section.title}: ${joined}` : `“${section.title}”${joined}`) : joined]
  })
  return words.join(locale === 'en' ? '; ' : '，')
}

/** Another tab or device goes on with the attempt. What this page had not sent is here to be copied. */
function TakenOver({ page, unsent, numberOf, live }: { page: PlayerPage; unsent: readonly { itemId: string; response: Response | null }[]; numberOf(itemId: string): number; live: Live }) {
  const t = useMessages(playerMessages)
  return (
    <div className={`player ${live.ready ? 'js' : ''}`}>
      <PlayerBar page={page} live={live} keys={false} onKeys={() => {}} />
      <main className="doc narrow stack" id="main">
        <h1 className="title">{t('taken.title')}</h1>
        <p className="lede">{t(unsent.length > 0 ? 'taken.body' : 'taken.none')}</p>
        {unsent.map((one) => (
          <CopyText key={one.itemId} label={t('taken.item', { n: numberOf(one.itemId) })} text={answerText(one.response, page.content[one.itemId]?.item ?? null, t)} />
        ))}
        <p className="row">
          <a className="btn touch" href={`/candidate/attempt/${page.attemptId}?again=1`}>
            {t('taken.again')}
          </a>
          <a className="btn bare touch" href="/candidate">
            {t('takeover.back')}
          </a>
        </p>
      </main>
    </div>
  )
}
