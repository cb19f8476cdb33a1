/**
 * Action data that survives a revalidation of the same page: the router drops it whenever the loaders run again by
 * themselves.
 */
import { useActionData, useLocation } from '@remix-run/react'
import { useRef } from 'react'

export function useKeptActionData<Action>(): ReturnType<typeof useActionData<Action>> {
  const data = useActionData<Action>()
  const { key } = useLocation()
  const kept = useRef<{ key: string; data: typeof data }>()
  if (data !== undefined) kept.current = { key, data }
  return data ?? (kept.current?.key === key ? kept.current.data : undefined)
}
