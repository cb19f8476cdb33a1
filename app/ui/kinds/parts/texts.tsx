/** Fields for a written answer, each with its count of characters. */
import { useId } from 'react'
import { codePointLength } from '../../../core/shared/text.ts'
import { playerMessages, type PlayerKey } from '../../../i18n/areas/player.ts'
import { useFormats, useMessages } from '../../../i18n/messages.ts'
import { Icon } from '../../player/icons.tsx'

/** Characters as people count them; over the limit it says by how much. */
export function Count({
  id,
  length,
  max,
  min = 0,
  sum = false,
}: {
  id?: string
  length: number
  max: number | null
  min?: number
  sum?: boolean
}) {
  const t = useMessages(playerMessages)
  const formats = useFormats()
  const n = formats.number(length)
  if (max !== null && length > max) {
    return (
      <span className="cap num over" id={id}>
        <Icon name="octagon" small /> {t('count.over', { n: formats.number(length - max) })}
      </span>
    )
  }
  return (
    <span className="cap num" id={id}>
      {max === null
        ? length > 0
          ? t('count.one', { n })
          : ''
        : t(sum ? 'count.sum' : 'count.of', { n, max: formats.number(max) })}
      {min > length ? `, ${t('count.min', { min: formats.number(min) })}` : ''}
    </span>
  )
}

export function ShortAnswer(props: {
  locked: boolean
  label: PlayerKey
  unit: string | null
  max: number
  numeric?: boolean
  value: string
  name: string
  onText(text: string): void
}) {
  const t = useMessages(playerMessages)
  const id = useId()
  const length = codePointLength(props.value)
  return (
    <div className="field short">
      <span className="lab">
        <label htmlFor={id}>{t(props.label)}</label>
        {props.numeric ? null : <Count id={`${id}-count`} length={length} max={props.max} />}
      </span>
      <span className="with-unit">
        <input
          className="in num"
          id={id}
          type="text"
          inputMode={props.numeric ? 'decimal' : undefined}
          autoComplete="off"
          readOnly={props.locked}
          name={props.name}
          value={props.value}
          aria-describedby={props.numeric ? undefined : `${id}-count`}
          aria-invalid={length > props.max || undefined}
          onChange={(event) => props.onText(event.target.value)}
        />
        {props.unit ? <span className="unit">{props.unit}</span> : null}
      </span>
    </div>
  )
}

export function LongText(props: {
  locked: boolean
  label: PlayerKey
  help?: PlayerKey
  max: number
  min: number
  rows: number
  value: string
  name: string
  onText(text: string): void
}) {
  const t = useMessages(playerMessages)
  const id = useId()
  const length = codePointLength(props.value)
  return (
    <div className="field long">
      <span className="lab">
        <label htmlFor={id}>{t(props.label)}</label>
        <Count id={`${id}-count`} length={length} max={props.max} min={props.min} />
      </span>
      {props.help ? (
        <span className="help" id={`${id}-help`}>
          {t(props.help)}
        </span>
      ) : null}
      <textarea
        className="in"
        id={id}
        rows={props.rows}
        readOnly={props.locked}
        name={props.name}
        value={props.value}
        aria-describedby={`${props.help ? `${id}-help ` : ''}${id}-count`}
        aria-invalid={length > props.max || undefined}
        onChange={(event) => props.onText(event.target.value)}
      />
    </div>
  )
}
