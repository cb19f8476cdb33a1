import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { publicMessages } from '../../i18n/areas/public.ts'
import { useMessages } from '../../i18n/messages.ts'
import { sessionCookieName, writeCookie } from '../../http/cookies.server.ts'
import { parseForm, rejectedForm } from '../../forms/form.ts'
import { homeOf } from '../../http/home.ts'
import { optionalActor, visit } from '../../http/visit.server.ts'
import { safePath } from '../../http/safe-path.ts'
import { useActionForm } from '../../forms/use-action-form.ts'
import { signIn } from '../../services/people/accounts.server.ts'
import { Field } from '../../ui/primitives/field.tsx'
import { FailureNote } from '../../ui/primitives/note.tsx'
import { TopBar } from '../../ui/top-bar.tsx'
import { titledBy } from '../../ui/titled.ts'

export const meta = titledBy(publicMessages)('login.title')

const LoginSchema = z.strictObject({
  email: z.string().trim().min(1, 'form.required').max(320, 'form.too_long'),
  password: z.string().min(1, 'form.required').max(4096, 'form.too_long'),
  next: z.string().max(512).optional(),
})

export async function loader(args: LoaderFunctionArgs) {
  const actor = await optionalActor(args)
  if (actor && !actor.roles.includes('candidate')) return redirect(homeOf(actor))
  return json({ next: safePath(new URL(args.request.url).searchParams.get('next'), ''), demo: visit(args).deps.config.mode === 'demo' })
}

export async function action(args: ActionFunctionArgs) {
  const { deps, receivedAt } = visit(args)
  const form = await args.request.formData()
  const submission = parseForm(form, LoginSchema)
  if (submission.status === 'rejected') return json(submission, { status: 422 })
  const result = await signIn(deps, { ...submission.data, client: args.context.clientAddress }, receivedAt)
  if (!result.ok) return json(rejectedForm(form, { form: [result.error.code] }), { status: result.error.code === 'auth.too_many' ? 429 : 422 })
  return redirect(safePath(submission.data.next, '/'), {
    headers: { 'Set-Cookie': writeCookie(deps.config, sessionCookieName(deps.config), result.value.token) },
  })
}

export default function Login() {
  const t = useMessages(publicMessages)
  const { next, demo } = useLoaderData<typeof loader>()
  const rejected = useActionData<typeof action>()
  const form = useActionForm({ schema: LoginSchema, defaultValues: { email: '', password: '', next }, rejected })
  const errors = form.formState.errors
  return (
    <>
      <TopBar />
      <main id="main" className="doc narrow stack">
        <h1 className="title">{t('login.title')}</h1>
        <p className="cap">{t('login.lede')}</p>
        <Form method="post" noValidate className="stack" onSubmit={form.onSubmit}>
          <FailureNote error={rejected?.formErrors[0] ? { code: rejected.formErrors[0] } : null} />
          <input type="hidden" {...form.register('next')} />
          <Field label={t('login.email')} error={errors.email?.message ?? rejected?.fieldErrors.email?.[0]}>
            {(control) => <input className="in" type="email" autoComplete="username" {...control} {...form.register('email')} />}
          </Field>
          <Field label={t('login.password')} error={errors.password?.message ?? rejected?.fieldErrors.password?.[0]}>
            {(control) => <input className="in" type="password" autoComplete="current-password" {...control} {...form.register('password')} />}
          </Field>
          <button className="btn pri touch" type="submit" disabled={form.isPending}>
            {t('login.submit')}
          </button>
        </Form>
        {demo ? <p className="cap">{t('login.demo')}</p> : null}
      </main>
    </>
  )
}
