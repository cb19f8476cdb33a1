import type { ReactNode } from 'react'
import type { PlayerNotice, PlayerPage } from '../../core/attempt/player-view.ts'
import type { Response } from '../../core/bank/response.ts'
import { playerSentence } from '../../i18n/areas/player-errors.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { answerText, CopyText } from './answer-text.tsx'
import { isEditable, isOver } from './editable.ts'
import { Icon } from './icons.tsx'

/** What the plain form's action had to say. With scripts the same matters come as dialogs. */
export function PlainNotice({
  notice,
  page,
  numberOf,
}: {
  notice: PlayerNotice | null
  page: PlayerPage
  numberOf(itemId: string): number
}) {
  const t = useMessages(playerMessages)
  const locale = useLocale()
  const formats = useFormats()
  if (!notice) return null
  const unsaved = 'values' in notice ? Object.entries(notice.values) : []
  const copy = (itemId: string, response: Response | null) => (
    <CopyText
      key={itemId}
      label={t('taken.item', { n: numberOf(itemId) })}
      text={answerText(response, page.content[itemId]?.item ?? null, t)}
    />
  )
  switch (notice.kind) {
    case 'refused':
      return (
        <Told tone="bad" icon="octagon">
          {unsaved.length > 0 ? <p className="b">{t('saved.not')}</p> : null}
          <p>
            {notice.failure.code === 'section.minimum_time' && page.minimumUntil !== null
              ? t('leave.minimum', { time: formats.clock(page.minimumUntil) })
              : playerSentence(locale, notice.failure.code, notice.failure.params)}
          </p>
          {unsaved
            .filter(([itemId]) => !isEditable(page, itemId, isOver(page)))
            .map(([itemId, response]) => copy(itemId, response))}
        </Told>
      )
    case 'late':
      return (
        <>
          {notice.texts.map(({ itemId, response }) => (
            <Told key={itemId} tone="warn" icon="clock">
              <p>{t('late.staff', { n: numberOf(itemId) })}</p>
              {copy(itemId, response)}
            </Told>
          ))}
        </>
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
                <CopyText
                  label={t('conflict.mine')}
                  text={answerText(conflict.mine, page.content[conflict.itemId]?.item ?? null, t)}
                />
                <CopyText
                  label={t('conflict.stored')}
                  text={answerText(conflict.stored, page.content[conflict.itemId]?.item ?? null, t)}
                />
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
            <b className="b">
              {t('leave.title', { section: page.sections.find((s) => s.id === notice.sectionId)?.title ?? '' })}
            </b>{' '}
            {t('leave.body')} {notice.unanswered > 0 ? t('leave.unanswered', { n: notice.unanswered }) : null}
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

function Told({
  tone,
  icon,
  children,
}: {
  tone: 'warn' | 'bad'
  icon: 'triangle' | 'octagon' | 'clock'
  children: ReactNode
}) {
  return (
    <div className={`note ${tone} off`} role="alert">
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  )
}
