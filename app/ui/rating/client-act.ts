/**
 * An act that does not reach the server must not end the page: it is answered as "not reached", and the page keeps it.
 */
import type { ClientActionFunctionArgs, ShouldRevalidateFunction } from '@remix-run/react'
import { isNotNow, UNREACHED } from './use-sheet-acts.ts'

export async function keepTryingAct({ request, serverAction }: ClientActionFunctionArgs): Promise<unknown> {
  const n = (await request.clone().formData()).get('n')
  try {
    return await serverAction()
  } catch (error) {
    // A redirect, or a page that is not there any more.
    if (error instanceof Response || n === null) throw error
    return { status: 'failed', n, error: { code: UNREACHED } }
  }
}

/** After an act that could not be done now there is nothing new to read, and asking would end the page. */
export const unlessUnreached: ShouldRevalidateFunction = ({ actionResult, defaultShouldRevalidate }) => {
  const reply = actionResult as { status?: string; error?: { code?: string } } | undefined
  return reply?.status === 'failed' && isNotNow(reply.error?.code) ? false : defaultShouldRevalidate
}
