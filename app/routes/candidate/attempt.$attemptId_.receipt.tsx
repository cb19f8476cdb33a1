/** The receipt: when it ended, what was received, the fingerprint, and what comes next. */
import { json, redirectDocument, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { orThrow, requireActor } from '../../http/visit.server.ts'
import { candidateMessages } from '../../i18n/areas/candidate.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { receiptPage } from '../../services/candidate/receipt.server.ts'
import { CandidateBar } from '../../ui/player/candidate-bar.tsx'
import { Icon } from '../../ui/player/icons.tsx'
import { Leftovers, ReloadSoon } from '../../ui/player/leftovers.tsx'
import { Told } from '../../ui/player/told.tsx'
import { titledBy } from '../../ui/titled.ts'

export const meta = titledBy(candidateMessages)('receipt.title', (page: { stageTitle?: string }) => page.stageTitle)

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'candidate')
  const attemptId = args.params.attemptId ?? ''
  const page = await receiptPage(deps, actor, attemptId, locale, receivedAt)
  if (!page.ok && page.error.code === 'attempt.still_running')
    return redirectDocument(`/candidate/attempt/${attemptId}`)
  return json(orThrow(page))
}

export default function ReceiptRoute() {
  const t = useMessages(candidateMessages)
  const formats = useFormats()
  const page = useLoaderData<typeof loader>()
  const { receipt } = page
  return (
    <>
      <CandidateBar what={page.programmeTitle} />
      <main id="main" className="doc narrow cand receipt">
        <p className="cap">{page.stageTitle}</p>
        {receipt ? (
          <>
            <h1 className="headline">
              <Icon name={receipt.reason === 'submitted' ? 'circleCheck' : 'clock'} /> {t(`receipt.${receipt.reason}`)}
            </h1>
            <dl className="facts big">
              <dt>{t('receipt.time')}</dt>
              <dd>
                <time dateTime={receipt.finishedAt}>
                  {formats.date(receipt.finishedAt)} {formats.time(receipt.finishedAt)}
                </time>{' '}
                <span className="cap">{formats.zone(receipt.finishedAt)}</span>
              </dd>
              <dt>{t('receipt.answers')}</dt>
              <dd className="num">
                {t('receipt.answers.value', {
                  n: page.tally ? page.tally.answered + page.tally.part : receipt.answers,
                  total: page.items,
                })}
                {page.tally && page.tally.part > 0 ? t('receipt.answers.part', { n: page.tally.part }) : null}
              </dd>
              <dt>{t('receipt.fingerprint')}</dt>
              <dd>
                <code className="fingerprint">{receipt.fingerprint.match(/.{1,8}/g)?.join(' ')}</code>
                <span className="cap line">{t('receipt.fingerprint.help')}</span>
              </dd>
              <dt>{t('receipt.attempt')}</dt>
              <dd className="num">{receipt.attemptId}</dd>
            </dl>
          </>
        ) : (
          <>
            <h1 className="headline">
              <Icon name="clock" /> {t('receipt.pending.title')}
            </h1>
            <p className="lede">{t('receipt.pending.body')}</p>
            <ReloadSoon />
            <noscript>
              <p>
                <a className="btn" href="">
                  {t('receipt.pending.again')}
                </a>
              </p>
            </noscript>
          </>
        )}
        {page.lateTexts.length > 0 ? (
          <section className="sec">
            <h2>{t('receipt.late')}</h2>
            <p>{t('receipt.late.body', { n: page.lateTexts.length })}</p>
            {page.lateTexts.map((text, index) => (
              <Told key={index} tone={text.fate === 'counted' ? 'ok' : 'warn'}>
                {t(`receipt.late.${text.fate}`, {
                  item: text.section
                    ? t('receipt.late.place_in', { section: text.section, n: text.number ?? 0 })
                    : t('receipt.late.place', { n: text.number ?? 0 }),
                  at: formats.dateTime(text.receivedAt),
                  decided: text.decidedAt ? formats.dateTime(text.decidedAt) : '',
                })}
                {text.why ? <span className="cap line">{t('receipt.late.reason', { reason: text.why })}</span> : null}
              </Told>
            ))}
          </section>
        ) : null}
        <Leftovers attemptId={page.attemptId} epoch={page.epoch} revisions={page.revisions} />
        <section className="sec">
          <h2>{t('receipt.next')}</h2>
          <p className="prose">{page.released ? t('receipt.next.released') : t('receipt.next.rating')}</p>
          <p className="actions noprint">
            {page.released ? (
              <Link className="btn touch pri" to={`/candidate/attempt/${page.attemptId}/result`}>
                {t('stage.next.result')}
              </Link>
            ) : page.nextStage ? (
              <Link className="btn touch pri" to={`/candidate/stage/${page.nextStage.id}`}>
                {t('receipt.next.stage', { stage: page.nextStage.title })}
              </Link>
            ) : null}
            <Link className="btn touch" to="/candidate">
              {t('receipt.next.overview')}
            </Link>
            <Link className="btn bare touch" to={`/candidate/attempt/${page.attemptId}/ledger`}>
              {t('receipt.ledger')}
            </Link>
          </p>
        </section>
      </main>
    </>
  )
}
