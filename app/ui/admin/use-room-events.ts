/**
 * Asks for the page's data anew when the room's stream says that something happened, and at intervals for what the
 * stream does not tell.
 */
import { useRevalidator } from '@remix-run/react'
import { useEffect, useRef } from 'react'

const GATHER_MS = 400
const EVERY_MS = 20_000

export function useRoomEvents(streamSeq: number): void {
  const { revalidate } = useRevalidator()
  const latest = useRef(revalidate)
  latest.current = revalidate
  const after = useRef(streamSeq)
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    // Several hints at once ask once.
    const look = (): void => {
      if (waiting || document.visibilityState === 'hidden') return
      waiting = setTimeout(() => {
        waiting = undefined
        latest.current()
      }, GATHER_MS)
    }
    const events = new EventSource(`/api/room/events?after=${after.current}`)
    events.addEventListener('attempt', look)
    events.addEventListener('clock', look)
    const timer = setInterval(look, EVERY_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      events.close()
      clearInterval(timer)
      clearTimeout(waiting)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
}
