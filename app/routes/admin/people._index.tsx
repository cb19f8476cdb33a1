import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { ROLES } from '../../core/access/actor.ts'
import { PersonNameSchema } from '../../core/shared/person-name.ts'
import { parseForm, rejectedForm } from '../../forms/form.ts'
import { useActionForm } from '../../forms/use-action-form.ts'
import { requireActor } from '../../http/visit.server.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { publicMessages } from '../../i18n/areas/public.ts'
import { useMessages } from '../../i18n/messages.ts'
import { addPerson, searchPeople } from '../../services/people/people.server.ts'
import { titled } from '../../ui/admin/meta.ts'
import { Empty, Filters, PageHead, Status } from '../../ui/admin/parts.tsx'
import { RoleChecks } from '../../ui/admin/role-checks.tsx'
import { STAFF_ROLES } from '../../ui/admin/roles.ts'
import { Field } from '../../ui/primitives/field.tsx'
import { FailureNote } from '../../ui/primitives/note.tsx'
import { Scroll } from '../../ui/primitives/scroll.tsx'

export const meta = titled('people.title')

const FilterSchema = z.object({ q: z.string().max(200).catch(''), role: z.enum(ROLES).nullable().catch(null) })

const PersonSchema = z.strictObject({
  displayName: PersonNameSchema,
  email: z.string().trim().min(1, 'form.required').max(320, 'form.too_long').pipe(z.email('form.email')),
  roles: z.array(z.enum(STAFF_ROLES)).default([]),
})
/** What is typed; the boxes travel with the form. */
const TypedSchema = PersonSchema.pick({ displayName: true, email: true })

export async function loader(args: LoaderFunctionArgs) {
  const { deps, locale } = await requireActor(args, 'admin')
  const filter = FilterSchema.parse(Object.fromEntries(new URL(args.request.url).searchParams))
  return json({ filter, ...(await searchPeople(deps, filter, locale)) })
}

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt } = await requireActor(args, 'admin')
  const form = await args.request.formData()
  const submission = parseForm(form, PersonSchema)
  if (submission.status === 'rejected') return json(submission, { status: 422 })
  const added = await addPerson(deps, actor, submission.data, receivedAt)
  if (!added.ok) return json(rejectedForm(form, { fields: { email: [added.error.code] } }), { status: 409 })
  return redirect(`/admin/people/${added.value.personId}?added=1`)
}

export default function People() {
  const t = useMessages(adminMessages)
  const roleNames = useMessages(publicMessages)
  const { filter, people, found, total } = useLoaderData<typeof loader>()
  const filtered = filter.q !== '' || filter.role !== null
  return (
    <main id="main" className="room stack">
      <PageHead title={t('people.title')} />
      <div className="split side">
        <section className="panel stack">
          <Filters active={filtered} clear="/admin/people">
            <Field label={t('filter.q')} help={t('people.q.help')}>
              {(control) => (
                <input className="in" type="search" name="q" defaultValue={filter.q} key={filter.q} {...control} />
              )}
            </Field>
            <Field label={t('people.role')}>
              {(control) => (
                <select className="in" name="role" defaultValue={filter.role ?? ''} key={filter.role} {...control}>
                  <option value="">{t('filter.all')}</option>
                  {ROLES.map((role) => (
                    <option key={role} value={role}>
                      {roleNames(`role.${role}`)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </Filters>
          <p className="cap">{t('filter.count', { shown: people.length, total })}</p>
          {total === 0 ? (
            <Empty title={t('people.empty.title')}>
              <p>{t('people.empty.body')}</p>
            </Empty>
          ) : found === 0 ? (
            <p>{t('none.filtered')}</p>
          ) : (
            <Scroll label={t('people.title')}>
              <table className="tbl wide">
                <thead>
                  <tr>
                    <th scope="col">{t('table.name')}</th>
                    <th scope="col">{t('table.email')}</th>
                    <th scope="col">{t('table.roles')}</th>
                    <th scope="col">{t('table.status')}</th>
                  </tr>
                </thead>
                <tbody>
                  {people.map((person) => (
                    <tr key={person.id}>
                      <td>
                        <Link to={`/admin/people/${person.id}`}>{person.displayName}</Link>
                      </td>
                      <td>{person.email}</td>
                      <td>{person.roles.map((role) => roleNames(`role.${role}`)).join(t('word.and')) || '–'}</td>
                      <td>
                        <Status tone={person.active ? 'ok' : 'none'}>
                          {t(person.active ? 'status.active' : 'status.disabled')}
                        </Status>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )}
        </section>
        <AddPerson />
      </div>
    </main>
  )
}

function AddPerson() {
  const t = useMessages(adminMessages)
  const rejected = useActionData<typeof action>()
  const form = useActionForm({ schema: TypedSchema, defaultValues: { displayName: '', email: '' }, rejected })
  const errors = form.formState.errors
  const before = rejected?.values ?? {}
  const chosen = before['roles[]'] ?? []
  return (
    <section className="panel stack">
      <h2 className="b">{t('people.add')}</h2>
      <Form method="post" noValidate className="stack" onSubmit={form.onSubmit}>
        <FailureNote error={rejected?.formErrors[0] ? { code: rejected.formErrors[0] } : null} />
        <Field label={t('person.name')} error={errors.displayName?.message ?? rejected?.fieldErrors.displayName?.[0]}>
          {(control) => (
            <input
              className="in"
              autoComplete="off"
              defaultValue={String(before.displayName ?? '')}
              {...control}
              {...form.register('displayName')}
            />
          )}
        </Field>
        <Field
          label={t('person.email')}
          help={t('person.email.help')}
          error={errors.email?.message ?? rejected?.fieldErrors.email?.[0]}
        >
          {(control) => (
            <input
              className="in"
              type="email"
              autoComplete="off"
              defaultValue={String(before.email ?? '')}
              {...control}
              {...form.register('email')}
            />
          )}
        </Field>
        <RoleChecks chosen={Array.isArray(chosen) ? chosen : [chosen]} />
        <button className="btn pri" type="submit" disabled={form.isPending}>
          {t('person.add.submit')}
        </button>
      </Form>
    </section>
  )
}
