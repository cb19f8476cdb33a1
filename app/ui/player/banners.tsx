/** What stands above the sheet when something needs to be known: offline, not saved, late, staff's messages. */
import type { PlayerPage } from '../../core/attempt/player-view.ts'
import type { Response } from '../../core/bank/response.ts'
import { playerSentence } from '../../i18n/areas/player-errors.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { whyNot } from '../../player/queue-types.ts'
import { answerText, CopyText } from './answer-text.tsx'
import { isEditable } from './editable.ts'
import { Icon } from './icons.tsx'
import type { Live } from './use-player.ts'

export function Banners({ page, live, numberOf }: { page: PlayerPage; live: Live; numberOf(itemId: string): number }) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  const locale = useLocale()
  const queue = live.queue
  const status = queue?.status
  const lastSavedAt = queue ? queue.lastSavedAt : page.lastSavedAt
  const copy = (itemId: string, response: Response | null) => (
    <CopyText
      label={t('taken.item', { n: numberOf(itemId) })}
      text={answerText(response, page.content[itemId]?.item ?? null, t)}
    />
  )
  return (
    <>
      {live.messages.map((message) => (
        <div className="note off" role="status" key={message.id}>
          <Icon name="message" />
          <div>
            <p>
              <b className="b">{t('message.title')}</b> <time className="cap">{formats.clock(message.sentAt)}</time>
            </p>
            <p className="said">{message.text}</p>
          </div>
          {live.ready ? (
            <button type="button" className="btn dense" onClick={() => live.dismiss(message.id)}>
              {t('message.dismiss')}
            </button>
          ) : null}
        </div>
      ))}
      {queue?.end?.reason === 'signed_out' ? (
        <div className="note warn off" role="alert">
          <Icon name="triangle" />
          <div>
            <p>
              <b className="b">{t('signed_out.title')}</b> {t('signed_out.body')}
            </p>
          </div>
          <button type="button" className="btn dense" onClick={() => live.api?.retryNow()}>
            {t('offline.try')}
          </button>
        </div>
      ) : status?.kind === 'on_device' && !live.paused ? (
        <div className="note warn off">
          <Icon name="cloudOff" />
          <div>
            <p role="status">
              <b className="b">{t(whyNot(status.code))}</b>{' '}
              {t(live.timeIsUp || live.sectionOver || queue?.end ? 'over.offline' : 'offline.body')}
            </p>
            <p>
              {lastSavedAt === null ? null : t('offline.last', { time: formats.time(lastSavedAt) })}{' '}
              {status.retryInMs !== null && status.retryInMs > 0
                ? t('offline.next', { n: Math.ceil(status.retryInMs / 1000) })
                : null}{' '}
              {t('offline.stay')}
            </p>
          </div>
          <button type="button" className="btn dense" onClick={() => live.api?.retryNow()}>
            {t('offline.try')}
          </button>
        </div>
      ) : null}
      {status?.kind === 'not_saved' && status.code === 'save.storage_full'
        ? queue?.unsent.map((unsent) => (
            <div className="note bad off" role="alert" key={unsent.itemId}>
              <Icon name="octagon" />
              <div>
                <p className="b">{t('not_saved.device')}</p>
                {copy(unsent.itemId, unsent.response)}
              </div>
            </div>
          ))
        : null}
      {queue?.refused.map(({ itemId, code, response }) => (
        <div className="note bad off" role="alert" key={itemId}>
          <Icon name="octagon" />
          <div>
            <p>
              <b className="b">{t('not_saved.title', { n: numberOf(itemId) })}</b>{' '}
              {isEditable(page, itemId, live.sectionOver) || !(itemId in page.content)
                ? playerSentence(locale, code)
                : t('section.over')}
            </p>
            {isEditable(page, itemId, live.sectionOver) ? null : copy(itemId, response)}
          </div>
        </div>
      ))}
      {queue?.quarantined.map(({ itemId, late }) => (
        <div className="note warn off" role="status" key={itemId}>
          <Icon name="clock" />
          <div>
            <p>{t('late.staff', { n: numberOf(itemId) })}</p>
            {copy(itemId, late)}
          </div>
        </div>
      ))}
    </>
  )
}
