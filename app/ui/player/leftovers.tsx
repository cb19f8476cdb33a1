/** Text that was still in this browser when the attempt ended. It goes to staff, who decide whether it counts. */
import { useRevalidator } from '@remix-run/react'
import { useEffect, useState } from 'react'
import { candidateMessages } from '../../i18n/areas/candidate.ts'
import { useMessages } from '../../i18n/messages.ts'
import { browserRecords, countDrafts, sealedDrafts } from '../../player/draft-store.ts'
import { browserScheduler } from '../../player/queue-clock.ts'
import { createSaveQueue } from '../../player/save-queue.ts'
import { httpTransport } from '../../player/transport.ts'
import { signOut, wantsToSignOut } from './sign-out.ts'
import { Told } from './told.tsx'

export function Leftovers({
  attemptId,
  epoch,
  revisions,
}: {
  attemptId: string
  epoch: number
  revisions: Readonly<Record<string, number>>
}) {
  const t = useMessages(candidateMessages)
  const [found, setFound] = useState<{ n: number; state: 'sending' | 'done' | 'failed' } | null>(null)
  useEffect(() => {
    let gone = false
    const send = async (): Promise<void> => {
      const records = browserRecords()
      const n = await countDrafts(records, attemptId)
      if (gone) return
      if (n === 0) {
        if (wantsToSignOut()) signOut()
        return
      }
      setFound({ n, state: 'sending' })
      const transport = httpTransport(attemptId)
      const key = await transport.draftKey()
      const queue = createSaveQueue({
        attemptId,
        epoch,
        transport,
        drafts: null,
        scheduler: browserScheduler,
        initial: Object.fromEntries(
          Object.entries(revisions).map(([id, revision]) => [id, { revision, response: null, flagged: false }]),
        ),
        clock: null,
        lastSavedAt: null,
        onChange: () => {},
      })
      if (key) {
        await queue.restore(await sealedDrafts(records, key, attemptId))
        await queue.flush()
        await queue.settled()
      }
      queue.stop()
      if (gone) return
      if (queue.isClean && wantsToSignOut()) return signOut()
      setFound({ n, state: queue.isClean ? 'done' : 'failed' })
    }
    void send().catch(() => {})
    return () => {
      gone = true
    }
  }, [attemptId, epoch, revisions])
  if (!found) return null
  return (
    <Told tone="warn" role="status">
      {found.state === 'sending'
        ? t('receipt.leftover', { n: found.n })
        : t(found.state === 'done' ? 'receipt.leftover.done' : 'receipt.leftover.failed')}
    </Told>
  )
}

const SOON_MS = 2_000

/** The closing is written within seconds; the page looks again until it is. */
export function ReloadSoon() {
  const { revalidate } = useRevalidator()
  useEffect(() => {
    const timer = setInterval(revalidate, SOON_MS)
    return () => clearInterval(timer)
  }, [revalidate])
  return null
}
