/**
 * Saving a sheet act by act. One request is under way at a time, so the order of the keys is the order on the server; a
 * newer mark for a criterion takes the place of one that still waits. An act stays in the queue until the server has
 * acknowledged it.
 */
import { useFetcher } from '@remix-run/react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ActReply, SheetView } from './view.ts'

export type Act = { key: string; fields: Record<string, string> }
type Queued = Act & { n: string }
type Failure = Extract<ActReply, { status: 'failed' }>['error']

export type SheetActs = {
  waiting: readonly Act[]
  failure: Failure | null
  push(key: string, fields: Record<string, string>): void
  retry(): void
}

/** No network, or a server that cannot answer: the act is kept and can be sent again. */
export const UNREACHED = 'request.unavailable'
/**
 * Not refused but not done: nobody was reached, or the store could not save (`db.…`, storeTrouble in
 * db/store.server.ts).
 */
export const isNotNow = (code: string | undefined): boolean => code === UNREACHED || code?.startsWith('db.') === true

const RETRY_MS = 10_000

export function useSheetActs(sheet: Pick<SheetView, 'attemptId' | 'subjectHash'>): SheetActs {
  const fetcher = useFetcher<ActReply>()
  const [queue, setQueue] = useState<Queued[]>([])
  const [failure, setFailure] = useState<Failure | null>(null)
  const [held, setHeld] = useState(false)
  const sent = useRef<string | null>(null)
  const counter = useRef(0)

  const { state, data, submit } = fetcher
  useEffect(() => {
    if (state !== 'idle') return
    if (sent.current !== null) {
      // The page may draw once more before the request has begun; only the reply to this very act ends it.
      if (data?.n !== sent.current) return
      const n = sent.current
      sent.current = null
      const failed = data.status === 'failed' ? data.error : null
      setFailure(failed)
      if (isNotNow(failed?.code)) {
        setHeld(true)
        // Sent again it needs a new number: the reply to the old one has been seen.
        counter.current += 1
        const again = String(counter.current)
        setQueue((acts) => acts.map((act) => (act.n === n ? { ...act, n: again } : act)))
      } else setQueue((acts) => acts.filter((act) => act.n !== n))
      return
    }
    const [next] = queue
    if (!next || held) return
    sent.current = next.n
    submit(
      { ...next.fields, attemptId: sheet.attemptId, subjectHash: sheet.subjectHash, n: next.n },
      { method: 'post' },
    )
  }, [state, data, queue, held, submit, sheet.attemptId, sheet.subjectHash])

  // Leaving now would lose what has not been acknowledged.
  useEffect(() => {
    if (queue.length === 0) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [queue.length])

  const push = useCallback((key: string, fields: Record<string, string>) => {
    counter.current += 1
    const act = { key, fields, n: String(counter.current) }
    setHeld(false)
    setQueue((acts) => [...acts.filter((other) => other.key !== key || other.n === sent.current), act])
  }, [])
  const retry = useCallback(() => setHeld(false), [])
  // Back on the network, or a while later: the browser does not notice every return.
  useEffect(() => {
    if (!held) return
    window.addEventListener('online', retry)
    const timer = window.setTimeout(retry, RETRY_MS)
    return () => {
      window.removeEventListener('online', retry)
      window.clearTimeout(timer)
    }
  }, [held, retry])
  return { waiting: queue, failure, push, retry }
}
