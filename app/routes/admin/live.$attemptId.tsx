/** One attempt for staff: its time ledger, what came too late, and the proof of the draw. */
import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useLoaderData, useLocation } from '@remix-run/react'
import { z } from 'zod'
import { parseForm } from '../../forms/form.ts'
import { notFound, rejected, requireActor } from '../../http/visit.server.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { decideLateText } from '../../services/attempt/late-texts.server.ts'
import { actInRoom, attemptForStaff } from '../../services/invigilation/live-room.server.ts'
import { ConnectionStatus } from '../../ui/admin/connection-status.tsx'
import { TimeLeft, useElapsed } from '../../ui/admin/countdown.tsx'
import { DrawProof } from '../../ui/admin/draw-proof.tsx'
import { LateTexts, MAX_REASON } from '../../ui/admin/late-texts.tsx'
import { titled } from '../../ui/admin/meta.ts'
import { DoneNote, PageHead } from '../../ui/admin/parts.tsx'
import { ActOutcomes, RoomActForm } from '../../ui/admin/room-act-form.tsx'
import { ActSchema, roomAct } from '../../ui/admin/room-act.ts'
import { useKeptActionData } from '../../ui/admin/use-kept-action-data.ts'
import { useRoomEvents } from '../../ui/admin/use-room-events.ts'
import { LedgerStrip, LedgerTable } from '../../ui/charts/ledger-strip.tsx'
import { momentBeside } from '../../ui/charts/ledger.ts'
import { FailureNote } from '../../ui/primitives/note.tsx'

export const meta = titled('live.title', (data) => (data as { name?: string }).name)

const DecisionSchema = z
  .strictObject({
    intent: z.enum(['counted', 'not_counted']),
    seq: z.string().regex(/^\d{1,9}$/),
    reason: z.string().trim().max(MAX_REASON, 'form.too_long').default(''),
  })
  .superRefine((input, ctx) => {
    if (input.intent === 'not_counted' && input.reason === '')
      ctx.addIssue({ code: 'custom', path: ['reason'], message: 'form.required' })
  })
const FormSchema = z.discriminatedUnion('intent', [ActSchema, DecisionSchema])

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, receivedAt, locale } = await requireActor(args, 'admin', 'supervisor')
  const attempt = await attemptForStaff(deps, actor, args.params.attemptId ?? '', locale, receivedAt)
  if (!attempt) throw notFound()
  return json(attempt)
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt } = await requireActor(args, 'admin', 'supervisor')
  const attemptId = args.params.attemptId ?? ''
  const submission = parseForm(await args.request.formData(), FormSchema)
  if (submission.status === 'rejected') return json(submission, { status: 422 })
  const input = submission.data
  if (input.intent !== 'act') {
    const decided = await decideLateText(
      deps,
      actor,
      { attemptId, seq: Number(input.seq), decision: input.intent, reason: input.reason },
      receivedAt,
    )
    return decided.ok ? json({ status: 'decided' as const }) : rejected(decided.error)
  }
  // This page acts on its own attempt, whatever the form names.
  const own = { ...input, attempts: [attemptId], confirmed: input.confirmed.filter((id) => id === attemptId) }
  const outcomes = await actInRoom(deps, actor, own.attempts, roomAct(own), receivedAt)
  if (outcomes.some((outcome) => outcome.error?.code === 'attempt.not_found')) throw notFound()
  return json({ status: 'acted' as const, act: own.act, text: own.text, outcomes })
}

export default function StaffAttempt() {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  const attempt = useLoaderData<typeof loader>()
  const reply = useKeptActionData<typeof action>()
  const { key } = useLocation()
  const refused = reply?.status === 'rejected' ? reply : null
  const elapsed = useElapsed(attempt.now)
  useRoomEvents(attempt.streamSeq)
  const here = `/admin/live/${attempt.attemptId}`
  return (
    <main id="main" className="room stack">
      <p className="cap">
        <Link to="/admin/live">{t('attempt.back')}</Link>
      </p>
      <PageHead title={t('attempt.title', { name: attempt.name })}>
        {attempt.hasEvidence ? (
          <Link className="btn" to={`/admin/results/${attempt.attemptId}`}>
            {t('attempt.evidence')}
          </Link>
        ) : null}
      </PageHead>
      <p className="cap">
        {attempt.programmeTitle} · {attempt.stageTitle} · <span className="num">{attempt.attemptId}</span>
      </p>
      {reply?.status === 'decided' ? <DoneNote>{t('attempt.quarantine.done')}</DoneNote> : null}
      {reply?.status === 'failed' ? <FailureNote error={reply.error} /> : null}
      {reply?.status === 'acted' ? (
        <ActOutcomes
          act={reply.act}
          text={reply.text}
          outcomes={reply.outcomes}
          requestId={attempt.requestId}
          back={here}
        />
      ) : null}
      <div className={attempt.closed ? 'stack' : 'split side'}>
        <section className="panel stack">
          {attempt.closed ? null : (
            <dl className="facts">
              <dt>{t('live.remaining')}</dt>
              <dd>
                <TimeLeft remainingMs={attempt.remainingMs} paused={attempt.paused} elapsed={elapsed} />
              </dd>
              <dt>{t('live.deadline')}</dt>
              <dd className="num">
                {attempt.deadlineAt === null
                  ? '–'
                  : `${momentBeside(formats, attempt.deadlineAt, attempt.now)} ${formats.zone(attempt.deadlineAt)}`}
              </dd>
              <dt>{t('live.answered')}</dt>
              <dd className="num">{t('live.answered_of', { answered: attempt.answered, items: attempt.items })}</dd>
              <dt>{t('live.last_save')}</dt>
              <dd className="num">{attempt.lastSaveAt ? formats.time(attempt.lastSaveAt) : t('live.never')}</dd>
              <dt>{t('live.connection')}</dt>
              <dd>
                <ConnectionStatus connection={attempt.connection} />
              </dd>
            </dl>
          )}
          <h2 className="b">{t('attempt.ledger')}</h2>
          <LedgerStrip rows={attempt.ledger} now={attempt.now} />
          <LedgerTable rows={attempt.ledger} />
        </section>
        {attempt.closed ? null : (
          <RoomActForm
            key={key}
            id="room-act"
            attemptId={attempt.attemptId}
            requestId={attempt.requestId}
            rejected={refused?.values['intent'] === 'act' ? refused : null}
          />
        )}
      </div>
      <section className="panel stack">
        <h2 className="b">{t('attempt.quarantine')}</h2>
        <LateTexts
          texts={attempt.quarantine}
          released={attempt.released}
          rejected={refused?.values['intent'] === 'act' ? null : refused}
        />
      </section>
      <section className="panel stack">
        <h2 className="b">{t('attempt.proof')}</h2>
        {attempt.proof ? <DrawProof proof={attempt.proof} /> : <p className="cap">{t('attempt.proof.none')}</p>}
      </section>
    </main>
  )
}
