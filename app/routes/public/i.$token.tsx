/** An invitation. Looking changes nothing; going in is a POST. */
import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { publicMessages } from '../../i18n/areas/public.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { sessionCookieName, writeCookie } from '../../http/cookies.server.ts'
import { orThrow, rejected, visit } from '../../http/visit.server.ts'
import { readInvitation, useInvitation as enterByInvitation } from '../../services/enrolment/invitations.server.ts'
import { FailureNote } from '../../ui/primitives/note.tsx'
import { TopBar } from '../../ui/top-bar.tsx'
import { titledBy } from '../../ui/titled.ts'

export const meta = titledBy(publicMessages)('invitation.title')

export async function loader(args: LoaderFunctionArgs) {
  const { deps, receivedAt } = visit(args)
  const found = orThrow(await readInvitation(deps, { token: args.params.token ?? '', client: args.context.clientAddress }, receivedAt))
  return json({ displayName: found.displayName, programmeTitle: found.programmeTitle, closesAt: found.closesAt?.toISOString() ?? null, inUseElsewhere: found.inUseElsewhere })
}

export async function action(args: ActionFunctionArgs) {
  const { deps, receivedAt } = visit(args)
  const takeOver = (await args.request.formData()).get('takeOver') === 'yes'
  const used = await enterByInvitation(deps, { token: args.params.token ?? '', client: args.context.clientAddress, takeOver }, receivedAt)
  if (!used.ok) return rejected(used.error)
  return redirect('/candidate', { headers: { 'Set-Cookie': writeCookie(deps.config, sessionCookieName(deps.config), used.value.sessionToken) } })
}

export default function Invitation() {
  const t = useMessages(publicMessages)
  const formats = useFormats()
  const locale = useLocale()
  const invitation = useLoaderData<typeof loader>()
  const failed = useActionData<typeof action>()
  const inUse = invitation.inUseElsewhere
  return (
    <>
      <TopBar />
      <main id="main" className="doc narrow stack">
        <h1 className="title">{t('invitation.hello', { name: invitation.displayName })}</h1>
        <p className="lede">
          {invitation.closesAt === null
            ? t('invitation.body.endless', { programme: invitation.programmeTitle[locale] })
            : t('invitation.body', { programme: invitation.programmeTitle[locale], closes: formats.dateTime(invitation.closesAt), zone: formats.zone(invitation.closesAt) })}
        </p>
        <FailureNote error={failed?.error} />
        {inUse ? (
          <div className="note warn">
            <span />
            <div>
              <p className="b">{t('invitation.in_use.title')}</p>
              <p>{t('invitation.in_use.body')}</p>
            </div>
          </div>
        ) : null}
        <Form method="post">
          {inUse ? <input type="hidden" name="takeOver" value="yes" /> : null}
          <button className="btn pri touch" type="submit">
            {t(inUse ? 'invitation.take_over' : 'invitation.enter')}
          </button>
        </Form>
        <p className="cap">{t('invitation.not_you', { name: invitation.displayName })}</p>
      </main>
    </>
  )
}
