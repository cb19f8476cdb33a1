import type { PlayerPage } from '../../core/attempt/player-view.ts'
import type { Response } from '../../core/bank/response.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { takenInThisBrowser } from '../../player/tab-lock.ts'
import { answerText, CopyText } from './answer-text.tsx'
import { PlayerBar } from './bar.tsx'
import type { Live } from './use-player.ts'

/** Another tab or device goes on with the attempt. What this page had not sent is here to be copied. */
export function TakenOver({
  page,
  unsent,
  numberOf,
  live,
}: {
  page: PlayerPage
  unsent: readonly { itemId: string; response: Response | null }[]
  numberOf(itemId: string): number
  live: Live
}) {
  const t = useMessages(playerMessages)
  return (
    <div className={`player ${live.ready ? 'js' : ''}`}>
      <PlayerBar page={page} live={live} keys={false} onKeys={() => {}} />
      <main className="doc narrow stack" id="main">
        <h1 className="title">
          {t(live.ready && takenInThisBrowser(page.attemptId, page.clock.epoch) ? 'taken.tab' : 'taken.title')}
        </h1>
        <p className="lede">{t(unsent.length > 0 ? 'taken.body' : 'taken.none')}</p>
        {unsent.map((one) => (
          <CopyText
            key={one.itemId}
            label={t('taken.item', { n: numberOf(one.itemId) })}
            text={answerText(one.response, page.content[one.itemId]?.item ?? null, t)}
          />
        ))}
        <p className="row">
          <a className="btn touch" href={`/candidate/attempt/${page.attemptId}?again=1`}>
            {t('taken.again')}
          </a>
          <a className="btn bare touch" href="/candidate">
            {t('takeover.back')}
          </a>
        </p>
      </main>
    </div>
  )
}
