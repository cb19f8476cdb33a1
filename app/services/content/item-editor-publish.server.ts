/** Publishing: an immutable version by its content, and the head moved to it only if nobody moved it meanwhile. */
import { lastNumber } from '../../../db/queries/content-history.server.ts'
import { deleteDraft } from '../../../db/repositories/content-drafts.server.ts'
import { contentHead, insertVersion, moveHead } from '../../../db/repositories/content.server.ts'
import type { Writer } from '../../../db/store.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import { contentCanonical, scoringCanonical } from '../../core/bank/canonical.ts'
import type { Item } from '../../core/bank/schema.ts'
import { searchTextOf } from '../../core/bank/search.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { checked, draftBody, understand, type EditorInput } from './item-editor-typed.server.ts'
import { versionOf } from './item-header.server.ts'

/** The head went to another version between two statements: the whole transaction is undone. */
class HeadMoved extends Error {}

export type PublishCode =
  | 'item.not_found'
  | 'item.incomplete'
  | 'item.has_errors'
  | 'item.unchanged'
  | 'item.conflict'
  | 'form.malformed'
  | 'form.too_long'
  | 'text.forbidden_character'

type Ready = {
  item: Item
  baseVersionId: string
  bankId: string
  contentHash: string
  scoringHash: string
  searchText: string
  versionId: string
}

async function writeVersion(
  w: Writer,
  deps: Deps,
  actor: Actor,
  ready: Ready,
  now: Instant,
): Promise<Result<{ number: number; versionId: string }, 'item.conflict'>> {
  const { item, baseVersionId } = ready
  const head = await contentHead(w, 'item', item.id)
  if (!head || head.version.id !== baseVersionId) return err('item.conflict')
  const stored = await insertVersion(w, {
    id: ready.versionId,
    type: 'item',
    contentId: item.id,
    bankId: head.head.bankId,
    number: (await lastNumber(w, 'item', item.id)) + 1,
    contentHash: ready.contentHash,
    scoringHash: ready.scoringHash,
    body: item,
    origin: 'editor',
    createdBy: actor.personId,
    createdAt: new Date(now),
  })
  // Another transaction took the number: it has published something else.
  if (!stored) return err('item.conflict')
  const { id: versionId, number } = stored.version
  const moved = await moveHead(w, {
    type: 'item',
    contentId: item.id,
    fromVersionId: baseVersionId,
    set: {
      versionId,
      kind: item.kind,
      competency: item.competency,
      searchText: ready.searchText,
      updatedAt: new Date(now),
    },
  })
  if (!moved) throw new HeadMoved()
  await deleteDraft(w, { type: 'item', contentId: item.id, authorId: actor.personId })
  await audit(w, deps, now, {
    actorId: actor.personId,
    action: 'content.published',
    subjectType: 'item',
    subjectId: item.id,
    data: { versionId, number, contentHash: ready.contentHash, fromVersionId: baseVersionId },
  })
  return ok({ number, versionId })
}

/** Publishes what is typed. The draft is kept by whoever calls this, so a refusal loses nothing. */
export async function publishItem(
  deps: Deps,
  actor: Actor,
  itemId: string,
  input: EditorInput,
  locale: Locale,
  now: Instant,
): Promise<Result<{ number: number; versionId: string }, PublishCode>> {
  const head = can(actor, 'item:publish') ? await contentHead(deps.store.read, 'item', itemId) : null
  const base = head ? await versionOf(deps, itemId, input.base) : null
  if (!head || !base) return err('item.not_found')
  const body = draftBody(input, base.body)
  if (!body.ok) return body
  const understood = understand(body.value, base.body, locale)
  const { item } = understood
  // Written as YAML there are no fields to fill: what stands in the way is in the check.
  if (!item) return err('yaml' in body.value ? 'item.has_errors' : 'item.incomplete')
  const { findings } = await checked(deps, understood, head.head.bankId)
  if (findings.some((finding) => finding.severity === 'error')) return err('item.has_errors')
  const contentHash = deps.secrets.sha256(contentCanonical(item))
  if (contentHash === head.version.contentHash) return err('item.unchanged')
  const ready: Ready = {
    item,
    baseVersionId: base.versionId,
    bankId: head.head.bankId,
    contentHash,
    scoringHash: deps.secrets.sha256(scoringCanonical(item)),
    searchText: searchTextOf(item.id, item),
    versionId: deps.ids.id('cv'),
  }
  try {
    return await deps.store.transact(async (w) => writeVersion(w, deps, actor, ready, now))
  } catch (error) {
    if (error instanceof HeadMoved) return err('item.conflict')
    throw error
  }
}
