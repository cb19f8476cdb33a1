/** The fact card of a scenario and the policies beside it, as the interviewer reads them. */
import type { Policy, Scenario } from '../../core/bank/schema.ts'
import type { Locale } from '../../core/shared/locale.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { currentContent } from '../content/versions.server.ts'
import { policyView } from './view.server.ts'

export function cardView(scenario: Scenario, disclosed: Readonly<Record<string, number>>, locale: Locale) {
  const { factCard, persona } = scenario
  return {
    title: scenario.title[locale],
    channel: scenario.channel,
    brief: scenario.brief[locale],
    persona: { name: persona.name[locale], description: persona.description[locale] },
    opening: factCard.opening[locale],
    knows: factCard.knows.map((fact) => ({
      id: fact.id,
      fact: fact.fact[locale],
      disclose: fact.disclose[locale],
      disclosedMs: disclosed[fact.id] ?? null,
    })),
    doesNotKnow: factCard.doesNotKnow.map((text) => text[locale]),
    wants: factCard.wants[locale],
    behaviour: factCard.behaviour[locale],
    givesInWhen: factCard.givesInWhen[locale],
    neverAgreesTo: factCard.neverAgreesTo?.[locale] ?? null,
  }
}

export async function scenarioPolicies(deps: Pick<Deps, 'store'>, scenario: Scenario, locale: Locale) {
  const found = await Promise.all(scenario.policies.map((id) => currentContent(deps.store.read, 'policy', id)))
  return found.filter((policy) => policy !== null).map((policy) => policyView(policy.body satisfies Policy, locale))
}
