import { json, type LoaderFunctionArgs } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { requireActor } from '../../http/visit.server.ts'
import { adminMessages, type AdminKey } from '../../i18n/areas/admin.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { waitingFor } from '../../services/invigilation/waiting.server.ts'
import { titled } from '../../ui/admin/meta.ts'
import { Note } from '../../ui/primitives/note.tsx'

export const meta = titled('home.title')

export async function loader(args: LoaderFunctionArgs) {
  const { deps, actor, receivedAt } = await requireActor(
    args,
    'admin',
    'supervisor',
    'accommodation_officer',
    'auditor',
  )
  return json(await waitingFor(deps, actor, receivedAt))
}

export default function AdminHome() {
  const t = useMessages(adminMessages)
  const formats = useFormats()
  const waiting = useLoaderData<typeof loader>()
  const { clockAlarm } = waiting
  const all: Array<{ key: AdminKey; help: AdminKey; n: number | null; to: string }> = [
    { key: 'home.ready', help: 'home.ready.help', n: waiting.ready, to: '/admin/results?state=ready' },
    { key: 'home.requests', help: 'home.requests.help', n: waiting.requests, to: '/admin/requests' },
    { key: 'home.late', help: 'home.late.help', n: waiting.lateTexts, to: '/admin/live' },
    {
      key: 'home.accommodations',
      help: 'home.accommodations.help',
      n: waiting.accommodations,
      to: '/admin/accommodations',
    },
    { key: 'home.identity', help: 'home.identity.help', n: waiting.identity, to: '/admin/identity' },
    { key: 'home.mails', help: 'home.mails.help', n: waiting.mails, to: '/admin/outbox' },
    { key: 'home.running', help: 'home.running.help', n: waiting.running, to: '/admin/live' },
  ]
  const rows = all.filter((row) => row.n !== null)
  const quiet = rows.every((row) => row.n === 0 || row.key === 'home.running')
  return (
    <main id="main" className="room stack waiting-room">
      <h1 className="title">{t('home.title')}</h1>
      {clockAlarm ? (
        <Note tone="warn">
          <p className="b">
            {t('clock.title', {
              step: formats.duration(Math.abs(clockAlarm.stepMs)),
              at: formats.dateTime(clockAlarm.raisedAt),
            })}
          </p>
          <p>{t('clock.body')}</p>
          <p>
            <Link to="/admin/live">{t('clock.link')}</Link>
          </p>
        </Note>
      ) : null}
      {quiet ? <p className="lede">{t('home.nothing')}</p> : null}
      <ul className="panel waiting">
        {rows.map((row) => (
          <li key={row.key} className={row.n === 0 ? 'zero' : undefined}>
            <Link to={row.to}>
              <span className="num count">{formats.number(row.n ?? 0)}</span>
              <span>
                <span className="b block">{t(row.key)}</span>
                <span className="cap">{t(row.help)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </main>
  )
}
