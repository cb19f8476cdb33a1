/** The release of a result: outcome and reason, then a question that names the consequence. */
import { Form } from '@remix-run/react'
import { z } from 'zod'
import type { Rejected } from '../../forms/form.ts'
import { useActionForm } from '../../forms/use-action-form.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useMessages } from '../../i18n/messages.ts'
import { Field, FieldError } from '../primitives/field.tsx'
import { FailureNote } from '../primitives/note.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'

export const REASON_MAX = 4000
export const ReleaseSchema = z.strictObject({
  intent: z.enum(['check', 'release']),
  outcome: z.enum(['passed', 'not_passed'], 'form.choose'),
  scoreNumber: z.coerce.number().int().min(1),
  reason: z.string().max(REASON_MAX, 'form.too_long').default(''),
})
const TypedSchema = z.object({
  outcome: z.enum(['passed', 'not_passed'], 'form.choose'),
  reason: z.string().max(REASON_MAX, 'form.too_long'),
})

export type Asked = { outcome: 'passed' | 'not_passed'; scoreNumber: number; reason: string; departs: boolean }

export function ReleaseForm({
  scoreNumber,
  provisional,
  name,
  here,
  rejected,
  asked,
}: {
  scoreNumber: number
  provisional: boolean
  name: string
  here: string
  rejected: Rejected | null
  asked: Asked | null
}) {
  const t = useMessages(adminMessages)
  const before = rejected?.values ?? (asked ? { outcome: asked.outcome, reason: asked.reason } : {})
  const form = useActionForm({ schema: TypedSchema, defaultValues: { reason: String(before.reason ?? '') }, rejected })
  const errors = form.formState.errors
  const outcomeError = errors.outcome?.message ?? rejected?.fieldErrors.outcome?.[0]
  return (
    <section className="panel stack noprint" id="release">
      <h2 className="b">{t('release.title')}</h2>
      <p className="cap">{t('release.body')}</p>
      <FailureNote error={rejected?.formErrors[0] ? { code: rejected.formErrors[0] } : null} />
      <Form method="post" action={`${here}#release`} noValidate className="stack" onSubmit={form.onSubmit}>
        <input type="hidden" name="scoreNumber" value={scoreNumber} />
        <fieldset className="field">
          <legend className="lab">{t('release.outcome')}</legend>
          <div className="row">
            {(['passed', 'not_passed'] as const).map((outcome) => (
              <label className="check" key={outcome}>
                <input
                  type="radio"
                  value={outcome}
                  defaultChecked={before.outcome === outcome}
                  {...form.register('outcome')}
                />
                <span>{t(`outcome.${outcome}`)}</span>
              </label>
            ))}
          </div>
          <FieldError code={outcomeError} />
        </fieldset>
        <Field
          label={t('release.reason')}
          help={t('release.reason.help')}
          error={errors.reason?.message ?? rejected?.fieldErrors.reason?.[0]}
        >
          {(control) => (
            <textarea
              className="in"
              rows={3}
              defaultValue={String(before.reason ?? '')}
              {...control}
              {...form.register('reason')}
            />
          )}
        </Field>
        <div>
          <button className="btn pri" type="submit" name="intent" value="check" disabled={form.isPending}>
            {t('release.check')}
          </button>
        </div>
      </Form>
      {asked ? (
        <ConfirmDialog
          title={t(`release.confirm.${asked.outcome}`)}
          back={here}
          go={
            <Form method="post" action={here}>
              <input type="hidden" name="outcome" value={asked.outcome} />
              <input type="hidden" name="scoreNumber" value={asked.scoreNumber} />
              <input type="hidden" name="reason" value={asked.reason} />
              <button className="btn pri" type="submit" name="intent" value="release">
                {t(`release.submit.${asked.outcome}`)}
              </button>
            </Form>
          }
        >
          <p>{t('release.confirm.body', { name })}</p>
          {asked.departs ? <p>{t('release.confirm.departs')}</p> : null}
          {provisional ? <p>{t('release.confirm.provisional')}</p> : null}
        </ConfirmDialog>
      ) : null}
    </section>
  )
}
