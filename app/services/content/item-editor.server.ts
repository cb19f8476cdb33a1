/** The item editor's page: an item with the author's draft, if there is one, else as it is in use. */
import { versionAuthors } from '../../../db/queries/content-history.server.ts'
import { contentDraft } from '../../../db/repositories/content-drafts.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import { isProvisional, optionIdsOf } from '../../core/bank/editing/finish.ts'
import type { EditorContent, EditorView } from '../../core/bank/editing/view.ts'
import type { Item } from '../../core/bank/schema.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { draftKeyOf } from './item-editor-drafts.server.ts'
import { checked, freshBody, understand, type DraftBody } from './item-editor-typed.server.ts'
import { findHead, headerOf, versionOf } from './item-header.server.ts'
import { allCurrent } from './versions.server.ts'

const contentOf = (body: DraftBody, item: Item | null): EditorContent =>
  'yaml' in body
    ? { form: 'yaml', text: body.yaml, compared: body.compared, item }
    : { form: 'fields', values: body.values }

export async function openItem(
  deps: Pick<Deps, 'store'>,
  actor: Actor,
  itemId: string,
  locale: Locale,
): Promise<Result<EditorView, 'item.not_found'>> {
  const head = can(actor, 'item:edit') ? await findHead(deps, itemId) : null
  if (!head) return err('item.not_found')
  const [draft, history, policies, rubrics] = await Promise.all([
    contentDraft(deps.store.read, draftKeyOf(actor, itemId)),
    versionAuthors(deps.store.read, 'item', itemId),
    allCurrent(deps.store.read, 'policy'),
    allCurrent(deps.store.read, 'rubric'),
  ])
  const headItem = head.version.body as unknown as Item
  const base = draft ? ((await versionOf(deps, itemId, draft.baseVersionId)) ?? null) : null
  const baseItem = base?.body ?? headItem
  const body = draft ? (draft.body as unknown as DraftBody) : freshBody(headItem)
  const understood = understand(body, baseItem, locale)
  const latest = history.find(({ versionId }) => versionId === head.version.id)
  const allOptions = (await Promise.all(history.map(({ versionId }) => versionOf(deps, itemId, versionId)))).flatMap(
    (version) => (version ? optionIdsOf(version.body) : []),
  )
  return ok({
    header: await headerOf(deps, head, history.length),
    base: {
      versionId: base?.versionId ?? head.version.id,
      number: base?.number ?? head.version.number,
      item: baseItem,
    },
    newer:
      base && base.versionId !== head.version.id
        ? {
            versionId: head.version.id,
            number: head.version.number,
            item: headItem,
            author: latest?.author ?? null,
            publishedAt: head.head.updatedAt.toISOString(),
          }
        : null,
    draft: draft ? { savedAt: draft.updatedAt.toISOString() } : null,
    content: contentOf(body, understood.item),
    check: await checked(deps, understood, head.head.bankId),
    provisional: isProvisional(headItem),
    publishedOptions: [...new Set(allOptions)],
    policies: policies.map(({ body: { id, title, revision, clauses } }) => ({
      id,
      title,
      revision,
      clauses: clauses.map((clause) => ({ id: clause.id, title: clause.title })),
    })),
    rubrics: rubrics.map(({ body: { id, title } }) => ({ id, title })),
  })
}
