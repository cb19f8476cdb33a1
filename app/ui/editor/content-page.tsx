/** A policy, rubric, scenario, kit, blueprint or programme as a document, in either language, with what uses it. */
import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import type { Use } from '../../core/bank/editing/view.ts'
import type { Blueprint, Kit, Policy, Programme, Rubric, Scenario } from '../../core/bank/schema.ts'
import { LOCALES, type Locale, type LocalizedText } from '../../core/shared/locale.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { BlueprintDocument, ProgrammeDocument } from './assessment-documents.tsx'
import { DocumentContext } from './document.tsx'
import { KitDocument, PolicyDocument, RubricDocument, ScenarioDocument } from './documents.tsx'
import type { OtherShelf } from './shelf-table.tsx'
import { UseList } from './use-list.tsx'

type Typed =
  | { type: 'policy'; body: Policy }
  | { type: 'rubric'; body: Rubric }
  | { type: 'scenario'; body: Scenario }
  | { type: 'kit'; body: Kit }
  | { type: 'blueprint'; body: Blueprint }
  | { type: 'programme'; body: Programme }
export type ContentData = {
  shelf: OtherShelf
  shown: Locale
  content: Typed & {
    id: string
    number: number
    bank: { id: string; title: LocalizedText }
    status: 'active' | 'retired'
    uses: Use[]
    names: Record<string, LocalizedText>
  }
}
const NAMES: Record<Locale, string> = { 'zh-CN': '中文', en: 'English' }

function documentOf(content: Typed): ReactNode {
  switch (content.type) {
    case 'policy':
      return <PolicyDocument policy={content.body} />
    case 'rubric':
      return <RubricDocument rubric={content.body} />
    case 'scenario':
      return <ScenarioDocument scenario={content.body} />
    case 'kit':
      return <KitDocument kit={content.body} />
    case 'blueprint':
      return <BlueprintDocument blueprint={content.body} />
    case 'programme':
      return <ProgrammeDocument programme={content.body} />
  }
}

export function ContentPage({ shelf, shown, content }: ContentData) {
  const t = useMessages(trainerMessages)
  return (
    <main id="main" className="ed-doc" tabIndex={-1}>
      <header className="ed-doc-head">
        <div>
          <h1 className="title" lang={shown}>
            {content.body.title[shown]}
          </h1>
          <p className="cap">
            <span className="num">{content.id}</span> ·{' '}
            {content.bank.id === 'shared' ? t('doc.shared') : <span lang={shown}>{content.bank.title[shown]}</span>} ·{' '}
            {t('doc.version', { n: content.number })}
            {content.status === 'retired' ? ` · ${t('items.status.retired')}` : ''}
          </p>
        </div>
        <nav className="ed-switch" aria-label={t('doc.language')}>
          {LOCALES.map((locale) => (
            <Link
              key={locale}
              to={`/trainer/${shelf}/${content.id}?lang=${locale}`}
              lang={locale}
              aria-current={locale === shown ? 'true' : undefined}
              preventScrollReset
              replace
            >
              {NAMES[locale]}
            </Link>
          ))}
        </nav>
      </header>
      <DocumentContext.Provider value={{ locale: shown, names: content.names }}>
        {documentOf(content)}
      </DocumentContext.Provider>
      {content.type === 'programme' ? null : (
        <section aria-labelledby="uses-title" className="ed-doc-part">
          <h2 id="uses-title">
            {t('uses.title')} <span className="cap num">{content.uses.length}</span>
          </h2>
          <UseList uses={content.uses} />
        </section>
      )}
      <p className="cap">{t('shelf.read_only')}</p>
    </main>
  )
}
