/** The player: GET shows it, POST is the plain form that works without scripts. */
import {
  defer,
  json,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node'
import { useActionData, useLoaderData, type ShouldRevalidateFunction } from '@remix-run/react'
import { requireActor } from '../../http/visit.server.ts'
import { AttemptPage, type AttemptData } from '../../ui/player/attempt-page.tsx'
import { loadPlayerView, runPlayerForm } from './player-route.server.ts'

export const meta: MetaFunction = ({ data }) => {
  const view = (data as AttemptData | undefined)?.view
  return [{ title: view ? `${view.page.stageTitle} · Poise` : 'Poise' }]
}

/** With scripts the page goes from item to item by itself; asking the server for each would need the network. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ currentUrl, nextUrl, formMethod }) =>
  formMethod !== undefined || currentUrl.pathname !== nextUrl.pathname

export async function loader(args: LoaderFunctionArgs) {
  const visit = await requireActor(args, 'candidate')
  const loaded = await loadPlayerView(visit, args.params.attemptId ?? '', new URL(args.request.url).searchParams)
  // `defer` without a promise: `json` would turn the whole form into text and back for the renderer, a quarter of the
  // page's time.
  return loaded instanceof Response ? loaded : defer(loaded)
}

export async function action(args: ActionFunctionArgs) {
  const visit = await requireActor(args, 'candidate')
  const step = await runPlayerForm(visit, args.params.attemptId ?? '', await args.request.formData())
  if ('path' in step) return redirect(step.path, step.cookie ? { headers: { 'Set-Cookie': step.cookie } } : undefined)
  return json({ notice: step.notice }, { status: step.status })
}

export default function Attempt() {
  const data = useLoaderData<typeof loader>() as AttemptData
  const acted = useActionData<typeof action>()
  return <AttemptPage data={data} notice={acted?.notice ?? null} show="item" />
}
