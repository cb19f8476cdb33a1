/**
 * The rater's keys. They wait while somebody types or an input method composes, and can be switched off (WCAG 2.1.4).
 */
import { useEffect, useRef } from 'react'

export type RatingKeys = {
  level(level: number): void
  notApplicable(): void
  move(step: 1 | -1): void
  evidence(polarity: 'for' | 'against'): void
  help(): void
}

const typing = (target: EventTarget | null): boolean => {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return target.type !== 'radio' && target.type !== 'checkbox'
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
}

export function useRatingKeys(enabled: boolean, keys: RatingKeys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    if (!enabled) return
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.repeat)
        return
      if (typing(event.target) || document.querySelector('dialog[open]')) return
      const act = actFor(event.key, event.shiftKey, latest.current)
      if (!act) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [enabled])
}

function actFor(key: string, shift: boolean, keys: RatingKeys): (() => void) | null {
  if (/^[1-5]$/.test(key)) return () => keys.level(Number(key))
  switch (key.toLowerCase()) {
    case '0':
      return () => keys.notApplicable()
    case 'j':
      return () => keys.move(1)
    case 'k':
      return () => keys.move(-1)
    case 'e':
      return () => keys.evidence(shift ? 'against' : 'for')
    case '?':
      return () => keys.help()
    default:
      return null
  }
}
