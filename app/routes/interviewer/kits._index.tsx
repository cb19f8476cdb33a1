import { json, type LoaderFunctionArgs } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { requireActor } from '../../http/visit.server.ts'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { listKits } from '../../services/rating/kits.server.ts'
import { Scroll } from '../../ui/primitives/scroll.tsx'
import { titled } from '../../ui/rating/title.ts'

export const meta = titled('kits.title')

export async function loader(args: LoaderFunctionArgs) {
  const { deps, locale } = await requireActor(args, 'interviewer')
  return json({ kits: await listKits(deps, locale) })
}

export default function KitsPage() {
  const t = useMessages(interviewerMessages)
  const formats = useFormats()
  const { kits } = useLoaderData<typeof loader>()
  return (
    <main id="main" className="r-page">
      <h1 className="title">{t('kits.title')}</h1>
      <p className="cap r-lede">{t('kits.lede')}</p>
      {kits.length === 0 ? (
        <div className="empty">
          <h2>{t('kits.empty.title')}</h2>
          <p>{t('kits.empty.body')}</p>
        </div>
      ) : (
        <Scroll label={t('kits.title')}>
          <table className="tbl">
            <thead>
              <tr>
                <th scope="col">{t('kits.kit')}</th>
                <th scope="col">{t('kits.purpose')}</th>
                <th scope="col" className="n">
                  {t('kits.questions')}
                </th>
                <th scope="col" className="n">
                  {t('kits.minutes')}
                </th>
              </tr>
            </thead>
            <tbody>
              {kits.map((kit) => (
                <tr key={kit.id}>
                  <td>
                    <a href={`/interviewer/kits/${kit.id}`}>{kit.title}</a>
                  </td>
                  <td>{t(`kits.purpose.${kit.purpose}`)}</td>
                  <td className="n">{formats.number(kit.questions)}</td>
                  <td className="n">{formats.number(kit.minutes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </main>
  )
}
