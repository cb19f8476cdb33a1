/** What waits to be rated, question by question, and the rater's own sheets. */
import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { Clock, EyeOff, Mic } from 'lucide-react'
import { z } from 'zod'
import { parseForm } from '../../forms/form.ts'
import { rejected, requireActor } from '../../http/visit.server.ts'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { readQueue, takeNext, takeTask } from '../../services/rating/queue.server.ts'
import { FailureNote } from '../../ui/primitives/note.tsx'
import { Scroll } from '../../ui/primitives/scroll.tsx'
import { useMoment } from '../../ui/rating/moment.ts'
import { titled } from '../../ui/rating/title.ts'

export const meta = titled('queue.title')

const TakeSchema = z.discriminatedUnion('intent', [
  z.strictObject({ intent: z.literal('next'), itemId: z.string().min(1).max(200) }),
  z.strictObject({ intent: z.literal('take'), taskId: z.string().min(1).max(200) }),
])

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'interviewer')
  return json(await readQueue(deps, actor, locale, receivedAt))
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt } = await requireActor(args, 'interviewer')
  const submission = parseForm(await args.request.formData(), TakeSchema)
  if (submission.status === 'rejected') return rejected({ code: 'request.invalid' })
  const { data } = submission
  const taken =
    data.intent === 'next'
      ? await takeNext(deps, actor, data.itemId, receivedAt)
      : await takeTask(deps, actor, data.taskId, receivedAt)
  return taken.ok ? redirect(`/interviewer/sheets/${taken.value.sheetId}`) : rejected(taken.error)
}

type Queue = ReturnType<typeof useLoaderData<typeof loader>>

export default function QueuePage() {
  const t = useMessages(interviewerMessages)
  const queue = useLoaderData<typeof loader>()
  const failed = useActionData<typeof action>()
  return (
    <main id="main" className="r-page">
      <div className="r-head">
        <h1 className="title">{t('queue.title')}</h1>
        <span className="st">
          <EyeOff className="i s" aria-hidden="true" />
          {t('sheet.blind')}
        </span>
      </div>
      <p className="cap r-lede">{t('queue.lede', { minutes: queue.leaseMinutes })}</p>
      <FailureNote error={failed?.error} />
      {queue.open.length > 0 ? <OpenSheets sheets={queue.open} /> : null}
      {queue.questions.length > 0 ? <Waiting queue={queue} /> : queue.open.length === 0 ? <Nothing /> : null}
      {queue.submitted.length > 0 ? <Submitted sheets={queue.submitted} /> : null}
    </main>
  )
}

function OpenSheets({ sheets }: { sheets: Queue['open'] }) {
  const t = useMessages(interviewerMessages)
  const moment = useMoment()
  return (
    <section aria-labelledby="open">
      <h2 id="open">{t('queue.open')}</h2>
      <ul className="r-rows">
        {sheets.map((sheet) => (
          <li key={sheet.sheetId}>
            <span className="num b">{sheet.reference}</span>
            <span className="grow">{sheet.title}</span>
            <span className="cap">{t('queue.progress', { n: sheet.rated, of: sheet.criteria })}</span>
            {sheet.leaseUntil ? (
              <span className={`st ${sheet.lapsed ? 'warn' : ''}`}>
                <Clock className="i s" aria-hidden="true" />
                {t(sheet.lapsed ? 'queue.lapsed' : 'queue.held_until', { time: moment(sheet.leaseUntil) })}
              </span>
            ) : (
              <span className="st">
                <Mic className="i s" aria-hidden="true" />
                {t('queue.no_lease')}
              </span>
            )}
            <a
              className="btn pri dense"
              href={
                sheet.contactId ? `/interviewer/contacts/${sheet.contactId}` : `/interviewer/sheets/${sheet.sheetId}`
              }
              aria-label={t('queue.continue.of', { reference: sheet.reference })}
            >
              {t('queue.continue')}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Waiting({ queue }: { queue: Queue }) {
  const t = useMessages(interviewerMessages)
  const formats = useFormats()
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting">
        {t('queue.waiting')}{' '}
        <span className="cap">{t('queue.waiting.count', { n: queue.waiting, questions: queue.questions.length })}</span>
      </h2>
      <Scroll label={t('queue.waiting')}>
        <table className="tbl r-queue r-work">
          <thead>
            <tr>
              <th scope="col">{t('queue.question')}</th>
              <th scope="col">{t('queue.rubric')}</th>
              <th scope="col" className="n">
                {t('queue.count')}
              </th>
              <th scope="col">{t('queue.since')}</th>
              <th scope="col">
                <span className="vh">{t('queue.take_next')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {queue.questions.map((question) => (
              <tr key={question.itemId}>
                <td>
                  <p>{question.stem}</p>
                  <details>
                    <summary>{t('queue.list')}</summary>
                    <p className="cap">{t('queue.order')}</p>
                    <ul className="r-tasks">
                      {question.tasks.map((task) => (
                        <li key={task.taskId}>
                          <span className="num b">{task.reference}</span>
                          <span className="cap">{t(`lang.${task.locale}`)}</span>
                          <Form method="post">
                            <input type="hidden" name="taskId" value={task.taskId} />
                            <button
                              className="btn bare dense"
                              type="submit"
                              name="intent"
                              value="take"
                              aria-label={t('queue.take_this.of', { reference: task.reference })}
                            >
                              {t('queue.take_this')}
                            </button>
                          </Form>
                        </li>
                      ))}
                    </ul>
                  </details>
                </td>
                <td>
                  {question.rubric}
                  <br />
                  <span className="cap">{t(`kind.${question.kind}` as 'kind.essay')}</span>
                </td>
                <td className="n">{formats.number(question.tasks.length)}</td>
                <td>
                  <time dateTime={question.oldest}>{formats.dateTime(question.oldest)}</time>
                </td>
                <td>
                  <Form method="post">
                    <input type="hidden" name="itemId" value={question.itemId} />
                    <button
                      className="btn dense"
                      type="submit"
                      name="intent"
                      value="next"
                      aria-label={t('queue.take_next.of', { question: question.stem })}
                    >
                      {t('queue.take_next')}
                    </button>
                  </Form>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}

function Nothing() {
  const t = useMessages(interviewerMessages)
  return (
    <div className="empty">
      <h2>{t('queue.empty.title')}</h2>
      <p>{t('queue.empty.body')}</p>
      <a className="btn pri" href="/interviewer/scenarios">
        {t('queue.empty.action')}
      </a>
    </div>
  )
}

function Submitted({ sheets }: { sheets: Queue['submitted'] }) {
  const t = useMessages(interviewerMessages)
  const formats = useFormats()
  return (
    <section aria-labelledby="submitted">
      <h2 id="submitted">
        {t('queue.submitted')} <span className="cap num">{formats.number(sheets.length)}</span>
      </h2>
      <ul className="r-rows">
        {sheets.map((sheet) => (
          <li key={sheet.sheetId}>
            <span className="num b">{sheet.reference}</span>
            <span className="grow">{sheet.title}</span>
            <span className="cap">{t('queue.submitted_at', { time: formats.dateTime(sheet.submittedAt ?? 0) })}</span>
            <a
              href={
                sheet.contactId ? `/interviewer/contacts/${sheet.contactId}` : `/interviewer/sheets/${sheet.sheetId}`
              }
              aria-label={t('queue.view.of', { reference: sheet.reference })}
            >
              {t('queue.view')}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
