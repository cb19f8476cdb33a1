/** Confirming one person's identity, with what was agreed to be noted, or with nothing noted at all. */
import { Form } from '@remix-run/react'
import { z } from 'zod'
import type { Rejected } from '../../forms/form.ts'
import { useActionForm } from '../../forms/use-action-form.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useMessages } from '../../i18n/messages.ts'
import { Field } from '../primitives/field.tsx'
import { FailureNote } from '../primitives/note.tsx'

export const DOCUMENTS = ['id_card', 'passport', 'residence_permit', 'driving_licence', 'work_pass'] as const
const typed = {
  documentType: z.enum(DOCUMENTS, 'form.choose'),
  lastCharacters: z
    .string()
    .trim()
    .transform((text) => text.normalize('NFKC'))
    .refine((text) => /^[0-9A-Za-z]{2,6}$/.test(text), 'identity.characters_needed'),
}
const enrolment = { enrolmentId: z.string().min(1).max(100) }
export const IdentitySchema = z.discriminatedUnion('intent', [
  z.strictObject({ intent: z.literal('noted'), ...enrolment, ...typed }),
  z.strictObject({ intent: z.literal('in_person'), ...enrolment }),
])
const TypedSchema = z.object(typed)

export function IdentityForm({
  enrolmentId,
  consented,
  rejected,
}: {
  enrolmentId: string
  consented: boolean
  rejected: Rejected | null
}) {
  const t = useMessages(adminMessages)
  const before = rejected?.values ?? {}
  const form = useActionForm({
    schema: TypedSchema,
    defaultValues: { lastCharacters: String(before['lastCharacters'] ?? '') },
    rejected,
  })
  const errors = form.formState.errors
  return (
    <div className="stack">
      <FailureNote error={rejected?.formErrors[0] ? { code: rejected.formErrors[0] } : null} />
      {consented ? (
        <Form
          method="post"
          action={`/admin/identity#${enrolmentId}`}
          noValidate
          className="filters"
          onSubmit={form.onSubmit}
        >
          <input type="hidden" name="intent" value="noted" />
          <input type="hidden" name="enrolmentId" value={enrolmentId} />
          <Field
            label={t('identity.document')}
            error={errors.documentType?.message ?? rejected?.fieldErrors['documentType']?.[0]}
          >
            {(control) => (
              <select
                className="in"
                defaultValue={String(before['documentType'] ?? '')}
                {...control}
                {...form.register('documentType')}
              >
                <option value="">{t('identity.document.choose')}</option>
                {DOCUMENTS.map((type) => (
                  <option key={type} value={type}>
                    {t(`identity.document.${type}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field
            label={t('identity.characters')}
            help={t('identity.characters.help')}
            error={errors.lastCharacters?.message ?? rejected?.fieldErrors['lastCharacters']?.[0]}
          >
            {(control) => (
              <input
                className="in num"
                autoComplete="off"
                maxLength={6}
                defaultValue={String(before['lastCharacters'] ?? '')}
                {...control}
                {...form.register('lastCharacters')}
              />
            )}
          </Field>
          <button className="btn" type="submit" disabled={form.isPending}>
            {t('identity.submit')}
          </button>
        </Form>
      ) : null}
      <Form method="post" action={`/admin/identity#${enrolmentId}`}>
        <input type="hidden" name="enrolmentId" value={enrolmentId} />
        <button className="btn" type="submit" name="intent" value="in_person">
          {t('identity.in_person')}
        </button>
      </Form>
    </div>
  )
}
