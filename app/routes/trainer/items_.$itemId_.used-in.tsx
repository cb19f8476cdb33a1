import { json, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { orThrow, requireActor } from '../../http/visit.server.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { readItemUses } from '../../services/content/item-history.server.ts'
import { ItemHead } from '../../ui/editor/item-head.tsx'
import { UseList } from '../../ui/editor/use-list.tsx'

export const meta: MetaFunction = ({ params }) => [{ title: `${params.itemId ?? ''} · Poise` }]

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor } = await requireActor(args, 'trainer')
  return json(orThrow(await readItemUses(deps, actor, args.params.itemId ?? '')))
}

export default function UsedIn() {
  const { header, uses, draws } = useLoaderData<typeof loader>()
  const t = useMessages(trainerMessages)
  const formats = useFormats()
  return (
    <>
      <ItemHead header={header} />
      <main id="main" className="ed-room stack" tabIndex={-1}>
        <h2 className="vh">{t('uses.title')}</h2>
        <p>{draws === 0 ? t('uses.draws.none') : t('uses.draws', { n: formats.number(draws) })}</p>
        <UseList uses={uses} />
      </main>
    </>
  )
}
