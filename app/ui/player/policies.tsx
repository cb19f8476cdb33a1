/** Policy articles: those at hand for a reply, and the search where an item allows it. */
import { useState } from 'react'
import type { PlayerPage, PolicyView } from '../../core/attempt/player-view.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Icon } from './icons.tsx'
import { RichText } from './rich-text.tsx'

export function PolicyArticle({ policy, open = false }: { policy: PolicyView; open?: boolean }) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  return (
    <details className="policy" open={open || undefined}>
      <summary>
        <span className="b">{policy.title}</span>
        <span className="cap"> {policy.summary}</span>
      </summary>
      <div className="policy-in">
        <p className="cap">
          {t('policy.revision', { n: policy.revision, date: formats.date(`${policy.effectiveFrom}T12:00:00Z`) })}
        </p>
        {policy.clauses.map((clause) => (
          <section key={clause.id}>
            <h3>
              <span className="num">{clause.id}</span> {clause.title}
            </h3>
            <RichText text={clause.text} className="prose" />
          </section>
        ))}
        {policy.background.map((entry, index) => (
          <section key={index} className="background">
            <p className="cap">{t('policy.background', { date: entry.asOf })}</p>
            <RichText text={entry.text} className="prose" />
          </section>
        ))}
      </div>
    </details>
  )
}

export function PoliciesBeside({ policies }: { policies: PolicyView[] }) {
  const t = useMessages(playerMessages)
  if (policies.length === 0) return null
  return (
    <section className="beside" aria-label={t('policy.beside')}>
      <h2>{t('policy.beside')}</h2>
      {policies.map((policy) => (
        <PolicyArticle key={policy.id} policy={policy} />
      ))}
    </section>
  )
}

type Search = { query: string; results: PolicyView[] }

/**
 * Without scripts the button posts the form, which saves first; with scripts the list comes without leaving the page.
 */
export function PolicySearch({
  attemptId,
  initial,
  ready,
}: {
  attemptId: string
  initial: PlayerPage['search']
  ready: boolean
}) {
  const t = useMessages(playerMessages)
  const [query, setQuery] = useState(initial?.query ?? '')
  const [found, setFound] = useState<Search | null>(initial)
  const [failed, setFailed] = useState(false)
  const search = async (): Promise<void> => {
    const wanted = query.trim()
    if (wanted === '') return setFound(null)
    try {
      const response = await fetch(`/resources/policies?${new URLSearchParams({ attempt: attemptId, q: wanted })}`, {
        headers: { accept: 'application/json' },
      })
      if (!response.ok) throw new Error(String(response.status))
      setFound({ query: wanted, results: ((await response.json()) as { results: PolicyView[] }).results })
      setFailed(false)
    } catch {
      setFailed(true)
    }
  }
  return (
    <section className="search" aria-label={t('policy.search')}>
      <h2>{t('policy.search')}</h2>
      <p className="cap" id="policy-help">
        {t('policy.search.help')}
      </p>
      <div className="search-row">
        <input
          className="in"
          type="search"
          name="q"
          value={query}
          maxLength={120}
          aria-label={t('policy.search.label')}
          aria-describedby="policy-help"
          autoComplete="off"
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing || !ready) return
            event.preventDefault()
            void search()
          }}
        />
        <button
          className="btn"
          type="submit"
          name="go"
          value="search"
          onClick={(event) => {
            if (!ready) return
            event.preventDefault()
            void search()
          }}
        >
          <Icon name="search" small />
          {t('policy.search.run')}
        </button>
      </div>
      <div role="status">
        {failed ? (
          <p className="cap">{t('policy.failed')}</p>
        ) : found ? (
          <p className="cap">
            {found.results.length === 0
              ? t('policy.none', { query: found.query })
              : t('policy.results', { n: found.results.length, query: found.query })}
          </p>
        ) : null}
      </div>
      {(found?.results ?? []).map((policy) => (
        <PolicyArticle key={policy.id} policy={policy} open={found?.results.length === 1} />
      ))}
    </section>
  )
}
