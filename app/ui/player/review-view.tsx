/** The page before handing in: what is open is named and one press away; the submit button says what it leaves open. */
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import type { PlayerPage } from '../../core/attempt/player-view.ts'
import { Icon } from './icons.tsx'
import { Cells, type StateOf } from './navigator.tsx'
import type { Live } from './use-player.ts'

export function ReviewView({ page, live, stateOf, isComplete, submitting }: { page: PlayerPage; live: Live; stateOf: StateOf; isComplete(itemId: string): boolean; submitting: boolean }) {
  const t = useMessages(playerMessages)
  const all = page.sections.flatMap((section) => section.items)
  const open = all.filter((slot) => !stateOf(slot.id).answered)
  const part = all.filter((slot) => stateOf(slot.id).answered && !isComplete(slot.id))
  const flagged = all.filter((slot) => stateOf(slot.id).flagged)
  return (
    <>
      <div className="sheet-in plain review">
        <div className="work">
          <h1 className="title" tabIndex={-1}>
            {t('review.title')}
          </h1>
          <ul className="facts-list">
            <li className={open.length > 0 ? 'st warn' : 'st ok'}>
              <Icon name={open.length > 0 ? 'triangle' : 'circleCheck'} />
              {open.length > 0 ? t('review.unanswered', { n: open.length }) : t('review.all', { n: all.length })}
            </li>
            {part.length > 0 ? (
              <li className="st">
                <Icon name="info" />
                {t('review.incomplete', { n: part.length })}
              </li>
            ) : null}
            {flagged.length > 0 ? (
              <li className="st">
                <Icon name="flag" />
                {t('review.flagged', { n: flagged.length })}
              </li>
            ) : null}
          </ul>
          {page.sections.map((section) => {
            const missing = section.items.filter((slot) => open.includes(slot) || part.includes(slot))
            const reachable = section.state === 'open' || section.state === 'current'
            return (
              <section key={section.id} className="review-section">
                <h2>{section.title}</h2>
                <Cells section={section} at={null} stateOf={stateOf} />
                {section.state === 'left' ? <p className="cap">{t('review.left')}</p> : section.state === 'to_enter' ? <p className="cap">{t('review.not_entered')}</p> : null}
                {reachable && missing.length > 0 ? (
                  <ul className="missing">
                    {missing.map((slot) => (
                      <li key={slot.id}>
                        <button className="link" type="submit" name="go" value={`item:${slot.id}`} disabled={section.forwardOnly && slot.page !== section.reachedPage}>
                          {t('item.number', { n: slot.number })}
                        </button>
                        <span className="cap">{part.includes(slot) ? t('review.part') : t('nav.cell.open')}</span>
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
        {!live.ready && open.length > 0 ? <span className="vh">{t('review.unanswered', { n: open.length })}</span> : null}
      </div>
    </>
  )
}
