/** Where a piece of content is used. */
import { Link } from '@remix-run/react'
import type { Use, UseType } from '../../core/bank/editing/view.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useLocale, useMessages } from '../../i18n/messages.ts'
import { Scroll } from '../primitives/scroll.tsx'

const SHELF: Record<UseType, string> = {
  blueprint: 'blueprints',
  programme: 'programmes',
  kit: 'kits',
  scenario: 'scenarios',
  item: 'items',
}

export function UseList({ uses }: { uses: readonly Use[] }) {
  const t = useMessages(trainerMessages)
  const locale = useLocale()
  if (uses.length === 0) return <p className="cap">{t('uses.none')}</p>
  return (
    <Scroll label={t('uses.title')} className="ed-table">
      <table className="tbl ed-uses">
        <thead>
          <tr>
            <th scope="col">{t('uses.type')}</th>
            <th scope="col">{t('uses.where')}</th>
            <th scope="col">{t('uses.how')}</th>
          </tr>
        </thead>
        <tbody>
          {uses.map((use) => (
            <tr key={`${use.type} ${use.id} ${use.role}`}>
              <td>{t(`uses.type.${use.type}`)}</td>
              <td>
                <Link className="ed-stem" to={`/trainer/${SHELF[use.type]}/${use.id}`}>
                  {use.title[locale].replaceAll('**', '')}
                </Link>
                <span className="cap num">{use.id}</span>
              </td>
              <td>{t(`uses.role.${use.role}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
