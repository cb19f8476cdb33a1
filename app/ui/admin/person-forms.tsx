/** Forms about one person: the invitation and the new password. */
import { Form } from '@remix-run/react'
import { z } from 'zod'
import { LOCALES, LocaleSchema } from '../../core/shared/locale.ts'
import type { Rejected } from '../../forms/form.ts'
import { useActionForm } from '../../forms/use-action-form.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { commonMessages } from '../../i18n/areas/common.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { Field } from '../primitives/field.tsx'

export const InviteSchema = z.strictObject({
  intent: z.literal('invite'),
  programmeId: z.string().min(1, 'form.choose').max(100),
  locale: LocaleSchema,
  /** As a browser's date field writes it, in the reader's zone; empty for the programme's own number of days. */
  closesAt: z
    .union([z.literal(''), z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'enrolment.closes_past')])
    .default(''),
})
export const PasswordSchema = z.strictObject({
  intent: z.literal('password'),
  password: z.string().min(1, 'form.required').max(4096, 'form.too_long'),
})

type FormProps = { rejected: Rejected | null }

export function InviteForm({
  programmes,
  rejected,
}: FormProps & { programmes: Array<{ id: string; title: string; windowDays: number }> }) {
  const t = useMessages(adminMessages)
  const common = useMessages(commonMessages)
  const formats = useFormats()
  const locale = useLocale()
  const form = useActionForm({
    schema: InviteSchema,
    defaultValues: { intent: 'invite', programmeId: '', locale, closesAt: '' },
    rejected,
  })
  const errors = form.formState.errors
  return (
    <section className="panel stack">
      <h2 className="b">{t('person.invite.title')}</h2>
      <Form method="post" noValidate className="stack" onSubmit={form.onSubmit}>
        <input type="hidden" value="invite" {...form.register('intent')} />
        <Field
          label={t('person.invite.programme')}
          error={errors.programmeId?.message ?? rejected?.fieldErrors.programmeId?.[0]}
        >
          {(control) => (
            <select
              className="in"
              defaultValue={String(rejected?.values['programmeId'] ?? '')}
              {...control}
              {...form.register('programmeId')}
            >
              <option value="">{t('identity.document.choose')}</option>
              {programmes.map((programme) => (
                <option key={programme.id} value={programme.id}>
                  {t('person.invite.option', { title: programme.title, days: programme.windowDays })}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div className="pair">
          <Field label={t('person.invite.locale')}>
            {(control) => (
              <select
                className="in"
                defaultValue={String(rejected?.values['locale'] ?? locale)}
                {...control}
                {...form.register('locale')}
              >
                {LOCALES.map((value) => (
                  <option key={value} value={value} lang={value}>
                    {common(`locale.${value}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field
            label={t('person.invite.closes')}
            optional
            help={t('person.invite.closes.help', { zone: formats.zone() })}
            error={errors.closesAt?.message ?? rejected?.fieldErrors.closesAt?.[0]}
          >
            {(control) => (
              <input
                className="in num"
                type="datetime-local"
                defaultValue={String(rejected?.values['closesAt'] ?? '')}
                {...control}
                {...form.register('closesAt')}
              />
            )}
          </Field>
        </div>
        <div>
          <button className="btn pri" type="submit" disabled={form.isPending}>
            {t('person.invite.submit')}
          </button>
        </div>
      </Form>
    </section>
  )
}

export function PasswordForm({ hasPassword, rejected }: FormProps & { hasPassword: boolean }) {
  const t = useMessages(adminMessages)
  const form = useActionForm({ schema: PasswordSchema, defaultValues: { intent: 'password', password: '' }, rejected })
  return (
    <Form method="post" noValidate className="stack tight" onSubmit={form.onSubmit}>
      <h3 className="b">{t('person.password.title')}</h3>
      {hasPassword ? null : <p className="cap">{t('person.password.none')}</p>}
      <input type="hidden" value="password" {...form.register('intent')} />
      <Field
        label={t('person.password.new')}
        help={t('person.password.help')}
        error={form.formState.errors.password?.message ?? rejected?.fieldErrors.password?.[0]}
      >
        {(control) => (
          <input
            className="in"
            type="password"
            autoComplete="new-password"
            {...control}
            {...form.register('password')}
          />
        )}
      </Field>
      <div>
        <button className="btn" type="submit" disabled={form.isPending}>
          {t('person.password.submit')}
        </button>
      </div>
    </Form>
  )
}
