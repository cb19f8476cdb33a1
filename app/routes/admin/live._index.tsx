/** The live room: who is running, and what staff may do to one or many. */
import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useLoaderData, useLocation } from '@remix-run/react'
import { useEffect, useState } from 'react'
import { parseForm } from '../../forms/form.ts'
import { rejected, requireActor } from '../../http/visit.server.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { acceptClock } from '../../services/invigilation/clock-alarm.server.ts'
import { actInRoom, roomOf } from '../../services/invigilation/live-room.server.ts'
import { ClockAlarmNote } from '../../ui/admin/clock-alarm.tsx'
import { ConnectionStatus } from '../../ui/admin/connection-status.tsx'
import { TimeLeft, useElapsed } from '../../ui/admin/countdown.tsx'
import { titled } from '../../ui/admin/meta.ts'
import { DoneNote, Empty, PageHead, Status } from '../../ui/admin/parts.tsx'
import { ActOutcomes, RoomActForm } from '../../ui/admin/room-act-form.tsx'
import { roomAct, RoomFormSchema } from '../../ui/admin/room-act.ts'
import { useKeptActionData } from '../../ui/admin/use-kept-action-data.ts'
import { useRoomEvents } from '../../ui/admin/use-room-events.ts'
import { momentBeside } from '../../ui/charts/ledger.ts'
import { FailureNote } from '../../ui/primitives/note.tsx'
import { Scroll } from '../../ui/primitives/scroll.tsx'

export const meta = titled('live.title')

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, receivedAt, locale } = await requireActor(args, 'admin', 'supervisor')
  return json(await roomOf(deps, actor, locale, receivedAt))
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt } = await requireActor(args, 'admin', 'supervisor')
  const submission = parseForm(await args.request.formData(), RoomFormSchema)
  if (submission.status === 'rejected') return json(submission, { status: 422 })
  const input = submission.data
  if (input.intent === 'confirm-clock') {
    const accepted = await acceptClock(deps, actor, input, receivedAt)
    return accepted.ok ? json({ status: 'clock' as const }) : rejected(accepted.error)
  }
  const outcomes = await actInRoom(deps, actor, input.attempts, roomAct(input), receivedAt)
  return json({ status: 'acted' as const, act: input.act, text: input.text, outcomes })
}

export default function LiveRoom() {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  const room = useLoaderData<typeof loader>()
  const reply = useKeptActionData<typeof action>()
  const { key } = useLocation()
  const refused = reply?.status === 'rejected' ? reply : null
  const elapsed = useElapsed(room.now)
  const [selected, setSelected] = useState<ReadonlySet<string>>(
    () => new Set([refused?.values['attempts'] ?? []].flat()),
  )
  const [scripted, setScripted] = useState(false)
  useEffect(() => setScripted(true), [])
  useRoomEvents(room.streamSeq)
  const here = room.rows.filter((row) => selected.has(row.attemptId)).length
  const select = (attemptId: string, on: boolean) =>
    setSelected((before) => {
      const after = new Set(before)
      if (on) after.add(attemptId)
      else after.delete(attemptId)
      return after
    })
  return (
    <main id="main" className="room stack">
      <PageHead title={t('live.title')}>
        <span className="cap">{t('live.updated', { at: formats.time(room.now) })}</span>
        <Link className="btn dense" to="/admin/live">
          {t('live.refresh')}
        </Link>
      </PageHead>
      {room.alarm ? <ClockAlarmNote alarm={room.alarm} /> : null}
      {reply?.status === 'clock' ? <DoneNote>{t('clock.done')}</DoneNote> : null}
      {reply?.status === 'failed' ? <FailureNote error={reply.error} /> : null}
      {reply?.status === 'acted' ? (
        <ActOutcomes
          act={reply.act}
          text={reply.text}
          outcomes={reply.outcomes}
          requestId={room.requestId}
          back="/admin/live"
        />
      ) : null}
      <section className="panel stack">
        {room.rows.length === 0 ? (
          <Empty title={t('live.empty.title')}>
            <p>{t('live.empty.body')}</p>
          </Empty>
        ) : (
          <Scroll label={t('live.title')}>
            <table className="tbl room-table">
              <thead>
                <tr>
                  <th scope="col" className="pick">
                    {scripted ? (
                      <input
                        type="checkbox"
                        aria-label={t('live.select_all')}
                        checked={here === room.rows.length}
                        onChange={(event) =>
                          setSelected(
                            event.currentTarget.checked ? new Set(room.rows.map((row) => row.attemptId)) : new Set(),
                          )
                        }
                      />
                    ) : null}
                  </th>
                  <th scope="col">{t('table.name')}</th>
                  <th scope="col" className="n">
                    {t('live.remaining')}
                  </th>
                  <th scope="col" className="n">
                    {t('live.deadline')}
                  </th>
                  <th scope="col" className="n">
                    {t('live.answered')}
                  </th>
                  <th scope="col" className="n">
                    {t('live.last_save')}
                  </th>
                  <th scope="col">{t('live.connection')}</th>
                </tr>
              </thead>
              <tbody>
                {room.rows.map((row) => (
                  <tr key={row.attemptId} aria-selected={selected.has(row.attemptId) || undefined}>
                    <td className="pick">
                      <input
                        type="checkbox"
                        // The rows change places: a browser that goes back would tick the one that stands there now.
                        autoComplete="off"
                        name="attempts"
                        value={row.attemptId}
                        form="room-act"
                        aria-label={t('live.select', { name: row.name })}
                        checked={selected.has(row.attemptId)}
                        onChange={(event) => select(row.attemptId, event.currentTarget.checked)}
                      />
                    </td>
                    <td>
                      <Link to={`/admin/live/${row.attemptId}`}>{row.name}</Link>
                      <span className="cap block">
                        {row.stageTitle} · {row.programmeTitle}
                      </span>
                      {row.lateTexts > 0 ? (
                        <span className="block">
                          <Status tone="warn">{t('live.late', { n: row.lateTexts })}</Status>
                        </span>
                      ) : null}
                    </td>
                    <td className="n">
                      <TimeLeft remainingMs={row.remainingMs} paused={row.paused} elapsed={elapsed} />
                    </td>
                    <td className="n">
                      {row.deadlineAt === null ? '–' : momentBeside(formats, row.deadlineAt, room.now)}
                    </td>
                    <td className="n">{t('live.answered_of', { answered: row.answered, items: row.items })}</td>
                    <td className="n">{row.lastSaveAt ? formats.time(row.lastSaveAt) : t('live.never')}</td>
                    <td>
                      <ConnectionStatus connection={row.connection} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </section>
      {room.rows.length > 0 ? (
        <RoomActForm
          key={key}
          id="room-act"
          requestId={room.requestId}
          selected={scripted ? here : null}
          rejected={refused}
        />
      ) : null}
      {room.closed.length > 0 ? (
        <section className="panel stack">
          <h2 className="b">{t('live.recent')}</h2>
          <Scroll label={t('live.recent')}>
            <table className="tbl">
              <thead>
                <tr>
                  <th scope="col">{t('table.name')}</th>
                  <th scope="col" className="n">
                    {t('live.closed_at')}
                  </th>
                  <th scope="col">{t('live.closed_by')}</th>
                  <th scope="col">{t('table.status')}</th>
                </tr>
              </thead>
              <tbody>
                {room.closed.map((row) => (
                  <tr key={row.attemptId}>
                    <td>
                      <Link to={`/admin/live/${row.attemptId}`}>{row.name}</Link>
                    </td>
                    <td className="n">
                      {row.finishedAt ? <time dateTime={row.finishedAt}>{formats.time(row.finishedAt)}</time> : '–'}
                    </td>
                    <td>{row.reason ? t(`close.${row.reason}`) : '–'}</td>
                    <td>
                      {row.lateTexts > 0 ? <Status tone="warn">{t('live.late', { n: row.lateTexts })}</Status> : '–'}
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
