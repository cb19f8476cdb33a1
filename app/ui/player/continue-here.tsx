/** Asks whether an attempt that is open in another tab or on another device is to be continued here. */
import { useEffect, useState } from 'react'
import type { PlayerView } from '../../core/attempt/player-view.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { heldInThisBrowser, noteTakeOver } from '../../player/tab-lock.ts'
import { CandidateBar } from './candidate-bar.tsx'
import { Icon } from './icons.tsx'

type Elsewhere = Extract<PlayerView, { phase: 'elsewhere' }>['elsewhere']

export function ContinueHere({ elsewhere }: { elsewhere: Elsewhere }) {
  const t = useMessages(playerMessages)
  const { attemptId, clock, programmeTitle, stageTitle } = elsewhere
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
