import { json, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { requireActor } from '../../http/visit.server.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { translator } from '../../i18n/messages.ts'
import { findItems, shelfCounts } from '../../services/content/search.server.ts'
import { readItemFilter } from '../../ui/editor/item-filter.ts'
import { ItemTable } from '../../ui/editor/item-table.tsx'
import { ShelfTabs } from '../../ui/editor/shelf-tabs.tsx'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.title ?? ''} · Poise` }]

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale } = await requireActor(args, 'trainer')
  const filter = readItemFilter(new URL(args.request.url).searchParams)
  const [list, counts] = await Promise.all([findItems(deps, actor, filter), shelfCounts(deps)])
  return json({ title: translator(trainerMessages, locale)('items.title'), filter, list, counts })
}

export default function Items() {
  const { filter, list, counts } = useLoaderData<typeof loader>()
  return (
    <>
      <ShelfTabs counts={counts} />
      <main id="main" className="ed-room" tabIndex={-1}>
        <ItemTable filter={filter} list={list} />
      </main>
    </>
  )
}
