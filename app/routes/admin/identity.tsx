import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { parseForm, rejectedForm } from '../../forms/form.ts'
import { statusOf } from '../../http/errors.ts'
import { requireActor } from '../../http/visit.server.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { confirmCheck, listIdentityChecks } from '../../services/enrolment/identity-checks.server.ts'
import { DOCUMENTS, IdentityForm, IdentitySchema } from '../../ui/admin/identity-form.tsx'
import { titled } from '../../ui/admin/meta.ts'
import { DoneNote, Empty, PageHead, Status } from '../../ui/admin/parts.tsx'
import { FailureNote } from '../../ui/primitives/note.tsx'
import { Scroll } from '../../ui/primitives/scroll.tsx'

export const meta = titled('identity.title')

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor } = await requireActor(args, 'supervisor', 'admin')
  return json({ rows: await listIdentityChecks(deps, actor) })
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt } = await requireActor(args, 'supervisor', 'admin')
  const form = await args.request.formData()
  const submission = parseForm(form, IdentitySchema)
  if (submission.status === 'rejected') return json(submission, { status: 422 })
  const input = submission.data
  const noted =
    input.intent === 'noted'
      ? { documentType: input.documentType, lastCharacters: input.lastCharacters }
      : { documentType: null, lastCharacters: null }
  const confirmed = await confirmCheck(deps, actor, { enrolmentId: input.enrolmentId, ...noted }, receivedAt)
  if (!confirmed.ok)
    return json(rejectedForm(form, { form: [confirmed.error.code] }), { status: statusOf(confirmed.error.code) })
  return json({ status: 'done' as const })
}

export default function Identity() {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  const locale = useLocale()
  const { rows } = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  const waiting = rows.filter((row) => row.status === 'waiting')
  const done = rows.filter((row) => row.status !== 'waiting')
  const refused = reply && 'formErrors' in reply ? reply : null
  const orphaned = refused && !waiting.some((row) => row.enrolmentId === refused.values['enrolmentId'])
  const noted = (row: (typeof rows)[number]): string => {
    const type = DOCUMENTS.find((known) => known === row.documentType)
    if (row.erased) return t(row.consented ? 'identity.erased' : 'identity.erased.withdrawn')
    return type && row.lastCharacters ? `${t(`identity.document.${type}`)} … ${row.lastCharacters}` : '–'
  }
  return (
    <main id="main" className="room stack">
      <PageHead title={t('identity.title')} />
      <p className="cap measure">{t('identity.body')}</p>
      {reply?.status === 'done' ? <DoneNote>{t('identity.done')}</DoneNote> : null}
      {orphaned ? <FailureNote error={{ code: refused.formErrors[0] ?? 'request.invalid' }} /> : null}
      {waiting.length === 0 ? (
        <section className="panel">
          <Empty title={t('identity.empty.title')}>
            <p>{t('identity.empty.body')}</p>
          </Empty>
        </section>
      ) : null}
      {waiting.map((row) => (
        <section className="panel stack" key={row.enrolmentId} id={row.enrolmentId}>
          <div className="row">
            <div className="grow">
              <h2 className="b">{row.name}</h2>
              <p className="cap">{row.programmeTitle[locale]}</p>
            </div>
            <Status tone="acc">{t(row.consented ? 'identity.consented' : 'identity.not_consented')}</Status>
          </div>
          <IdentityForm
            enrolmentId={row.enrolmentId}
            consented={row.consented}
            rejected={refused?.values['enrolmentId'] === row.enrolmentId ? refused : null}
          />
        </section>
      ))}
      {done.length > 0 ? (
        <section className="panel stack">
          <h2 className="b">{t('identity.done_list')}</h2>
          <Scroll label={t('identity.done_list')}>
            <table className="tbl wide">
              <thead>
                <tr>
                  <th scope="col">{t('table.name')}</th>
                  <th scope="col">{t('table.programme')}</th>
                  <th scope="col" className="n">
                    {t('identity.head.at')}
                  </th>
                  <th scope="col">{t('identity.head.noted')}</th>
                  <th scope="col">{t('table.status')}</th>
                </tr>
              </thead>
              <tbody>
                {done.map((row) => (
                  <tr key={`${row.enrolmentId} ${row.number}`}>
                    <td>{row.name}</td>
                    <td>{row.programmeTitle[locale]}</td>
                    <td className="n">
                      {row.confirmedAt ? (
                        <time dateTime={row.confirmedAt}>{formats.dateTime(row.confirmedAt)}</time>
                      ) : (
                        '–'
                      )}
                    </td>
                    <td>
                      {noted(row)}
                      {row.eraseAfter ? (
                        <span className="cap block">{t('identity.erases', { at: formats.date(row.eraseAfter) })}</span>
                      ) : null}
                    </td>
                    <td>
                      <Status tone="ok">{t(`identity.status.${row.status}`)}</Status>
                      <span className="cap block">{t(row.used ? 'identity.used' : 'identity.unused')}</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </section>
      ) : null}
    </main>
  )
}
