/** What stands in the place of the items while there is nothing to write: before a section, and in a pause. */
import type { PlayerPage, PlayerSection } from '../../core/attempt/player-view.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Icon } from './icons.tsx'
import type { Live } from './use-player.ts'

/** The page before a section with a clock or a one-way door of its own. */
export function Gate({ page, section }: { page: PlayerPage; section: PlayerSection }) {
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

export function Paused({ page, live, post }: { page: PlayerPage; live: Live; post(go: string): Promise<void> }) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  return (
    <div className="sheet-in plain">
      <div className="work">
        <h1 className="title" tabIndex={-1}>
          <Icon name="pause" /> {t(live.onBreak ? 'paused.break.title' : 'paused.title')}
        </h1>
        <p className="lede">{t(live.onBreak ? 'paused.break.body' : 'paused.body')}</p>
        {live.remainingMs !== null ? (
          <p className="lede">{t('paused.left', { time: formats.countdown(live.remainingMs) })}</p>
        ) : null}
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
