/**
 * The left half: the task as the candidate saw it, what guides the rater, and the answer with the current criterion's
 * evidence.
 */
import { Fragment } from 'react'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { RichText } from '../player/rich-text.tsx'
import { segments, signOf } from './segments.ts'
import type { EvidenceView, FieldView, ItemView, PolicyView } from './view.ts'

export function AnswerPane({
  item,
  fields,
  policies,
  evidence,
}: {
  item: ItemView
  fields: FieldView[]
  policies: PolicyView[]
  evidence: EvidenceView[]
}) {
  const t = useMessages(interviewerMessages)
  return (
    <section className="r-left" aria-label={t('sheet.left')} tabIndex={0}>
      <div className="r-task">
        <h2>{t('sheet.task')}</h2>
        <div lang={item.lang}>
          <RichText className="prose r-stem" text={item.stem} />
          {item.prompt ? <p className="cap">{item.prompt}</p> : null}
        </div>
      </div>
      {item.thread.length > 0 ? (
        <>
          <h2>{t('sheet.thread')}</h2>
          <ol className="r-turns">
            {item.thread.map((turn, index) => (
              <li className={`r-turn ${turn.from}`} key={index}>
                <span className="k">{index + 1}</span>
                <span className="w">
                  {t(`from.${turn.from}`)}
                  {turn.name && turn.name !== t(`from.${turn.from}`) ? <span lang={item.lang}>{turn.name}</span> : null}
                </span>
                <div lang={item.lang}>
                  <RichText text={turn.text} />
                </div>
              </li>
            ))}
          </ol>
        </>
      ) : null}
      <h2>{t('sheet.answer')}</h2>
      {fields.length === 0 ? <p className="note warn">{t('sheet.erased')}</p> : null}
      {fields.map((field) => (
        <AnswerField key={field.id} field={field} alone={fields.length === 1} evidence={evidence} />
      ))}
      <Guide title={t('sheet.expected')} entries={item.expected} />
      <Guide title={t('sheet.probes')} help={t('sheet.probes.help')} entries={item.probes} />
      <Policies policies={policies} />
    </section>
  )
}

function AnswerField({ field, alone, evidence }: { field: FieldView; alone: boolean; evidence: EvidenceView[] }) {
  const t = useMessages(interviewerMessages)
  const formats = useFormats()
  const marks = evidence.flatMap((entry, index) =>
    entry.field === field.id && entry.start !== null && entry.end !== null
      ? [{ start: entry.start, end: entry.end, polarity: entry.polarity, label: signOf(entry, index + 1) }]
      : [],
  )
  const length = [...field.text].length
  return (
    <div className="r-field">
      <p className="r-label">
        {alone ? null : <span className="b">{t(`field.${field.id}`)}</span>}
        <span className="cap">{t('sheet.code_points', { n: formats.number(length) })}</span>
      </p>
      {length === 0 ? (
        <p className="cap">{t('sheet.empty_field')}</p>
      ) : (
        // Nothing but the answer's own characters in here: selections are counted in this element.
        <div className="r-text" data-field={field.id} lang={field.lang}>
          {segments(field.text, marks).map((part, index) =>
            part.polarity === null ? (
              <Fragment key={index}>{part.text}</Fragment>
            ) : (
              <mark
                key={index}
                className={part.polarity === 'against' ? 'neg' : undefined}
                data-ref={part.labels.join(' ') || undefined}
              >
                {part.text}
              </mark>
            ),
          )}
        </div>
      )}
    </div>
  )
}

function Guide({ title, help, entries }: { title: string; help?: string; entries: string[] }) {
  const t = useMessages(interviewerMessages)
  if (entries.length === 0) return null
  return (
    <div className="r-guide">
      <h2>
        {title} <span className="cap">{t('sheet.staff_only')}</span>
      </h2>
      {help ? <p className="cap">{help}</p> : null}
      <ul>
        {entries.map((entry, index) => (
          <li key={index}>{entry}</li>
        ))}
      </ul>
    </div>
  )
}

export function Policies({ policies }: { policies: PolicyView[] }) {
  const t = useMessages(interviewerMessages)
  const locale = useLocale()
  if (policies.length === 0) return null
  return (
    <div className="r-guide" lang={locale}>
      <h2>{t('sheet.policies')}</h2>
      {policies.map((policy) => (
        <details key={policy.id}>
          <summary>
            {policy.title} <span className="cap">{t('sheet.policy.revision', { n: policy.revision })}</span>
          </summary>
          <dl className="r-clauses">
            {policy.clauses.map((clause) => (
              <Fragment key={clause.id}>
                <dt>
                  <span className="num">{clause.id}</span> {clause.title}
                </dt>
                <dd>
                  <RichText text={clause.text} />
                </dd>
              </Fragment>
            ))}
          </dl>
        </details>
      ))}
    </div>
  )
}
