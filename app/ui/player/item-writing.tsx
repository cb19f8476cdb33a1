/** Answers that are written, each with its count of characters. */
import { useId } from 'react'
import { codePointLength } from '../../core/shared/text.ts'
import { playerMessages, type PlayerKey } from '../../i18n/areas/player.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Icon } from './icons.tsx'
import type { Props } from './item-props.ts'
import { RichText } from './rich-text.tsx'

/** Characters as people count them; over the limit it says by how much. */
function Count({
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

const STAR = ['situation', 'task', 'action', 'result'] as const
const STAR_ROWS = { situation: 3, task: 2, action: 6, result: 3 } as const

export function Behavioural({ item, response, locked, name, onChange }: Props<'behavioural'>) {
  const t = useMessages(playerMessages)
  const id = useId()
  const parts = {
    situation: response?.situation ?? '',
    task: response?.task ?? '',
    action: response?.action ?? '',
    result: response?.result ?? '',
  }
  const total = STAR.reduce((sum, part) => sum + codePointLength(parts[part]), 0)
  const write = (part: (typeof STAR)[number], text: string): void => {
    const next = { ...parts, [part]: text }
    onChange(STAR.every((p) => next[p] === '') ? null : { kind: 'behavioural', ...next })
  }
  return (
    <div className="star">
      {STAR.map((part) => (
        <div className="field" key={part}>
          <span className="big" aria-hidden="true">
            {part[0]?.toUpperCase()}
          </span>
          <span className="lab">
            <label htmlFor={`${id}-${part}`}>{t(`star.${part}`)}</label>
            <Count length={codePointLength(parts[part])} max={null} />
          </span>
          <span className="help" id={`${id}-${part}-help`}>
            {t(`star.${part}.help`)}
          </span>
          <textarea
            className="in"
            id={`${id}-${part}`}
            rows={STAR_ROWS[part]}
            readOnly={locked}
            name={name(part)}
            value={parts[part]}
            aria-describedby={`${id}-${part}-help ${id}-sum`}
            aria-invalid={total > item.limits.maxCodePoints || undefined}
            onChange={(event) => write(part, event.target.value)}
          />
        </div>
      ))}
      <p className="sum">
        <span>{t('star.sum')}</span>
        <Count id={`${id}-sum`} length={total} max={item.limits.maxCodePoints} min={item.limits.minCodePoints} sum />
      </p>
    </div>
  )
}

export function WrittenReply({ item, response, locked, name, onChange }: Props<'written_reply'>) {
  const t = useMessages(playerMessages)
  const id = useId()
  const text = response?.text ?? ''
  const subject = response?.subject ?? ''
  const say = (next: { subject: string; text: string }): void =>
    onChange(
      next.subject === '' && next.text === ''
        ? null
        : { kind: 'written_reply', ...(next.subject === '' ? {} : { subject: next.subject }), text: next.text },
    )
  return (
    <div className="reply">
      <section className={`thread ${item.replyChannel}`} aria-labelledby={`${id}-thread`}>
        <h2 className="cap" id={`${id}-thread`}>
          {t('reply.thread')}
        </h2>
        <ol>
          {item.thread.map((turn, index) => (
            <li key={index} className={turn.from}>
              <p className="who">
                <span className="b">{turn.name ?? t(`reply.from.${turn.from}`)}</span>
                {turn.name ? <span className="cap"> {t(`reply.from.${turn.from}`)}</span> : null}
              </p>
              <RichText text={turn.text} className="said" />
            </li>
          ))}
        </ol>
      </section>
      {item.replyChannel === 'mail' ? (
        <div className="field">
          <span className="lab">
            <label htmlFor={`${id}-subject`}>{t('reply.subject')}</label>
          </span>
          <input
            className="in"
            id={`${id}-subject`}
            type="text"
            autoComplete="off"
            readOnly={locked}
            name={name('subject')}
            value={subject}
            onChange={(event) => say({ subject: event.target.value, text })}
          />
        </div>
      ) : null}
      <LongText
        locked={locked}
        label={item.replyChannel === 'mail' ? 'reply.mail' : 'reply.chat'}
        {...(item.replyChannel === 'chat' ? { help: 'reply.chat.help' as const } : {})}
        max={item.limits.maxCodePoints}
        min={item.limits.minCodePoints}
        rows={item.replyChannel === 'mail' ? 12 : 6}
        value={text}
        name={name('text')}
        onText={(next) => say({ subject, text: next })}
      />
    </div>
  )
}
