/** Asking for an accommodation, what became of the request, and taking it back. */
import { Form } from '@remix-run/react'
import type { StagePage } from '../../../core/attempt/stage-view.ts'
import { candidateMessages } from '../../../i18n/areas/candidate.ts'
import { useMessages } from '../../../i18n/messages.ts'
import { Told } from '../told.tsx'

export function Accommodation({ page }: { page: StagePage }) {
  const t = useMessages(candidateMessages)
  const asked = page.accommodation
  const form = (
    <Form method="post" className="stack tight" preventScrollReset>
      <label className="field">
        <span className="lab">{t('before.accommodation.reason')}</span>
        <span className="help">{t('before.accommodation.reason.help')}</span>
        <textarea className="in" name="reason" rows={3} required minLength={3} />
      </label>
      <p>
        <button className="btn" name="intent" value="accommodation">
          {t('before.accommodation.submit')}
        </button>
      </p>
    </Form>
  )
  return (
    <section className="sec">
      <h2>{t('before.accommodation')}</h2>
      <p className="prose">{t('before.accommodation.body')}</p>
      {asked ? (
        <div className="stack tight">
          <Told tone={asked.status === 'granted' ? 'ok' : 'note'}>{t(`before.accommodation.${asked.status}`)}</Told>
          {asked.reason ? (
            <p>
              <span className="cap">{t('before.accommodation.yours')}</span> {asked.reason}
            </p>
          ) : null}
          {asked.answer ? (
            <p>
              <span className="cap">{t('before.accommodation.answer')}</span> {asked.answer}
            </p>
          ) : null}
        </div>
      ) : null}
      {asked?.status === 'requested' ? (
        <Form method="post" preventScrollReset>
          <button className="btn" name="intent" value="withdraw">
            {t('before.accommodation.withdraw')}
          </button>
        </Form>
      ) : asked?.status === 'granted' ? null : (
        <details>
          <summary>{t('before.accommodation.ask')}</summary>
          {form}
        </details>
      )}
    </section>
  )
}
