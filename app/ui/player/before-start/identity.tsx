/** Where the identity check stands, looked at again while the candidate waits for it. */
import { Form, useRevalidator } from '@remix-run/react'
import { useEffect } from 'react'
import type { StagePage } from '../../../core/attempt/stage-view.ts'
import { candidateMessages } from '../../../i18n/areas/candidate.ts'
import { useMessages } from '../../../i18n/messages.ts'
import { Icon } from '../icons.tsx'

const LOOK_AGAIN_MS = 10_000

export function Identity({ page }: { page: StagePage }) {
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
