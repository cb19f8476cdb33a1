/** Titles of the interviewer's pages in the reader's language. */
import type { MetaDescriptor } from '@remix-run/react'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { fill } from '../../i18n/messages.ts'
import { readerOf, type TitleArgs } from '../titled.ts'

type Key = keyof (typeof interviewerMessages)['en']

/** The page's heading; `{reference}` in it is filled from the loader's data. */
export const titled =
  (key: Key) =>
  ({ matches, data }: TitleArgs): MetaDescriptor[] => {
    const { reference = '', title } = (data ?? {}) as { reference?: string; title?: string }
    const heading = fill(interviewerMessages[readerOf(matches)][key], { reference }).trim()
    return [{ title: `${title ? `${title} · ` : ''}${heading} · Poise` }]
  }
