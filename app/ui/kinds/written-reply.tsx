/** A reply to a customer, by mail or chat. */
import { useId } from 'react'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { RichText } from '../player/rich-text.tsx'
import type { ControlProps, Kind } from './kind.ts'
import { LongText } from './parts/texts.tsx'

export const kind: Kind<'written_reply'> = {
  ask: () => null,
  written: true,
  Controls,
}

function Controls({ item, response, locked, name, onChange }: ControlProps<'written_reply'>) {
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
