import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useActionData, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { parseForm, rejectedForm } from '../../forms/form.ts'
import { statusOf } from '../../http/errors.ts'
import { requireActor } from '../../http/visit.server.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { answerRequest, listReviewRequests } from '../../services/results/review-requests.server.ts'
import { titled } from '../../ui/admin/meta.ts'
import { DoneNote, Empty, PageHead, Status } from '../../ui/admin/parts.tsx'
import { TextForm, TextSchema } from '../../ui/admin/text-form.tsx'
import { FailureNote, Note } from '../../ui/primitives/note.tsx'

export const meta = titled('requests.title')

const AnswerSchema = z.strictObject({
  requestId: z.string().min(1).max(100),
  attemptId: z.string().min(1).max(100),
  text: TextSchema,
})

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale } = await requireActor(args, 'admin')
  return json({ requests: await listReviewRequests(deps, actor, locale) })
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt } = await requireActor(args, 'admin')
  const form = await args.request.formData()
  const submission = parseForm(form, AnswerSchema)
  if (submission.status === 'rejected') return json(submission, { status: 422 })
  const answered = await answerRequest(deps, actor, submission.data, receivedAt)
  if (!answered.ok)
    return json(rejectedForm(form, { form: [answered.error.code] }), { status: statusOf(answered.error.code) })
  return json({ status: 'done' as const })
}

export default function Requests() {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  const { requests } = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  const refused = reply && 'formErrors' in reply ? reply : null
  const orphaned = refused && !requests.some((request) => request.id === refused.values['requestId'])
  return (
    <main id="main" className="room stack">
      <PageHead title={t('requests.title')} />
      {reply?.status === 'done' ? <DoneNote>{t('requests.done')}</DoneNote> : null}
      {orphaned ? <FailureNote error={{ code: refused.formErrors[0] ?? 'request.invalid' }} /> : null}
      {requests.length === 0 ? (
        <section className="panel">
          <Empty title={t('requests.empty.title')}>
            <p>{t('requests.empty.body')}</p>
          </Empty>
        </section>
      ) : null}
      {requests.map((request) => (
        <section className="panel stack" key={request.id} id={request.id}>
          <div className="row">
            <div className="grow">
              <h2 className="b">
                {request.name}
                {t('word.separator')}
                {t(`requests.kind.${request.kind}`)}
              </h2>
              <p className="cap">
                {request.programmeTitle} · {request.stageTitle} ·{' '}
                {t('requests.asked', { at: formats.dateTime(request.createdAt) })}
              </p>
            </div>
            {request.outcome ? (
              <Status tone={request.outcome === 'passed' ? 'ok' : 'bad'}>{t(`outcome.${request.outcome}`)}</Status>
            ) : null}
            <Link to={`/admin/results/${request.attemptId}`}>{t('requests.evidence')}</Link>
          </div>
          <p className="written">{request.text || t('requests.no_text')}</p>
          {request.mayAnswer ? (
            <TextForm
              action={`/admin/requests#${request.id}`}
              label={t('requests.answer')}
              help={t('requests.answer.help')}
              submit={t('requests.submit')}
              rejected={refused?.values['requestId'] === request.id ? refused : null}
            >
              <input type="hidden" name="requestId" value={request.id} />
              <input type="hidden" name="attemptId" value={request.attemptId} />
            </TextForm>
          ) : (
            <Note>{t('requests.own')}</Note>
          )}
        </section>
      ))}
    </main>
  )
}
