/**
 * Round trip to the server and a place for drafts, tried from this browser. Without scripts it says what that means.
 */
import { useState } from 'react'
import { candidateMessages } from '../../i18n/areas/candidate.ts'
import { useMessages } from '../../i18n/messages.ts'
import { browserRecords } from '../../player/draft-store.ts'
import { Icon } from './icons.tsx'

type Finding = { ms: number | null; storage: boolean }
const TRIES = 3
const SLOW_MS = 800

async function check(): Promise<Finding> {
  let ms: number | null = null
  try {
    const times: number[] = []
    for (let i = 0; i < TRIES; i += 1) {
      const began = performance.now()
      const response = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(10_000) })
      if (!response.ok) throw new Error(String(response.status))
      times.push(performance.now() - began)
    }
    ms = Math.round(Math.min(...times))
  } catch {
    ms = null
  }
  try {
    const records = browserRecords()
    await records.set('poise-check', '1')
    await records.delete('poise-check')
    return { ms, storage: typeof crypto.subtle !== 'undefined' }
  } catch {
    return { ms, storage: false }
  }
}

export function ConnectionCheck() {
  const t = useMessages(candidateMessages)
  const [finding, setFinding] = useState<Finding | 'running' | null>(null)
  const done = finding !== null && finding !== 'running' ? finding : null
  return (
    <div className="connection">
      <button
        type="button"
        className="btn js-only"
        disabled={finding === 'running'}
        onClick={() => {
          setFinding('running')
          void check().then(setFinding)
        }}
      >
        {t(finding === 'running' ? 'before.connection.running' : 'before.connection.run')}
      </button>
      <div role="status">
        {done ? (
          <>
            <p className={`st ${done.ms === null ? 'bad' : done.ms > SLOW_MS ? 'warn' : 'ok'}`}>
              <Icon name={done.ms === null ? 'octagon' : done.ms > SLOW_MS ? 'triangle' : 'circleCheck'} />
              <span className="wrap">
                {done.ms === null
                  ? t('before.connection.bad')
                  : t(done.ms > SLOW_MS ? 'before.connection.slow' : 'before.connection.ok', { ms: done.ms })}
              </span>
            </p>
            <p className={`st ${done.storage ? 'ok' : 'warn'}`}>
              <Icon name={done.storage ? 'circleCheck' : 'triangle'} />
              <span className="wrap">
                {t(done.storage ? 'before.connection.storage.ok' : 'before.connection.storage.bad')}
              </span>
            </p>
          </>
        ) : null}
      </div>
      <noscript>
        <p className="cap">{t('before.connection.noscript')}</p>
      </noscript>
    </div>
  )
}
