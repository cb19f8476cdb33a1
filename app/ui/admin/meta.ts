/** Titles of the admin's pages in the reader's language. */
import type { MetaDescriptor } from '@remix-run/react'
import { adminMessages, type AdminKey } from '../../i18n/areas/admin.ts'
import type { Locale } from '../../core/shared/locale.ts'

type Matches = ReadonlyArray<{ id: string; data?: unknown } | undefined>

export const titled =
  (key: AdminKey, name?: (data: unknown) => string | undefined) =>
  ({ matches, data }: { matches: Matches; data?: unknown }): MetaDescriptor[] => {
    const root = matches.find((match) => match?.id === 'root')?.data as { preferences?: { locale?: Locale } } | undefined
    const title = adminMessages[root?.preferences?.locale ?? 'en'][key]
    const of = data === undefined || data === null ? undefined : name?.(data)
    return [{ title: of ? `${of} · ${title} · Poise` : `${title} · Poise` }]
  }
