/** What the player asks before it does something that cannot be undone, and what it must say in between. */
import type { Progress } from '../../core/attempt/item-state.ts'
import type { PlayerPage, PlayerSection } from '../../core/attempt/player-view.ts'
import { playerSentence } from '../../i18n/areas/player-errors.ts'
import { playerMessages, type PlayerKey } from '../../i18n/areas/player.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { whyNot } from '../../player/queue-types.ts'
import { noteTakeOver } from '../../player/tab-lock.ts'
import { answerText, CopyText } from './answer-text.tsx'
import { Dialog } from './dialog.tsx'
import { KeysHelp } from './keys.tsx'
import type { StateOf } from './navigator.tsx'
import type { Live } from './use-player.ts'

export type Asking =
  | { kind: 'next'; unanswered: number }
  | { kind: 'leave'; sectionId: string; unanswered: number }
  | { kind: 'submit' }
  | { kind: 'failed'; code: string }
  | { kind: 'keys' }
  | null

export function Dialogs({
  asking,
  live,
  page,
  numberOf,
  stateOf,
  onClose,
  post,
  submit,
}: {
  asking: Asking
  live: Live
  page: PlayerPage
  numberOf(itemId: string): number
  stateOf: StateOf
  onClose(): void
  post(go: string): Promise<void>
  submit(): Promise<void>
}) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  const locale = useLocale()
  const safe = (label: string) => (
    <button type="button" className="btn touch" data-safe onClick={onClose}>
      {label}
    </button>
  )
  const act = (label: string, run: () => void) => (
    <button
      type="button"
      className="btn touch pri"
      onClick={() => {
        onClose()
        run()
      }}
    >
      {label}
    </button>
  )
  const conflict = live.queue?.conflicts[0]
  if (live.holds === false) {
    return (
      <Dialog
        title={t('takeover.tab.title')}
        actions={
          <>
            <a className="btn touch" data-safe href="/candidate">
              {t('takeover.back')}
            </a>
            {act(t('takeover.do'), () => {
              noteTakeOver(page.attemptId, page.clock.epoch)
              void post(`take-over:${page.clock.epoch}`)
            })}
          </>
        }
      >
        <p>{t('takeover.tab')}</p>
      </Dialog>
    )
  }
  const ended = live.queue?.end?.reason === 'over'
  if (live.timeIsUp || (ended && live.unreachable)) {
    const status = live.queue?.status
    const why = live.unreachable ?? (status?.kind === 'on_device' ? whyNot(status.code) : null)
    return (
      <Dialog title={t(live.timeIsUp ? 'over.title' : 'over.ended')} actions={null}>
        <p role="status">{why ? `${t(why)} ${t('over.offline')} ${t('offline.stay')}` : t('over.body')}</p>
      </Dialog>
    )
  }
  if (conflict) {
    const item = page.content[conflict.itemId]?.item ?? null
    return (
      <Dialog
        key={conflict.itemId}
        title={t('conflict.title', { n: numberOf(conflict.itemId) })}
        actions={
          <>
            <button type="button" className="btn touch" onClick={() => live.choose(conflict.itemId, 'stored')}>
              {t('conflict.use_stored')}
            </button>
            <button type="button" className="btn touch" data-safe onClick={() => live.choose(conflict.itemId, 'mine')}>
              {t('conflict.use_mine')}
            </button>
          </>
        }
      >
        <p>{t('conflict.body')}</p>
        <div className="two">
          <CopyText label={t('conflict.mine')} text={answerText(conflict.mine, item, t)} />
          <CopyText label={t('conflict.stored')} text={answerText(conflict.stored, item, t)} />
        </div>
      </Dialog>
    )
  }
  switch (asking?.kind) {
    case 'next':
      return (
        <Dialog
          title={t('next.title', { n: asking.unanswered })}
          onCancel={onClose}
          actions={
            <>
              {safe(t('next.stay'))}
              {act(t('next.do'), () => void post('next!'))}
            </>
          }
        >
          <p>{t('next.body')}</p>
        </Dialog>
      )
    case 'leave':
      return (
        <Dialog
          title={t('leave.title', { section: page.sections.find((s) => s.id === asking.sectionId)?.title ?? '' })}
          onCancel={onClose}
          actions={
            <>
              {safe(t('leave.stay'))}
              {act(t('leave.do'), () => void post(`leave:${asking.sectionId}`))}
            </>
          }
        >
          <p>
            {t('leave.body')} {asking.unanswered > 0 ? t('leave.unanswered', { n: asking.unanswered }) : null}
          </p>
        </Dialog>
      )
    case 'submit': {
      const all = page.sections.flatMap((section) => section.items)
      const told = (progress: Progress, key: PlayerKey): string[] => {
        const those = all.filter((slot) => stateOf(slot.id).progress === progress)
        return those.length > 0 ? [t(key, { n: those.length, list: listOf(those, page.sections, locale) })] : []
      }
      const missing = [...told('open', 'submit.unanswered'), ...told('part', 'submit.part')]
      const left = live.remainingMs === null ? [] : [t('submit.left', { time: formats.countdown(live.remainingMs) })]
      return (
        <Dialog
          title={t('submit.title')}
          onCancel={onClose}
          actions={
            <>
              {safe(t('submit.stay'))}
              {act(t('submit.do'), () => void submit())}
            </>
          }
        >
          <p>
            {[
              ...(missing.length > 0 ? missing : [t('review.all', { n: all.length })]),
              ...left,
              t('submit.final'),
            ].join(locale === 'en' ? ' ' : '')}
          </p>
        </Dialog>
      )
    }
    case 'failed':
      return (
        <Dialog title={t('submit.failed')} onCancel={onClose} actions={safe(t('submit.stay'))}>
          <p>
            {asking.code === 'section.minimum_time' && page.minimumUntil !== null
              ? t('leave.minimum', { time: formats.clock(page.minimumUntil) })
              : playerSentence(locale, asking.code)}
          </p>
        </Dialog>
      )
    case 'keys':
      return <KeysHelp onClose={onClose} />
    default:
      return null
  }
}

/** 11、17 or 11 and 17; with several sections each number is preceded by its section. */
export function listOf(
  open: PlayerSection['items'],
  sections: readonly PlayerSection[],
  locale: 'zh-CN' | 'en',
): string {
  const many = sections.length > 1
  const words = sections.flatMap((section) => {
    const numbers = open.filter((slot) => section.items.includes(slot)).map((slot) => String(slot.number))
    if (numbers.length === 0) return []
    const joined =
      locale === 'en'
        ? new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(numbers)
        : `第${numbers.join('、')}题`
    return [many ? (locale === 'en' ? `${section.title}: ${joined}` : `“${section.title}”${joined}`) : joined]
  })
  return words.join(locale === 'en' ? '; ' : '，')
}
