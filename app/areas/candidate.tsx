/** Frame of the candidate's pages. It carries no permission: every loader below checks its own actor. */
import type { LinksFunction } from '@remix-run/node'
import { Outlet } from '@remix-run/react'
import player from '../ui/styles/player.css?url'

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: player }]

export default function CandidateArea() {
  return <Outlet />
}
