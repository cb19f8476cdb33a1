/** The bar of the staff rooms. It shows the rooms that the signed-in person may enter, in every room alike. */
import { useRouteLoaderData } from '@remix-run/react'
import type { Role } from '../core/access/actor.ts'
import { staffMessages } from '../i18n/areas/staff.ts'
import { useMessages } from '../i18n/messages.ts'
import type { RootData } from './root-data.ts'
import { TopBar, type Room } from './top-bar.tsx'

type Label = keyof typeof staffMessages.en

const ROOMS: Array<{ to: string; label: Label; roles: Role[] }> = [
  { to: '/interviewer/queue', label: 'nav.rating', roles: ['interviewer'] },
  { to: '/interviewer/scenarios', label: 'nav.mock', roles: ['interviewer'] },
  { to: '/interviewer/kits', label: 'nav.kits', roles: ['interviewer'] },
  { to: '/trainer', label: 'nav.banks', roles: ['trainer'] },
  { to: '/admin/people', label: 'nav.people', roles: ['admin'] },
  { to: '/admin/live', label: 'nav.live', roles: ['admin', 'supervisor'] },
  { to: '/admin/results', label: 'nav.results', roles: ['admin'] },
  { to: '/admin/accommodations', label: 'nav.accommodations', roles: ['accommodation_officer'] },
  { to: '/admin/identity', label: 'nav.identity', roles: ['supervisor', 'admin'] },
  { to: '/admin/outbox', label: 'nav.outbox', roles: ['admin'] },
  { to: '/admin/audit', label: 'nav.audit', roles: ['admin', 'auditor'] },
]

export function StaffBar() {
  const t = useMessages(staffMessages)
  const roles = useRouteLoaderData<RootData>('root')?.roles ?? []
  const rooms: Room[] = ROOMS.filter((room) => room.roles.some((role) => roles.includes(role))).map((room) => ({
    to: room.to,
    label: t(room.label),
  }))
  return <TopBar rooms={rooms} signedIn />
}
