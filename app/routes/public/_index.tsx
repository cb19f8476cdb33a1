import { redirect, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import { publicMessages } from '../../i18n/areas/public.ts'
import { useMessages } from '../../i18n/messages.ts'
import { homeOf } from '../../lib/home.ts'
import { optionalActor } from '../../lib/http.server.ts'
import { TopBar } from '../../ui/top-bar.tsx'

export const meta: MetaFunction = () => [{ title: 'Poise' }]

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
