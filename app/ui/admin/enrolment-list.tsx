/** The programmes that somebody takes part in, with how far each stage is, and a new link where one is needed. */
import { Form, Link } from '@remix-run/react'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { Status, type Tone } from './parts.tsx'

type StageState = 'not_started' | 'running' | 'scoring' | 'ready' | 'passed' | 'not_passed'
export type EnrolmentView = {
  id: string
  programmeTitle: string
  /** The code that raters see in place of the name; null for whom it is not to be known. */
  reference: string | null
  open: boolean
  closesAt: string
  invitation: { lastUsedAt: string | null; useCount: number } | null
  stages: Array<{
    id: string
    title: string
    state: StageState
    attempts: number
    max: number
    attemptId: string | null
    references: string[]
  }>
}

const TONES: Record<StageState, Tone> = {
  not_started: 'none',
  running: 'late',
  scoring: 'late',
  ready: 'warn',
  passed: 'ok',
  not_passed: 'bad',
}

export function EnrolmentList({ enrolments, mailSends }: { enrolments: readonly EnrolmentView[]; mailSends: boolean }) {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  const locale = useLocale()
  if (enrolments.length === 0) return <p className="cap">{t('person.enrolments.none')}</p>
  return (
    <ul className="enrolments">
      {enrolments.map((enrolment) => (
        <li key={enrolment.id} className="stack tight">
          <div className="row">
            <div className="grow">
              <h3 className="b">{enrolment.programmeTitle}</h3>
              <p className="cap">
                {t(enrolment.open ? 'person.open_until' : 'person.closed_at', {
                  at: `${formats.dateTime(enrolment.closesAt)} ${formats.zone(enrolment.closesAt)}`,
                })}
                {enrolment.open && enrolment.invitation
                  ? `${t('word.separator')}${enrolment.invitation.useCount > 0 && enrolment.invitation.lastUsedAt ? t('person.link.used', { n: enrolment.invitation.useCount, at: formats.dateTime(enrolment.invitation.lastUsedAt) }) : t('person.link.never')}`
                  : null}
              </p>
              {enrolment.reference === null ? null : (
                <p className="cap">
                  {t('person.reference')} <span className="num">{enrolment.reference}</span>
                </p>
              )}
            </div>
            {enrolment.open ? (
              <Form method="post" className="row">
                <input type="hidden" name="enrolmentId" value={enrolment.id} />
                <button className="btn dense" type="submit" name="intent" value="link" title={t('person.link.help')}>
                  {t('person.link.copy')}
                </button>
              </Form>
            ) : null}
            {enrolment.open && mailSends ? (
              <Form method="post" className="row">
                <input type="hidden" name="enrolmentId" value={enrolment.id} />
                <input type="hidden" name="locale" value={locale} />
                <button className="btn dense" type="submit" name="intent" value="resend">
                  {t('person.link.resend')}
                </button>
              </Form>
            ) : null}
          </div>
          <ol className="stages">
            {enrolment.stages.map((stage) => (
              <li key={stage.id}>
                <span className="grow">
                  {stage.title}
                  {stage.references.length === 0 ? null : (
                    <span className="cap block">
                      {t('person.references')}{' '}
                      {stage.references.map((reference, index) => (
                        <span className="num nowrap" key={reference}>
                          {index > 0 ? ' · ' : ''}
                          {reference}
                        </span>
                      ))}
                    </span>
                  )}
                </span>
                {stage.attempts > 0 ? (
                  <span className="cap">{t('person.attempts', { n: stage.attempts, max: stage.max })}</span>
                ) : null}
                <Status tone={TONES[stage.state]}>{t(`stage.${stage.state}`)}</Status>
                {stage.attemptId ? (
                  <Link
                    to={`/admin/results/${stage.attemptId}`}
                    aria-label={`${t('stage.evidence')}${t('word.separator')}${stage.title}`}
                  >
                    {t('stage.evidence')}
                  </Link>
                ) : null}
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ul>
  )
}
