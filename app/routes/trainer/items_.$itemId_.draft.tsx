import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { rejected, requireActor } from '../../http/visit.server.ts'
import { saveDraft } from '../../services/content/item-editor-drafts.server.ts'
import { editorInput } from './editor-input.server.ts'

/** The automatic save of the editor. Without a script the page's own action keeps the draft. */
export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt, locale } = await requireActor(args, 'trainer')
  const typed = editorInput(await args.request.formData())
  if (!typed) return rejected({ code: 'form.malformed' })
  const saved = await saveDraft(deps, actor, args.params.itemId ?? '', typed.input, locale, receivedAt)
  return saved.ok ? json(saved.value) : rejected(saved.error)
}

/** Somebody who opens the address itself is brought to the editor. */
export async function loader(args: LoaderFunctionArgs) {
  await requireActor(args, 'trainer')
  return redirect(`/trainer/items/${encodeURIComponent(args.params.itemId ?? '')}`)
}
