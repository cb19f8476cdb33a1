/**
 * The item as a candidate meets it, in either language, with the player's own components. Nothing here is sent
 * anywhere.
 */
import { useState } from 'react'
import type { CandidateItem } from '../../core/bank/candidate-item.ts'
import { candidateItem } from '../../core/bank/candidate-view.ts'
import type { PolicyChoice } from '../../core/bank/editing/view.ts'
import type { Response } from '../../core/bank/response.ts'
import type { Item } from '../../core/bank/schema.ts'
import { LOCALES, type Locale } from '../../core/shared/locale.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { LanguageContext, useLocale, useMessages } from '../../i18n/messages.ts'
import { ItemView } from '../player/item-view.tsx'

const NAMES: Record<Locale, string> = { 'zh-CN': '中文', en: 'English' }

/** Half-typed items have holes that the schema would not allow; a hole is shown as nothing. */
function shownItem(item: Item, locale: Locale): CandidateItem | null {
  try {
    return candidateItem(item, locale)
  } catch {
    return null
  }
}

export function CandidatePane({ item, policies }: { item: Item | null; policies: readonly PolicyChoice[] }) {
  const t = useMessages(trainerMessages)
  const page = useLocale()
  const [locale, setLocale] = useState<Locale>(page)
  const [response, setResponse] = useState<Response | null>(null)
  const shown = item ? shownItem(item, locale) : null
  const beside =
    item?.kind === 'written_reply'
      ? item.policies.map((id) => policies.find((policy) => policy.id === id)?.title[locale] ?? id)
      : []
  return (
    <section aria-labelledby="view-title">
      <div className="ed-h">
        <h2 id="view-title">{t('view.title')}</h2>
        <span className="ed-switch" role="group" aria-label={t('view.language')}>
          {LOCALES.map((each) => (
            <button key={each} type="button" lang={each} aria-pressed={locale === each} onClick={() => setLocale(each)}>
              {NAMES[each]}
            </button>
          ))}
        </span>
      </div>
      {shown ? (
        <div className="ed-view" lang={locale}>
          <LanguageContext.Provider value={{ locale, timeZone: 'UTC' }}>
            <ItemView
              key={`${shown.id} ${shown.kind}`}
              item={{ ...shown, id: `view-${shown.id}` }}
              response={response}
              onChange={setResponse}
            />
          </LanguageContext.Provider>
        </div>
      ) : (
        <p className="ed-view cap">{t('view.none')}</p>
      )}
      {beside.length > 0 ? (
        <p className="cap ed-beside">{t('view.beside', { policies: beside.join(locale === 'en' ? ', ' : '、') })}</p>
      ) : null}
      {item && 'options' in item && item.shuffle ? <p className="cap ed-beside">{t('view.shuffled')}</p> : null}
    </section>
  )
}
