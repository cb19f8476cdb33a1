import { publicMessages } from '../../i18n/areas/public.ts'
import { useMessages } from '../../i18n/messages.ts'
import { TopBar } from '../../ui/top-bar.tsx'
import { titledBy } from '../../ui/titled.ts'

export const meta = titledBy(publicMessages)('signed_out.title')

export default function SignedOut() {
  const t = useMessages(publicMessages)
  return (
    <>
      <TopBar />
      <main id="main" className="doc narrow stack">
        <h1 className="title">{t('signed_out.title')}</h1>
        <p className="lede">{t('signed_out.body')}</p>
      </main>
    </>
  )
}
