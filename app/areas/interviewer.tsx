/** Frame of the interviewer's room. It carries no permission: every loader below checks its own actor. */
import type { LinksFunction } from '@remix-run/node'
import { Outlet } from '@remix-run/react'
import { StaffBar } from '../ui/staff-bar.tsx'
import styles from '../ui/styles/rating.css?url'

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: styles }]

export default function InterviewerArea() {
  return (
    <>
      <StaffBar />
      <Outlet />
    </>
  )
}
