import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { publicMessages } from '../../i18n/areas/public.ts'
import { useMessages } from '../../i18n/messages.ts'
import { sessionCookieName, writeCookie } from '../../http/cookies.server.ts'
import { parseForm, rejectedForm } from '../../forms/form.ts'
import { homeOf } from '../../http/home.ts'
import { requireActor } from '../../http/visit.server.ts'
import { useActionForm } from '../../forms/use-action-form.ts'
import { changePassword, signOutEverywhere } from '../../services/people/accounts.server.ts'
import { readPerson } from '../../services/people/people.server.ts'
import { Field } from '../../ui/primitives/field.tsx'
import { FailureNote } from '../../ui/primitives/note.tsx'
import { TopBar } from '../../ui/top-bar.tsx'
import { commonMessages } from '../../i18n/areas/common.ts'
import { titledBy } from '../../ui/titled.ts'

export const meta = titledBy(publicMessages)('account.title')

const STAFF = ['admin', 'trainer', 'interviewer', 'accommodation_officer', 'auditor', 'supervisor'] as const

const PasswordSchema = z.strictObject({
  intent: z.literal('password'),
  current: z.string().min(1, 'form.required').max(4096, 'form.too_long'),
  next: z.string().min(1, 'form.required').max(4096, 'form.too_long'),
})

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor } = await requireActor(args, ...STAFF)
  const person = await readPerson(deps, actor.personId)
  return json({ displayName: person?.displayName ?? '', email: person?.email ?? '', roles: actor.roles, home: homeOf(actor) })
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt } = await requireActor(args, ...STAFF)
  const form = await args.request.formData()
  const signedOut = { headers: { 'Set-Cookie': writeCookie(deps.config, sessionCookieName(deps.config), '', { maxAgeSeconds: 0 }) } }
  if (form.get('intent') === 'sign-out-everywhere') {
    await signOutEverywhere(deps, actor, receivedAt)
    return redirect('/login', signedOut)
  }
  const submission = parseForm(form, PasswordSchema)
  if (submission.status === 'rejected') return json(submission, { status: 422 })
  const changed = await changePassword(deps, actor, submission.data, receivedAt)
  if (!changed.ok) {
    const field = changed.error.code === 'auth.wrong' ? 'current' : 'next'
    return json(rejectedForm(form, { fields: { [field]: [changed.error.code] } }), { status: 422 })
  }
  return redirect('/login', signedOut)
}

export default function Account() {
  const t = useMessages(publicMessages)
  const common = useMessages(commonMessages)
  const { displayName, email, roles, home } = useLoaderData<typeof loader>()
  const rejected = useActionData<typeof action>()
  const form = useActionForm({ schema: PasswordSchema, defaultValues: { intent: 'password', current: '', next: '' }, rejected })
  const errors = form.formState.errors
  return (
    <>
      <TopBar signedIn rooms={[{ to: home, label: common('nav.home') }]} />
      <main id="main" className="doc narrow stack">
        <h1 className="title">{t('account.title')}</h1>
        <dl className="facts">
          <dt>{t('account.signed_in_as')}</dt>
          <dd>
            {displayName} <span className="cap">{email}</span>
          </dd>
          <dt>{t('account.roles')}</dt>
          <dd>{roles.map((role) => t(`role.${role}`)).join(' · ')}</dd>
        </dl>
        <hr className="rule" />
        <h2 className="b">{t('account.password.title')}</h2>
        <Form method="post" noValidate className="stack" onSubmit={form.onSubmit}>
          <FailureNote error={rejected?.formErrors[0] ? { code: rejected.formErrors[0] } : null} />
          <input type="hidden" {...form.register('intent')} />
          <Field label={t('account.password.current')} error={errors.current?.message ?? rejected?.fieldErrors.current?.[0]}>
            {(control) => <input className="in" type="password" autoComplete="current-password" {...control} {...form.register('current')} />}
          </Field>
          <Field label={t('account.password.next')} help={t('account.password.help')} error={errors.next?.message ?? rejected?.fieldErrors.next?.[0]}>
            {(control) => <input className="in" type="password" autoComplete="new-password" {...control} {...form.register('next')} />}
          </Field>
          <button className="btn pri" type="submit" disabled={form.isPending}>
            {t('account.password.submit')}
          </button>
        </Form>
        <hr className="rule" />
        <h2 className="b">{t('account.everywhere.title')}</h2>
        <p className="cap">{t('account.everywhere.body')}</p>
        <Form method="post">
          <button className="btn" type="submit" name="intent" value="sign-out-everywhere">
            {t('account.everywhere.submit')}
          </button>
        </Form>
      </main>
    </>
  )
}
