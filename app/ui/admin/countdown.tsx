/**
 * Time left, counted in the browser from the server's figure by a monotonic clock: the reader's own clock decides
 * nothing.
 */
import { useEffect, useRef, useState } from 'react'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Status } from './parts.tsx'

/** Milliseconds since the page's data was made; starts anew when `serverNow` changes. */
export function useElapsed(serverNow: number): number {
  const [elapsed, setElapsed] = useState(0)
  const since = useRef(0)
  useEffect(() => {
    since.current = performance.now()
    setElapsed(0)
    const timer = setInterval(() => setElapsed(performance.now() - since.current), 1000)
    return () => clearInterval(timer)
  }, [serverNow])
  return elapsed
}

export function TimeLeft({
  remainingMs,
  paused,
  elapsed,
}: {
  remainingMs: number | null
  paused: boolean
  elapsed: number
}) {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  if (remainingMs === null) return <>{t('live.no_limit')}</>
  const left = paused ? remainingMs : Math.max(0, remainingMs - elapsed)
  return (
    <span className="time-left">
      {paused ? <Status tone="late">{t('live.paused')}</Status> : null}
      {left === 0 ? (
        <Status tone="warn">{t('live.over')}</Status>
      ) : (
        <span className={`num${left <= 300_000 ? ' low' : ''}`}>{formats.countdown(left)}</span>
      )}
    </span>
  )
}
