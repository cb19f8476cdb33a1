/** The player, as the attempt's own page and as its page before submitting. */
import type { PlayerNotice, PlayerView } from '../../core/attempt/player-view.ts'
import { Player } from './player.tsx'

export type AttemptData = { view: Extract<PlayerView, { phase: 'play' }>; shortcuts: boolean }

export function AttemptPage({
  data: { view, shortcuts },
  notice,
  show,
}: {
  data: AttemptData
  notice: PlayerNotice | null
  show: 'item' | 'review'
}) {
  // A page of another epoch is another page: its queue, its clock and its drafts begin anew.
  return (
    <Player
      key={`${view.page.attemptId}:${view.page.clock.epoch}`}
      page={view.page}
      notice={notice}
      initialView={show}
      shortcuts={shortcuts}
    />
  )
}
