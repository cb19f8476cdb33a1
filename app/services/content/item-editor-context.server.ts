/**
 * What the check of one item needs to know of all others. Comparing texts wants each item prepared once, so the result
 * is kept for as long as no head moves; a module holds nothing of an installation but by its store.
 */
import { headsWithHash } from '../../../db/queries/content-import.server.ts'
import type { Store } from '../../../db/store.server.ts'
import type { CheckContext } from '../../core/bank/check.ts'
import { profileOf, type ItemProfile } from '../../core/bank/check/profile.ts'
import { allCurrent, type Version } from './versions.server.ts'

type Kept = { signature: string; context: CheckContext; profiles: Map<string, ItemProfile> }
const kept = new WeakMap<Store, Kept>()

type Citing = {
  source?: { statements: readonly string[] } | undefined
  sources?: readonly { statements: readonly string[] }[]
}
const cited = ({ source, sources = [] }: Citing): string[] => [
  ...(source?.statements ?? []),
  ...sources.flatMap((s) => s.statements),
]

/**
 * Statements of the sources. The registers are not in the database, but an import is refused unless every statement
 * marked as carried is cited somewhere: so what the content in use cites is the list of them.
 */
function statementsOf(contents: readonly Citing[]): CheckContext['statements'] {
  return new Map(contents.flatMap(cited).map((id) => [id, 'carried'] as const))
}

function profilesOf(
  items: readonly Version<'item'>[],
  known: ReadonlyMap<string, ItemProfile>,
): Map<string, ItemProfile> {
  return new Map(items.map((version) => [version.versionId, known.get(version.versionId) ?? profileOf(version.body)]))
}

export async function checkContextOf(store: Store): Promise<CheckContext> {
  const heads = await headsWithHash(store.read)
  const signature = heads
    .filter((head) => head.status === 'active')
    .map((head) => head.versionId)
    .sort()
    .join(' ')
  const before = kept.get(store)
  if (before?.signature === signature) return before.context
  const r = store.read
  const [items, policies, rubrics, scenarios, kits] = await Promise.all([
    allCurrent(r, 'item'),
    allCurrent(r, 'policy'),
    allCurrent(r, 'rubric'),
    allCurrent(r, 'scenario'),
    allCurrent(r, 'kit'),
  ])
  const profiles = profilesOf(items, before?.profiles ?? new Map())
  const context: CheckContext = {
    items: new Map(items.map(({ body }) => [body.id, body])),
    policies: new Map(policies.map(({ body }) => [body.id, body])),
    rubrics: new Set(rubrics.map(({ body }) => body.id)),
    statements: statementsOf([...items, ...policies, ...rubrics, ...scenarios, ...kits].map(({ body }) => body)),
    profiles: [...profiles.values()],
  }
  kept.set(store, { signature, context, profiles })
  return context
}
