/**
 * What the interviewer needs while playing: who they are, what they know and when they say it, and what they never
 * agree to.
 */
import { Form } from '@remix-run/react'
import { Check, Mail, MessageSquare, Phone } from 'lucide-react'
import type { ReactNode } from 'react'
import { interviewerMessages } from '../../i18n/areas/interviewer.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { RichText } from '../player/rich-text.tsx'
import type { CardView } from './view.ts'

const CHANNEL_ICONS = { phone: Phone, chat: MessageSquare, mail: Mail } as const

/** `disclosable` shows the ticks: while the talk runs, and what was ticked afterwards. */
export function FactCard({
  card,
  disclosable,
  frozen = false,
}: {
  card: CardView
  disclosable: boolean
  frozen?: boolean
}) {
  const t = useMessages(interviewerMessages)
  const Channel = CHANNEL_ICONS[card.channel]
  return (
    <div className="r-card">
      <p className="row">
        <span className="b r-cardtitle">{card.title}</span>
        <span className="st">
          <Channel className="i s" aria-hidden="true" />
          {t(`channel.${card.channel}`)}
        </span>
      </p>
      <Part title={t('card.brief')} boxed>
        <RichText className="prose" text={card.brief} />
      </Part>
      <Part title={t('card.persona')}>
        <p>
          <span className="b">{card.persona.name}</span> {card.persona.description}
        </p>
      </Part>
      <Part title={t('card.opening')}>
        <p className="r-say">{card.opening}</p>
      </Part>
      <Part title={t('card.knows')}>
        <ul className="r-knows">
          {card.knows.map((fact) => (
            <li key={fact.id} className={fact.disclosedMs === null ? undefined : 'said'}>
              <div>
                <p>{fact.fact}</p>
                <p className="cap">{fact.disclose}</p>
              </div>
              {disclosable ? <Disclosure fact={fact} frozen={frozen} /> : null}
            </li>
          ))}
        </ul>
      </Part>
      <Part title={t('card.does_not_know')}>
        <ul className="r-list">
          {card.doesNotKnow.map((text, index) => (
            <li key={index}>{text}</li>
          ))}
        </ul>
      </Part>
      <Part title={t('card.wants')}>{card.wants}</Part>
      <Part title={t('card.behaviour')}>{card.behaviour}</Part>
      <Part title={t('card.gives_in')}>{card.givesInWhen}</Part>
      {card.neverAgreesTo ? <Part title={t('card.never')}>{card.neverAgreesTo}</Part> : null}
    </div>
  )
}

function Part({ title, boxed = false, children }: { title: string; boxed?: boolean; children: ReactNode }) {
  return (
    <div className={boxed ? 'r-part boxed' : 'r-part'}>
      <h2>{title}</h2>
      <div>{children}</div>
    </div>
  )
}

function Disclosure({ fact, frozen }: { fact: CardView['knows'][number]; frozen: boolean }) {
  const t = useMessages(interviewerMessages)
  const formats = useFormats()
  const said = fact.disclosedMs !== null
  return (
    <div className="r-tick">
      {said ? (
        <span className="st acc">
          <Check className="i s" aria-hidden="true" />
          {t('card.disclosed_at', { time: formats.countdown(fact.disclosedMs ?? 0) })}
        </span>
      ) : null}
      {frozen ? null : (
        <Form method="post" preventScrollReset>
          <input type="hidden" name="intent" value="disclose" />
          <input type="hidden" name="factId" value={fact.id} />
          <input type="hidden" name="disclosed" value={said ? 'no' : 'yes'} />
          <button
            className={said ? 'btn bare dense' : 'btn dense'}
            type="submit"
            aria-label={t(said ? 'card.untick.of' : 'card.tick.of', { fact: fact.fact })}
          >
            {t(said ? 'card.untick' : 'card.tick')}
          </button>
        </Form>
      )}
    </div>
  )
}
