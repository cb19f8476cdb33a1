/** The head of every page about one item: number, first words, state, what can be done, and the item's own tabs. */
import { NavLink } from '@remix-run/react'
import { ArchiveX, Pencil } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ItemHeader } from '../../core/bank/editing/view.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useLocale, useMessages } from '../../i18n/messages.ts'

export function ItemHead({
  header,
  draftFrom = null,
  children,
}: {
  header: ItemHeader
  draftFrom?: number | null
  children?: ReactNode
}) {
  const t = useMessages(trainerMessages)
  const locale = useLocale()
  const base = `/trainer/items/${header.itemId}`
  return (
    <section aria-labelledby="item-title">
      <div className="ed-sub">
        <h1 className="num" id="item-title">
          {header.itemId}
        </h1>
        <span className="ed-title">{header.title[locale]}</span>
        {draftFrom === null ? (
          <span className="tag">{t('item.version', { n: header.number })}</span>
        ) : (
          <span className="tag">
            <Pencil className="i s" aria-hidden="true" />
            {t('item.draft', { next: header.number + 1, from: draftFrom })}
          </span>
        )}
        {header.status === 'retired' ? (
          <span className="tag">
            <ArchiveX className="i s" aria-hidden="true" />
            {t('item.retired')}
          </span>
        ) : null}
        <span className="grow" />
        {children}
      </div>
      <nav className="ed-tabs" aria-label={t('item.tabs')}>
        <NavLink to={base} end>
          {t('item.tab.content')}
        </NavLink>
        <NavLink to={`${base}/versions`}>
          {t('item.tab.versions')} <span className="cap num">{header.versions}</span>
        </NavLink>
        <NavLink to={`${base}/used-in`}>
          {t('item.tab.uses')} <span className="cap num">{header.uses}</span>
        </NavLink>
      </nav>
    </section>
  )
}
