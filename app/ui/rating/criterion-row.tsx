/** A criterion that is not open, as one line: title, what is still to do or how much is quoted, and its level. */
import { OctagonX, Shield } from 'lucide-react'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useMessages } from '../../i18n/messages.ts'
import type { CriterionView, MarkView } from './view.ts'

function Scale({ level, levels }: { level: number | null; levels: number }) {
  return (
    <span className="r-scale" aria-hidden="true">
      {Array.from({ length: levels }, (_, index) => (
        <i key={index} className={level === index + 1 ? 'on' : undefined} />
      ))}
    </span>
  )
}

export function CriterionRow({
  criterion,
  subject,
  number,
  mark,
  levels,
  quotes,
  onOpen,
}: {
  criterion: CriterionView
  subject: 'answer' | 'contact'
  number: number
  mark: MarkView | null
  levels: number
  quotes: number
  onOpen(): void
}) {
  const t = useMessages(interviewerMessages)
  const rated = mark !== null && (mark.level !== null || mark.notApplicable)
  const fails =
    mark?.level !== null &&
    mark?.level !== undefined &&
    criterion.failBelow !== null &&
    mark.level < criterion.failBelow
  return (
    <a
      className="r-row"
      href={`?c=${criterion.id}#current`}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        onOpen()
      }}
    >
      <span className="k">{number}</span>
      <span className="t">
        {criterion.title}
        {criterion.failBelow !== null ? (
          <span className={`st ${fails ? 'bad' : ''}`}>
            {fails ? <OctagonX className="i s" aria-hidden="true" /> : <Shield className="i s" aria-hidden="true" />}
            {t('criterion.critical.short')}
          </span>
        ) : null}
      </span>
      <span className="st">
        {!rated
          ? t('criterion.not_rated')
          : quotes > 0
            ? t(subject === 'contact' ? 'criterion.notes' : 'criterion.quotes', { n: quotes })
            : ''}
      </span>
      <Scale level={mark?.level ?? null} levels={levels} />
      {mark?.notApplicable ? (
        <span className="lv na">{t('criterion.na')}</span>
      ) : (
        <span className={`lv ${rated ? '' : 'no'}`}>
          {rated ? <span className="vh">{t('criterion.level', { n: mark.level ?? 0 })}</span> : null}
          <span aria-hidden="true">{mark?.level ?? '–'}</span>
        </span>
      )}
    </a>
  )
}
