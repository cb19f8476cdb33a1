import {
  json,
  redirect,
  type ActionFunctionArgs,
  type LinksFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { orThrow, rejected, requireActor } from '../../http/visit.server.ts'
import { actOnItem } from '../../services/content/item-editor-act.server.ts'
import { openItem } from '../../services/content/item-editor.server.ts'
import { ItemEditor } from '../../ui/editor/editor.tsx'
import player from '../../ui/styles/player.css?url'
import { editorInput } from './editor-input.server.ts'

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: player }]
export const meta: MetaFunction<typeof loader> = ({ params }) => [{ title: `${params.itemId ?? ''} · Poise` }]

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale } = await requireActor(args, 'trainer')
  const view = orThrow(await openItem(deps, actor, args.params.itemId ?? '', locale))
  const query = new URL(args.request.url).searchParams
  const published = Number(query.get('published'))
  return json({
    view,
    done: {
      published: published > 0 && published === view.header.number ? published : null,
      discarded: query.has('discarded') && !view.draft,
    },
  })
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt, locale } = await requireActor(args, 'trainer')
  const itemId = args.params.itemId ?? ''
  const typed = editorInput(await args.request.formData())
  if (!typed) return rejected({ code: 'form.malformed' })
  const acted = await actOnItem(deps, actor, itemId, typed.intent, typed.input, locale, receivedAt)
  if (!acted.ok) return rejected(acted.error)
  if (acted.value.did === 'ask_discard') return json({ status: 'confirm_discard' as const })
  const note =
    acted.value.did === 'published'
      ? `?published=${acted.value.number}`
      : acted.value.did === 'discarded'
        ? '?discarded=1'
        : ''
  return redirect(`/trainer/items/${itemId}${note}`)
}

export default function ItemPage() {
  const { view, done } = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  // Another base, or a draft that came or went: the fields begin anew.
  return (
    <ItemEditor
      key={`${view.header.itemId} ${view.base.versionId} ${view.draft ? 'draft' : 'head'}`}
      view={view}
      reply={reply}
      done={done}
    />
  )
}
