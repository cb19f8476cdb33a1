/** The search for policy articles beside the items of an attempt. */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { formOf } from '../../../db/repositories/forms.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import type { PolicyView } from '../../core/attempt/player-view.ts'
import { phaseAt } from '../../core/attempt/state.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { policyView, rank, termsOf } from '../content/policies.server.ts'
import { allCurrent, readVersion } from '../content/versions.server.ts'
import { itemsOfAttempt } from './form.server.ts'
import { ownsAttempt } from './saves.server.ts'

const MAX_RESULTS = 8

/**
 * Searches the articles that an attempt allows: those of the banks its items come from, and the shared ones. Not found
 * where no item of the form allows a search, or the attempt is over.
 */
export async function searchPolicies(
  deps: Deps,
  actor: Actor,
  input: { attemptId: string; query: string },
  locale: Locale,
  now: Instant,
): Promise<Result<PolicyView[], 'attempt.not_found' | 'request.too_many'>> {
  const row = await attempts.attemptRow(deps.store.read, input.attemptId)
  if (!row || !ownsAttempt(actor, row) || phaseAt(row.head, now) !== 'in_progress') return err('attempt.not_found')
  const items = await itemsOfAttempt(deps.store, input.attemptId)
  if (![...items.values()].some((item) => item.policySearch)) return err('attempt.not_found')
  const terms = termsOf(input.query)
  if (terms.length === 0) return ok([])
  if (!(await deps.limits.take('search', actor.personId))) return err('request.too_many')
  const current = await allCurrent(deps.store.read, 'policy')
  const beside = new Set(
    [...items.values()].flatMap((item) => [
      ...(item.kind === 'written_reply' ? item.policies : []),
      ...(item.policy ? [item.policy.id] : []),
    ]),
  )
  // An article of the item's own bank stands beside those of its neighbours, so finding it gives nothing away.
  const banks = new Set([
    'shared',
    ...current.filter((policy) => beside.has(policy.body.id)).map((policy) => policy.bankId),
    ...(await banksOf(deps, input.attemptId)),
  ])
  const contentLocale = row.locale === 'en' || row.locale === 'zh-CN' ? row.locale : locale
  const ranked = current
    .filter((policy) => banks.has(policy.bankId) && policy.body.status === 'current')
    .map((policy) => policyView(policy.body, contentLocale))
    .map((view) => ({ view, score: rank(view, terms) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  return ok(ranked.slice(0, MAX_RESULTS).map(({ view }) => view))
}

async function banksOf(deps: Deps, attemptId: string): Promise<string[]> {
  const form = await formOf(deps.store.read, attemptId)
  const blueprint = form ? await readVersion(deps.store.read, 'blueprint', form.blueprintVersionId) : null
  return (blueprint?.body.sections ?? []).flatMap((section) => section.banks)
}
