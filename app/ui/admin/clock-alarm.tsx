/**
 * The alarm of the server's clock: what happened, what confirming does to whoever is taking an assessment, and the
 * button.
 */
import { Form } from '@remix-run/react'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Note } from '../primitives/note.tsx'

export type ClockAlarm = { alarmId: string; raisedAt: number; stepMs: number; aheadMs: number; moved: number }

export function ClockAlarmNote({ alarm }: { alarm: ClockAlarm }) {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  const step = formats.duration(Math.abs(alarm.aheadMs))
  const stands = Math.abs(alarm.aheadMs) < 1000
  return (
    <Note tone="warn">
      <div className="stack tight">
        <p className="b">
          {t('clock.title', { step: formats.duration(Math.abs(alarm.stepMs)), at: formats.dateTime(alarm.raisedAt) })}
        </p>
        <p>{t('clock.body')}</p>
        {stands ? (
          <p>{t('clock.moves.nothing')}</p>
        ) : (
          <>
            <p>{t(alarm.aheadMs > 0 ? 'clock.moves.forward' : 'clock.moves.back', { step })}</p>
            <p>
              {alarm.moved === 0
                ? t('clock.moves.nobody')
                : t(alarm.aheadMs > 0 ? 'clock.moves.along' : 'clock.moves.more', { step, n: alarm.moved })}
            </p>
          </>
        )}
        <Form method="post">
          <input type="hidden" name="alarmId" value={alarm.alarmId} />
          <input type="hidden" name="aheadMs" value={alarm.aheadMs} />
          <button className="btn" type="submit" name="intent" value="confirm-clock">
            {t('clock.confirm')}
          </button>
        </Form>
      </div>
    </Note>
  )
}
