/** Policy articles as a candidate reads them, and how well each fits the words of a query. */
import type { PolicyView } from '../../core/attempt/player-view.ts'
import type { Policy } from '../../core/bank/schema.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { foldText } from '../../core/shared/text.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { currentContent } from './versions.server.ts'

export const policyView = (policy: Policy, locale: Locale): PolicyView => ({
  id: policy.id,
  title: policy.title[locale],
  revision: policy.revision,
  effectiveFrom: policy.effectiveFrom,
  summary: policy.summary[locale],
  clauses: policy.clauses.map((clause) => ({ id: clause.id, title: clause.title[locale], text: clause.text[locale] })),
  background: policy.background.map((entry) => ({ text: entry.text[locale], asOf: entry.asOf })),
})

/** Articles by id, each once; unknown ones are left out. */
export async function policyViews(
  deps: Pick<Deps, 'store'>,
  ids: readonly string[],
  locale: Locale,
): Promise<PolicyView[]> {
  const views: PolicyView[] = []
  for (const id of new Set(ids)) {
    const policy = await currentContent(deps.store.read, 'policy', id)
    if (policy) views.push(policyView(policy.body, locale))
  }
  return views
}

/** Words of a query: runs of Latin letters and digits whole, Chinese in pairs of characters. */
export function termsOf(query: string): string[] {
  const runs = foldText(query).match(/\p{Script=Han}+|[^\s\p{Script=Han}\p{P}]+/gu) ?? []
  return runs.flatMap((run) =>
    /\p{Script=Han}/u.test(run) && run.length > 2
      ? Array.from({ length: run.length - 1 }, (_, i) => run.slice(i, i + 2))
      : [run],
  )
}

export function rank(policy: PolicyView, terms: readonly string[]): number {
  const parts: Array<[string, number]> = [
    [policy.title, 6],
    [policy.summary, 3],
    ...policy.clauses.flatMap((clause): Array<[string, number]> => [
      [clause.title, 3],
      [clause.text, 1],
    ]),
  ]
  const folded = parts.map(([text, weight]) => [foldText(text), weight] as const)
  let score = 0
  for (const term of terms) {
    const hits = folded.reduce((sum, [text, weight]) => sum + (text.includes(term) ? weight : 0), 0)
    // An article without one of the words is further away than any with all of them.
    score += hits > 0 ? 100 + hits : 0
  }
  return score
}
