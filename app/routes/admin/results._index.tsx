import { json, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { requireActor } from '../../http/visit.server.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { listResults } from '../../services/results/results.server.ts'
import { titled } from '../../ui/admin/meta.ts'
import { Empty, Filters, PageHead, Status, type Tone } from '../../ui/admin/parts.tsx'
import { Field } from '../../ui/primitives/field.tsx'
import { Scroll } from '../../ui/primitives/scroll.tsx'

export const meta = titled('results.title')

const STATES = ['ready', 'rating', 'scoring', 'released'] as const
const FilterSchema = z.object({
  q: z.string().max(200).catch(''),
  state: z.enum(STATES).nullable().catch(null),
  programme: z.string().min(1).max(100).nullable().catch(null),
})

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale } = await requireActor(args, 'admin')
  const filter = FilterSchema.parse(Object.fromEntries(new URL(args.request.url).searchParams))
  return json({
    filter,
    ...(await listResults(deps, actor, { q: filter.q, state: filter.state, programmeId: filter.programme }, locale)),
  })
}

const TONES: Record<(typeof STATES)[number], Tone> = { ready: 'warn', rating: 'late', scoring: 'late', released: 'ok' }

export default function Results() {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  const { filter, rows, total, programmes } = useLoaderData<typeof loader>()
  const filtered = filter.q !== '' || filter.state !== null || filter.programme !== null
  return (
    <main id="main" className="room stack">
      <PageHead title={t('results.title')}>
        <Link className="btn" to="/admin/requests">
          {t('results.requests')}
        </Link>
      </PageHead>
      <section className="panel stack">
        <Filters active={filtered} clear="/admin/results">
          <Field label={t('filter.q')}>
            {(control) => (
              <input className="in" type="search" name="q" defaultValue={filter.q} key={filter.q} {...control} />
            )}
          </Field>
          <Field label={t('results.state')}>
            {(control) => (
              <select className="in" name="state" defaultValue={filter.state ?? ''} key={filter.state} {...control}>
                <option value="">{t('filter.all')}</option>
                {STATES.map((state) => (
                  <option key={state} value={state}>
                    {t(`results.state.${state}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('table.programme')}>
            {(control) => (
              <select
                className="in"
                name="programme"
                defaultValue={filter.programme ?? ''}
                key={filter.programme}
                {...control}
              >
                <option value="">{t('filter.all')}</option>
                {programmes.map((programme) => (
                  <option key={programme.id} value={programme.id}>
                    {programme.title}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </Filters>
        <p className="cap">{t('filter.count', { shown: rows.length, total })}</p>
        {total === 0 ? (
          <Empty title={t('results.empty.title')}>
            <p>{t('results.empty.body')}</p>
          </Empty>
        ) : rows.length === 0 ? (
          <p>{t('none.filtered')}</p>
        ) : (
          <Scroll label={t('results.title')}>
            <table className="tbl wide">
              <thead>
                <tr>
                  <th scope="col">{t('table.name')}</th>
                  <th scope="col">{t('table.programme')}</th>
                  <th scope="col">{t('table.stage')}</th>
                  <th scope="col" className="n">
                    {t('results.finished')}
                  </th>
                  <th scope="col" className="n">
                    {t('results.score')}
                  </th>
                  <th scope="col">{t('results.proposal')}</th>
                  <th scope="col">{t('results.state')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.attemptId}>
                    <td>
                      <Link to={`/admin/results/${row.attemptId}`}>{row.name}</Link>
                    </td>
                    <td>{row.programmeTitle}</td>
                    <td>
                      {row.stageTitle}
                      {row.ordinal > 1 ? (
                        <span className="cap block">{t('results.attempt', { n: row.ordinal })}</span>
                      ) : null}
                    </td>
                    <td className="n">
                      {row.finishedAt ? <time dateTime={row.finishedAt}>{formats.dateTime(row.finishedAt)}</time> : '–'}
                    </td>
                    <td className="n">{row.percent === null ? '–' : formats.number(row.percent)}</td>
                    <td>
                      {row.outcome ? (
                        <Status tone={row.outcome === 'passed' ? 'ok' : 'bad'}>{t(`outcome.${row.outcome}`)}</Status>
                      ) : row.proposal ? (
                        t(`proposal.${row.proposal}`)
                      ) : (
                        '–'
                      )}
                    </td>
                    <td>
                      <Status tone={TONES[row.state]}>{t(`results.state.${row.state}`)}</Status>
                      {row.waiting ? (
                        <span className="cap block">{t('results.waiting', { n: row.waiting })}</span>
                      ) : null}
                      {row.lateTexts > 0 ? (
                        <span className="cap block">{t('results.late', { n: row.lateTexts })}</span>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </section>
    </main>
  )
}
