/** What came too late, beside what was saved, with the decision on each. */
import { Form } from '@remix-run/react'
import type { Rejected } from '../../forms/form.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Field } from '../primitives/field.tsx'
import { AnswerBody, type ItemAnswer } from './item-evidence.tsx'
import { Status } from './parts.tsx'

const CODES = ['late', 'closed', 'section_late', 'conflict'] as const
/** Longest reason, in characters. */
export const MAX_REASON = 1000
export type LateText = {
  seq: number
  itemId: string
  position: number
  receivedAt: string
  code: string
  late: ItemAnswer | null
  stored: ItemAnswer | null
  decision: 'counted' | 'not_counted' | null
  decidedAt: string | null
  decidedBy: string | null
  reason: string | null
}

export function LateTexts({
  texts,
  released,
  rejected,
}: {
  texts: readonly LateText[]
  released: boolean
  rejected: Rejected | null
}) {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  if (texts.length === 0) return <p className="cap">{t('attempt.quarantine.none')}</p>
  return (
    <>
      <p className="cap measure">{t('attempt.quarantine.body')}</p>
      {texts.map((text) => {
        const code = CODES.find((known) => known === text.code)
        return (
          <article key={text.seq} className="late-text stack tight">
            <div className="row">
              <h3 className="b">
                {t('attempt.quarantine.item', { n: text.position, at: formats.time(text.receivedAt) })}
              </h3>
              {code ? <span className="cap">{t(`attempt.quarantine.code.${code}`)}</span> : null}
              <span className="grow" />
              {text.decision ? (
                <Status tone={text.decision === 'counted' ? 'ok' : 'none'}>
                  {t(`attempt.quarantine.${text.decision}`, {
                    by: text.decidedBy ?? '–',
                    at: text.decidedAt ? formats.dateTime(text.decidedAt) : '',
                  })}
                </Status>
              ) : null}
            </div>
            {text.reason ? <p className="cap">{t('attempt.quarantine.reason_was', { reason: text.reason })}</p> : null}
            <div className="split">
              <div className="stack tight">
                <p className="cap b">{t('attempt.quarantine.late_text')}</p>
                {text.late ? <AnswerBody item={text.late} withKey={false} /> : null}
              </div>
              <div className="stack tight">
                <p className="cap b">{t('attempt.quarantine.stored_text')}</p>
                {text.stored?.answered ? (
                  <AnswerBody item={{ ...text.stored, stem: '', thread: [] }} withKey={false} />
                ) : (
                  <p className="cap">{t('attempt.quarantine.nothing')}</p>
                )}
              </div>
            </div>
            {text.decision === null && !released ? (
              <Form method="post" className="stack tight" preventScrollReset>
                <input type="hidden" name="seq" value={text.seq} />
                <Field
                  label={t('attempt.quarantine.reason')}
                  help={t('attempt.quarantine.reason.help')}
                  error={rejected?.values['seq'] === String(text.seq) ? rejected.fieldErrors['reason']?.[0] : null}
                >
                  {(control) => (
                    <textarea
                      className="in"
                      rows={2}
                      name="reason"
                      maxLength={MAX_REASON}
                      defaultValue={
                        rejected?.values['seq'] === String(text.seq) ? String(rejected.values['reason'] ?? '') : ''
                      }
                      {...control}
                    />
                  )}
                </Field>
                <div className="row">
                  <button className="btn" type="submit" name="intent" value="counted">
                    {t('attempt.quarantine.count')}
                  </button>
                  <button className="btn" type="submit" name="intent" value="not_counted">
                    {t('attempt.quarantine.not_count')}
                  </button>
                </div>
              </Form>
            ) : null}
          </article>
        )
      })}
    </>
  )
}
