/** The sections of a test, each with its items, times and order. */
import type { StagePage } from '../../../core/attempt/stage-view.ts'
import { candidateMessages } from '../../../i18n/areas/candidate.ts'
import { useFormats, useMessages } from '../../../i18n/messages.ts'

export function Sections({ page }: { page: StagePage }) {
  const t = useMessages(candidateMessages)
  const formats = useFormats()
  return (
    <ul className="sections-list" aria-label={t('before.sections', { n: page.sections.length })}>
      {page.sections.map((section) => (
        <li key={section.id}>
          <span className="b">{section.title}</span>
          <span className="cap">
            {[
              t('before.section.count', { n: section.count }),
              section.limitMs === null ? null : t('before.section.limit', { time: formats.duration(section.limitMs) }),
              section.minimumMs > 0 ? t('before.section.minimum', { time: formats.duration(section.minimumMs) }) : null,
              t(section.forwardOnly ? 'before.section.forward' : 'before.section.free'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  )
}
