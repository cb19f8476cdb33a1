/** A native dialog. Focus starts on the safe button; only what cannot be undone is asked about. */
import { useEffect, useId, useRef, type ReactNode } from 'react'

export function Dialog({
  title,
  children,
  actions,
  onCancel,
}: {
  title: string
  children: ReactNode
  actions: ReactNode
  onCancel?: () => void
}) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    if (!dialog || dialog.open) return
    dialog.showModal()
    dialog.querySelector<HTMLElement>('[data-safe]')?.focus()
    return () => dialog.close()
  }, [])
  return (
    <dialog
      ref={ref}
      className="dlg"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onCancel?.()
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 id={id}>{title}</h2>
      {children}
      <div className="go">{actions}</div>
    </dialog>
  )
}
