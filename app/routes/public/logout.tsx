import { redirect, type ActionFunctionArgs } from '@remix-run/node'
import { sessionCookieName, writeCookie } from '../../http/cookies.server.ts'
import { optionalActor, visit } from '../../http/visit.server.ts'
import { signOut } from '../../services/people/accounts.server.ts'

/** Ends this session. Nobody needs to be signed in to be signed out. */
export async function action(args: ActionFunctionArgs) {
  const { deps, receivedAt } = visit(args)
  const actor = await optionalActor(args)
  if (actor) await signOut(deps, actor, receivedAt)
  const to = actor?.roles.includes('candidate') ? '/signed-out' : '/login'
  return redirect(to, { headers: { 'Set-Cookie': writeCookie(deps.config, sessionCookieName(deps.config), '', { maxAgeSeconds: 0 }) } })
}

export const loader = () => redirect('/')
