import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { parseForm } from '../../forms/form.ts'
import { rejected, requireActor } from '../../http/visit.server.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { linkForMail, outbox, type MailState } from '../../services/enrolment/outbox.server.ts'
import { titled } from '../../ui/admin/meta.ts'
import { CopyLink, Empty, PageHead, Status, type Tone } from '../../ui/admin/parts.tsx'
import { FailureNote, Note } from '../../ui/primitives/note.tsx'
import { Scroll } from '../../ui/primitives/scroll.tsx'

export const meta = titled('outbox.title')

const LinkSchema = z.strictObject({ mailId: z.string().min(1).max(100) })

export async function loader(args: LoaderFunctionArgs) {
  const { deps, receivedAt } = await requireActor(args, 'admin')
  return json(await outbox(deps, receivedAt))
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt, locale } = await requireActor(args, 'admin')
  const submission = parseForm(await args.request.formData(), LinkSchema)
  if (submission.status === 'rejected') return rejected({ code: 'request.invalid' })
  const link = await linkForMail(deps, actor, { mailId: submission.data.mailId, locale }, receivedAt)
  return link.ok ? json({ status: 'link' as const, ...link.value }) : rejected(link.error)
}

const TONES: Record<MailState, Tone> = {
  held: 'warn',
  queued: 'late',
  sent: 'ok',
  failed: 'bad',
  replaced: 'none',
  expired: 'none',
  used: 'ok',
}

export default function Outbox() {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  const { sends, mails } = useLoaderData<typeof loader>()
  const done = useActionData<typeof action>()
  return (
    <main id="main" className="room stack">
      <PageHead title={t('outbox.title')} />
      {done?.status === 'link' ? <CopyLink name={done.name} url={done.url} /> : null}
      {done?.status === 'failed' ? <FailureNote error={done.error} /> : null}
      {sends ? (
        <p className="cap">{t('outbox.sends')}</p>
      ) : (
        <Note>
          <p className="b">{t('outbox.held.title')}</p>
          <p>{t('outbox.held.body')}</p>
        </Note>
      )}
      <section className="panel">
        {mails.length === 0 ? (
          <Empty title={t('outbox.empty.title')}>
            <p>{t('outbox.empty.body')}</p>
            <Link className="btn pri" to="/admin/people">
              {t('people.title')}
            </Link>
          </Empty>
        ) : (
          <Scroll label={t('outbox.title')}>
            <table className="tbl wide">
              <thead>
                <tr>
                  <th scope="col">{t('outbox.recipient')}</th>
                  <th scope="col">{t('table.email')}</th>
                  <th scope="col" className="n">
                    {t('outbox.created')}
                  </th>
                  <th scope="col" className="n">
                    {t('outbox.sent')}
                  </th>
                  <th scope="col">{t('table.status')}</th>
                  <th scope="col">
                    <span className="vh">{t('outbox.copy')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {mails.map((mail) => (
                  <tr key={mail.id}>
                    <td>
                      <Link to={`/admin/people/${mail.personId}`}>{mail.recipient}</Link>
                    </td>
                    <td>{mail.email}</td>
                    <td className="n">
                      <time dateTime={mail.createdAt}>{formats.dateTime(mail.createdAt)}</time>
                    </td>
                    <td className="n">
                      {mail.sentAt ? <time dateTime={mail.sentAt}>{formats.dateTime(mail.sentAt)}</time> : '–'}
                    </td>
                    <td>
                      <Status tone={TONES[mail.state]}>{t(`outbox.state.${mail.state}`)}</Status>
                    </td>
                    <td className="act">
                      {mail.canCopy ? (
                        <Form method="post">
                          <input type="hidden" name="mailId" value={mail.id} />
                          <button
                            className="btn bare dense"
                            type="submit"
                            aria-label={t('outbox.copy.for', { name: mail.recipient })}
                          >
                            {t('outbox.copy')}
                          </button>
                        </Form>
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
