/**
 * Shortcuts: they can be switched off, wait while somebody types or an input method composes, and are shown where they
 * act.
 */
import { useEffect, useRef, type RefObject } from 'react'
import type { CandidateItem } from '../../core/bank/candidate-item.ts'
import { commonMessages } from '../../i18n/areas/common.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { useKind } from '../kinds/registry.ts'
import { Dialog } from './dialog.tsx'

type Acts = { next(): void; back(): void; flag(): unknown; help(): void }

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !['radio', 'checkbox', 'button', 'submit'].includes(target.type)))

export function useShortcuts(on: boolean, sheet: RefObject<HTMLElement | null>, acts: Acts): void {
  const latest = useRef(acts)
  latest.current = acts
  useEffect(() => {
    if (!on) return
    const press = (event: KeyboardEvent): void => {
      // 229: an input method has the key, also where `isComposing` comes a moment too late.
      if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return
      if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
        event.preventDefault()
        return latest.current.next()
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1]
      if (digit) {
        const focused = event.target instanceof Element ? event.target.closest('[data-item]') : null
        const input = (focused ?? sheet.current)?.querySelector<HTMLInputElement>(
          event.shiftKey ? `[data-worst="${digit}"]` : `[data-key="${digit}"]`,
        )
        if (!input) return
        event.preventDefault()
        input.click()
        input.focus()
        return
      }
      if (event.key === '?') latest.current.help()
      else if (event.key.toLowerCase() === 'f' && !event.shiftKey) latest.current.flag()
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [on, sheet])
}

/** The keys that act on this item, in the margin of the work. */
export function KeysLine({
  item,
  keys,
  onKeys,
  onHelp,
}: {
  item: CandidateItem
  keys: boolean
  onKeys(on: boolean): void
  onHelp(): void
}) {
  const t = useMessages(playerMessages)
  const kind = useKind(item.kind)
  const n = kind?.digits?.(item) ?? 0
  const both = kind?.worst && n > 0
  const toggle = (on: boolean): void => {
    document.cookie = `keys=${on ? 'on' : 'off'}; Path=/; SameSite=Lax; Max-Age=31536000`
    onKeys(on)
  }
  if (!keys) {
    return (
      <p className="keys">
        <button type="button" className="link" onClick={() => toggle(true)}>
          {t('keys.on')}
        </button>
      </p>
    )
  }
  return (
    <p className="keys">
      {n > 0 ? (
        <span>
          <kbd>1</kbd>–<kbd>{n}</kbd>
          {t(both ? 'kind.sjt.best' : 'keys.choose')}
        </span>
      ) : null}
      {both ? (
        <span>
          <kbd>Shift</kbd>
          <kbd>1</kbd>–<kbd>{n}</kbd>
          {t('kind.sjt.worst')}
        </span>
      ) : null}
      <span>
        <kbd>F</kbd>
        {t('keys.flag')}
      </span>
      <span>
        <kbd>Ctrl</kbd>
        <kbd>Enter</kbd>
        {t('keys.next')}
      </span>
      <span>
        <kbd>?</kbd>
        <button type="button" className="link" onClick={onHelp}>
          {t('keys.help')}
        </button>
      </span>
      <button type="button" className="link" onClick={() => toggle(false)}>
        {t('keys.off')}
      </button>
    </p>
  )
}

export function KeysHelp({ onClose }: { onClose(): void }) {
  const t = useMessages(playerMessages)
  const common = useMessages(commonMessages)
  const rows = [
    [['1', '9'], 'keys.row.choose'],
    [['Shift', '1', '9'], 'keys.row.worst'],
    [['F'], 'keys.row.flag'],
    [['Ctrl', 'Enter'], 'keys.row.next'],
    [['?'], 'keys.row.help'],
  ] as const
  return (
    <Dialog
      title={t('keys.title')}
      onCancel={onClose}
      actions={
        <button type="button" className="btn touch" data-safe onClick={onClose}>
          {common('action.close')}
        </button>
      }
    >
      <p>{t('keys.body')}</p>
      <dl className="keylist">
        {rows.map(([combination, meaning]) => (
          <div key={meaning}>
            <dt>
              {combination.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(meaning)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
