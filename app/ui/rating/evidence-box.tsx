/** What supports the level of the open criterion: its evidence, the ways to add more, and the comment. */
import { Trash2 } from 'lucide-react'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { ActForm } from './act-form.tsx'
import { SelectHint, TypedEvidence } from './add-evidence.tsx'
import type { CardProps } from './criterion-card-props.ts'
import { Comment } from './criterion-comment.tsx'
import { signOf } from './segments.ts'

export function EvidenceBox({
  sheet,
  subject,
  criterion,
  acts,
  frozen,
  scripted,
  shortcuts,
  selected,
  typed,
  onQuote,
}: CardProps) {
  const t = useMessages(interviewerMessages)
  const formats = useFormats()
  const own = sheet.evidence.filter((entry) => entry.criterionId === criterion.id)
  const going = new Set(
    acts.waiting.filter((act) => act.fields.intent === 'drop_evidence').map((act) => act.fields.evidenceId),
  )
  const comment = sheet.comments.find((entry) => entry.criterionId === criterion.id)?.text ?? ''
  return (
    <div className="r-evidence">
      <h3 className="vh">{t('evidence.title')}</h3>
      {own.length > 0 ? (
        <ul>
          {own.map((entry, index) => (
            <li key={entry.id} className={going.has(entry.id) ? 'going' : undefined}>
              <span className={`sg ${entry.polarity === 'for' ? 'pos' : 'neg'}`}>
                <span aria-hidden="true">{signOf(entry, index + 1)}</span>
                <span className="vh">{t(`evidence.mark.${entry.polarity}`, { n: index + 1 })}</span>
              </span>
              <span className="cap num">
                {entry.playedMs !== undefined
                  ? formats.countdown(entry.playedMs)
                  : entry.field
                    ? t(`field.${entry.field}` as 'field.text')
                    : ''}
              </span>
              <q>{entry.quote}</q>
              {frozen ? null : (
                <ActForm
                  sheet={sheet}
                  criterionId={criterion.id}
                  intent="drop_evidence"
                  onSubmit={(event) => {
                    event.preventDefault()
                    acts.push(`drop:${entry.id}`, {
                      intent: 'drop_evidence',
                      criterionId: criterion.id,
                      evidenceId: entry.id,
                    })
                  }}
                >
                  <input type="hidden" name="evidenceId" value={entry.id} />
                  <button
                    className="r-drop"
                    type="submit"
                    aria-label={t('evidence.remove.of', { quote: entry.quote.slice(0, 40) })}
                    title={t('evidence.remove')}
                  >
                    <Trash2 className="i s" aria-hidden="true" />
                  </button>
                </ActForm>
              )}
            </li>
          ))}
        </ul>
      ) : null}
      {frozen ? null : subject === 'contact' ? (
        <TypedEvidence {...{ sheet, criterion, acts, scripted, typed }} note />
      ) : scripted ? (
        <>
          <SelectHint {...{ shortcuts, selected, onQuote }} />
          <details className="r-typed">
            <summary>{t('evidence.type_instead')}</summary>
            <TypedEvidence {...{ sheet, criterion, acts, scripted, typed }} />
          </details>
        </>
      ) : (
        <TypedEvidence {...{ sheet, criterion, acts, scripted, typed }} />
      )}
      {frozen ? (
        comment ? (
          <div className="r-comment">
            <p className="cap">{t('comment.label')}</p>
            <p>{comment}</p>
          </div>
        ) : null
      ) : (
        <Comment
          key={criterion.id}
          {...{ sheet, criterion, acts, scripted }}
          text={typed?.intent === 'comment' ? typed.text : comment}
        />
      )}
    </div>
  )
}
