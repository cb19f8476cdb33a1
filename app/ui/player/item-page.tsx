/** The items of one page, with the buttons that save before they go on. */
import { useContext, useEffect, useRef } from 'react'
import type { PlayerPage, PlayerSection } from '../../core/attempt/player-view.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { LanguageContext, useFormats, useMessages } from '../../i18n/messages.ts'
import { Icon } from './icons.tsx'
import { ItemView } from './item-view.tsx'
import { KeysLine } from './keys.tsx'
import type { StateOf } from './navigator.tsx'
import { PoliciesBeside, PolicySearch } from './policies.tsx'
import type { Live } from './use-player.ts'

type Slots = PlayerSection['items']

export function ItemPage({
  page,
  section,
  slots,
  live,
  keys,
  onKeys,
  stateOf,
  onHelp,
}: {
  page: PlayerPage
  section: PlayerSection
  slots: Slots
  live: Live
  keys: boolean
  onKeys(on: boolean): void
  stateOf: StateOf
  onHelp(): void
}) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  const { timeZone } = useContext(LanguageContext)
  const several = section.itemsPerPage > 1
  const locked = section.state === 'current' && live.sectionOver
  const over = useRef<HTMLDivElement>(null)
  const was = useRef(locked)
  useEffect(() => {
    // A control that is switched off lets go of the focus, and Tab would begin anew.
    const focused = document.activeElement
    if (locked && !was.current && (focused === document.body || focused?.closest(':disabled, fieldset:disabled')))
      over.current?.focus()
    was.current = locked
  }, [locked])
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
          <span>
            {page.clock.sectionDeadlineAt === null || locked
              ? null
              : t('noscript.section', { time: formats.time(page.clock.sectionDeadlineAt) })}{' '}
            {page.clock.deadlineAt === null
              ? t('timer.none')
              : t('noscript.deadline', {
                  time: formats.time(page.clock.deadlineAt),
                  zone: formats.zone(page.clock.deadlineAt),
                })}
          </span>
        </p>
      </noscript>
      {locked ? (
        <div className="note warn off" tabIndex={-1} ref={over}>
          <Icon name="clock" />
          <p>{t('section.over')}</p>
          <button className="btn" type="submit" name="go" value={`leave:${section.id}`}>
            {t(lastSection ? 'item.review' : 'item.next.section')}
          </button>
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
                    <ItemView
                      item={content.item}
                      locked={locked}
                      response={live.answers[slot.id] ?? null}
                      onChange={(response) => live.change(slot.id, response)}
                    />
                  </LanguageContext.Provider>
                  {several ? <FlagButton slot={slot} flagged={stateOf(slot.id).flagged} locked={locked} /> : null}
                  {!several && live.ready && !locked ? (
                    <KeysLine item={content.item} keys={keys} onKeys={onKeys} onHelp={onHelp} />
                  ) : null}
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
      {section.forwardOnly && !last && !locked ? <p className="forward-line">{t('item.forward_only')}</p> : null}
      <div className="foot">
        {section.forwardOnly || firstOfAll ? null : (
          <button
            className="btn touch"
            type="submit"
            name="go"
            value="back"
            aria-label={t(several ? 'item.back.page' : 'item.back')}
          >
            <Icon name="left" />
            <span className="txt">{t(several ? 'item.back.page' : 'item.back')}</span>
          </button>
        )}
        {several ? null : <FlagButton slot={first} flagged={stateOf(first.id).flagged} locked={locked} touch />}
        <span className="grow" />
        <button className="btn touch list m-only" type="submit" name="go" value="review">
          <span className="txt num">
            <span className="vh">{t('nav.list')} </span>
            {several ? first.page + 1 : first.number} /{' '}
            {several ? Math.ceil(section.items.length / section.itemsPerPage) : section.items.length}
          </span>
        </button>
        <button
          className="btn touch pri"
          type="submit"
          name="go"
          value={locked && (last || section.forwardOnly) ? `leave:${section.id}` : 'next'}
        >
          <span className="txt">
            {last || (locked && section.forwardOnly)
              ? t(section.gated || !lastSection ? 'item.next.section' : 'item.review')
              : t(several ? 'item.next.page' : 'item.next')}
          </span>
          <Icon name="right" />
        </button>
      </div>
    </>
  )
}

function FlagButton({
  slot,
  flagged,
  locked,
  touch = false,
}: {
  slot: Slots[number]
  flagged: boolean
  locked: boolean
  touch?: boolean
}) {
  const t = useMessages(playerMessages)
  return (
    <button
      className={`btn flag-btn ${touch ? 'touch' : 'dense'}`}
      type="submit"
      name="go"
      value={`flag:${slot.id}:${flagged ? 'off' : 'on'}`}
      disabled={locked}
      aria-pressed={flagged}
      aria-label={t('item.flag.this', { n: slot.number })}
    >
      <Icon name="flag" />
      <span className="txt">{t('item.flag')}</span>
    </button>
  )
}
