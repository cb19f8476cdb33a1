/** The bar of the candidate's pages outside the player. Signing out asks first while something has not gone up. */
import { useState, type FormEvent } from 'react'
import { playerMessages } from '../../i18n/areas/player.ts'
import { commonMessages } from '../../i18n/areas/common.ts'
import { useMessages } from '../../i18n/messages.ts'
import { browserRecords, countDrafts } from '../../lib/player/draft-store.ts'
import { Brand } from '../brand.tsx'
import { LanguageSwitch } from '../language-switch.tsx'
import { Dialog } from './dialog.tsx'

export function CandidateBar({ what, runningAttempt = null }: { what?: string; runningAttempt?: string | null }) {
  const t = useMessages(playerMessages)
  const common = useMessages(commonMessages)
  const [unsent, setUnsent] = useState(0)
  const signOut = async (form: HTMLFormElement): Promise<void> => {
    let waiting = 0
    try {
      waiting = runningAttempt ? await countDrafts(browserRecords(), runningAttempt) : 0
    } catch {
      // No store, so nothing waits in it.
    }
    if (waiting > 0) setUnsent(waiting)
    else form.submit()
  }
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    void signOut(event.currentTarget)
  }
  return (
    <header className="bar">
      <Brand href="/candidate" />
      {what ? <p className="what">{what}</p> : null}
      <span className="grow" />
      <LanguageSwitch />
      <form method="post" action="/logout" id="sign-out" onSubmit={onSubmit}>
        <button className="btn bare dense" type="submit">
          {common('nav.sign_out')}
        </button>
      </form>
      {unsent > 0 ? (
        <Dialog
          title={t('signout.title', { n: unsent })}
          onCancel={() => setUnsent(0)}
          actions={
            <>
              <button type="button" className="btn touch" onClick={() => (document.getElementById('sign-out') as HTMLFormElement).submit()}>
                {t('signout.anyway')}
              </button>
              <a className="btn touch pri" data-safe href={`/candidate/attempt/${runningAttempt ?? ''}`}>
                {t('signout.back')}
              </a>
            </>
          }
        >
          <p>{t('signout.body')}</p>
        </Dialog>
      ) : null}
    </header>
  )
}
