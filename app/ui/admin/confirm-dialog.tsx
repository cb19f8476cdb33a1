/**
 * A question before what cannot be undone. It comes from the server open, so it works without JavaScript; with it the
 * dialog is modal, and Escape leads to the safe way out.
 */
import { useNavigate } from '@remix-run/react'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useMessages } from '../../i18n/messages.ts'

export function ConfirmDialog({
  title,
  back,
  children,
  go,
}: {
  title: string
  back: string
  children: ReactNode
  go: ReactNode
}) {
  const t = useMessages(adminMessages)
  const id = useId()
  const navigate = useNavigate()
  const dialog = useRef<HTMLDialogElement>(null)
  const safe = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    const element = dialog.current
    if (!element) return
    element.close()
    element.showModal()
    safe.current?.focus()
  }, [])
  return (
    <dialog
      ref={dialog}
      open
      className="dlg"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        navigate(back, { replace: true, preventScrollReset: true })
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
      <div className="go">
        <a
          className="btn"
          href={back}
          ref={safe}
          onClick={(event) => {
            event.preventDefault()
            navigate(back, { replace: true, preventScrollReset: true })
          }}
        >
          {t('dialog.back')}
        </a>
        {go}
      </div>
    </dialog>
  )
}
