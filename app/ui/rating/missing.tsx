/** The list of criteria that are not complete, shown when a sheet is submitted too early. */
import { CircleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useMessages } from '../../i18n/messages.ts'
import type { SheetView } from './view.ts'

/** What keeps the sheet from being submitted, by name. */
export function Missing({
  sheet,
  onOpen,
  focus,
}: {
  sheet: SheetView
  onOpen(criterionId: string): void
  focus: boolean
}) {
  const t = useMessages(interviewerMessages)
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focus) ref.current?.focus()
  }, [focus])
  if (sheet.problems.length === 0) return null
  const titleOf = (id: string): string => sheet.rubric.criteria.find((criterion) => criterion.id === id)?.title ?? id
  return (
    <div className="note warn r-missing" ref={ref} tabIndex={-1}>
      <CircleAlert className="i" aria-hidden="true" />
      <div>
        <p className="b">{t('missing.title')}</p>
        <ul>
          {sheet.problems.map((problem) => (
            <li key={`${problem.code}:${problem.criterionId}`}>
              <a
                href={`?c=${problem.criterionId}#current`}
                onClick={(event) => {
                  event.preventDefault()
                  onOpen(problem.criterionId)
                }}
              >
                {t(
                  problem.code === 'sheet.criterion_missing' || problem.code === 'sheet.evidence_missing'
                    ? `missing.${problem.code}`
                    : 'missing.other',
                  { title: titleOf(problem.criterionId) },
                )}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
