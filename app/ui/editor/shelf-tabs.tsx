/** The shelves of the banks under the bar: items first, then what items rest on and go into. */
import { NavLink } from '@remix-run/react'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'

const SHELVES = ['items', 'policies', 'rubrics', 'scenarios', 'kits', 'blueprints', 'programmes'] as const
export type ShelfName = (typeof SHELVES)[number]

export function ShelfTabs({ counts }: { counts: Record<ShelfName, number> }) {
  const t = useMessages(trainerMessages)
  const formats = useFormats()
  return (
    <nav className="ed-tabs" aria-label={t('shelves.nav')}>
      {SHELVES.map((shelf) => (
        <NavLink key={shelf} to={`/trainer/${shelf}`}>
          {t(`shelf.${shelf}`)} <span className="cap num">{formats.number(counts[shelf])}</span>
        </NavLink>
      ))}
    </nav>
  )
}
