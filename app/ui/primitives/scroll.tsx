/** A box of its own for what is wider than a phone. It can be reached and scrolled by keyboard. */
import type { ReactNode } from 'react'

export function Scroll({
  label,
  children,
  className = '',
}: {
  label: string
  children: ReactNode
  className?: string
}) {
  return (
    <div className={`scroll ${className}`} role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  )
}
