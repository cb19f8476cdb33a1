import { json, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { LocaleSchema } from '../../core/shared/locale.ts'
import { notFound, orThrow, requireActor } from '../../http/visit.server.ts'
import { isShelf, readShelf, shelfCounts } from '../../services/content/search.server.ts'
import { ContentPage } from '../../ui/editor/content-page.tsx'
import { ShelfTabs } from '../../ui/editor/shelf-tabs.tsx'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: `${data?.title ?? ''} · Poise` }]

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale } = await requireActor(args, 'trainer')
  const { shelf, contentId } = args.params
  if (!isShelf(shelf)) throw notFound()
  const shown = LocaleSchema.safeParse(new URL(args.request.url).searchParams.get('lang')).data ?? locale
  const [page, counts] = await Promise.all([readShelf(deps, actor, shelf, contentId ?? ''), shelfCounts(deps)])
  const content = orThrow(page)
  return json({ title: content.body.title[locale], shelf, shown, content, counts })
}

export default function Content() {
  const { counts, ...data } = useLoaderData<typeof loader>()
  return (
    <>
      <ShelfTabs counts={counts} />
      <ContentPage {...data} />
    </>
  )
}
