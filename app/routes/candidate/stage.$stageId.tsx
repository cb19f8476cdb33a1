/**
 * The page before the start: what to expect, time, notice, consents, accommodation, identity, connection, and the
 * button.
 */
import { json, redirect, redirectDocument, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useActionData, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import type { StagePage } from '../../core/attempt/stage-view.ts'
import { LocaleSchema } from '../../core/shared/locale.ts'
import { parseForm } from '../../forms/form.ts'
import { writeCookie } from '../../http/cookies.server.ts'
import { orThrow, rejected, requireActor } from '../../http/visit.server.ts'
import { candidateMessages } from '../../i18n/areas/candidate.ts'
import { useMessages } from '../../i18n/messages.ts'
import { startAttempt } from '../../services/attempt/start.server.ts'
import { acceptNotice, chooseConsents } from '../../services/candidate/notice.server.ts'
import {
  requestAccommodation,
  requestIdentityCheck,
  withdrawAccommodation,
} from '../../services/candidate/requests.server.ts'
import { stagePage } from '../../services/candidate/stage.server.ts'
import { Accommodation } from '../../ui/player/before-start/accommodation.tsx'
import { Identity } from '../../ui/player/before-start/identity.tsx'
import { Notice } from '../../ui/player/before-start/notice.tsx'
import { Sections } from '../../ui/player/before-start/sections.tsx'
import { Start } from '../../ui/player/before-start/start.tsx'
import { Time } from '../../ui/player/before-start/time.tsx'
import { CandidateBar } from '../../ui/player/candidate-bar.tsx'
import { ConnectionCheck } from '../../ui/player/connection-check.tsx'
import { Icon } from '../../ui/player/icons.tsx'
import { RichText } from '../../ui/player/rich-text.tsx'
import { Failed, Told } from '../../ui/player/told.tsx'
import { titledBy } from '../../ui/titled.ts'

export const meta = titledBy(candidateMessages)(
  'overview.title',
  (page: { stage?: { title: string } }) => page.stage?.title,
)

const many = z.union([z.string().transform((one) => [one]), z.array(z.string())]).default([])
const StepSchema = z.discriminatedUnion('intent', [
  z.strictObject({
    intent: z.literal('notice'),
    hash: z.string().max(200),
    read: z.literal('yes', { error: 'candidate.notice_unread' }),
    consent: many,
  }),
  z.strictObject({ intent: z.literal('consents'), consent: many }),
  z.strictObject({
    intent: z.literal('accommodation'),
    reason: z.string().trim().min(3, 'form.required').max(8000, 'form.too_long'),
  }),
  z.strictObject({ intent: z.literal('withdraw') }),
  z.strictObject({ intent: z.literal('identity') }),
  z.strictObject({ intent: z.literal('start'), lang: LocaleSchema }),
])

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'candidate')
  return json(orThrow(await stagePage(deps, actor, args.params.stageId ?? '', locale, receivedAt)))
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt } = await requireActor(args, 'candidate')
  const stageId = args.params.stageId ?? ''
  const submission = parseForm(await args.request.formData(), StepSchema)
  if (submission.status === 'rejected')
    return rejected({
      code: Object.values(submission.fieldErrors)[0]?.[0] ?? submission.formErrors[0] ?? 'request.invalid',
    })
  const step = submission.data
  switch (step.intent) {
    case 'start': {
      const started = await startAttempt(deps, actor, { stageId, locale: step.lang }, receivedAt)
      if (!started.ok) return rejected(started.error)
      // A page of its own: it may speak another language than this one (i18n/text-files.ts).
      return redirectDocument(`/candidate/attempt/${started.value.attemptId}`, {
        headers: {
          'Set-Cookie': writeCookie(deps.config, 'lang', step.lang, { maxAgeSeconds: 31_536_000, httpOnly: false }),
        },
      })
    }
    case 'notice':
      return back(
        stageId,
        await acceptNotice(deps, actor, { noticeHash: step.hash, consents: step.consent }, receivedAt),
      )
    case 'consents':
      return back(stageId, await chooseConsents(deps, actor, step.consent, receivedAt))
    case 'accommodation':
      return back(stageId, await requestAccommodation(deps, actor, step.reason, receivedAt))
    case 'identity':
      return back(stageId, await requestIdentityCheck(deps, actor, stageId, receivedAt))
    case 'withdraw':
      return back(stageId, await withdrawAccommodation(deps, actor, receivedAt))
  }
}

const back = (stageId: string, result: { ok: true } | { ok: false; error: { code: string } }) =>
  result.ok ? redirect(`/candidate/stage/${encodeURIComponent(stageId)}`) : rejected(result.error)

export default function BeforeTheStart() {
  const t = useMessages(candidateMessages)
  const page = useLoaderData<typeof loader>() as StagePage
  const failed = useActionData<typeof action>()
  const error = failed && 'error' in failed ? failed.error : null
  return (
    <>
      <CandidateBar what={page.programmeTitle} />
      <main id="main" className="doc cand before">
        <p className="cap">
          <Link to="/candidate">{t('overview.title')}</Link> / {t('stage.number', { n: page.stage.number })}
        </p>
        <h1 className="headline">{page.stage.title}</h1>
        <Failed error={error} />
        <section className="sec">
          <h2>{t('before.expect')}</h2>
          <RichText text={page.stage.whatToExpect} className="prose" />
          {page.provisional ? <Told tone="warn">{t('overview.provisional.hiring_decision')}</Told> : null}
          {page.sections.length > 0 ? <Sections page={page} /> : null}
        </section>
        {page.stage.kind === 'test' ? <Test page={page} /> : <Arranged page={page} />}
      </main>
    </>
  )
}

function Arranged({ page }: { page: StagePage }) {
  const t = useMessages(candidateMessages)
  const { state } = page.stage
  return (
    <section className="sec">
      <p className="prose">{t('before.mock.body')}</p>
      <p className="st">
        <Icon name={state === 'handed_in' || state === 'released' ? 'check' : 'clock'} />
        {t(
          state === 'running'
            ? 'before.mock.state.running'
            : state === 'handed_in' || state === 'released'
              ? 'before.mock.state.done'
              : 'before.mock.state.waiting',
        )}
      </p>
      {page.notice && page.notice.acknowledgedAt === null ? <Notice page={page} /> : null}
      {page.notice?.acknowledgedAt ? (
        <>
          <Accommodation page={page} />
          <Identity page={page} />
        </>
      ) : null}
    </section>
  )
}

function Test({ page }: { page: StagePage }) {
  const t = useMessages(candidateMessages)
  return (
    <>
      <Time page={page} />
      {page.notice ? <Notice page={page} /> : null}
      {page.notice?.acknowledgedAt ? (
        <>
          <Accommodation page={page} />
          <Identity page={page} />
          <section className="sec">
            <h2>{t('before.connection')}</h2>
            <ConnectionCheck />
            {page.hasPractice ? (
              <p>
                <Link to="/candidate/practice">{t('overview.practice')}</Link>{' '}
                <span className="cap">{t('overview.practice.help')}</span>
              </p>
            ) : null}
          </section>
          <Start page={page} />
        </>
      ) : null}
    </>
  )
}
