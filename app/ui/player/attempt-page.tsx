/** An attempt's page: the player, or the question whether to continue here. */
import { useEffect, useState } from 'react'
import type { PlayerNotice, PlayerView } from '../../core/attempt/player-view.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { heldInThisBrowser, noteTakeOver } from '../../player/tab-lock.ts'
import { CandidateBar } from './candidate-bar.tsx'
import { Icon } from './icons.tsx'
import { Player } from './player.tsx'

export type AttemptData = { view: Exclude<PlayerView, { phase: 'over' }>; shortcuts: boolean }

export function AttemptPage({
  data,
  notice,
  view,
}: {
  data: AttemptData
  notice: PlayerNotice | null
  view: 'item' | 'review'
}) {
  if (data.view.phase === 'elsewhere') return <Elsewhere elsewhere={data.view.elsewhere} />
  // A page of another epoch is another page: its queue, its clock and its drafts begin anew.
  return (
    <Player
      key={`${data.view.page.attemptId}:${data.view.page.clock.epoch}`}
      page={data.view.page}
      notice={notice}
      initialView={view}
      shortcuts={data.shortcuts}
    />
  )
}

function Elsewhere({ elsewhere }: { elsewhere: Extract<PlayerView, { phase: 'elsewhere' }>['elsewhere'] }) {
  const t = useMessages(playerMessages)
  const { attemptId, clock } = elsewhere
  const [tab, setTab] = useState(false)
  useEffect(() => void heldInThisBrowser(attemptId, clock.epoch).then(setTab, () => {}), [attemptId, clock.epoch])
  return (
    <>
      <CandidateBar what={`${elsewhere.programmeTitle} / ${elsewhere.stageTitle}`} />
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
