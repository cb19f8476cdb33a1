/** An attempt that is open in another tab or on another device: whether to continue it here. */
import { json, redirectDocument, type LoaderFunctionArgs } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { useEffect, useState } from 'react'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { orThrow, requireActor } from '../../lib/http.server.ts'
import { heldInThisBrowser, noteTakeOver } from '../../lib/player/tab-lock.ts'
import { readPlayer } from '../../services/player.server.ts'
import { CandidateBar } from '../../ui/player/candidate-bar.tsx'
import { Icon } from '../../ui/player/icons.tsx'
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
  const t = useMessages(playerMessages)
  const { attemptId, clock, programmeTitle, stageTitle } = useLoaderData<typeof loader>()
  const [tab, setTab] = useState(false)
  useEffect(() => void heldInThisBrowser(attemptId, clock.epoch).then(setTab, () => {}), [attemptId, clock.epoch])
  return (
    <>
      <CandidateBar what={`${programmeTitle} / ${stageTitle}`} />
      <main id="main" className="doc narrow stack">
        <h1 className="title">
          <Icon name="devices" /> {t(tab ? 'takeover.tab.title' : 'takeover.title')}
        </h1>
        <p className="lede">{t(tab ? 'takeover.tab' : 'takeover.body')}</p>
        <form
          method="post"
          action={`/candidate/attempt/${attemptId}`}
          className="row"
          onSubmit={() => tab && noteTakeOver(attemptId, clock.epoch)}
        >
          <input type="hidden" name="epoch" value={clock.epoch} />
          <button className="btn touch pri" type="submit" name="go" value={`take-over:${clock.epoch}`}>
            {t('takeover.do')}
          </button>
          <a className="btn bare touch" href="/candidate">
            {t('takeover.back')}
          </a>
        </form>
      </main>
    </>
  )
}
