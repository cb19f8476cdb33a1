/**
 * The cells of a section: answered, open, flagged and current differ by shape. Each is a button that saves before it
 * goes.
 */
import { Fragment } from 'react'
import { tallyOf, type ItemState } from '../../core/attempt/item-state.ts'
import type { PlayerPage, PlayerSection } from '../../core/attempt/player-view.ts'
import { playerMessages, type PlayerKey } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { Icon } from './icons.tsx'

export type StateOf = (itemId: string) => ItemState

const STATE = { answered: 'nav.cell.answered', part: 'review.part', open: 'nav.cell.open' } as const
const SHAPE = { answered: 'done', part: 'part', open: '' } as const

export function Cells({
  section,
  at,
  stateOf,
}: {
  section: PlayerSection
  at: PlayerPage['at'] | null
  stateOf: StateOf
}) {
  const t = useMessages(playerMessages)
  return (
    <div className="cells">
      {section.items.map((slot) => {
        const { progress, flagged } = stateOf(slot.id)
        const current =
          at !== null &&
          at.sectionId === section.id &&
          (section.itemsPerPage === 1 ? at.itemId === slot.id : at.page === slot.page)
        const reachable =
          section.state === 'open' ||
          (section.state === 'current' && (!section.forwardOnly || slot.page === section.reachedPage))
        const label =
          t('nav.cell', { n: slot.number, state: t(STATE[progress]) }) +
          (flagged ? t('nav.cell.flagged') : '') +
          (!reachable && slot.page > section.reachedPage ? t('nav.cell.not_reached') : '')
        return (
          <button
            key={slot.id}
            className={`cell ${SHAPE[progress]} ${flagged ? 'flag' : ''}`}
            type="submit"
            name="go"
            value={`item:${slot.id}`}
            disabled={!reachable}
            aria-current={current ? 'step' : undefined}
            aria-label={label}
          >
            {slot.number}
          </button>
        )
      })}
    </div>
  )
}

export function Navigator({ page, stateOf, hint }: { page: PlayerPage; stateOf: StateOf; hint: string | null }) {
  const t = useMessages(playerMessages)
  const { sections, at } = page
  const index = sections.findIndex((section) => section.id === at.sectionId)
  const section = sections[index]
  if (!section) return null
  const tally = tallyOf(section.items.map((slot) => stateOf(slot.id)))
  const count = (shape: string, label: PlayerKey, n: number) => (
    <li key={label}>
      <span className={`cell ${shape}`} aria-hidden="true" />
      {t(label)}
      <span className="num">{n}</span>
    </li>
  )
  return (
    <nav className="side" aria-label={t('nav.items')}>
      <section>
        <h2>{section.title}</h2>
        {sections.length > 1 ? (
          <p className="cap">{t('nav.section', { n: index + 1, total: sections.length })}</p>
        ) : null}
        <p className="cap">{t(section.forwardOnly ? 'nav.forward' : 'nav.free')}</p>
        <Cells section={section} at={at} stateOf={stateOf} />
        <ul className="tally">
          {count('done', 'nav.answered', tally.answered)}
          {tally.part > 0 ? count('part', 'nav.part', tally.part) : null}
          {count('', 'nav.open', tally.open)}
          {tally.flagged > 0 ? count('flag', 'nav.flagged', tally.flagged) : null}
        </ul>
      </section>
      {sections.length > 1 ? (
        <section>
          {sections.map((other) =>
            other.id === section.id ? null : (
              <Fragment key={other.id}>{<OtherSection section={other} stateOf={stateOf} />}</Fragment>
            ),
          )}
        </section>
      ) : null}
      <section>
        {hint ? <p className="cap hint">{hint}</p> : null}
        <button className="btn dense" type="submit" name="go" value="review">
          {t('nav.review')}
        </button>
      </section>
    </nav>
  )
}

function OtherSection({ section, stateOf }: { section: PlayerSection; stateOf: StateOf }) {
  const t = useMessages(playerMessages)
  const { answered } = tallyOf(section.items.map((slot) => stateOf(slot.id)))
  const count = (
    <span className="num">
      {answered}/{section.items.length}
    </span>
  )
  if (section.state === 'left') {
    return (
      <p className="other">
        <span>{section.title}</span>
        <span className="st">
          <Icon name="lock" small />
          <span className="vh">{t('nav.left')}</span>
          {count}
        </span>
      </p>
    )
  }
  return (
    <p className="other">
      <button className="link" type="submit" name="go" value={`item:${section.items[0]?.id ?? ''}`}>
        {section.title}
      </button>
      {section.state === 'to_enter' ? <span>{t('nav.not_started')}</span> : count}
    </p>
  )
}
