import type { PlayerPage } from '../../core/attempt/player-view.ts'

/** The time of the section that is open had run out when the page was made. */
export const isOver = (page: PlayerPage): boolean =>
  page.clock.sectionDeadlineAt !== null && page.clock.serverTime >= page.clock.sectionDeadlineAt

/** May the item be written in now: it is shown, and the time of its section has not run out. */
export const isEditable = (page: PlayerPage, itemId: string, sectionOver: boolean): boolean =>
  itemId in page.content &&
  !(
    sectionOver &&
    page.sections.some((section) => section.state === 'current' && section.items.some((slot) => slot.id === itemId))
  )
