import { json, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { notFound, requireActor } from '../../http/visit.server.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { translator } from '../../i18n/messages.ts'
import { isShelf, listShelf, shelfCounts } from '../../services/content/search.server.ts'
import { ShelfTable } from '../../ui/editor/shelf-table.tsx'
import { ShelfTabs } from '../../ui/editor/shelf-tabs.tsx'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.title ?? ''} · Poise` }]

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale } = await requireActor(args, 'trainer')
  const { shelf } = args.params
  if (!isShelf(shelf)) throw notFound()
  const query = (new URL(args.request.url).searchParams.get('q') ?? '').trim().slice(0, 120)
  const [list, counts] = await Promise.all([listShelf(deps, actor, shelf, query), shelfCounts(deps)])
  return json({ title: translator(trainerMessages, locale)(`shelf.${shelf}`), shelf, query, list, counts })
}

export default function ShelfPage() {
  const { counts, ...data } = useLoaderData<typeof loader>()
  return (
    <>
      <ShelfTabs counts={counts} />
      <main id="main" className="ed-room" tabIndex={-1}>
        <ShelfTable {...data} />
      </main>
    </>
  )
}
