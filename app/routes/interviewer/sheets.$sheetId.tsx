/** The rating room of one answer. */
import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Form, useActionData, useLoaderData, type ClientActionFunctionArgs } from '@remix-run/react'
import { Clock, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { orThrow, requireActor } from '../../http/visit.server.ts'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { openSheet } from '../../services/rating/rating-room.server.ts'
import { actOnSheet } from '../../services/rating/sheet-acts.server.ts'
import { AnswerPane } from '../../ui/rating/answer-pane.tsx'
import { keepTryingAct, unlessUnreached } from '../../ui/rating/client-act.ts'
import { useMoment } from '../../ui/rating/moment.ts'
import { RubricPanel } from '../../ui/rating/rubric-panel.tsx'
import { titled } from '../../ui/rating/title.ts'
import { failedReply, readSheetAct, replyToAct } from './sheet-act.server.ts'

export const meta = titled('sheet.title')

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale, preferences, receivedAt } = await requireActor(args, 'interviewer')
  const opened = orThrow(await openSheet(deps, actor, args.params.sheetId ?? '', locale, receivedAt))
  if (opened.contactId !== null) return redirect(`/interviewer/contacts/${opened.contactId}`)
  return json({
    ...opened.room,
    wish: new URL(args.request.url).searchParams.get('c'),
    shortcuts: preferences.shortcuts,
  })
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt } = await requireActor(args, 'interviewer')
  const sheetId = args.params.sheetId ?? ''
  const read = readSheetAct(await args.request.formData())
  if ('failed' in read) return failedReply({ code: read.failed.code }, read.failed.n)
  const done = await actOnSheet(deps, actor, sheetId, read.parsed.subject, read.parsed.act, receivedAt)
  return replyToAct(done, read.parsed, `/interviewer/sheets/${encodeURIComponent(sheetId)}`)
}

export const clientAction = (args: ClientActionFunctionArgs) => keepTryingAct(args)

export const shouldRevalidate = unlessUnreached

export default function SheetPage() {
  const room = useLoaderData<typeof loader>()
  // A new sheet is a new page: nothing of the one before may stay in a box or in the queue of acts.
  return <Room key={room.sheetId} />
}

function Room() {
  const t = useMessages(interviewerMessages)
  const moment = useMoment()
  const room = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  const refused = reply?.status === 'failed' ? reply : null
  const { criteria } = room.rubric
  const wish = refused?.typed?.criterionId ?? room.wish
  const first =
    criteria.find((criterion) => criterion.id === wish) ??
    criteria.find((criterion) => room.problems.some((problem) => problem.criterionId === criterion.id)) ??
    criteria[0]
  const [current, setCurrent] = useState(first?.id ?? '')
  return (
    <main id="main">
      <div className="r-sub">
        <h1>
          <span className="vh">{t('sheet.title', { reference: '' })}</span>
          <span className="num">{room.reference}</span>
        </h1>
        <span className="cap">{t(`kind.${room.item.kind}`)}</span>
        <span className="st">
          <EyeOff className="i s" aria-hidden="true" />
          {t('sheet.blind')}
        </span>
        <span className="grow" />
        <span className="cap num">{t('sheet.position', { n: room.position.n, of: room.position.of })}</span>
        {room.leaseUntil ? (
          <span className="cap">
            <Clock className="i s" aria-hidden="true" />{' '}
            <time dateTime={room.leaseUntil}>{t('queue.held_until', { time: moment(room.leaseUntil) })}</time>
          </span>
        ) : null}
      </div>
      <div className="r-room">
        <AnswerPane
          item={room.item}
          fields={room.fields}
          policies={room.policies}
          evidence={room.evidence.filter((entry) => entry.criterionId === current)}
        />
        <RubricPanel
          sheet={room}
          subject="answer"
          current={current}
          onCurrent={setCurrent}
          shortcuts={room.shortcuts}
          failed={refused?.error ?? null}
          typed={refused?.typed ?? null}
          maySubmit
          mayReturn
          after={<AfterSubmit itemId={room.item.id} more={room.position.waiting > 0} />}
        />
      </div>
      <p className="r-ids">
        {t('sheet.ids')} <span className="num">{room.attemptId}</span> · {t('sheet.hash')}{' '}
        <span className="num">{room.subjectHash.slice(0, 16)}</span>
      </p>
    </main>
  )
}

function AfterSubmit({ itemId, more }: { itemId: string; more: boolean }) {
  const t = useMessages(interviewerMessages)
  return (
    <>
      <a className={more ? 'btn' : 'btn pri'} href="/interviewer/queue">
        {t('sheet.to_queue')}
      </a>
      {more ? (
        <Form method="post" action="/interviewer/queue">
          <input type="hidden" name="itemId" value={itemId} />
          <button className="btn pri" type="submit" name="intent" value="next">
            {t('sheet.next')}
          </button>
        </Form>
      ) : null}
    </>
  )
}
