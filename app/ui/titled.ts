/** What a page is called in the browser's tab, in the reader's language. */
import type { MetaDescriptor } from '@remix-run/react'
import type { Locale } from '../core/shared/locale.ts'
import type { Dictionary } from '../i18n/messages.ts'

export type TitleArgs = { matches: ReadonlyArray<{ id: string; data?: unknown } | undefined>; data?: unknown }

export function readerOf(matches: TitleArgs['matches']): Locale {
  const root = matches.find((match) => match?.id === 'root')?.data as { preferences?: { locale?: Locale } } | undefined
  return root?.preferences?.locale ?? 'en'
}

/** `meta` of a page: what it is about, if its data says so, and what it is. */
export const titledBy =
  <K extends string>(dictionary: Dictionary<K>) =>
  <D = unknown>(key: K, about?: (data: D) => string | undefined) =>
  ({ matches, data }: TitleArgs): MetaDescriptor[] => {
    const subject = data === undefined || data === null ? undefined : about?.(data as D)
    return [{ title: [subject, dictionary[readerOf(matches)][key], 'Poise'].filter(Boolean).join(' · ') }]
  }
