/** The officer's decision on one request. */
import { Form } from '@remix-run/react'
import { z } from 'zod'
import type { Rejected } from '../../forms/form.ts'
import { useActionForm } from '../../forms/use-action-form.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useMessages } from '../../i18n/messages.ts'
import { Field, FieldError } from '../primitives/field.tsx'
import { FailureNote } from '../primitives/note.tsx'

/** A number as a person types it: half-width or full-width digits, a comma or a point. */
const figure = (min: number, max: number, decimals: boolean) =>
  z
    .string()
    .trim()
    .max(10, 'form.number')
    .transform((text) => text.normalize('NFKC').replace(',', '.'))
    .refine(
      (text) =>
        (decimals ? /^\d{1,3}(\.\d{1,2})?$/ : /^\d{1,3}$/).test(text) && Number(text) >= min && Number(text) <= max,
      'form.number',
    )
    .transform(Number)

const typed = {
  decision: z.enum(['granted', 'declined'], 'form.choose'),
  factor: figure(1, 10, true),
  extraMinutes: figure(0, 600, false),
  breakMinutes: figure(0, 240, false),
  answer: z.string().trim().max(4000, 'form.too_long').default(''),
}
export const DecisionSchema = z.strictObject({
  accommodationId: z.string().min(1).max(100),
  ...typed,
  unlimited: z.literal('yes').optional(),
  former: z.iso.datetime().optional(),
})
const TypedSchema = z.object(typed)

/** The decision that is to be changed. */
export type Former = {
  status: string
  factor: number
  extraMinutes: number
  breakMinutes: number
  unlimited: boolean
  answer: string | null
  decidedAt: string
}

const typedBefore = (former: Former | null): Record<string, string> => ({
  decision: former?.status ?? '',
  factor: String(former?.factor ?? 1),
  extraMinutes: String(former?.extraMinutes ?? 0),
  breakMinutes: String(former?.breakMinutes ?? 0),
  answer: former?.answer ?? '',
  unlimited: former?.unlimited ? 'yes' : '',
})

export function AccommodationForm({
  id,
  rejected,
  former,
}: {
  id: string
  rejected: Rejected | null
  former: Former | null
}) {
  const t = useMessages(adminMessages)
  // A form that was sent has its own values, also for what was left open.
  const before = (
    rejected ? { ...typedBefore(null), decision: '', ...rejected.values } : typedBefore(former)
  ) as Record<'decision' | 'factor' | 'extraMinutes' | 'breakMinutes' | 'answer' | 'unlimited', string>
  const { factor, extraMinutes, breakMinutes, answer } = before
  const decision = before.decision === 'granted' || before.decision === 'declined' ? before.decision : undefined
  const form = useActionForm({
    schema: TypedSchema,
    defaultValues: { factor, extraMinutes, breakMinutes, answer, ...(decision ? { decision } : {}) },
    rejected,
  })
  const errors = form.formState.errors
  const unit = <span className="cap">{t('accommodations.minutes')}</span>
  return (
    <Form method="post" action={`/admin/accommodations#${id}`} noValidate className="stack" onSubmit={form.onSubmit}>
      <FailureNote error={rejected?.formErrors[0] ? { code: rejected.formErrors[0] } : null} />
      <input type="hidden" name="accommodationId" value={id} />
      {former ? <input type="hidden" name="former" value={former.decidedAt} /> : null}
      <fieldset className="field">
        <legend className="lab">{t('accommodations.decision')}</legend>
        <div className="row">
          {(['granted', 'declined'] as const).map((one) => (
            <label className="check" key={one}>
              <input type="radio" value={one} defaultChecked={decision === one} {...form.register('decision')} />
              <span>{t(one === 'granted' ? 'accommodations.grant' : 'accommodations.decline')}</span>
            </label>
          ))}
        </div>
        <FieldError code={errors.decision?.message ?? rejected?.fieldErrors['decision']?.[0]} />
      </fieldset>
      <div className="trio">
        <Field
          label={t('accommodations.factor')}
          help={t('accommodations.factor.help')}
          error={errors.factor?.message ?? rejected?.fieldErrors['factor']?.[0]}
        >
          {(control) => (
            <input
              className="in num"
              inputMode="decimal"
              defaultValue={before.factor}
              {...control}
              {...form.register('factor')}
            />
          )}
        </Field>
        <Field
          label={t('accommodations.extra')}
          aside={unit}
          error={errors.extraMinutes?.message ?? rejected?.fieldErrors['extraMinutes']?.[0]}
        >
          {(control) => (
            <input
              className="in num"
              inputMode="numeric"
              defaultValue={before.extraMinutes}
              {...control}
              {...form.register('extraMinutes')}
            />
          )}
        </Field>
        <Field
          label={t('accommodations.breaks')}
          aside={unit}
          help={t('accommodations.breaks.help')}
          error={errors.breakMinutes?.message ?? rejected?.fieldErrors['breakMinutes']?.[0]}
        >
          {(control) => (
            <input
              className="in num"
              inputMode="numeric"
              defaultValue={before.breakMinutes}
              {...control}
              {...form.register('breakMinutes')}
            />
          )}
        </Field>
      </div>
      <label className="check">
        <input type="checkbox" name="unlimited" value="yes" defaultChecked={before.unlimited === 'yes'} />
        <span>{t('accommodations.unlimited')}</span>
      </label>
      <Field
        label={t('accommodations.answer')}
        help={t('accommodations.answer.help')}
        error={errors.answer?.message ?? rejected?.fieldErrors['answer']?.[0]}
      >
        {(control) => (
          <textarea className="in" rows={3} defaultValue={before.answer} {...control} {...form.register('answer')} />
        )}
      </Field>
      <div>
        <button className="btn" type="submit" disabled={form.isPending}>
          {t(former ? 'accommodations.correct' : 'accommodations.submit')}
        </button>
      </div>
    </Form>
  )
}
