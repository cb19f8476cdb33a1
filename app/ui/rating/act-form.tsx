/** The form that every act on a criterion is sent with. */
import { Form } from '@remix-run/react'
import type { ReactNode } from 'react'
import type { SheetView } from './view.ts'

/** A plain form for one act; the reply without scripts is a redirect back to the open criterion. */
export function ActForm({
  sheet,
  criterionId,
  intent,
  children,
  onSubmit,
  className,
  role,
  labelledBy,
}: {
  sheet: SheetView
  criterionId: string
  intent: string
  children: ReactNode
  onSubmit?: (event: React.FormEvent<HTMLFormElement>) => void
  className?: string
  role?: string
  labelledBy?: string
}) {
  return (
    <Form method="post" onSubmit={onSubmit} className={className} preventScrollReset>
      <input type="hidden" name="intent" value={intent} />
      <input type="hidden" name="criterionId" value={criterionId} />
      <input type="hidden" name="attemptId" value={sheet.attemptId} />
      <input type="hidden" name="subjectHash" value={sheet.subjectHash} />
      {role ? (
        <div role={role} aria-labelledby={labelledBy}>
          {children}
        </div>
      ) : (
        children
      )}
    </Form>
  )
}
