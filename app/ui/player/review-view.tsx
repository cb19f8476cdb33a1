/** The page before handing in: what is open is named and one press away; the submit button says what it leaves open. */
import { tallyOf } from '../../core/attempt/item-state.ts'
import type { PlayerPage } from '../../core/attempt/player-view.ts'
import { playerMessages, type PlayerKey } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { Icon, type IconName } from './icons.tsx'
import { Cells, type StateOf } from './navigator.tsx'
import type { Live } from './use-player.ts'

export function ReviewView({
  page,
  live,
  stateOf,
  submitting,
}: {
  page: PlayerPage
  live: Live
  stateOf: StateOf
  submitting: boolean
}) {
  const t = useMessages(playerMessages)
  const all = page.sections.flatMap((section) => section.items)
  const { open, part, flagged } = tallyOf(all.map((slot) => stateOf(slot.id)))
  const fact = (tone: string, icon: IconName, key: PlayerKey, n: number) => (
    <li key={key} className={`st ${tone}`}>
      <Icon name={icon} />
      {t(key, { n })}
    </li>
  )
  return (
    <>
      <div className="sheet-in plain review">
        <div className="work">
          <h1 className="title" tabIndex={-1}>
            {t('review.title')}
          </h1>
          <ul className="facts-list">
            {open > 0 ? fact('warn', 'triangle', 'review.unanswered', open) : null}
            {part > 0 ? fact('warn', 'triangle', 'review.incomplete', part) : null}
            {open + part === 0 ? fact('ok', 'circleCheck', 'review.all', all.length) : null}
            {flagged > 0 ? fact('', 'flag', 'review.flagged', flagged) : null}
          </ul>
          {page.sections.map((section) => {
            const missing = section.items.filter((slot) => stateOf(slot.id).progress !== 'answered')
            const reachable = section.state === 'open' || (section.state === 'current' && !live.sectionOver)
            return (
              <section key={section.id} className="review-section">
                <h2>{section.title}</h2>
                <Cells section={section} at={null} stateOf={stateOf} />
                {section.state === 'left' ? (
                  <p className="cap">{t('review.left')}</p>
                ) : section.state === 'current' && live.sectionOver ? (
                  <p className="cap">{t('section.over')}</p>
                ) : section.state === 'to_enter' ? (
                  <p className="cap">
                    {t('review.not_entered')}{' '}
                    <button className="link" type="submit" name="go" value={`item:${section.items[0]?.id ?? ''}`}>
                      {t('gate.enter')}
                    </button>
                  </p>
                ) : null}
                {reachable && missing.length > 0 ? (
                  <ul className="missing">
                    {missing.map((slot) => (
                      <li key={slot.id}>
                        <button
                          className="link"
                          type="submit"
                          name="go"
                          value={`item:${slot.id}`}
                          disabled={section.forwardOnly && slot.page !== section.reachedPage}
                        >
                          {t('item.number', { n: slot.number })}
                        </button>
                        <span className="cap">
                          {t(stateOf(slot.id).progress === 'part' ? 'review.part' : 'nav.cell.open')}
                        </span>
                      </li>
                    ))}
                  </ul>
                ) : null}
              </section>
            )
          })}
        </div>
      </div>
      <div className="foot">
        <button className="btn touch" type="submit" name="go" value={`item:${page.at.itemId}`}>
          <Icon name="left" />
          <span className="keep">{t('review.back')}</span>
        </button>
        <span className="grow" />
        <button className="btn touch pri" type="submit" name="go" value="submit" disabled={submitting}>
          <span>{t(submitting ? 'submit.sending' : 'review.submit')}</span>
        </button>
      </div>
    </>
  )
}
