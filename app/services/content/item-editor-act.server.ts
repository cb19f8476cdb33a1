/**
 * The buttons of the editor's page, by the value that each sends. Whatever is pressed, what was typed is kept first.
 */
import type { Actor } from '../../core/access/actor.ts'
import { parseListEdit } from '../../core/bank/editing/form-values.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { continueOnNewer, discardDraft, editList, saveDraft } from './item-editor-drafts.server.ts'
import { publishItem } from './item-editor-publish.server.ts'
import type { EditorInput } from './item-editor-typed.server.ts'

export type Act = { did: 'saved' | 'discarded' | 'ask_discard' | 'continued' } | { did: 'published'; number: number }

export async function actOnItem(
  deps: Deps,
  actor: Actor,
  itemId: string,
  intent: string,
  input: EditorInput,
  locale: Locale,
  now: Instant,
): Promise<Result<Act>> {
  if (intent === 'discard-confirmed') {
    const discarded = await discardDraft(deps, actor, itemId)
    return discarded.ok ? ok({ did: 'discarded' }) : discarded
  }
  const list = parseListEdit(intent)
  if (list) {
    const edited = await editList(deps, actor, itemId, input, list, now)
    return edited.ok ? ok({ did: 'saved' }) : edited
  }
  const saved = await saveDraft(deps, actor, itemId, input, locale, now)
  if (!saved.ok) return saved
  if (intent === 'save') return ok({ did: 'saved' })
  if (intent === 'discard') return ok({ did: saved.value.draft ? 'ask_discard' : 'discarded' })
  if (intent === 'publish') {
    const published = await publishItem(deps, actor, itemId, input, locale, now)
    return published.ok ? ok({ did: 'published', number: published.value.number }) : published
  }
  const newer = /^continue\.([\w-]+)$/.exec(intent)?.[1]
  if (newer === undefined) return err('request.invalid')
  const continued = await continueOnNewer(deps, actor, itemId, newer, now)
  return continued.ok ? ok({ did: 'continued' }) : continued
}
