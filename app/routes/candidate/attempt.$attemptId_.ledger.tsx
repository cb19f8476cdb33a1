/** The time ledger: what happened to the clock, as a strip to scale and as a table. */
import { json, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import type { LedgerPage } from '../../core/attempt/player-view.ts'
import { orThrow, requireActor } from '../../http/visit.server.ts'
import { candidateMessages } from '../../i18n/areas/candidate.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { ledgerPage } from '../../services/candidate/ledger.server.ts'
import { LedgerStrip, LedgerTable } from '../../ui/charts/ledger-strip.tsx'
import { allGivenBack } from '../../ui/charts/ledger.ts'
import { CandidateBar } from '../../ui/player/candidate-bar.tsx'
import { titledBy } from '../../ui/titled.ts'

export const meta = titledBy(candidateMessages)('ledger.title', (page: { stageTitle?: string }) => page.stageTitle)

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'candidate')
  return json(orThrow(await ledgerPage(deps, actor, args.params.attemptId ?? '', locale, receivedAt)))
}

export default function Ledger() {
  const t = useMessages(candidateMessages)
  const formats = useFormats()
  const page = useLoaderData<typeof loader>() as LedgerPage
  return (
    <>
      <CandidateBar what={page.programmeTitle} />
      <main id="main" className="doc cand wide">
        <p className="cap">
          <Link to="/candidate">{t('overview.title')}</Link> / {page.stageTitle}
        </p>
        <h1 className="headline">{t('ledger.title')}</h1>
        <p className="lede">
          {page.finished ? t('ledger.worked', { time: formats.duration(page.workedMs) }) : t('ledger.running')}{' '}
          {allGivenBack(page.rows) ? t('ledger.paused') : null}{' '}
          <span className="cap">{t('ledger.zone', { zone: formats.zone(page.now) })}</span>
        </p>
        <section className="sec">
          <LedgerStrip rows={page.rows} now={page.now} />
          <LedgerTable rows={page.rows} />
        </section>
      </main>
    </>
  )
}
