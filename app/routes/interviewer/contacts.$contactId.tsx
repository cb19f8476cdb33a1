/**
 * The room while a mock scenario is played: fact card and clock on the left, the same rating sheet live on the right.
 */
import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { useActionData, useLoaderData, type ClientActionFunctionArgs } from '@remix-run/react'
import { EyeOff } from 'lucide-react'
import { useState } from 'react'
import { z } from 'zod'
import { parseForm } from '../../forms/form.ts'
import { notFound, requireActor } from '../../http/visit.server.ts'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { actOnContact, ENDINGS } from '../../services/rating/contact-acts.server.ts'
import { openContact, sheetOfContact } from '../../services/rating/contact.server.ts'
import { actOnSheet } from '../../services/rating/sheet-acts.server.ts'
import { Policies } from '../../ui/rating/answer-pane.tsx'
import { keepTryingAct, unlessUnreached } from '../../ui/rating/client-act.ts'
import { ContactClock } from '../../ui/rating/contact-clock.tsx'
import { FactCard } from '../../ui/rating/fact-card.tsx'
import { RubricPanel } from '../../ui/rating/rubric-panel.tsx'
import { titled } from '../../ui/rating/title.ts'
import { failedReply, readSheetAct, replyToAct } from './sheet-act.server.ts'

export const meta = titled('contact.title')

const ContactFormSchema = z.discriminatedUnion('intent', [
  z.strictObject({
    intent: z.literal('disclose'),
    factId: z.string().min(1).max(80),
    disclosed: z.enum(['yes', 'no']),
  }),
  z.strictObject({ intent: z.enum(['hold', 'resume']) }),
  z.strictObject({ intent: z.literal('end'), ending: z.enum(ENDINGS) }),
])
const CONTACT_INTENTS = ['disclose', 'hold', 'resume', 'end']

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale, preferences, receivedAt } = await requireActor(args, 'interviewer')
  const room = await openContact(deps, actor, args.params.contactId ?? '', locale, receivedAt)
  if (!room) throw notFound()
  return json({ ...room, wish: new URL(args.request.url).searchParams.get('c'), shortcuts: preferences.shortcuts })
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'interviewer')
  const contactId = args.params.contactId ?? ''
  const page = `/interviewer/contacts/${encodeURIComponent(contactId)}`
  const form = await args.request.formData()
  const intent = form.get('intent')
  if (typeof intent === 'string' && CONTACT_INTENTS.includes(intent)) {
    const submission = parseForm(form, ContactFormSchema)
    if (submission.status === 'rejected') return failedReply({ code: 'request.invalid' }, null)
    const { data } = submission
    const act =
      data.intent === 'disclose'
        ? { type: data.intent, factId: data.factId, disclosed: data.disclosed === 'yes' }
        : data.intent === 'end'
          ? { type: data.intent, ending: data.ending }
          : { type: data.intent }
    const done = await actOnContact(deps, actor, contactId, act, locale, receivedAt)
    return done.ok ? redirect(page) : failedReply(done.error, null)
  }
  const read = readSheetAct(form)
  const sheetId = await sheetOfContact(deps, actor, contactId)
  if (sheetId === null) throw notFound()
  if ('failed' in read) return failedReply({ code: read.failed.code }, read.failed.n)
  return replyToAct(
    await actOnSheet(deps, actor, sheetId, read.parsed.subject, read.parsed.act, receivedAt),
    read.parsed,
    page,
  )
}

export const clientAction = (args: ClientActionFunctionArgs) => keepTryingAct(args)

export const shouldRevalidate = unlessUnreached

export default function ContactPage() {
  const room = useLoaderData<typeof loader>()
  return <Room key={room.contactId} />
}

function Room() {
  const t = useMessages(interviewerMessages)
  const room = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  const refused = reply?.status === 'failed' ? reply : null
  const { criteria } = room.rubric
  const wish = refused?.typed?.criterionId ?? room.wish
  const [current, setCurrent] = useState((criteria.find((criterion) => criterion.id === wish) ?? criteria[0])?.id ?? '')
  return (
    <main id="main">
      <div className="r-sub">
        <h1>
          <span className="vh">{t('contact.title', { reference: '' })}</span>
          <span className="num">{room.reference}</span>
        </h1>
        <span className="st">
          <EyeOff className="i s" aria-hidden="true" />
          {t('sheet.blind')}
        </span>
        <span className="grow" />
        <ContactClock clock={room.clock} endedAt={room.endedAt} startedAt={room.startedAt} />
      </div>
      <div className="r-room">
        <section className="r-left" aria-label={t('contact.left')} tabIndex={0}>
          <FactCard card={room.card} disclosable frozen={room.endedAt !== null} />
          <Policies policies={room.policies} />
        </section>
        <RubricPanel
          sheet={room}
          subject="contact"
          current={current}
          onCurrent={setCurrent}
          shortcuts={room.shortcuts}
          failed={refused?.error ?? null}
          typed={refused?.typed ?? null}
          maySubmit={room.endedAt !== null}
          mayReturn={false}
          after={
            <a className="btn" href="/interviewer/scenarios">
              {t('scenarios.title')}
            </a>
          }
        />
      </div>
      <p className="r-ids">
        {t('sheet.ids')} <span className="num">{room.attemptId}</span> · {t('contact.ids')}{' '}
        <span className="num">{room.contactId}</span>
      </p>
    </main>
  )
}
