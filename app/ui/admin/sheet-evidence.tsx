/** A rater's sheet as it was submitted: level, the anchor chosen, and the quotations that bear it. */
import type { Competency } from '../../core/bank/vocabulary.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { vocabularyMessages } from '../../i18n/areas/vocabulary.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Status } from './parts.tsx'

export type SheetView = {
  sheetId: string
  subjectType: 'answer' | 'contact'
  subjectId: string
  rubricTitle: string
  levels: number
  rater: string
  submittedAt: string | null
  percent: number | null
  criticalFailure: boolean
  criteria: Array<{
    id: string
    title: string
    competency: Competency
    weight: number
    level: number | null
    notApplicable: boolean
    anchor: string | null
    failBelow: number | null
    evidence: Array<{ id: string; polarity: 'for' | 'against'; field: string | null; quote: string }>
    comment: string | null
  }>
}

export function SheetEvidence({ sheet, position }: { sheet: SheetView; position: number | null }) {
  const t = useMessages(adminMessages)
  const words = useMessages(vocabularyMessages)
  const formats = useFormats()
  const sameWeight = sheet.criteria.every((criterion) => criterion.weight === sheet.criteria[0]?.weight)
  return (
    <article className="sheet-evidence">
      <div className="row">
        <h3 className="b grow">
          {sheet.subjectType === 'answer'
            ? t('evidence.sheet.of_item', { n: position ?? '–', rubric: sheet.rubricTitle })
            : t('evidence.sheet.of_contact', { rubric: sheet.rubricTitle })}
        </h3>
        {sheet.criticalFailure ? <Status tone="bad">{t('evidence.sheet.critical')}</Status> : null}
        {sheet.percent === null ? null : <span className="num b">{formats.percent(sheet.percent)}</span>}
      </div>
      <p className="cap">
        {t('evidence.sheet.by', {
          rater: sheet.rater,
          at: sheet.submittedAt ? formats.dateTime(sheet.submittedAt) : '',
        })}
      </p>
      <dl className="criteria">
        {sheet.criteria.map((criterion) => {
          const failed =
            criterion.level !== null && criterion.failBelow !== null && criterion.level < criterion.failBelow
          return (
            <div key={criterion.id} className="keep">
              <dt>
                <span className="b">{criterion.title}</span>
                <span className="cap block">
                  {words(`competency.${criterion.competency}`)}
                  {sameWeight ? null : ` · ${t('evidence.sheet.weight', { weight: criterion.weight })}`}
                </span>
                {criterion.failBelow !== null ? (
                  <span className="cap block">{t('evidence.sheet.fail_below', { level: criterion.failBelow })}</span>
                ) : null}
              </dt>
              <dd>
                <p>
                  {criterion.notApplicable || criterion.level === null ? (
                    t('evidence.sheet.not_applicable')
                  ) : (
                    <>
                      <span className="b">
                        {t('evidence.sheet.level', { level: criterion.level, levels: sheet.levels })}
                      </span>
                      {failed ? (
                        <>
                          {' '}
                          <Status tone="bad">{t('evidence.sheet.critical')}</Status>
                        </>
                      ) : null}
                    </>
                  )}
                </p>
                {criterion.anchor ? <p className="anchor">{criterion.anchor}</p> : null}
                {criterion.evidence.length > 0 ? (
                  <ul className="quotes">
                    {criterion.evidence.map((entry) => (
                      <li key={entry.id}>
                        <span className="cap">{t(`evidence.sheet.${entry.polarity}`)}</span>{' '}
                        <mark className={entry.polarity === 'against' ? 'neg' : undefined}>{entry.quote}</mark>
                      </li>
                    ))}
                  </ul>
                ) : null}
                {criterion.comment ? (
                  <p className="cap">{t('evidence.sheet.comment', { text: criterion.comment })}</p>
                ) : null}
              </dd>
            </div>
          )
        })}
      </dl>
    </article>
  )
}
