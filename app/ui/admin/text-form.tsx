/** One text and a button: an answer to a request. */
import { Form } from '@remix-run/react'
import type { ReactNode } from 'react'
import { z } from 'zod'
import type { Rejected } from '../../forms/form.ts'
import { useActionForm } from '../../forms/use-action-form.ts'
import { Field } from '../primitives/field.tsx'
import { FailureNote } from '../primitives/note.tsx'

export const TEXT_MAX = 8000
export const TextSchema = z.string().trim().min(1, 'form.required').max(TEXT_MAX, 'form.too_long')
const TypedSchema = z.object({ text: TextSchema })

/** `action` leads back to the form's own place on the page, also without JavaScript. */
export function TextForm({
  action,
  label,
  help,
  submit,
  rejected,
  children,
}: {
  action: string
  label: string
  help: string
  submit: string
  rejected: Rejected | null
  children?: ReactNode
}) {
  const before = String(rejected?.values['text'] ?? '')
  const form = useActionForm({ schema: TypedSchema, defaultValues: { text: before }, rejected })
  return (
    <Form method="post" action={action} noValidate className="stack tight" onSubmit={form.onSubmit}>
      <FailureNote error={rejected?.formErrors[0] ? { code: rejected.formErrors[0] } : null} />
      {children}
      <Field
        label={label}
        help={help}
        error={form.formState.errors.text?.message ?? rejected?.fieldErrors['text']?.[0]}
      >
        {(control) => (
          <textarea className="in" rows={4} defaultValue={before} {...control} {...form.register('text')} />
        )}
      </Field>
      <div>
        <button className="btn" type="submit" disabled={form.isPending}>
          {submit}
        </button>
      </div>
    </Form>
  )
}
