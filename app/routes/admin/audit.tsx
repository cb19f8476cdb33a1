/** The audit trail, and whether its chain holds. */
import { json, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { auditPageWithChain } from '../../ground/audit.server.ts'
import { requireActor } from '../../http/visit.server.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { useAuditWords } from '../../ui/admin/audit-words.ts'
import { titled } from '../../ui/admin/meta.ts'
import { Filters, PageHead } from '../../ui/admin/parts.tsx'
import { Field } from '../../ui/primitives/field.tsx'
import { Note } from '../../ui/primitives/note.tsx'
import { Scroll } from '../../ui/primitives/scroll.tsx'

export const meta = titled('audit.title')

const wanted = (max: number) => z.string().trim().min(1).max(max).nullable().catch(null)
const FilterSchema = z.object({
  type: wanted(60),
  id: wanted(120),
  before: z.coerce.number().int().min(1).nullable().catch(null),
  chain: z.literal('check').nullable().catch(null),
})

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor } = await requireActor(args, 'admin', 'auditor')
  const filter = FilterSchema.parse(Object.fromEntries(new URL(args.request.url).searchParams))
  return json({
    filter,
    ...(await auditPageWithChain(deps, actor, {
      subjectType: filter.type,
      subjectId: filter.id,
      before: filter.before,
      checkChain: filter.chain === 'check',
    })),
  })
}

export default function Audit() {
  const t = useMessages(adminMessages)
  const words = useAuditWords()
  const formats = useFormats()
  const { filter, entries, subjectTypes, nextBefore, chain } = useLoaderData<typeof loader>()
  const filtered = filter.type !== null || filter.id !== null
  const older = new URLSearchParams([
    ...(filter.type ? [['type', filter.type]] : []),
    ...(filter.id ? [['id', filter.id]] : []),
    ...(nextBefore === null ? [] : [['before', String(nextBefore)]]),
  ] as string[][])
  return (
    <main id="main" className="room stack">
      <PageHead title={t('audit.title')} />
      <p className="cap measure">{t('audit.body')}</p>
      {chain === null ? (
        <p>
          <Link className="btn" to="?chain=check">
            {t('audit.chain.check')}
          </Link>
        </p>
      ) : chain.brokenSeq === null ? (
        <Note tone="ok">
          {t('audit.chain.ok', { n: formats.number(chain.entries) })}{' '}
          <span className="num seed">{chain.lastHash ?? '–'}</span>
        </Note>
      ) : (
        <Note tone="bad">{t('audit.chain.broken', { seq: chain.brokenSeq })}</Note>
      )}
      <section className="panel stack">
        <Filters active={filtered} clear="/admin/audit">
          <Field label={t('audit.subject_type')}>
            {(control) => (
              <select className="in" name="type" defaultValue={filter.type ?? ''} key={filter.type} {...control}>
                <option value="">{t('filter.all')}</option>
                {subjectTypes.map((type) => (
                  <option key={type} value={type}>
                    {words.subject(type)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t('audit.subject_id')}>
            {(control) => (
              <input className="in num" name="id" defaultValue={filter.id ?? ''} key={filter.id} {...control} />
            )}
          </Field>
        </Filters>
        {entries.length === 0 ? (
          <p>{t(filtered ? 'none.filtered' : 'audit.empty')}</p>
        ) : (
          <Scroll label={t('audit.title')}>
            <table className="tbl dense wide">
              <thead>
                <tr>
                  <th scope="col" className="n">
                    {t('audit.head.seq')}
                  </th>
                  <th scope="col">{t('audit.head.at')}</th>
                  <th scope="col">{t('audit.head.actor')}</th>
                  <th scope="col">{t('audit.head.action')}</th>
                  <th scope="col">{t('audit.head.subject')}</th>
                  <th scope="col">{t('audit.head.data')}</th>
                </tr>
              </thead>
              <tbody>
                {entries.map((entry) =>
                  entry.withheld ? (
                    <tr key={entry.seq}>
                      <td className="n">{entry.seq}</td>
                      <td colSpan={5} className="cap">
                        {t('audit.private')}
                      </td>
                    </tr>
                  ) : (
                    <tr key={entry.seq}>
                      <td className="n">{entry.seq}</td>
                      <td className="num nowrap">
                        <time dateTime={entry.at}>
                          {formats.date(entry.at)} {formats.time(entry.at)}
                        </time>
                      </td>
                      <td>{entry.actor ?? t('audit.system')}</td>
                      <td>{words.action(entry.action)}</td>
                      <td>
                        {words.subject(entry.subjectType)}
                        <Link
                          className="cap num block"
                          to={`?type=${encodeURIComponent(entry.subjectType)}&id=${encodeURIComponent(entry.subjectId)}`}
                        >
                          {entry.subjectId}
                        </Link>
                      </td>
                      <td className="num data">
                        {Object.keys(entry.data).length === 0
                          ? '–'
                          : Object.entries(entry.data).map(([key, value]) => (
                              <span
                                className="cap block"
                                key={key}
                              >{`${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`}</span>
                            ))}
                      </td>
                    </tr>
                  ),
                )}
              </tbody>
            </table>
          </Scroll>
        )}
        {nextBefore === null ? null : (
          <p>
            <Link className="btn" to={`?${older.toString()}`}>
              {t('audit.older')}
            </Link>
          </p>
        )}
      </section>
    </main>
  )
}
