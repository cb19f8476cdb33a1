/** The report as a document: read on the desk, printed on A4. */
import { Form, Link } from '@remix-run/react'
import { useState, type FormEvent } from 'react'
import type { OutcomeReason } from '../../core/scoring/outcome.ts'
import type { Report, ReportRequest } from '../../core/scoring/report-view.ts'
import { candidateMessages, type CandidateText } from '../../i18n/areas/candidate.ts'
import { commonMessages } from '../../i18n/areas/common.ts'
import { vocabularyMessages } from '../../i18n/areas/vocabulary.ts'
import type { Formats } from '../../i18n/format.ts'
import { useFormats, useMessages, type Translate } from '../../i18n/messages.ts'
import { LedgerStrip, LedgerTable } from '../charts/ledger-strip.tsx'
import { allGivenBack } from '../charts/ledger.ts'
import { ProfileChart, ProfileTable } from '../charts/profile-chart.tsx'
import { Icon } from '../player/icons.tsx'
import { Field } from '../primitives/field.tsx'

type Vocabulary = Translate<keyof (typeof vocabularyMessages)['en']>

export function NotYet({ stageTitle }: { stageTitle: string }) {
  const t = useMessages(candidateMessages)
  return (
    <main id="main" className="doc narrow cand">
      <p className="cap">{stageTitle}</p>
      <h1 className="headline">{t('result.not_yet.title')}</h1>
      <p className="lede">{t('result.not_yet.body')}</p>
      <p className="actions">
        <Link className="btn touch" to="/candidate">
          {t('receipt.next.overview')}
        </Link>
      </p>
    </main>
  )
}

/** A request that was refused: which, and why. */
type Refused = { at: string; code: string } | null

export function ReportDocument({ report, refused }: { report: Report; refused: Refused }) {
  const t = useMessages(candidateMessages)
  const common = useMessages(commonMessages)
  const words = useMessages(vocabularyMessages)
  const formats = useFormats()
  const passed = report.outcome === 'passed'
  const rows = report.profile.map((row) => ({
    ...row,
    label: row.competency ? words(`competency.${row.competency}`) : t('result.profile.total'),
  }))
  const critical = report.reasons.some((reason) => reason.code === 'outcome.critical_failure')
  return (
    <main id="main" className="doc report">
      <div className="top">
        <div>
          <p className="cap">
            {report.programmeTitle} / {report.stageTitle}
          </p>
          <h1>{t('result.title')}</h1>
          <p className="who">{report.name}</p>
        </div>
        <dl>
          <dt>{t('result.taken')}</dt>
          <dd>
            <time>{formats.date(report.takenAt)}</time>
          </dd>
          <dt>{t('result.released')}</dt>
          <dd>
            <time>{formats.dateTime(report.releasedAt)}</time>
          </dd>
          <dt>{t('result.by')}</dt>
          <dd>{report.releasedBy}</dd>
        </dl>
      </div>
      <div className="dec">
        <p className={`res ${passed ? 'ok' : 'bad'}`}>
          <Icon name={passed ? 'circleCheck' : 'octagon'} />
          {t(passed ? 'result.passed' : 'result.not_passed')}
        </p>
        <div>
          {report.explanation ? <p>{report.explanation}</p> : null}
          <p>{t('result.person', { name: report.releasedBy })}</p>
          {report.provisional ? (
            <p className="cap">
              {t('result.provisional')} {report.hiring ? t('result.not_hiring') : null}
            </p>
          ) : null}
        </div>
      </div>
      <ul className="rules">
        {report.reasons.map((reason, index) => {
          const told = ruleText(reason, t, words, formats)
          return told ? (
            <li key={index} className={`st ${told.met === false ? 'missed' : ''}`}>
              <Icon name={told.met === null ? 'info' : told.met ? 'check' : 'octagon'} />
              <span>{told.text}</span>
            </li>
          ) : null
        })}
        {critical ? null : (
          <li className="st">
            <Icon name="check" />
            <span>{t('result.rule.no_critical')}</span>
          </li>
        )}
      </ul>
      <section className="sec">
        <h2>{t('result.profile')}</h2>
        <p className="cap">{t('result.profile.help')}</p>
        <ProfileChart rows={rows} />
        <ProfileTable rows={rows} />
      </section>
      {report.ledger ? (
        <section className="sec">
          <h2>{t('ledger.title')}</h2>
          <p className="cap">
            {t('ledger.worked', { time: formats.duration(report.ledger.workedMs) })}{' '}
            {allGivenBack(report.ledger.rows) ? t('ledger.paused') : null}
          </p>
          <LedgerStrip rows={report.ledger.rows} now={report.ledger.now} />
          <LedgerTable rows={report.ledger.rows} />
        </section>
      ) : null}
      <section className="sec">
        <h2>{t('result.next')}</h2>
        {passed ? null : (
          <p className="prose">
            {report.again.left === 0
              ? t('result.next.no_more')
              : report.again.from
                ? t('result.next.again', { n: report.again.left, date: formats.date(report.again.from) })
                : t('result.next.again.now', { n: report.again.left })}
          </p>
        )}
        <p className="prose">
          {t(report.mayRequest ? 'result.review.until' : 'result.review.closed', {
            date: formats.date(report.requestsUntil),
          })}
        </p>
        <div className="asks">
          <Ask kind="reasons" report={report} refused={refused} />
          <Ask kind="review" report={report} refused={refused} />
        </div>
        <p className="actions noprint">
          <button type="button" className="btn js-only" onClick={() => window.print()}>
            <Icon name="printer" />
            {common('action.print')}
          </button>
          <Link className="btn bare" to="/candidate">
            {t('receipt.next.overview')}
          </Link>
        </p>
      </section>
      <div className="end">
        <span>{t('result.foot', { n: report.scoreNumber, date: formats.date(report.releasedAt) })}</span>
        <span className="num">{report.attemptId}</span>
      </div>
    </main>
  )
}

function Ask({ kind, report, refused }: { kind: 'reasons' | 'review'; report: Report; refused: Refused }) {
  const t = useMessages(candidateMessages)
  const [missing, setMissing] = useState(false)
  const error = missing ? 'review.text_missing' : refused?.at === kind ? refused.code : null
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    const field = event.currentTarget.elements.namedItem('text') as HTMLTextAreaElement
    const empty = field.value.trim() === ''
    setMissing(empty)
    if (!empty) return
    event.preventDefault()
    field.focus()
  }
  const asked = report.requests.find((request) => request.kind === kind)
  return (
    <section className="noprint">
      <h3>{t(kind === 'reasons' ? 'result.reasons.ask' : 'result.review.ask')}</h3>
      <p className="cap">{t(kind === 'reasons' ? 'result.reasons.help' : 'result.review.help')}</p>
      {asked ? (
        <Asked request={asked} />
      ) : report.mayRequest ? (
        <details open={error !== null || undefined}>
          <summary>{t(kind === 'reasons' ? 'result.reasons.ask' : 'result.review.ask')}</summary>
          <Form method="post" className="stack tight" preventScrollReset noValidate onSubmit={onSubmit}>
            <Field label={t('result.review.text')} error={error}>
              {(control) => <textarea className="in" name="text" rows={3} aria-required {...control} />}
            </Field>
            <p>
              <button className="btn" name="intent" value={kind}>
                {t('result.review.submit')}
              </button>
            </p>
          </Form>
        </details>
      ) : null}
    </section>
  )
}

function Asked({ request }: { request: ReportRequest }) {
  const t = useMessages(candidateMessages)
  const formats = useFormats()
  return (
    <>
      <p className="st">
        <Icon name="clock" small />
        {t('result.request.sent', { date: formats.date(request.createdAt) })}
      </p>
      {request.answer ? (
        <>
          <p className="b">{t('result.request.answered', { date: formats.date(request.answer.at) })}</p>
          <p className="prose">{request.answer.text}</p>
        </>
      ) : null}
    </>
  )
}

function ruleText(
  reason: OutcomeReason,
  t: CandidateText,
  words: Vocabulary,
  formats: Formats,
): { text: string; met: boolean | null } | null {
  const percent = (value: number): string => formats.percent(value)
  switch (reason.code) {
    case 'outcome.cut_score':
      return {
        met: reason.met,
        text: t(reason.met ? 'result.rule.cut.met' : 'result.rule.cut.missed', {
          percent: percent(reason.percent),
          cut: percent(reason.cut),
        }),
      }
    case 'outcome.near_cut':
      return {
        met: null,
        text: t('result.rule.near', { low: formats.number(reason.low), high: formats.number(reason.high) }),
      }
    case 'outcome.competency_cut':
      return {
        met: reason.met,
        text: t(reason.met ? 'result.rule.competency.met' : 'result.rule.competency.missed', {
          competency: words(`competency.${reason.competency}`),
          percent: percent(reason.percent),
          cut: percent(reason.cut),
        }),
      }
    case 'outcome.competency_too_few':
      return {
        met: null,
        text: t('result.rule.competency.few', { competency: words(`competency.${reason.competency}`), n: reason.n }),
      }
    case 'outcome.critical_failure':
      return { met: false, text: t('result.rule.critical') }
    default:
      return null
  }
}
