/**
 * What staff may do to one or many running attempts. One act at a time, chosen first; the fields that it needs follow.
 * Works as a plain form: without JavaScript all fields show and the server says which is missing.
 */
import { Form } from '@remix-run/react'
import { useEffect, useState } from 'react'
import type { Rejected } from '../../forms/form.ts'
import { useActionForm } from '../../forms/use-action-form.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { errorSentence } from '../../i18n/areas/errors.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { Field, FieldError } from '../primitives/field.tsx'
import { FailureNote } from '../primitives/note.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { Status } from './parts.tsx'
import { ACTS, TypedActSchema, type Act } from './room-act.ts'

export type Outcome = {
  attemptId: string
  name: string
  error: { code: string; params?: Record<string, string | number> } | null
  remainingMs: number | null
}

export function RoomActForm({
  id,
  requestId,
  attemptId,
  selected,
  rejected,
}: {
  id: string
  requestId: string
  attemptId?: string
  selected?: number | null
  rejected: Rejected | null
}) {
  const t = useMessages(adminMessages)
  const before = rejected?.values ?? {}
  const form = useActionForm({
    schema: TypedActSchema,
    defaultValues: {
      act: (before['act'] as Act | undefined) ?? 'grant',
      minutes: String(before['minutes'] ?? ''),
      text: String(before['text'] ?? ''),
    },
    rejected,
  })
  const errors = form.formState.errors
  const act = form.watch('act')
  // Until a script runs the choice may change without us: the button then names none.
  const [scripted, setScripted] = useState(false)
  useEffect(() => setScripted(true), [])
  const nobody = rejected?.fieldErrors['attempts']?.[0]
  return (
    <section className="panel stack act-form noprint" data-act={act}>
      <h2 className="b">
        {attemptId ? t('act.title_one') : t('act.title')}
        {typeof selected === 'number' ? <span className="cap"> {t('act.selected', { n: selected })}</span> : null}
      </h2>
      <FailureNote
        error={nobody ? { code: nobody } : rejected?.formErrors[0] ? { code: rejected.formErrors[0] } : null}
      />
      <Form method="post" id={id} noValidate className="stack" onSubmit={form.onSubmit} preventScrollReset>
        <input type="hidden" name="intent" value="act" />
        <input type="hidden" name="requestId" value={requestId} />
        {attemptId ? <input type="hidden" name="attempts" value={attemptId} /> : null}
        <fieldset className="field">
          <legend className="vh">{t('act.what')}</legend>
          <div className="checks">
            {ACTS.map((value) => (
              <label className="check" key={value}>
                <input
                  type="radio"
                  value={value}
                  defaultChecked={(before['act'] ?? 'grant') === value}
                  {...form.register('act')}
                />
                <span>{t(`act.${value}`)}</span>
              </label>
            ))}
          </div>
          <FieldError code={errors.act?.message ?? rejected?.fieldErrors['act']?.[0]} />
        </fieldset>
        <div className="for-grant">
          <Field
            label={t('act.minutes')}
            aside={<span className="cap">{t('act.minutes.unit')}</span>}
            error={errors.minutes?.message ?? rejected?.fieldErrors['minutes']?.[0]}
          >
            {(control) => (
              <input
                className="in num"
                inputMode="numeric"
                defaultValue={String(before['minutes'] ?? '')}
                {...control}
                {...form.register('minutes')}
              />
            )}
          </Field>
        </div>
        <div className="for-text">
          <Field
            label={t('act.text')}
            help={t('act.text.help')}
            error={errors.text?.message ?? rejected?.fieldErrors['text']?.[0]}
          >
            {(control) => (
              <textarea
                className="in"
                rows={2}
                defaultValue={String(before['text'] ?? '')}
                {...control}
                {...form.register('text')}
              />
            )}
          </Field>
        </div>
        <p className="cap for-close">{t('act.close.help')}</p>
        <div>
          <button className="btn pri" type="submit" disabled={form.isPending}>
            {t(scripted ? `act.${act}` : 'act.submit')}
          </button>
        </div>
      </Form>
    </section>
  )
}

/** What an act has done, person by person, and the question about those who have time left. */
export function ActOutcomes({
  act,
  text,
  outcomes,
  requestId,
  back,
}: {
  act: Act
  text: string
  outcomes: readonly Outcome[]
  requestId: string
  back: string
}) {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  const locale = useLocale()
  const left = act === 'close' ? outcomes.filter((outcome) => outcome.error?.code === 'attempt.has_time_left') : []
  return (
    <section className="panel stack" role="status">
      <h2 className="b">{t('act.results')}</h2>
      <ul className="reasons">
        {outcomes.map((outcome) => (
          <li key={outcome.attemptId}>
            <span className="b">{outcome.name || outcome.attemptId}</span>{' '}
            <Status tone={outcome.error ? 'warn' : 'ok'}>
              {outcome.error ? errorSentence(locale, outcome.error.code, outcome.error.params) : t(`act.done.${act}`)}
            </Status>
          </li>
        ))}
      </ul>
      {left.length > 0 ? (
        <ConfirmDialog
          title={t('act.close_left.title', { n: left.length })}
          back={back}
          go={
            <button className="btn pri" type="submit" form="close-left">
              {t('act.close_left.submit')}
            </button>
          }
        >
          <p>{t('act.close_left.body')}</p>
          <Form method="post" id="close-left" className="stack tight" preventScrollReset>
            <input type="hidden" name="intent" value="act" />
            <input type="hidden" name="act" value="close" />
            <input type="hidden" name="text" value={text} />
            <input type="hidden" name="requestId" value={requestId} />
            {left.map((outcome) => (
              <label className="check" key={outcome.attemptId}>
                <input type="checkbox" name="confirmed" value={outcome.attemptId} defaultChecked={left.length === 1} />
                <span>
                  {t('act.close_left.row', {
                    name: outcome.name,
                    left: outcome.remainingMs === null ? t('live.no_limit') : formats.countdown(outcome.remainingMs),
                  })}
                </span>
              </label>
            ))}
          </Form>
        </ConfirmDialog>
      ) : null}
    </section>
  )
}
