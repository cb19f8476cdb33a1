/** The notice, to be read and acknowledged, and the consents that are asked for with it. */
import { Form } from '@remix-run/react'
import type { StagePage } from '../../../core/attempt/stage-view.ts'
import { candidateMessages } from '../../../i18n/areas/candidate.ts'
import { useFormats, useMessages } from '../../../i18n/messages.ts'
import { Icon } from '../icons.tsx'
import { RichText } from '../rich-text.tsx'

export function Notice({ page }: { page: StagePage }) {
  const t = useMessages(candidateMessages)
  const formats = useFormats()
  const { notice } = page
  if (!notice) return null
  const text = (
    <div className="notice-text">
      <p className="cap">
        {t('before.notice.version', {
          revision: notice.revision,
          date: formats.date(`${notice.effectiveFrom}T12:00:00Z`),
        })}{' '}
        · {t('before.notice.retention', { days: page.retentionDays })}
      </p>
      {notice.paragraphs.map((paragraph, index) => (
        <RichText key={index} text={paragraph} className="prose" />
      ))}
    </div>
  )
  if (notice.acknowledgedAt) {
    return (
      <>
        <section className="sec">
          <h2>{notice.title}</h2>
          <p className="st ok">
            <Icon name="check" />
            {t('before.notice.done', { time: formats.dateTime(notice.acknowledgedAt) })}
          </p>
          <details>
            <summary>{t('before.notice.show')}</summary>
            {text}
          </details>
        </section>
        {page.consents.length > 0 ? (
          <section className="sec">
            <h2>{t('before.consents')}</h2>
            <Form method="post" className="stack" preventScrollReset>
              <Consents page={page} />
              <p>
                <button className="btn" name="intent" value="consents">
                  {t('before.consents.save')}
                </button>
              </p>
            </Form>
          </section>
        ) : null}
      </>
    )
  }
  return (
    <Form method="post">
      <section className="sec">
        <h2>{notice.title}</h2>
        {text}
        <input type="hidden" name="hash" value={notice.hash} />
        <label className="check ack">
          <input type="checkbox" name="read" value="yes" />
          <span>
            <span className="b">{t('before.notice.acknowledge')}</span>
            <span className="cap line">{t('before.notice.acknowledge.help')}</span>
          </span>
        </label>
      </section>
      {page.consents.length > 0 ? (
        <section className="sec">
          <h2>{t('before.consents')}</h2>
          <Consents page={page} />
        </section>
      ) : null}
      <p className="actions">
        <button className="btn touch pri" name="intent" value="notice">
          {t('before.notice.submit')}
        </button>
      </p>
    </Form>
  )
}

function Consents({ page }: { page: StagePage }) {
  const t = useMessages(candidateMessages)
  return (
    <>
      <p className="cap">{t('before.consents.help')}</p>
      <ul className="consents">
        {page.consents.map((consent) => (
          <li key={consent.id}>
            <label className="check">
              <input type="checkbox" name="consent" value={consent.id} defaultChecked={consent.given} />
              <span>
                {consent.text}
                <span className="cap line">
                  <span className="b">{t('before.consents.without')}</span> {consent.without}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </>
  )
}
