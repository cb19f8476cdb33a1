/** The policy search of the player, for scripts; without them the player's own form searches. */
import { json, type LoaderFunctionArgs } from '@remix-run/node'
import { orThrow, requireActor } from '../../http/visit.server.ts'
import { searchPolicies } from '../../services/attempt/policy-search.server.ts'

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'candidate')
  const search = new URL(args.request.url).searchParams
  const results = orThrow(
    await searchPolicies(
      deps,
      actor,
      { attemptId: search.get('attempt') ?? '', query: (search.get('q') ?? '').slice(0, 120) },
      locale,
      receivedAt,
    ),
  )
  return json({ results }, { headers: { 'Cache-Control': 'no-store' } })
}
