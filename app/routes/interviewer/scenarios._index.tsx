/** Who waits for a mock scenario, by code, and the ones that this interviewer has played. */
import { json, type LoaderFunctionArgs } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { CircleCheck, Clock, EyeOff, Mic } from 'lucide-react'
import { requireActor } from '../../http/visit.server.ts'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { listScenarios } from '../../services/rating/mock-scenarios.server.ts'
import { Scroll } from '../../ui/primitives/scroll.tsx'
import { titled } from '../../ui/rating/title.ts'

export const meta = titled('scenarios.title')

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'interviewer')
  return json(await listScenarios(deps, actor, locale, receivedAt))
}

const STATE_ICONS = { running: Mic, to_rate: Clock, submitted: CircleCheck } as const

export default function ScenariosPage() {
  const t = useMessages(interviewerMessages)
  const formats = useFormats()
  const { ready, mine } = useLoaderData<typeof loader>()
  return (
    <main id="main" className="r-page">
      <div className="r-head">
        <h1 className="title">{t('scenarios.title')}</h1>
        <span className="st">
          <EyeOff className="i s" aria-hidden="true" />
          {t('sheet.blind')}
        </span>
        <span className="grow" />
        <a href="/interviewer/kits">{t('scenarios.kits')}</a>
      </div>
      <p className="cap r-lede">{t('scenarios.lede')}</p>
      {ready.length > 0 ? (
        <section aria-labelledby="ready">
          <h2 id="ready">
            {t('scenarios.ready')} <span className="cap">{t('scenarios.ready.count', { n: ready.length })}</span>
          </h2>
          <Scroll label={t('scenarios.ready')}>
            <table className="tbl r-work">
              <thead>
                <tr>
                  <th scope="col">{t('scenarios.reference')}</th>
                  <th scope="col">{t('scenarios.programme')}</th>
                  <th scope="col">{t('scenarios.stage')}</th>
                  <th scope="col" className="n">
                    {t('scenarios.minutes')}
                  </th>
                  <th scope="col">{t('scenarios.closes')}</th>
                  <th scope="col">
                    <span className="vh">{t('scenarios.prepare')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {ready.map((row) => (
                  <tr key={`${row.enrolmentId}:${row.stageId}`}>
                    <td className="num b nowrap">{row.reference}</td>
                    <td>{row.programme}</td>
                    <td>{row.stage}</td>
                    <td className="n">{formats.number(row.minutes)}</td>
                    <td>
                      <time dateTime={row.closesAt}>{formats.dateTime(row.closesAt)}</time>{' '}
                      <span className="cap">{formats.zone(row.closesAt)}</span>
                    </td>
                    <td>
                      <a
                        className="btn dense"
                        href={`/interviewer/scenarios/${row.enrolmentId}/${row.stageId}`}
                        aria-label={t('scenarios.prepare.of', { reference: row.reference })}
                      >
                        {t('scenarios.prepare')}
                      </a>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </section>
      ) : (
        <div className="empty">
          <h2>{t('scenarios.empty.title')}</h2>
          <p>{t('scenarios.empty.body', { minutes: 15 })}</p>
          <a className="btn pri" href="/interviewer/kits">
            {t('scenarios.empty.action')}
          </a>
        </div>
      )}
      {mine.length > 0 ? (
        <section aria-labelledby="mine">
          <h2 id="mine">{t('scenarios.mine')}</h2>
          <ul className="r-rows">
            {mine.map((row) => {
              const Icon = STATE_ICONS[row.state]
              return (
                <li key={row.contactId}>
                  <span className="num b">{row.reference}</span>
                  <span className="grow">{row.title}</span>
                  <span className="cap">
                    {t('scenarios.started')} <time dateTime={row.startedAt}>{formats.dateTime(row.startedAt)}</time>
                  </span>
                  <span className={`st ${row.state === 'submitted' ? 'ok' : row.state === 'to_rate' ? 'warn' : 'acc'}`}>
                    <Icon className="i s" aria-hidden="true" />
                    {t(`scenarios.state.${row.state}`)}
                  </span>
                  <a
                    href={`/interviewer/contacts/${row.contactId}`}
                    aria-label={t(row.state === 'submitted' ? 'queue.view.of' : 'queue.continue.of', {
                      reference: row.reference,
                    })}
                  >
                    {t(row.state === 'submitted' ? 'queue.view' : 'queue.continue')}
                  </a>
                </li>
              )
            })}
          </ul>
        </section>
      ) : null}
    </main>
  )
}
