import { json, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { orThrow, requireActor } from '../../http/visit.server.ts'
import { readHistory } from '../../services/content/item-history.server.ts'
import { VersionHistory } from '../../ui/editor/version-history.tsx'

export const meta: MetaFunction = ({ params }) => [{ title: `${params.itemId ?? ''} · Poise` }]

const numberOf = (value: string | null): number | null =>
  value !== null && /^\d{1,6}$/.test(value) ? Number(value) : null

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor } = await requireActor(args, 'trainer')
  const query = new URL(args.request.url).searchParams
  return json(
    orThrow(
      await readHistory(deps, actor, args.params.itemId ?? '', {
        from: numberOf(query.get('from')),
        to: numberOf(query.get('to')),
      }),
    ),
  )
}

export default function Versions() {
  return <VersionHistory history={useLoaderData<typeof loader>()} />
}
