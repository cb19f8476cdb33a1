/** An attempt that is open in another tab or on another device: whether to continue it here. */
import { json, redirectDocument, type LoaderFunctionArgs } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { orThrow, requireActor } from '../../http/visit.server.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { readPlayer } from '../../services/attempt/player.server.ts'
import { ContinueHere } from '../../ui/player/continue-here.tsx'
import { titledBy } from '../../ui/titled.ts'

export const meta = titledBy(playerMessages)('takeover.title')

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, locale, receivedAt } = await requireActor(args, 'candidate')
  const attemptId = args.params.attemptId ?? ''
  const view = orThrow(await readPlayer(deps, actor, attemptId, { itemId: null, query: null }, locale, receivedAt))
  if (view.phase !== 'elsewhere') return redirectDocument(`/candidate/attempt/${encodeURIComponent(attemptId)}`)
  return json(view.elsewhere)
}

export default function Continue() {
  return <ContinueHere elsewhere={useLoaderData<typeof loader>()} />
}
