import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Form, Link, useActionData, useLoaderData, useSearchParams } from '@remix-run/react'
import { z } from 'zod'
import { LocaleSchema } from '../../core/shared/locale.ts'
import { parseForm, rejectedForm } from '../../forms/form.ts'
import { instantInZone } from '../../forms/zoned-time.ts'
import { notFound, rejected, requireActor } from '../../http/visit.server.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { useMessages } from '../../i18n/messages.ts'
import { invite, reissueInvitation } from '../../services/enrolment/invitations.server.ts'
import { personPage, setActive, setPassword, setRoles } from '../../services/people/people.server.ts'
import { ConfirmDialog } from '../../ui/admin/confirm-dialog.tsx'
import { EnrolmentList } from '../../ui/admin/enrolment-list.tsx'
import { titled } from '../../ui/admin/meta.ts'
import { CopyLink, DoneNote, PageHead, Status } from '../../ui/admin/parts.tsx'
import { InviteForm, InviteSchema, PasswordForm, PasswordSchema } from '../../ui/admin/person-forms.tsx'
import { RoleChecks } from '../../ui/admin/role-checks.tsx'
import { STAFF_ROLES } from '../../ui/admin/roles.ts'
import { FailureNote } from '../../ui/primitives/note.tsx'

export const meta = titled('people.title', (data) => (data as { displayName?: string }).displayName)

const enrolment = { enrolmentId: z.string().min(1).max(100) }
const ActionSchema = z.discriminatedUnion('intent', [
  z.strictObject({ intent: z.literal('roles'), roles: z.array(z.enum(STAFF_ROLES)).default([]) }),
  z.strictObject({ intent: z.literal('ask-disable') }),
  z.strictObject({ intent: z.literal('disable') }),
  z.strictObject({ intent: z.literal('enable') }),
  z.strictObject({ intent: z.literal('link'), ...enrolment }),
  z.strictObject({ intent: z.literal('resend'), ...enrolment, locale: LocaleSchema }),
  InviteSchema,
  PasswordSchema,
])

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, receivedAt, locale } = await requireActor(args, 'admin')
  const person = await personPage(deps, actor, args.params.personId ?? '', locale, receivedAt)
  if (!person) throw notFound()
  return json(person)
}

const done = (what: 'roles' | 'disabled' | 'enabled' | 'password' | 'invited' | 'resent') =>
  json({ status: 'done' as const, what })

export async function action(args: ActionFunctionArgs) {
  const { deps, actor, receivedAt, locale, preferences } = await requireActor(args, 'admin')
  const personId = args.params.personId ?? ''
  const form = await args.request.formData()
  const submission = parseForm(form, ActionSchema)
  if (submission.status === 'rejected') return json(submission, { status: 422 })
  const input = submission.data
  switch (input.intent) {
    case 'roles': {
      const set = await setRoles(deps, actor, personId, input.roles, receivedAt)
      return set.ok ? done('roles') : rejected(set.error)
    }
    case 'ask-disable':
      return json({ status: 'ask-disable' as const })
    case 'disable':
    case 'enable': {
      const set = await setActive(deps, actor, personId, input.intent === 'enable', receivedAt)
      return set.ok ? done(input.intent === 'enable' ? 'enabled' : 'disabled') : rejected(set.error)
    }
    case 'link':
    case 'resend': {
      const byMail = input.intent === 'resend'
      const link = await reissueInvitation(
        deps,
        actor,
        {
          enrolmentId: input.enrolmentId,
          personId,
          locale: byMail ? input.locale : locale,
          deliver: byMail ? 'by_mail' : 'by_hand',
        },
        receivedAt,
      )
      if (!link.ok) return rejected(link.error)
      return byMail ? done('resent') : json({ status: 'link' as const, ...link.value })
    }
    case 'invite': {
      const closesAt = input.closesAt === '' ? undefined : instantInZone(input.closesAt, preferences.timeZone)
      if (closesAt === null)
        return json(rejectedForm(form, { fields: { closesAt: ['enrolment.closes_past'] } }), { status: 422 })
      const invited = await invite(
        deps,
        actor,
        {
          personId,
          programmeId: input.programmeId,
          locale: input.locale,
          ...(closesAt === undefined ? {} : { closesAt }),
        },
        receivedAt,
      )
      if (invited.ok) return done('invited')
      const field = invited.error.code === 'enrolment.closes_past' ? 'closesAt' : 'programmeId'
      return json(rejectedForm(form, { fields: { [field]: [invited.error.code] } }), { status: 422 })
    }
    case 'password': {
      const set = await setPassword(deps, actor, { personId, password: input.password }, receivedAt)
      return set.ok
        ? done('password')
        : json(rejectedForm(form, { fields: { password: [set.error.code] } }), { status: 422 })
    }
  }
}

const DONE = {
  roles: 'person.roles.saved',
  disabled: 'person.disabled',
  enabled: 'person.enabled',
  password: 'person.password.saved',
  resent: 'person.link.resent',
} as const

export default function Person() {
  const t = useMessages(adminMessages)
  const person = useLoaderData<typeof loader>()
  const reply = useActionData<typeof action>()
  const [search] = useSearchParams()
  const refused = reply?.status === 'rejected' ? reply : null
  const here = `/admin/people/${person.id}`
  const isStaff = person.roles.some((role) => role !== 'candidate')
  return (
    <main id="main" className="room stack">
      <p className="cap">
        <Link to="/admin/people">{t('people.title')}</Link>
      </p>
      <PageHead title={person.displayName}>
        <span className="cap">{person.email}</span>
        <Status tone={person.active ? 'ok' : 'none'}>{t(person.active ? 'status.active' : 'status.disabled')}</Status>
      </PageHead>
      {!reply && search.get('added') === '1' ? <DoneNote>{t('person.added')}</DoneNote> : null}
      {reply?.status === 'link' ? <CopyLink name={reply.name} url={reply.url} /> : null}
      {reply?.status === 'done' ? (
        <DoneNote>
          {reply.what === 'invited'
            ? t(person.mailSends ? 'person.invite.sent' : 'person.invite.held')
            : t(DONE[reply.what])}
        </DoneNote>
      ) : null}
      {reply?.status === 'failed' ? <FailureNote error={reply.error} /> : null}
      {refused?.formErrors[0] ? <FailureNote error={{ code: refused.formErrors[0] }} /> : null}
      {reply?.status === 'ask-disable' ? (
        <ConfirmDialog
          title={t('person.disable.title', { name: person.displayName })}
          back={here}
          go={
            <Form method="post">
              <button className="btn pri" type="submit" name="intent" value="disable">
                {t('person.disable')}
              </button>
            </Form>
          }
        >
          <p>{t('person.disable.body')}</p>
        </ConfirmDialog>
      ) : null}
      <div className="split side">
        <div className="stack">
          <section className="panel stack">
            <h2 className="b">{t('person.enrolments')}</h2>
            <EnrolmentList enrolments={person.enrolments} mailSends={person.mailSends} />
          </section>
          {person.active ? (
            <InviteForm
              key={person.enrolments.length}
              programmes={person.programmes}
              rejected={refused?.values['intent'] === 'invite' ? refused : null}
            />
          ) : null}
        </div>
        <div className="stack">
          <section className="panel stack">
            <Form method="post" className="stack" key={person.roles.join()}>
              <RoleChecks chosen={person.roles} fixed={person.self ? ['admin'] : []} />
              <button className="btn" type="submit" name="intent" value="roles">
                {t('person.roles.save')}
              </button>
            </Form>
          </section>
          <section className="panel stack">
            <h2 className="b">{t('person.access')}</h2>
            {person.self ? (
              <p className="cap">
                <a href="/account">{t('person.password.self')}</a>
              </p>
            ) : (
              <>
                {isStaff ? (
                  <PasswordForm
                    hasPassword={person.hasPassword}
                    rejected={refused?.values['intent'] === 'password' ? refused : null}
                  />
                ) : null}
                <Form method="post">
                  <button className="btn" type="submit" name="intent" value={person.active ? 'ask-disable' : 'enable'}>
                    {t(person.active ? 'person.disable' : 'person.enable')}
                  </button>
                </Form>
              </>
            )}
          </section>
        </div>
      </div>
    </main>
  )
}
