/** The page before submitting, for those who come to it by its address or without scripts. Its form is the player's. */
import { json, type LoaderFunctionArgs } from '@remix-run/node'
import { useLoaderData, type ShouldRevalidateFunction } from '@remix-run/react'
import { requireActor } from '../../http/visit.server.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { AttemptPage, type AttemptData } from '../../ui/player/attempt-page.tsx'
import { titledBy } from '../../ui/titled.ts'
import { loadPlayerView } from './player-route.server.ts'

export const meta = titledBy(playerMessages)('review.title')

export const shouldRevalidate: ShouldRevalidateFunction = ({ currentUrl, nextUrl, formMethod }) =>
  formMethod !== undefined || currentUrl.pathname !== nextUrl.pathname

export async function loader(args: LoaderFunctionArgs) {
  const visit = await requireActor(args, 'candidate')
  const loaded = await loadPlayerView(visit, args.params.attemptId ?? '', new URL(args.request.url).searchParams)
  return loaded instanceof Response ? loaded : json(loaded)
}

export default function Review() {
  const data = useLoaderData<typeof loader>() as AttemptData
  return <AttemptPage data={data} notice={null} show="review" />
}
