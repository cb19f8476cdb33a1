/** Titles of the interviewer's pages in the reader's language. */
import type { MetaDescriptor } from '@remix-run/react'
import type { Locale } from '../../core/shared/locale.ts'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { fill } from '../../i18n/messages.ts'

type Key = keyof (typeof interviewerMessages)['en']
type Given = { matches: ReadonlyArray<{ id: string; data?: unknown } | undefined>; data?: unknown }

/** The page's heading; `{reference}` in it is filled from the loader's data. */
export const titled =
  (key: Key) =>
  ({ matches, data }: Given): MetaDescriptor[] => {
    const root = matches.find((match) => match?.id === 'root')?.data as { preferences?: { locale?: Locale } } | undefined
    const { reference = '', title } = (data ?? {}) as { reference?: string; title?: string }
    const heading = fill(interviewerMessages[root?.preferences?.locale ?? 'en'][key], { reference }).trim()
    return [{ title: `${title ? `${title} · ` : ''}${heading} · Poise` }]
  }
