/** A statement that must be seen: shape, words and colour together. */
import { AlertOctagon, CheckCircle2, Info, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { errorSentence } from '../../i18n/areas/errors.ts'
import { useLocale } from '../../i18n/messages.ts'

const ICONS = { note: Info, ok: CheckCircle2, warn: TriangleAlert, bad: AlertOctagon } as const

export function Note({
  tone = 'note',
  children,
  focus = false,
}: {
  tone?: keyof typeof ICONS
  children: ReactNode
  focus?: boolean
}) {
  const Icon = ICONS[tone]
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focus) ref.current?.focus()
  }, [focus])
  return (
    <div
      className={`note ${tone === 'note' ? '' : tone}`}
      role={tone === 'bad' ? 'alert' : undefined}
      ref={ref}
      tabIndex={focus ? -1 : undefined}
    >
      <Icon className="i" aria-hidden="true" />
      <div>{children}</div>
    </div>
  )
}

/** The sentence of a failed action, focused so that it is read first. */
export function FailureNote({
  error,
}: {
  error: { code: string; params?: Readonly<Record<string, string | number>> } | null | undefined
}) {
  const locale = useLocale()
  if (!error) return null
  return (
    <Note tone="bad" focus>
      {errorSentence(locale, error.code, error.params)}
    </Note>
  )
}
