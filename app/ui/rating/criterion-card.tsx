/** The open criterion: what it is, all its anchors to choose a level from, its evidence and its comment. */
import { OctagonX, Shield } from 'lucide-react'
import { useId } from 'react'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { ActForm } from './act-form.tsx'
import type { CardProps } from './criterion-card-props.ts'
import { EvidenceBox } from './evidence-box.tsx'

export function CriterionCard(props: CardProps) {
  const { sheet, criterion, number, mark, frozen, scripted, heading, onMark } = props
  const t = useMessages(interviewerMessages)
  const headingId = useId()
  const chosen = mark?.notApplicable ? 'na' : (mark?.level ?? null)
  const fails = typeof chosen === 'number' && criterion.failBelow !== null && chosen < criterion.failBelow
  const choose = (value: number | 'na') =>
    scripted ? { checked: chosen === value, onChange: () => onMark(value) } : { defaultChecked: chosen === value }
  return (
    <div className="r-current" id="current">
      <header>
        <span className="k">{number}</span>
        <h2 id={headingId} ref={heading} tabIndex={-1}>
          {criterion.title}
        </h2>
        <span className="cap">
          {criterion.sameWeight ? t('criterion.weight.same') : t('criterion.weight', { n: criterion.weight })}
          {criterion.evidenceRequired ? ` · ${t('criterion.evidence_required')}` : ''}
        </span>
      </header>
      {criterion.failBelow !== null ? (
        <p className={`r-critical st ${fails ? 'bad' : ''}`}>
          {fails ? <OctagonX className="i s" aria-hidden="true" /> : <Shield className="i s" aria-hidden="true" />}
          {fails ? t('criterion.fails') : t('criterion.critical', { n: criterion.failBelow })}
        </p>
      ) : null}
      <ActForm sheet={sheet} criterionId={criterion.id} intent="mark" role="radiogroup" labelledBy={headingId}>
        {criterion.anchors
          .map((anchor, index) => ({ anchor, level: index + 1 }))
          .reverse()
          .map(({ anchor, level }) => (
            <label className="r-anchor" key={level}>
              <input type="radio" name="level" value={level} disabled={frozen} {...choose(level)} />
              <span className="d">{level}</span>
              <span>{anchor}</span>
            </label>
          ))}
        {criterion.notApplicable ? (
          <label className="r-anchor">
            <input type="radio" name="level" value="na" disabled={frozen} {...choose('na')} />
            <span className="d" aria-hidden="true">
              –
            </span>
            <span className="mid">
              {t('criterion.na')} <span className="cap">{t('criterion.na.help')}</span>
            </span>
          </label>
        ) : null}
        {scripted || frozen ? null : (
          <p className="r-plain">
            <button className="btn dense" type="submit">
              {t('criterion.save_level')}
            </button>
          </p>
        )}
      </ActForm>
      <EvidenceBox {...props} />
    </div>
  )
}
