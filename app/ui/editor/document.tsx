/** The parts that documents of content are set from. */
import { Link } from '@remix-run/react'
import { createContext, useContext, type ReactNode } from 'react'
import type { Locale, LocalizedText } from '../../core/shared/locale.ts'
import { RichText } from '../player/rich-text.tsx'

/** The language of the content, which may be another than the page's, and the titles of what it names. */
export const DocumentContext = createContext<{ locale: Locale; names: Readonly<Record<string, LocalizedText>> }>({
  locale: 'en',
  names: {},
})

export function Say({ text }: { text: LocalizedText }) {
  const { locale } = useContext(DocumentContext)
  return <span lang={locale}>{text[locale]}</span>
}

export function Prose({ text }: { text: LocalizedText }) {
  const { locale } = useContext(DocumentContext)
  return (
    <div lang={locale}>
      <RichText text={text[locale]} className="prose" />
    </div>
  )
}

export function SayList({ texts }: { texts: readonly LocalizedText[] }) {
  const { locale } = useContext(DocumentContext)
  return (
    <ul className="ed-list" lang={locale}>
      {texts.map((text, index) => (
        <li key={index}>{text[locale]}</li>
      ))}
    </ul>
  )
}

/** Content named by its id, by its title where it is known. */
export function Named({ shelf, id }: { shelf: string; id: string }) {
  const { locale, names } = useContext(DocumentContext)
  const title = names[id]?.[locale]
  return (
    <Link to={`/trainer/${shelf}/${id}`} lang={title ? locale : undefined}>
      {title?.replaceAll('**', '') ?? id}
    </Link>
  )
}

export function Part({ title, help, children }: { title: ReactNode; help?: string; children: ReactNode }) {
  return (
    <section className="ed-doc-part">
      <h2>{title}</h2>
      {help ? <p className="cap">{help}</p> : null}
      {children}
    </section>
  )
}

/** Facts as a list of terms; those without a value are left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts ed-facts">
      {facts.map(([term, value]) =>
        value === null || value === '' ? null : (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
