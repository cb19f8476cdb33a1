/** The page shown when a loader or component failed: what is so, then what to do. */
import { commonMessages } from '../i18n/areas/common.ts'
import { knownSentence } from '../i18n/areas/player-errors.ts'
import { useLocale, useMessages } from '../i18n/messages.ts'
import { Brand } from './brand.tsx'

export type Boundary = '401' | '404' | '409' | '500'
export const boundaryOf = (status: number): Boundary => (status === 401 ? '401' : status === 409 ? '409' : status >= 500 ? '500' : '404')

export function ErrorPage({ status, code }: { status: number; code: string | null }) {
  const t = useMessages(commonMessages)
  const locale = useLocale()
  const kind = boundaryOf(status)
  const title = t(`boundary.${kind}.title`)
  const known = code && code !== 'request.not_found' ? knownSentence(locale, code) : null
  const body = known ?? t(`boundary.${kind === '409' ? '404' : kind}.body`, { time: new Date().toISOString().slice(0, 19).replace('T', ' ') + ' UTC' })
  return (
    <>
      <header className="bar">
        <Brand />
      </header>
      <main id="main" className="doc">
        <div className="empty">
          <h1 className="title">{title}</h1>
          <p suppressHydrationWarning>{body}</p>
          <a className="btn" href="/">
            {t('nav.home')}
          </a>
        </div>
      </main>
    </>
  )
}
