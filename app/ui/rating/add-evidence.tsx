/** The two ways to add evidence: to select words of the answer, or to type them. */
import { useEffect, useRef } from 'react'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { Field } from '../primitives/field.tsx'
import { ActForm } from './act-form.tsx'
import type { CardProps } from './criterion-card-props.ts'
import { isNotNow } from './use-sheet-acts.ts'

export function SelectHint({ shortcuts, selected, onQuote }: Pick<CardProps, 'shortcuts' | 'selected' | 'onQuote'>) {
  const t = useMessages(interviewerMessages)
  return (
    <div className="r-add">
      <p>
        {selected ? (
          <>
            <span className="cap">{t('evidence.selected')}</span> <q>{selected.quote}</q>
          </>
        ) : (
          <span className="cap">
            {t('evidence.select_then')} <kbd>E</kbd> {t('evidence.for')}
            {t('evidence.press')} <kbd>Shift</kbd> <kbd>E</kbd> {t('evidence.against')}
          </span>
        )}
      </p>
      {selected ? (
        <p className="row">
          {(['for', 'against'] as const).map((polarity) => (
            // Pressing must not take the selection away before it is read.
            <button
              key={polarity}
              className="btn dense"
              type="button"
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onQuote(polarity)}
            >
              <span className={polarity === 'for' ? 'pos' : 'neg'} aria-hidden="true">
                {polarity === 'for' ? '+' : '−'}
              </span>
              {t(`evidence.add_${polarity}`)}
              {shortcuts ? <kbd aria-hidden="true">{polarity === 'for' ? 'E' : '⇧E'}</kbd> : null}
            </button>
          ))}
        </p>
      ) : null}
    </div>
  )
}

/** Words typed by hand: a quotation that is looked up in the answer, or a note on what was said. */
export function TypedEvidence({
  sheet,
  criterion,
  acts,
  scripted,
  typed,
  note = false,
}: Pick<CardProps, 'sheet' | 'criterion' | 'acts' | 'scripted' | 'typed'> & { note?: boolean }) {
  const t = useMessages(interviewerMessages)
  const box = useRef<HTMLTextAreaElement>(null)
  const sent = useRef<string | null>(null)
  const { failure } = acts
  useEffect(() => {
    // Refused: the words come back into the box, unless something new stands there.
    if (failure && !isNotNow(failure.code) && sent.current !== null && box.current?.value === '')
      box.current.value = sent.current
    if (failure) sent.current = null
  }, [failure])
  const onSubmit = (event: React.FormEvent<HTMLFormElement>) => {
    if (!scripted) return
    event.preventDefault()
    const button = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null
    const quote = box.current?.value.trim() ?? ''
    if (quote === '' || !box.current) return box.current?.focus()
    acts.push(`typed:${criterion.id}:${quote}`, {
      intent: 'evidence',
      criterionId: criterion.id,
      polarity: button?.value === 'against' ? 'against' : 'for',
      quote,
    })
    sent.current = quote
    box.current.value = ''
    box.current.focus()
  }
  return (
    <ActForm sheet={sheet} criterionId={criterion.id} intent="evidence" onSubmit={onSubmit} className="r-type">
      <Field
        label={note ? t('note.label') : t('evidence.quote')}
        help={note ? t('note.help') : t('evidence.quote.help')}
      >
        {(control) => (
          <textarea
            className="in"
            name="quote"
            rows={2}
            maxLength={4000}
            ref={box}
            defaultValue={typed?.intent === 'evidence' ? typed.text : ''}
            {...control}
          />
        )}
      </Field>
      <p className="row">
        <button className="btn dense" type="submit" name="polarity" value="for">
          <span className="pos" aria-hidden="true">
            +
          </span>
          {t('evidence.add_for')}
        </button>
        <button className="btn dense" type="submit" name="polarity" value="against">
          <span className="neg" aria-hidden="true">
            −
          </span>
          {t('evidence.add_against')}
        </button>
      </p>
    </ActForm>
  )
}
