/** The rater's comment on one criterion. */
import { useEffect, useRef } from 'react'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { Field } from '../primitives/field.tsx'
import { ActForm } from './act-form.tsx'
import type { CardProps } from './criterion-card-props.ts'

/** Saved when the box is left, or by its button without scripts. */
export function Comment({
  sheet,
  criterion,
  acts,
  scripted,
  text,
}: Pick<CardProps, 'sheet' | 'criterion' | 'acts' | 'scripted'> & { text: string }) {
  const t = useMessages(interviewerMessages)
  const saved = useRef(text)
  const box = useRef<HTMLTextAreaElement>(null)
  const { push } = acts
  const save = () => {
    const value = box.current?.value.trim() ?? ''
    if (value === saved.current) return
    saved.current = value
    push(`comment:${criterion.id}`, { intent: 'comment', criterionId: criterion.id, text: value })
  }
  const latest = useRef(save)
  latest.current = save
  // The card closes when another criterion is opened by key; what stands in the box goes along.
  useEffect(() => {
    const kept = box.current
    return () => {
      const value = kept?.value.trim() ?? ''
      if (kept && value !== saved.current)
        push(`comment:${criterion.id}`, { intent: 'comment', criterionId: criterion.id, text: value })
    }
  }, [criterion.id, push])
  return (
    <ActForm
      sheet={sheet}
      criterionId={criterion.id}
      intent="comment"
      className="r-comment"
      onSubmit={(event) => {
        if (!scripted) return
        event.preventDefault()
        save()
      }}
    >
      <Field label={t('comment.label')} help={t('comment.help')} optional>
        {(control) => (
          <textarea
            className="in"
            name="text"
            rows={2}
            maxLength={4000}
            defaultValue={text}
            ref={box}
            onBlur={() => latest.current()}
            {...control}
          />
        )}
      </Field>
      {scripted ? null : (
        <button className="btn dense" type="submit">
          {t('comment.save')}
        </button>
      )}
    </ActForm>
  )
}
