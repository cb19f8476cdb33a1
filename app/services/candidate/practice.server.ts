/** Practice: items that count for nothing. */
import type { Actor } from '../../core/access/actor.ts'
import type { PolicyView } from '../../core/attempt/player-view.ts'
import type { CandidateItem } from '../../core/bank/candidate-item.ts'
import { candidateItem } from '../../core/bank/candidate-view.ts'
import type { Locale } from '../../core/shared/locale.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { policyViews } from '../content/policies.server.ts'
import { currentContent } from '../content/versions.server.ts'
import { openEnrolment } from '../enrolment/enrolment.server.ts'

export type PracticePage = { programmeTitle: string; items: CandidateItem[]; policies: PolicyView[] }

/** Nothing that is written there reaches the server's store. */
export async function practicePage(deps: Deps, actor: Actor, locale: Locale): Promise<PracticePage | null> {
  const open = await openEnrolment(deps, actor)
  if (!open) return null
  const versions = []
  for (const id of open.programme.body.practiceItems) {
    const version = await currentContent(deps.store.read, 'item', id)
    if (version?.body.practice) versions.push(version)
  }
  const items = versions.map((version) => candidateItem(version.body, locale))
  // Nothing is given away here, so the article that an item is about simply stands beside it.
  const beside = versions.flatMap(({ body }) => [
    ...(body.kind === 'written_reply' ? body.policies : []),
    ...(body.policySearch && body.policy ? [body.policy.id] : []),
  ])
  return { programmeTitle: open.programme.body.title[locale], items, policies: await policyViews(deps, beside, locale) }
}
