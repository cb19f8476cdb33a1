import { redirect, type LoaderFunctionArgs } from '@remix-run/node'
import { publicMessages } from '../../i18n/areas/public.ts'
import { useMessages } from '../../i18n/messages.ts'
import { homeOf } from '../../http/home.ts'
import { optionalActor } from '../../http/visit.server.ts'
import { TopBar } from '../../ui/top-bar.tsx'
import { titledBy } from '../../ui/titled.ts'

export const meta = titledBy(publicMessages)('home.title')

export async function loader(args: LoaderFunctionArgs) {
  const actor = await optionalActor(args)
  return actor ? redirect(homeOf(actor)) : null
}

export default function Home() {
  const t = useMessages(publicMessages)
  return (
    <>
      <TopBar />
      <main id="main" className="doc stack">
        <h1 className="headline">{t('home.title')}</h1>
        <p className="lede">{t('home.lede')}</p>
        <p>
          <a className="btn pri touch" href="/login">
            {t('home.staff')}
          </a>
        </p>
        <p className="cap">{t('home.candidate')}</p>
        <p className="cap">{t('home.affiliation')}</p>
      </main>
    </>
  )
}
