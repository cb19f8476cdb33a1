/**
 * The page before the start: what to expect, time, notice, consents, accommodation, identity, connection, and the
 * button.
 */
import { json, redirect, redirectDocument, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData, useRevalidator } from '@remix-run/react'
import { useEffect } from 'react'
import { z } from 'zod'
import { LocaleSchema } from '../../core/shared/locale.ts'
import { parseForm } from '../../forms/form.ts'
import { writeCookie } from '../../http/cookies.server.ts'
import { orThrow, rejected, requireActor } from '../../http/visit.server.ts'
import { candidateMessages } from '../../i18n/areas/candidate.ts'
import { commonMessages } from '../../i18n/areas/common.ts'
import { errorSentence } from '../../i18n/areas/errors.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { startAttempt } from '../../services/attempt/start.server.ts'
import { acceptNotice, chooseConsents } from '../../services/candidate/notice.server.ts'
import {
  requestAccommodation,
  requestIdentityCheck,
  withdrawAccommodation,
} from '../../services/candidate/requests.server.ts'
import { stagePage } from '../../services/candidate/stage.server.ts'
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

type Page = Extract<Awaited<ReturnType<typeof stagePage>>, { ok: true }>['value']

export default function BeforeTheStart() {
  const t = useMessages(candidateMessages)
  const page = useLoaderData<typeof loader>() as Page
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

function Sections({ page }: { page: Page }) {
  const t = useMessages(candidateMessages)
  const formats = useFormats()
  return (
    <ul className="sections-list" aria-label={t('before.sections', { n: page.sections.length })}>
      {page.sections.map((section) => (
        <li key={section.id}>
          <span className="b">{section.title}</span>
          <span className="cap">
            {[
              t('before.section.count', { n: section.count }),
              section.limitMs === null ? null : t('before.section.limit', { time: formats.duration(section.limitMs) }),
              section.minimumMs > 0 ? t('before.section.minimum', { time: formats.duration(section.minimumMs) }) : null,
              t(section.forwardOnly ? 'before.section.forward' : 'before.section.free'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Arranged({ page }: { page: Page }) {
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

function Test({ page }: { page: Page }) {
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

function Time({ page }: { page: Page }) {
  const t = useMessages(candidateMessages)
  const formats = useFormats()
  const { limitMs, closesAt } = page.stage
  const endless = page.wouldEndAt === null
  const zone = formats.zone(closesAt ?? page.opensAt)
  return (
    <section className="sec">
      <h2>{t('before.time')}</h2>
      <dl className="facts big">
        <dt>{t('before.time.limit')}</dt>
        <dd>
          <span className="b num">{limitMs === null ? t('before.time.no_limit') : formats.duration(limitMs)}</span>
          {page.wouldEndAt && page.ready === null ? (
            <span className="cap">
              {' '}
              {t('before.time.if_now')}{' '}
              <time>{t('before.time.ends', { time: formats.clock(page.wouldEndAt), zone })}</time>
            </span>
          ) : null}
        </dd>
        <dt>{t('before.time.window')}</dt>
        <dd>
          <span className="num">
            {closesAt === null
              ? t('before.time.window.from', { from: formats.dateTime(page.opensAt), zone })
              : t('before.time.window.value', {
                  from: formats.dateTime(page.opensAt),
                  until: formats.dateTime(closesAt),
                  zone,
                })}
          </span>
          <span className="cap line">
            {t(
              closesAt === null
                ? 'before.time.window.never'
                : page.windowGates === 'start'
                  ? 'before.time.window.start'
                  : 'before.time.window.end',
            )}
          </span>
        </dd>
        {page.breaksMs > 0 && !endless ? (
          <>
            <dt>{t('before.time.breaks')}</dt>
            <dd>
              <span className="num">{t('before.time.breaks.value', { time: formats.duration(page.breaksMs) })}</span>
              <span className="cap line">{t('before.time.breaks.how')}</span>
            </dd>
          </>
        ) : null}
        <dt>{t('before.time.attempts')}</dt>
        <dd>
          <span className="num">
            {t('before.time.attempts.value', { max: page.stage.maxAttempts, left: page.stage.attemptsLeft })}
          </span>
          {page.stage.maxAttempts > 1 && page.stage.cooldownDays > 0 ? (
            <span className="cap line">{t('before.time.cooldown', { days: page.stage.cooldownDays })}</span>
          ) : null}
        </dd>
      </dl>
      {page.shortenedByWindow && page.windowGates === 'end' ? (
        <Told tone="warn">{t('before.time.shortened')}</Told>
      ) : null}
      <p className="cap">
        {endless
          ? t('before.time.endless')
          : `${t(page.breaksMs > 0 ? 'before.time.no_pause_but_breaks' : 'before.time.no_pause')} ${t('before.time.allowance', { seconds: page.stage.latencyAllowanceSeconds })}`}
      </p>
    </section>
  )
}

function Notice({ page }: { page: Page }) {
  const t = useMessages(candidateMessages)
  const formats = useFormats()
  const { notice } = page
  if (!notice) return null
  const text = (
    <div className="notice-text">
      <p className="cap">
        {t('before.notice.version', {
          revision: notice.revision,
          date: formats.date(`${notice.effectiveFrom}T12:00:00Z`),
        })}{' '}
        · {t('before.notice.retention', { days: page.retentionDays })}
      </p>
      {notice.paragraphs.map((paragraph, index) => (
        <RichText key={index} text={paragraph} className="prose" />
      ))}
    </div>
  )
  if (notice.acknowledgedAt) {
    return (
      <>
        <section className="sec">
          <h2>{notice.title}</h2>
          <p className="st ok">
            <Icon name="check" />
            {t('before.notice.done', { time: formats.dateTime(notice.acknowledgedAt) })}
          </p>
          <details>
            <summary>{t('before.notice.show')}</summary>
            {text}
          </details>
        </section>
        {page.consents.length > 0 ? (
          <section className="sec">
            <h2>{t('before.consents')}</h2>
            <Form method="post" className="stack" preventScrollReset>
              <Consents page={page} />
              <p>
                <button className="btn" name="intent" value="consents">
                  {t('before.consents.save')}
                </button>
              </p>
            </Form>
          </section>
        ) : null}
      </>
    )
  }
  return (
    <Form method="post">
      <section className="sec">
        <h2>{notice.title}</h2>
        {text}
        <input type="hidden" name="hash" value={notice.hash} />
        <label className="check ack">
          <input type="checkbox" name="read" value="yes" />
          <span>
            <span className="b">{t('before.notice.acknowledge')}</span>
            <span className="cap line">{t('before.notice.acknowledge.help')}</span>
          </span>
        </label>
      </section>
      {page.consents.length > 0 ? (
        <section className="sec">
          <h2>{t('before.consents')}</h2>
          <Consents page={page} />
        </section>
      ) : null}
      <p className="actions">
        <button className="btn touch pri" name="intent" value="notice">
          {t('before.notice.submit')}
        </button>
      </p>
    </Form>
  )
}

function Consents({ page }: { page: Page }) {
  const t = useMessages(candidateMessages)
  return (
    <>
      <p className="cap">{t('before.consents.help')}</p>
      <ul className="consents">
        {page.consents.map((consent) => (
          <li key={consent.id}>
            <label className="check">
              <input type="checkbox" name="consent" value={consent.id} defaultChecked={consent.given} />
              <span>
                {consent.text}
                <span className="cap line">
                  <span className="b">{t('before.consents.without')}</span> {consent.without}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </>
  )
}

function Accommodation({ page }: { page: Page }) {
  const t = useMessages(candidateMessages)
  const asked = page.accommodation
  const form = (
    <Form method="post" className="stack tight" preventScrollReset>
      <label className="field">
        <span className="lab">{t('before.accommodation.reason')}</span>
        <span className="help">{t('before.accommodation.reason.help')}</span>
        <textarea className="in" name="reason" rows={3} required minLength={3} />
      </label>
      <p>
        <button className="btn" name="intent" value="accommodation">
          {t('before.accommodation.submit')}
        </button>
      </p>
    </Form>
  )
  return (
    <section className="sec">
      <h2>{t('before.accommodation')}</h2>
      <p className="prose">{t('before.accommodation.body')}</p>
      {asked ? (
        <div className="stack tight">
          <Told tone={asked.status === 'granted' ? 'ok' : 'note'}>{t(`before.accommodation.${asked.status}`)}</Told>
          {asked.reason ? (
            <p>
              <span className="cap">{t('before.accommodation.yours')}</span> {asked.reason}
            </p>
          ) : null}
          {asked.answer ? (
            <p>
              <span className="cap">{t('before.accommodation.answer')}</span> {asked.answer}
            </p>
          ) : null}
        </div>
      ) : null}
      {asked?.status === 'requested' ? (
        <Form method="post" preventScrollReset>
          <button className="btn" name="intent" value="withdraw">
            {t('before.accommodation.withdraw')}
          </button>
        </Form>
      ) : asked?.status === 'granted' ? null : (
        <details>
          <summary>{t('before.accommodation.ask')}</summary>
          {form}
        </details>
      )}
    </section>
  )
}

const LOOK_AGAIN_MS = 10_000

function Identity({ page }: { page: Page }) {
  const state = page.identity
  const waiting = state === 'waiting'
  const t = useMessages(candidateMessages)
  const { revalidate } = useRevalidator()
  useEffect(() => {
    if (!waiting) return
    const timer = setInterval(revalidate, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [waiting, revalidate])
  if (state === 'not_asked' || page.stage.state === 'running') return null
  const needed = state === 'needed'
  // Nothing to ask for where something else prevents the start.
  if (needed && page.ready?.code !== 'start.identity_first') return null
  return (
    <section className="sec">
      <h2>{t('before.identity')}</h2>
      <p className={`st ${waiting || needed ? '' : 'ok'}`} role="status">
        <Icon name={waiting || needed ? 'clock' : 'circleCheck'} />
        <span className="wrap">{t(`before.identity.${state}`)}</span>
      </p>
      {needed ? (
        <Form method="post" preventScrollReset>
          <button className="btn" name="intent" value="identity">
            {t('before.identity.ask')}
          </button>
        </Form>
      ) : null}
      {waiting ? (
        <noscript>
          <a className="btn" href="">
            {t('before.identity.check_again')}
          </a>
        </noscript>
      ) : null}
    </section>
  )
}

function Start({ page }: { page: Page }) {
  const t = useMessages(candidateMessages)
  const common = useMessages(commonMessages)
  const formats = useFormats()
  const locale = useLocale()
  const { stage, ready } = page
  if (stage.state === 'running' && stage.attempt) {
    return (
      <p className="actions">
        <a className="btn touch pri" href={`/candidate/attempt/${stage.attempt.id}`}>
          {t('before.continue')}
        </a>
      </p>
    )
  }
  if (ready) {
    const params = Object.fromEntries(
      Object.entries(ready.params ?? {}).map(([name, value]) => [
        name,
        name.endsWith('At') && typeof value === 'number' ? formats.dateTime(value) : value,
      ]),
    )
    return (
      <Told tone="note">
        <p className="b">{t('before.blocked')}</p>
        <p>{errorSentence(locale, ready.code, params)}</p>
      </Told>
    )
  }
  const endless = page.wouldEndAt === null
  const used = stage.maxAttempts - stage.attemptsLeft
  return (
    <Form method="post" className="start">
      <fieldset className="group">
        <legend className="b">{t('before.language')}</legend>
        <p className="cap">{t(stage.switchLanguage ? 'before.language.switch' : 'before.language.fixed')}</p>
        <div className="row langs">
          {(['zh-CN', 'en'] as const).map((lang) => (
            <label key={lang} className="check" lang={lang}>
              <input type="radio" name="lang" value={lang} defaultChecked={lang === locale} />
              <span>{common(`locale.${lang}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <p className="actions">
        <button className="btn touch pri" name="intent" value="start">
          {used > 0 ? t('before.start.again', { n: used + 1 }) : t(endless ? 'before.start.endless' : 'before.start')}
        </button>
        <span className="cap">{t(endless ? 'before.start.body.endless' : 'before.start.body')}</span>
      </p>
    </Form>
  )
}
