/**
 * Drafts of an item: keeping what is typed, giving it up, going on from a newer version. A draft is kept as it was
 * typed, finished or not; only publishing (item-editor-publish) asks for a complete item.
 */
import { versionAuthors } from '../../../db/queries/content-history.server.ts'
import { deleteDraft, putDraft, rebaseDraft, type DraftKey } from '../../../db/repositories/content-drafts.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import { contentCanonical } from '../../core/bank/canonical.ts'
import { sameContent } from '../../core/bank/editing/difference.ts'
import { optionIdsOf } from '../../core/bank/editing/finish.ts'
import { applyListEdit, hasForm, type ListEdit } from '../../core/bank/editing/form-values.ts'
import type { SaveReply } from '../../core/bank/editing/view.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import {
  checked,
  draftBody,
  freshBody,
  understand,
  type DraftBody,
  type EditorInput,
} from './item-editor-typed.server.ts'
import { findHead, versionOf } from './item-header.server.ts'

export const draftKeyOf = (actor: Actor, itemId: string): DraftKey => ({
  type: 'item',
  contentId: itemId,
  authorId: actor.personId,
})

type SaveCode = 'item.not_found' | 'form.malformed' | 'form.too_long' | 'text.forbidden_character'

/** Keeps what is typed. Where it is again the text in use, there is nothing to keep. */
export async function saveDraft(
  deps: Deps,
  actor: Actor,
  itemId: string,
  input: EditorInput,
  locale: Locale,
  now: Instant,
): Promise<Result<SaveReply, SaveCode>> {
  const head = can(actor, 'item:edit') ? await findHead(deps, itemId) : null
  const base = head ? await versionOf(deps, itemId, input.base) : null
  if (!head || !base) return err('item.not_found')
  const body = draftBody(input, base.body)
  if (!body.ok) return body
  const understood = understand(body.value, base.body, locale)
  // The second case: a save that was on its way while the same text was published.
  const unchanged =
    base.versionId === head.version.id
      ? sameContent(body.value, freshBody(base.body))
      : understood.item !== null && deps.secrets.sha256(contentCanonical(understood.item)) === head.version.contentHash
  await storeDraft(deps, draftKeyOf(actor, itemId), base.versionId, unchanged ? null : body.value, now)
  return ok({
    savedAt: new Date(now).toISOString(),
    draft: !unchanged,
    check: await checked(deps, understood, head.head.bankId),
    item: understood.item,
  })
}

async function storeDraft(
  deps: Deps,
  key: DraftKey,
  baseVersionId: string,
  body: DraftBody | null,
  now: Instant,
): Promise<void> {
  await deps.store.transact(async (w) => {
    if (body) await putDraft(w, { ...key, baseVersionId, body, updatedAt: new Date(now) })
    else await deleteDraft(w, key)
  })
}

/** A button of a list, pressed where no script runs: the draft is kept with the list changed. */
export async function editList(
  deps: Deps,
  actor: Actor,
  itemId: string,
  input: EditorInput,
  edit: ListEdit,
  now: Instant,
): Promise<Result<true, SaveCode>> {
  const base = can(actor, 'item:edit') ? await versionOf(deps, itemId, input.base) : null
  if (!base || !hasForm(base.body)) return err('item.not_found')
  const body = draftBody(input, base.body)
  if (!body.ok) return body
  if (!('values' in body.value)) return err('form.malformed')
  const history = await versionAuthors(deps.store.read, 'item', itemId)
  const versions = await Promise.all(history.map(({ versionId }) => versionOf(deps, itemId, versionId)))
  const published = versions.flatMap((version) => (version ? optionIdsOf(version.body) : []))
  await storeDraft(
    deps,
    draftKeyOf(actor, itemId),
    base.versionId,
    { values: applyListEdit(body.value.values, edit, published) },
    now,
  )
  return ok(true)
}

/** Gives the author's draft up; the version in use stays as it is. */
export async function discardDraft(deps: Deps, actor: Actor, itemId: string): Promise<Result<true, 'item.not_found'>> {
  const head = can(actor, 'item:edit') ? await findHead(deps, itemId) : null
  if (!head) return err('item.not_found')
  await deps.store.transact(async (w) => {
    await deleteDraft(w, draftKeyOf(actor, itemId))
  })
  return ok(true)
}

/** After somebody else published: the author has read the new version and goes on from there with their own text. */
export async function continueOnNewer(
  deps: Deps,
  actor: Actor,
  itemId: string,
  versionId: string,
  now: Instant,
): Promise<Result<true, 'item.not_found' | 'item.conflict'>> {
  const head = can(actor, 'item:edit') ? await findHead(deps, itemId) : null
  if (!head) return err('item.not_found')
  // A third version meanwhile: the author has not seen it.
  if (head.version.id !== versionId) return err('item.conflict')
  const moved = await deps.store.transact(async (w) =>
    rebaseDraft(w, draftKeyOf(actor, itemId), { baseVersionId: versionId, updatedAt: new Date(now) }),
  )
  return moved ? ok(true) : err('item.not_found')
}
