/** All keys in one place, with the switch that turns them off. The choice is a cookie, so it holds in every room. */
import { useLocation } from '@remix-run/react'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useMessages } from '../../i18n/messages.ts'

export function KeysHelp({ levels, quotes, shortcuts }: { levels: number; quotes: boolean; shortcuts: boolean }) {
  const t = useMessages(interviewerMessages)
  const location = useLocation()
  return (
    <div className="r-help">
      <dl>
        <dt>
          <kbd>1</kbd>–<kbd>{levels}</kbd>
        </dt>
        <dd>{t('keys.help.level')}</dd>
        <dt>
          <kbd>0</kbd>
        </dt>
        <dd>{t('keys.help.na')}</dd>
        <dt>
          <kbd>J</kbd> <kbd>K</kbd>
        </dt>
        <dd>{t('keys.help.move')}</dd>
        {quotes ? (
          <>
            <dt>
              <kbd>E</kbd>
            </dt>
            <dd>{t('keys.help.for')}</dd>
            <dt>
              <kbd>Shift</kbd> <kbd>E</kbd>
            </dt>
            <dd>{t('keys.help.against')}</dd>
          </>
        ) : null}
        <dt>
          <kbd>?</kbd>
        </dt>
        <dd>{t('keys.help.help')}</dd>
      </dl>
      {/* A document post: the cookie is read with the page. */}
      <form method="post" action="/preferences">
        <input type="hidden" name="back" value={location.pathname + location.search} />
        <button className="btn dense" type="submit" name="keys" value={shortcuts ? 'off' : 'on'}>
          {t(shortcuts ? 'keys.off' : 'keys.on')}
        </button>
      </form>
    </div>
  )
}
