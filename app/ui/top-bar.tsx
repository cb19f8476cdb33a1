/** The 52 px bar of every staff room and public page. */
import { NavLink } from '@remix-run/react'
import type { ReactNode } from 'react'
import { commonMessages } from '../i18n/areas/common.ts'
import { useMessages } from '../i18n/messages.ts'
import { Brand } from './brand.tsx'
import { LanguageSwitch } from './language-switch.tsx'

export type Room = { to: string; label: string }

export function TopBar({
  rooms = [],
  signedIn = false,
  children,
}: {
  rooms?: Room[]
  signedIn?: boolean
  children?: ReactNode
}) {
  const t = useMessages(commonMessages)
  return (
    <header className="bar">
      <Brand />
      {rooms.length > 0 ? (
        <nav className="rooms" aria-label={t('nav.rooms')}>
          {rooms.map((room) => (
            <NavLink key={room.to} to={room.to}>
              {room.label}
            </NavLink>
          ))}
        </nav>
      ) : null}
      <span className="grow" />
      {children}
      <LanguageSwitch />
      {signedIn ? (
        <>
          <a className="btn bare dense" href="/account">
            {t('nav.account')}
          </a>
          <form method="post" action="/logout">
            <button className="btn bare dense" type="submit">
              {t('nav.sign_out')}
            </button>
          </form>
        </>
      ) : null}
    </header>
  )
}
