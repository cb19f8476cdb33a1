/** The evidence of one attempt and its release. Opening it is recorded: a release asks that its author has seen it. */
import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useActionData, useLoaderData, useSearchParams } from '@remix-run/react'
import { parseForm, rejectedForm } from '../../forms/form.ts'
import { statusOf } from '../../http/errors.ts'
import { notFound, requireActor } from '../../http/visit.server.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { chartMessages } from '../../i18n/areas/charts.ts'
import { commonMessages } from '../../i18n/areas/common.ts'
import { vocabularyMessages } from '../../i18n/areas/vocabulary.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { openEvidence } from '../../services/results/evidence.server.ts'
import { checkRelease, releaseResult } from '../../services/results/release.server.ts'
import { ItemEvidence } from '../../ui/admin/item-evidence.tsx'
import { titled } from '../../ui/admin/meta.ts'
import { DoneNote, Status } from '../../ui/admin/parts.tsx'
import { PrintButton } from '../../ui/admin/print-button.tsx'
import { Reasons } from '../../ui/admin/reasons.tsx'
import { ReleaseForm, ReleaseSchema } from '../../ui/admin/release-form.tsx'
import { SheetEvidence } from '../../ui/admin/sheet-evidence.tsx'
import { LedgerStrip, LedgerTable } from '../../ui/charts/ledger-strip.tsx'
import { ProfileChart, ProfileTable } from '../../ui/charts/profile-chart.tsx'
import { FailureNote, Note } from '../../ui/primitives/note.tsx'

export const meta = titled('evidence.title', (data) => (data as { name?: string }).name)

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, receivedAt, locale } = await requireActor(args, 'admin')
  const evidence = await openEvidence(deps, actor, args.params.attemptId ?? '', locale, receivedAt)
  if (!evidence) throw notFound()
  return json(evidence)
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt } = await requireActor(args, 'admin')
  const form = await args.request.formData()
  const submission = parseForm(form, ReleaseSchema)
  if (submission.status === 'rejected') return json(submission, { status: 422 })
  const { intent, ...asked } = submission.data
  const input = { attemptId: args.params.attemptId ?? '', ...asked }
  const result =
    intent === 'check' ? await checkRelease(deps, actor, input) : await releaseResult(deps, actor, input, receivedAt)
  if (!result.ok) {
    const { code } = result.error
    if (code === 'result.not_found') throw notFound()
    return json(
      rejectedForm(form, code === 'result.reason_needed' ? { fields: { reason: [code] } } : { form: [code] }),
      { status: statusOf(code) },
    )
  }
  return result.value === true
    ? json({ status: 'released' as const })
    : json({ status: 'ask' as const, ...asked, departs: result.value.departs })
}

export default function Evidence() {
  const t = useMessages(adminMessages)
  const common = useMessages(commonMessages)
  const charts = useMessages(chartMessages)
  const words = useMessages(vocabularyMessages)
  const formats = useFormats()
  const evidence = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  const refused = reply && 'formErrors' in reply ? reply : null
  const [search] = useSearchParams()
  const { release, outcome, score } = evidence
  const all = search.get('items') === 'all'
  const here = `/admin/results/${evidence.attemptId}`
  const positionOf = (itemId: string) => evidence.items.find((item) => item.itemId === itemId)?.position ?? null
  const rows = evidence.profile.map((row) => ({
    ...row,
    label: row.competency ? words(`competency.${row.competency}`) : charts('profile.total'),
  }))
  return (
    <main id="main" className="doc evidence">
      <div className="report-top">
        <div>
          <p className="cap">
            <Link to="/admin/results" className="noprint">
              {t('results.title')}
            </Link>
            <span className="noprint"> / </span>
            {evidence.programmeTitle} · {evidence.stageTitle}
            {evidence.ordinal > 1 ? ` · ${t('results.attempt', { n: evidence.ordinal })}` : ''}
          </p>
          <h1 className="headline">{t('evidence.title')}</h1>
          <p className="who">{evidence.name}</p>
        </div>
        <dl className="report-facts">
          <dt>{t('evidence.facts.finished')}</dt>
          <dd>
            {evidence.finishedAt ? (
              <time
                dateTime={evidence.finishedAt}
              >{`${formats.dateTime(evidence.finishedAt)} ${formats.zone(evidence.finishedAt)}`}</time>
            ) : (
              '–'
            )}
          </dd>
          <dt>{t('evidence.facts.released')}</dt>
          <dd>{release ? <time dateTime={release.at}>{formats.dateTime(release.at)}</time> : '–'}</dd>
          <dt>{t('evidence.facts.attempt')}</dt>
          <dd className="num">{evidence.attemptId}</dd>
        </dl>
      </div>
      {/* Somebody else was first: the form is gone, so the sentence stands here. */}
      {release && refused?.formErrors[0] ? <FailureNote error={{ code: refused.formErrors[0] }} /> : null}
      {reply?.status === 'released' ? <DoneNote>{t('release.just_done')}</DoneNote> : null}
      <div className="decision">
        <p className="verdict">
          {release ? (
            <Status tone={release.outcome === 'passed' ? 'ok' : 'bad'}>{t(`outcome.${release.outcome}`)}</Status>
          ) : outcome ? (
            <Status tone={outcome.proposal === 'pass' ? 'ok' : outcome.proposal === 'fail' ? 'bad' : 'late'}>
              {t(`proposal.${outcome.proposal}`)}
            </Status>
          ) : (
            <Status tone="late">{t('results.state.scoring')}</Status>
          )}
        </p>
        <div>
          {release ? (
            <>
              <p>
                {t('release.done', {
                  by: release.by,
                  at: formats.dateTime(release.at),
                  outcome: t(`outcome.${release.outcome}`).toLowerCase(),
                  seen: formats.dateTime(release.evidenceSeenAt),
                })}
              </p>
              {release.reason ? <p>{t('release.done.reason', { reason: release.reason })}</p> : null}
            </>
          ) : null}
          {outcome ? (
            <>
              <h2 className="vh">{t('evidence.reasons')}</h2>
              <Reasons reasons={outcome.reasons} />
            </>
          ) : null}
          <p className="cap">{t('evidence.cut_reason', { reason: evidence.cutReason })}</p>
        </div>
      </div>
      {outcome?.provisional && evidence.decidesHiring ? (
        <Note tone="warn">
          <p className="b">{t('evidence.provisional.title')}</p>
          <p>{t('evidence.provisional.body')}</p>
        </Note>
      ) : null}
      {rows.length > 0 ? (
        <section className="sec">
          <h2>{t('evidence.profile')}</h2>
          <p className="cap">{charts('profile.caption')}</p>
          <ProfileChart rows={rows} />
          <ProfileTable rows={rows} />
        </section>
      ) : null}
      {evidence.items.length > 0 ? (
        <section className="sec">
          <div className="row">
            <h2 className="grow">{t('evidence.items')}</h2>
            {all ? null : (
              <Link className="btn dense noprint" to="?items=all" preventScrollReset>
                {t('evidence.items.open')}
              </Link>
            )}
          </div>
          <p className="cap">{t('evidence.items.caption')}</p>
          <div>
            {evidence.items.map((item) => (
              <ItemEvidence key={`${item.itemId} ${String(all)}`} item={item} open={all} />
            ))}
          </div>
        </section>
      ) : null}
      <section className="sec">
        <h2>{t('evidence.sheets')}</h2>
        {evidence.sheets.length === 0 && evidence.sheetsWaiting.length === 0 ? (
          <p className="cap">{t('evidence.sheets.none')}</p>
        ) : null}
        {evidence.sheetsWaiting.map((task) => {
          const n = positionOf(task.subjectId)
          return (
            <p key={task.subjectId}>
              <Status tone="late">
                {n === null
                  ? t('evidence.sheets.waiting_contact', { in: task.in, wanted: task.wanted })
                  : t('evidence.sheets.waiting', { n, in: task.in, wanted: task.wanted })}
              </Status>
            </p>
          )
        })}
        {[...evidence.sheets]
          .sort((a, b) => (positionOf(a.subjectId) ?? 0) - (positionOf(b.subjectId) ?? 0))
          .map((sheet) => (
            <SheetEvidence key={sheet.sheetId} sheet={sheet} position={positionOf(sheet.subjectId)} />
          ))}
      </section>
      {evidence.ledger.length > 0 ? (
        <section className="sec">
          <h2>{t('evidence.ledger')}</h2>
          <LedgerStrip rows={evidence.ledger} now={evidence.now} />
          <LedgerTable rows={evidence.ledger} />
        </section>
      ) : null}
      {evidence.requests.length > 0 ? (
        <section className="sec">
          <h2>{t('evidence.requests')}</h2>
          {evidence.requests.map((request) => (
            <div key={request.id} className="stack tight keep">
              <p>
                <span className="b">{t(`requests.kind.${request.kind}`)}</span>{' '}
                <span className="cap">{t('requests.asked', { at: formats.dateTime(request.createdAt) })}</span>
              </p>
              <p className="written">{request.text || t('requests.no_text')}</p>
              {request.answer ? (
                <>
                  <p className="cap">
                    {t('requests.answered', {
                      by: request.answer.by,
                      at: request.answer.at ? formats.dateTime(request.answer.at) : '',
                    })}
                  </p>
                  <p className="written">{request.answer.text}</p>
                </>
              ) : (
                <p className="noprint">
                  <Link to="/admin/requests">{t('requests.open')}</Link>
                </p>
              )}
            </div>
          ))}
        </section>
      ) : null}
      {evidence.lateTexts > 0 && !release ? (
        <Note tone="warn">
          <p>{t('evidence.late_texts', { n: evidence.lateTexts })}</p>
          <p>
            <Link to={`/admin/live/${evidence.attemptId}`}>{t('evidence.late_texts.link')}</Link>
          </p>
        </Note>
      ) : null}
      {evidence.mayRelease && score ? (
        <ReleaseForm
          key={score.number}
          scoreNumber={score.number}
          provisional={outcome?.provisional ?? true}
          name={evidence.name}
          here={here}
          rejected={refused}
          asked={reply?.status === 'ask' ? reply : null}
        />
      ) : release ? null : (
        <p className="cap noprint">{t('release.wait')}</p>
      )}
      <div className="report-end">
        <span>{score ? t('evidence.foot', { n: score.number, at: formats.dateTime(score.computedAt) }) : ''}</span>
        <span className="row">
          <span className="num">{evidence.attemptId}</span>
          <PrintButton label={common('action.print')} />
        </span>
      </div>
    </main>
  )
}
