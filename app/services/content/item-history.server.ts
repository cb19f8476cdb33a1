/** The history of an item: its versions, two of them side by side, and where it is used and was drawn. */
import { drawsOf, versionAuthors } from '../../../db/queries/content-history.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { can } from '../../core/access/can.ts'
import type { ItemHeader } from '../../core/bank/editing/view.ts'
import type { Item } from '../../core/bank/schema.ts'
import { usesOf } from '../../core/bank/usage.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { findHead, headerOf, versionOf } from './item-header.server.ts'
import { usageSet } from './search.server.ts'

type ReadDeps = Pick<Deps, 'store'>

export type VersionRow = {
  versionId: string
  number: number
  origin: 'import' | 'editor'
  createdAt: string
  author: string | null
  draws: number
  inUse: boolean
  scoresAsHead: boolean
}
export type HistoryView = {
  header: ItemHeader
  versions: VersionRow[]
  compared: { from: { number: number; item: Item }; to: { number: number; item: Item } } | null
}

/** All versions, and two of them side by side: the asked ones, else the last two. */
export async function readHistory(
  deps: ReadDeps,
  actor: Actor,
  itemId: string,
  asked: { from: number | null; to: number | null },
): Promise<Result<HistoryView, 'item.not_found'>> {
  const head = can(actor, 'item:view') ? await findHead(deps, itemId) : null
  if (!head) return err('item.not_found')
  const [history, draws] = await Promise.all([
    versionAuthors(deps.store.read, 'item', itemId),
    drawsOf(deps.store.read, itemId),
  ])
  const byNumber = (number: number | null): (typeof history)[number] | undefined =>
    history.find((version) => version.number === number)
  const to = byNumber(asked.to) ?? history[0]
  const from = byNumber(asked.from) ?? history.find((version) => version.number < (to?.number ?? 0))
  const load = async (version: typeof to) => (version ? versionOf(deps, itemId, version.versionId) : null)
  const [older, newer] = await Promise.all([load(from), load(to)])
  return ok({
    header: await headerOf(deps, head, history.length),
    versions: history.map((version) => ({
      versionId: version.versionId,
      number: version.number,
      origin: version.origin,
      createdAt: version.createdAt.toISOString(),
      author: version.author,
      draws: draws.get(version.versionId) ?? 0,
      inUse: version.versionId === head.version.id,
      scoresAsHead: version.scoringHash === head.version.scoringHash,
    })),
    compared:
      older && newer
        ? { from: { number: older.number, item: older.body }, to: { number: newer.number, item: newer.body } }
        : null,
  })
}

export async function readItemUses(deps: ReadDeps, actor: Actor, itemId: string) {
  const head = can(actor, 'item:view') ? await findHead(deps, itemId) : null
  if (!head) return err('item.not_found')
  const [history, draws, set] = await Promise.all([
    versionAuthors(deps.store.read, 'item', itemId),
    drawsOf(deps.store.read, itemId),
    usageSet(deps),
  ])
  const header = await headerOf(deps, head, history.length)
  return ok({ header, uses: usesOf(set, 'item', itemId), draws: [...draws.values()].reduce((sum, n) => sum + n, 0) })
}
