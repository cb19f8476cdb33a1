/**
 * Keeps the draft while somebody types: a moment after the last change, at the latest after a few seconds. The form
 * itself is what travels, as it would without a script. A failed save loses nothing: the text stays in the form, and
 * the next change sends all of it.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { SaveReply } from '../../core/bank/editing/view.ts'

const PAUSE_MS = 900
const LONGEST_MS = 5000

export type SaveState =
  | { status: 'idle' }
  | { status: 'saving' }
  | { status: 'saved'; at: string; draft: boolean }
  /** A code of the server, or why it was not reached. */
  | { status: 'failed'; reason: 'offline' | 'signed_out' | { code: string } }

type Reply = SaveReply | { status: 'failed'; error: { code: string } } | { code: string }

export function useAutosave(options: { url: string; formId: string; initial: SaveState; fingerprint: string }) {
  const { url, formId, fingerprint } = options
  const [state, setState] = useState<SaveState>(options.initial)
  const [reply, setReply] = useState<SaveReply | null>(null)
  const waiting = useRef<FormData | null>(null)
  const running = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>()
  const since = useRef<number | null>(null)

  const send = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current)
    const body = waiting.current
    if (!body || running.current) return
    waiting.current = null
    since.current = null
    running.current = true
    setState({ status: 'saving' })
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: { accept: 'application/json' },
        keepalive: true,
      })
      const answer = (await response.json()) as Reply
      if ('savedAt' in answer) {
        setReply(answer)
        setState({ status: 'saved', at: answer.savedAt, draft: answer.draft })
      } else {
        const code = 'error' in answer ? answer.error.code : answer.code
        setState({ status: 'failed', reason: response.status === 401 ? 'signed_out' : { code } })
      }
    } catch {
      // No answer at all. What was typed stays in the form.
      setState({ status: 'failed', reason: 'offline' })
    }
    running.current = false
    if (waiting.current) await send()
  }, [url])

  const touch = useCallback((): void => {
    const form = document.getElementById(formId)
    if (!(form instanceof HTMLFormElement)) return
    waiting.current = new FormData(form)
    const now = performance.now()
    since.current ??= now
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void send(), Math.max(0, Math.min(PAUSE_MS, since.current + LONGEST_MS - now)))
  }, [formId, send])

  const first = useRef(fingerprint)
  useEffect(() => {
    if (first.current === fingerprint) return
    first.current = fingerprint
    touch()
  }, [fingerprint, touch])

  // Leaving the page sends what has not gone yet.
  useEffect(() => () => void send(), [send])
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent): void => {
      if (!waiting.current) return
      void send()
      event.preventDefault()
    }
    addEventListener('beforeunload', leave)
    return () => removeEventListener('beforeunload', leave)
  }, [send])

  const saveNow = useCallback((): void => {
    touch()
    void send()
  }, [touch, send])
  /** The page itself is about to send the form. */
  const stop = useCallback((): void => {
    clearTimeout(timer.current)
    waiting.current = null
  }, [])
  return { state, reply, saveNow, stop }
}
