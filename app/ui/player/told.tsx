/**
 * A statement with shape, words and colour, and the sentence of a failed action. The candidate's pages load no icon
 * library.
 */
import { useEffect, useRef, type ReactNode } from 'react'
import { errorSentence } from '../../i18n/areas/errors.ts'
import { useLocale } from '../../i18n/messages.ts'
import { Icon } from './icons.tsx'

const ICONS = { note: 'info', ok: 'circleCheck', warn: 'triangle', bad: 'octagon' } as const

export function Told({
  tone = 'note',
  children,
  role,
}: {
  tone?: keyof typeof ICONS
  children: ReactNode
  role?: 'alert' | 'status'
}) {
  return (
    <div className={`note ${tone === 'note' ? '' : tone}`} role={role}>
      <Icon name={ICONS[tone]} />
      <div>{children}</div>
    </div>
  )
}

export function Failed({
  error,
}: {
  error: { code: string; params?: Readonly<Record<string, string | number>> | undefined } | null | undefined
}) {
  const locale = useLocale()
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => ref.current?.focus(), [error])
  if (!error) return null
  return (
    <div ref={ref} tabIndex={-1}>
      <Told tone="bad" role="alert">
        {errorSentence(locale, error.code, error.params)}
      </Told>
    </div>
  )
}
