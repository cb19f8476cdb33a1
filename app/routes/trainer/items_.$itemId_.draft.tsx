import { json, type ActionFunctionArgs } from '@remix-run/node'
import { rejected, requireActor } from '../../lib/http.server.ts'
import { saveDraft } from '../../services/item-editor.server.ts'
import { editorInput } from './editor-input.server.ts'

/** The automatic save of the editor. Without a script the page's own action keeps the draft. */
export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt, locale } = await requireActor(args, 'trainer')
  const typed = editorInput(await args.request.formData())
  if (!typed) return rejected({ code: 'form.malformed' })
  const saved = await saveDraft(deps, actor, args.params.itemId ?? '', typed.input, locale, receivedAt)
  return saved.ok ? json(saved.value) : rejected(saved.error)
}
