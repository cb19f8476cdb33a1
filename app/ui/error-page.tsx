/** The page shown when a loader or component failed: what is so, then what to do. */
import { useContext } from 'react'
import { commonMessages } from '../i18n/areas/common.ts'
import { knownSentence } from '../i18n/areas/player-errors.ts'
import { useLocale, useMessages } from '../i18n/messages.ts'
import { Brand } from './brand.tsx'
import { ServerPageContext } from './server-page.ts'

export type Boundary = '401' | '403' | '404' | '409' | '500'
/** What the server refuses before Remix sees it (app/server/refusal.server.ts) is not a page that is missing. */
const REFUSED: ReadonlySet<number> = new Set([403, 413, 421])
export const boundaryOf = (status: number): Boundary =>
  status === 401 ? '401' : REFUSED.has(status) ? '403' : status === 409 ? '409' : status >= 500 ? '500' : '404'

/** `message`: the server's own sentence, where it refused before any page was asked. */
export function ErrorPage({ status, code, message }: { status: number; code: string | null; message: string | null }) {
  const t = useMessages(commonMessages)
  const locale = useLocale()
  const { requestId } = useContext(ServerPageContext)
  const kind = boundaryOf(status)
  const title = t(`boundary.${kind}.title`)
  const known = code && code !== 'request.not_found' ? knownSentence(locale, code) : null
  // A refusal and a conflict always have a sentence of their own.
  const body =
    known ??
    message ??
    t(`boundary.${kind === '409' || kind === '403' ? '404' : kind}.body`, {
      time: `${new Date().toISOString().slice(0, 19).replace('T', ' ')} UTC ${requestId}`,
    })
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
