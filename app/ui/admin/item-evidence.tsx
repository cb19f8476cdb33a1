/** An item with its answer; with key and explanation where the reader may see them. */
import type { Competency, ItemKind } from '../../core/bank/vocabulary.ts'
import type { Mark } from '../../core/scoring/score-item.ts'
import { adminMessages } from '../../i18n/areas/admin.ts'
import { vocabularyMessages } from '../../i18n/areas/vocabulary.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Scroll } from '../primitives/scroll.tsx'
import { Status, type Tone } from './parts.tsx'

export type ItemLine = {
  id: string
  text: string
  given: string | true | null
  expected: string | true | null
  mark: Mark | null
  why: string | null
}
export type ItemAnswer = {
  itemId: string
  kind: ItemKind
  competency: Competency
  stem: string
  thread: Array<{ from: 'customer' | 'agent' | 'system' | 'colleague'; name: string | null; text: string }>
  lines: ItemLine[]
  written: Array<{ field: 'situation' | 'task' | 'action' | 'result' | 'subject' | 'text'; text: string }>
  answered: boolean
}
export type ScoredItem = ItemAnswer & {
  position: number
  version: number
  late: boolean
  lateCounted: boolean
  credit: number | null
  points: number
  waiting: boolean
}

const TONES: Record<Mark, Tone> = { right: 'ok', partly: 'warn', wrong: 'bad', missed: 'warn', not_answered: 'none' }

/** One item of the evidence, folded; the line that stays says what was earned. */
export function ItemEvidence({ item, open }: { item: ScoredItem; open: boolean }) {
  const t = useMessages(adminMessages)
  const words = useMessages(vocabularyMessages)
  const formats = useFormats()
  const figure = (value: number) =>
    formats.number(value, [0, 1].find((digits) => Math.abs(value - Number(value.toFixed(digits))) < 1e-9) ?? 2)
  return (
    <details className="item-evidence keep" open={open} id={`item-${item.position}`}>
      <summary>
        <span className="b">{t('evidence.item', { n: item.position })}</span>
        <span className="cap">
          {words(`kind.${item.kind}`)} · {words(`competency.${item.competency}`)}
        </span>
        <span className="grow" />
        {item.late ? <Status tone="late">{t('evidence.item.late')}</Status> : null}
        {item.lateCounted ? <Status tone="late">{t('evidence.item.late_counted')}</Status> : null}
        {item.waiting ? <Status tone="warn">{t('evidence.item.waiting')}</Status> : null}
        {item.credit === null ? null : (
          <span className="num">
            {t('evidence.item.credit', { points: figure(item.credit * item.points), max: figure(item.points) })}
          </span>
        )}
      </summary>
      <div className="stack">
        <p className="cap num">{t('evidence.item.version', { id: item.itemId, version: item.version })}</p>
        <AnswerBody item={item} withKey />
      </div>
    </details>
  )
}

export function AnswerBody({ item, withKey }: { item: ItemAnswer; withKey: boolean }) {
  const t = useMessages(adminMessages)
  const truth = item.kind === 'true_false'
  const judged = item.kind === 'situational_judgement'
  const cell = (value: string | true | null, chosen: 'evidence.line.chosen' | 'evidence.line.key') => {
    if (value === null) return '–'
    if (value === true) return t(chosen)
    return judged && (value === 'best' || value === 'worst') ? t(`evidence.line.${value}`) : value
  }
  return (
    <>
      {item.stem ? <div className="stem">{item.stem}</div> : null}
      {item.thread.length > 0 ? (
        <dl className="thread">
          {item.thread.map((turn, index) => (
            <div key={index}>
              <dt className="cap">{turn.name ?? t(`thread.${turn.from}`)}</dt>
              <dd className="written">{turn.text}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {item.answered ? null : <p className="cap">{t('evidence.item.unanswered')}</p>}
      {item.written.map((part) => (
        <div key={part.field}>
          <p className="cap b">{t(`field.${part.field}`)}</p>
          <p className="written">{part.text}</p>
        </div>
      ))}
      {item.lines.length > 0 ? (
        <Scroll label={t('evidence.items')}>
          <table className="tbl lines">
            <thead>
              <tr>
                <th scope="col">{t('evidence.line.entry')}</th>
                <th scope="col">{t('evidence.line.given')}</th>
                {withKey ? (
                  <>
                    <th scope="col">{t(judged ? 'evidence.line.effectiveness' : 'evidence.line.expected')}</th>
                    <th scope="col">{t('evidence.line.why')}</th>
                  </>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {item.lines.map((line) => (
                <tr key={line.id}>
                  <td>{truth ? t(line.id === 'true' ? 'evidence.line.true' : 'evidence.line.false') : line.text}</td>
                  <td>
                    {cell(line.given, 'evidence.line.chosen')}
                    {withKey && line.mark ? (
                      <span className="block">
                        <Status tone={TONES[line.mark]}>{t(`mark.${line.mark}`)}</Status>
                      </span>
                    ) : null}
                  </td>
                  {withKey ? (
                    <>
                      <td className={line.expected === true ? 'b' : undefined}>
                        {cell(line.expected, 'evidence.line.key')}
                      </td>
                      <td className="why">{line.why}</td>
                    </>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      ) : null}
    </>
  )
}
