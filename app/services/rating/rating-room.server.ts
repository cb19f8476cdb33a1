/** The rating room: an answer with its item, the policies beside it, and the sheet of the rater. */
import { answerOf, itemVersionOf } from '../../../db/queries/rating.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { currentContent, readVersion, type Version } from '../content/versions.server.ts'
import { referenceOf } from '../people/reference.server.ts'
import { positionOf } from './queue.server.ts'
import { readSheet } from './sheet.server.ts'
import { answerFields, itemView, localeOf, policyView, type PolicyView } from './view.server.ts'

type ReadSheet = NonNullable<Awaited<ReturnType<typeof readSheet>>>

async function roomOf(
  deps: Pick<Deps, 'store' | 'secrets'>,
  actor: Actor,
  read: ReadSheet,
  locale: Locale,
  now: Instant,
) {
  const { sheet, task, attempt } = read.loaded
  const [answer, versionId] = await Promise.all([
    answerOf(deps.store.read, attempt.id, task.subjectId),
    itemVersionOf(deps.store.read, attempt.id, task.subjectId),
  ])
  const item = versionId === null ? null : await readVersion(deps.store.read, 'item', versionId)
  const shown = item && itemView(item.body, localeOf(attempt.locale), locale)
  if (!answer || !item || !shown) return null
  return {
    ...read.view,
    subjectHash: answer.contentHash ?? '',
    reference: referenceOf(deps, task.id),
    leaseUntil: sheet.status === 'claimed' ? sheet.leaseUntil.toISOString() : null,
    position: await positionOf(deps, actor, sheet, task.subjectId, now),
    item: shown,
    policies: await policiesOf(deps, item, locale),
    fields: answerFields(answer.response),
  }
}

type Room = NonNullable<Awaited<ReturnType<typeof roomOf>>>

/**
 * The rating room of one answer. `contactId` is set where the sheet belongs to a contact, which has a room of its own.
 */
export async function openSheet(
  deps: Pick<Deps, 'store' | 'secrets'>,
  actor: Actor,
  sheetId: string,
  locale: Locale,
  now: Instant,
): Promise<Result<{ contactId: string } | { contactId: null; room: Room }, 'sheet.not_found' | 'sheet.not_open'>> {
  const read = await readSheet(deps, actor, sheetId, locale)
  if (!read) return err('sheet.not_found')
  if (read.loaded.task.subjectType === 'contact') return ok({ contactId: read.loaded.task.subjectId })
  if (read.loaded.sheet.status === 'returned') return err('sheet.not_open')
  const room = await roomOf(deps, actor, read, locale, now)
  return room ? ok({ contactId: null, room }) : err('sheet.not_found')
}

async function policiesOf(deps: Pick<Deps, 'store'>, item: Version<'item'>, locale: Locale): Promise<PolicyView[]> {
  const ids = new Set([
    ...(item.body.kind === 'written_reply' ? item.body.policies : []),
    ...(item.body.policy ? [item.body.policy.id] : []),
  ])
  const found = await Promise.all([...ids].map((id) => currentContent(deps.store.read, 'policy', id)))
  return found.filter((policy) => policy !== null).map((policy) => policyView(policy.body, locale))
}
