/** The bar of the candidate's pages outside the player. Signing out asks first while something has not gone up. */
import { useState, type FormEvent } from 'react'
import { commonMessages } from '../../i18n/areas/common.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { browserRecords, waitingDrafts } from '../../player/draft-store.ts'
import { Brand } from '../brand.tsx'
import { LanguageSwitch } from '../language-switch.tsx'
import { Dialog } from './dialog.tsx'
import { THEN_SIGN_OUT } from './sign-out.ts'

export function CandidateBar({ what }: { what?: string }) {
  const t = useMessages(playerMessages)
  const common = useMessages(commonMessages)
  const [unsent, setUnsent] = useState<{ n: number; attemptId: string | null }>({ n: 0, attemptId: null })
  const signOut = async (form: HTMLFormElement): Promise<void> => {
    let waiting: typeof unsent = { n: 0, attemptId: null }
    try {
      waiting = await waitingDrafts(browserRecords())
    } catch {
      // No store, so nothing waits in it.
    }
    if (waiting.n > 0) setUnsent(waiting)
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
      {unsent.n > 0 ? (
        <Dialog
          title={t('signout.title', { n: unsent.n })}
          onCancel={() => setUnsent({ n: 0, attemptId: null })}
          actions={
            <>
              <button
                type="button"
                className="btn touch"
                onClick={() => (document.getElementById('sign-out') as HTMLFormElement).submit()}
              >
                {t('signout.anyway')}
              </button>
              <a
                className="btn touch pri"
                data-safe
                href={`/candidate/attempt/${unsent.attemptId ?? ''}${THEN_SIGN_OUT}`}
              >
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
