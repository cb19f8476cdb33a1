/**
 * The clock of a contact. The server says how much has been played; the page counts on by differences of a monotonic
 * clock.
 */
import { Form } from '@remix-run/react'
import { CircleStop, Pause, Play, TriangleAlert } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { useScripted } from './use-scripted.ts'

export type ClockView = {
  serverNow: number
  playedMs: number
  remainingMs: number | null
  held: boolean
  over: boolean
}

/** Milliseconds since the page got its clock from the server; 0 while the clock stands. */
function useElapsed(clock: ClockView, running: boolean): number {
  const [elapsed, setElapsed] = useState(0)
  useEffect(() => {
    setElapsed(0)
    if (!running) return
    const from = performance.now()
    const timer = window.setInterval(() => setElapsed(performance.now() - from), 500)
    return () => window.clearInterval(timer)
  }, [clock.serverNow, running])
  return elapsed
}

const ENDINGS = ['completed', 'broken_off', 'candidate_left'] as const

export function ContactClock({
  clock,
  endedAt,
  startedAt,
}: {
  clock: ClockView
  endedAt: string | null
  startedAt: string
}) {
  const t = useMessages(interviewerMessages)
  const formats = useFormats()
  const scripted = useScripted()
  const dialog = useRef<HTMLDialogElement>(null)
  const formId = useId()
  const titleId = useId()
  const running = endedAt === null && !clock.held && !clock.over
  const elapsed = useElapsed(clock, running)
  const played = clock.playedMs + elapsed
  const left = clock.remainingMs === null ? null : Math.max(0, clock.remainingMs - elapsed)
  const over = endedAt === null && (clock.over || left === 0)
  if (endedAt !== null) {
    return (
      <div className="r-clock">
        <p className="b">
          {t('contact.ended', { time: formats.clock(endedAt), played: formats.countdown(clock.playedMs) })}
        </p>
      </div>
    )
  }
  return (
    <div className="r-clock">
      <div
        className={`timer ${over || (left !== null && left < 60_000) ? 'low' : ''}`}
        role="timer"
        aria-label={t('contact.clock')}
      >
        <time dateTime={startedAt}>{formats.countdown(Math.floor((left ?? played) / 1000) * 1000)}</time>
        <span>
          {left === null
            ? t('contact.unlimited')
            : `${t('contact.left_time')} · ${t('contact.played', { time: formats.countdown(Math.floor(played / 1000) * 1000) })}`}
        </span>
      </div>
      <span className="grow" />
      {over ? (
        <span className="st warn" role="status">
          <TriangleAlert className="i s" aria-hidden="true" />
          {t('contact.over')}
        </span>
      ) : clock.held ? (
        <span className="st warn" role="status">
          <Pause className="i s" aria-hidden="true" />
          {t('contact.held')}
        </span>
      ) : null}
      {over ? null : (
        <Form method="post" preventScrollReset>
          <button className="btn dense" type="submit" name="intent" value={clock.held ? 'resume' : 'hold'}>
            {clock.held ? <Play className="i s" aria-hidden="true" /> : <Pause className="i s" aria-hidden="true" />}
            {t(clock.held ? 'contact.resume' : 'contact.hold')}
          </button>
        </Form>
      )}
      <Form method="post" id={formId} className="row" preventScrollReset>
        <input type="hidden" name="intent" value="end" />
        <label className="vh" htmlFor={`${formId}-ending`}>
          {t('contact.ending')}
        </label>
        <select className="in r-ending" name="ending" id={`${formId}-ending`} defaultValue="completed">
          {ENDINGS.map((ending) => (
            <option key={ending} value={ending}>
              {t(`contact.ending.${ending}`)}
            </option>
          ))}
        </select>
        <button
          className="btn dense"
          type="submit"
          onClick={(event) => {
            event.preventDefault()
            dialog.current?.showModal()
          }}
        >
          <CircleStop className="i s" aria-hidden="true" />
          {t('contact.end')}
        </button>
      </Form>
      <dialog className="dlg" ref={dialog} aria-labelledby={titleId}>
        <h2 id={titleId}>{t('contact.end.title')}</h2>
        <p>{t('contact.end.body')}</p>
        <div className="go">
          <button className="btn" type="button" autoFocus onClick={() => dialog.current?.close()}>
            {t('contact.end.cancel')}
          </button>
          <button className="btn pri" type="submit" form={formId} onClick={() => dialog.current?.close()}>
            {t('contact.end')}
          </button>
        </div>
      </dialog>
      {scripted ? null : <p className="cap r-static">{t('contact.static_clock')}</p>}
    </div>
  )
}
