/** What came too late, beside what was saved, with the decision on each. */
import { Form } from '@remix-run/react'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { AnswerBody, type ItemAnswer } from './item-evidence.tsx'
import { Status } from './parts.tsx'

const CODES = ['late', 'closed', 'section_late', 'conflict'] as const
export type LateText = {
  mutationId: string
  itemId: string
  position: number
  receivedAt: string
  code: string
  late: ItemAnswer | null
  stored: ItemAnswer | null
  decision: 'counted' | 'not_counted' | null
  decidedAt: string | null
  decidedBy: string | null
}

export function LateTexts({ texts, released }: { texts: readonly LateText[]; released: boolean }) {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  if (texts.length === 0) return <p className="cap">{t('attempt.quarantine.none')}</p>
  return (
    <>
      <p className="cap measure">{t('attempt.quarantine.body')}</p>
      {texts.map((text) => {
        const code = CODES.find((known) => known === text.code)
        return (
          <article key={text.mutationId} className="late-text stack tight">
            <div className="row">
              <h3 className="b">{t('attempt.quarantine.item', { n: text.position, at: formats.time(text.receivedAt) })}</h3>
              {code ? <span className="cap">{t(`attempt.quarantine.code.${code}`)}</span> : null}
              <span className="grow" />
              {text.decision ? (
                <Status tone={text.decision === 'counted' ? 'ok' : 'none'}>{t(`attempt.quarantine.${text.decision}`, { by: text.decidedBy ?? '–', at: text.decidedAt ? formats.dateTime(text.decidedAt) : '' })}</Status>
              ) : null}
            </div>
            <div className="split">
              <div className="stack tight">
                <p className="cap b">{t('attempt.quarantine.late_text')}</p>
                {text.late ? <AnswerBody item={text.late} withKey={false} /> : null}
              </div>
              <div className="stack tight">
                <p className="cap b">{t('attempt.quarantine.stored_text')}</p>
                {text.stored?.answered ? <AnswerBody item={{ ...text.stored, stem: '', thread: [] }} withKey={false} /> : <p className="cap">{t('attempt.quarantine.nothing')}</p>}
              </div>
            </div>
            {text.decision === null && !released ? (
              <Form method="post" className="row" preventScrollReset>
                <input type="hidden" name="mutationId" value={text.mutationId} />
                <button className="btn" type="submit" name="intent" value="counted">
                  {t('attempt.quarantine.count')}
                </button>
                <button className="btn" type="submit" name="intent" value="not_counted">
                  {t('attempt.quarantine.not_count')}
                </button>
              </Form>
            ) : null}
          </article>
        )
      })}
    </>
  )
}
