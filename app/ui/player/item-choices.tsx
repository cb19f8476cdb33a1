/** Choosing and judging, by native radio buttons and boxes. */
import type { ReactNode } from 'react'
import type { CandidateOption } from '../../core/bank/candidate-item.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { letter, type Props } from './item-props.ts'

function OptionList({ children }: { children: ReactNode }) {
  return <ul className="opts">{children}</ul>
}

export function Choice({ item, response, name, onChange }: Props<'single_choice'>) {
  const t = useMessages(playerMessages)
  return (
    <fieldset className="group">
      <legend className="vh">{t('kind.single_choice')}</legend>
      <OptionList>
        {item.options.map((option, index) => (
          <Option
            key={option.id}
            type="radio"
            name={name('choice')}
            option={option}
            index={index}
            checked={response?.optionId === option.id}
            onPick={() => onChange({ kind: 'single_choice', optionId: option.id })}
          />
        ))}
      </OptionList>
      {response ? <ClearChoice itemId={item.id} onClear={() => onChange(null)} /> : null}
    </fieldset>
  )
}

export function Choices({ item, response, name, onChange }: Props<'multiple_choice'>) {
  const t = useMessages(playerMessages)
  const chosen = response?.optionIds ?? []
  const toggle = (id: string): void => {
    const next = item.options
      .map((option) => option.id)
      .filter((other) => (other === id ? !chosen.includes(id) : chosen.includes(other)))
    onChange(next.length === 0 ? null : { kind: 'multiple_choice', optionIds: next })
  }
  return (
    <fieldset className="group">
      <legend className="vh">{t('kind.multiple_choice')}</legend>
      <OptionList>
        {item.options.map((option, index) => (
          <Option
            key={option.id}
            type="checkbox"
            name={name('choices')}
            option={option}
            index={index}
            checked={chosen.includes(option.id)}
            onPick={() => toggle(option.id)}
          />
        ))}
      </OptionList>
    </fieldset>
  )
}

function Option(props: {
  type: 'radio' | 'checkbox'
  name: string
  option: CandidateOption
  index: number
  checked: boolean
  onPick(): void
}) {
  return (
    <li className={props.checked ? 'on' : ''}>
      <label>
        <input
          type={props.type}
          name={props.name}
          value={props.option.id}
          checked={props.checked}
          data-key={props.index + 1}
          onChange={props.onPick}
        />
        <span className="key" aria-hidden="true">
          {letter(props.index)}
        </span>
        <span className="txt">{props.option.text}</span>
      </label>
    </li>
  )
}

export function TrueFalse({ item, response, name, onChange }: Props<'true_false'>) {
  const t = useMessages(playerMessages)
  return (
    <fieldset className="group">
      <legend className="vh">{t('kind.true_false')}</legend>
      <OptionList>
        {([true, false] as const).map((value, index) => (
          <li key={String(value)} className={response?.value === value ? 'on' : ''}>
            <label>
              <input
                type="radio"
                name={name('choice')}
                value={String(value)}
                checked={response?.value === value}
                data-key={index + 1}
                onChange={() => onChange({ kind: 'true_false', value })}
              />
              <span className="txt">{t(value ? 'kind.true' : 'kind.false')}</span>
            </label>
          </li>
        ))}
      </OptionList>
      {response ? <ClearChoice itemId={item.id} onClear={() => onChange(null)} /> : null}
    </fieldset>
  )
}

/** A radio button cannot be unticked; somebody who would rather leave it open can. */
function ClearChoice({ itemId, onClear }: { itemId: string; onClear(): void }) {
  const t = useMessages(playerMessages)
  return (
    <button
      className="btn bare dense clear"
      type="submit"
      name="go"
      value={`clear:${itemId}`}
      onClick={(event) => {
        event.preventDefault()
        onClear()
      }}
    >
      {t('item.clear')}
    </button>
  )
}

// ---- Judging ----

export function BestWorst({ item, response, name, onChange }: Props<'situational_judgement'>) {
  const t = useMessages(playerMessages)
  const { best, worst } = response ?? {}
  const say = (next: { best?: string | undefined; worst?: string | undefined }): void =>
    onChange(
      next.best === undefined && next.worst === undefined
        ? null
        : {
            kind: 'situational_judgement',
            ...(next.best === undefined ? {} : { best: next.best }),
            ...(next.worst === undefined ? {} : { worst: next.worst }),
          },
    )
  // One action cannot be both: the older choice gives way.
  const pickBest = (id: string): void => say({ best: id, worst: worst === id ? undefined : worst })
  const pickWorst = (id: string): void => say({ best: best === id ? undefined : best, worst: id })
  return (
    <fieldset className="group sj">
      <legend className="vh">{t('kind.sjt.best_worst')}</legend>
      <div className="sj-head" aria-hidden="true">
        <span>{t('kind.sjt.best')}</span>
        <span>{t('kind.sjt.worst')}</span>
      </div>
      <ul>
        {item.actions.map((action, index) => (
          <li key={action.id} className={best === action.id ? 'most' : worst === action.id ? 'least' : ''}>
            <label className="pick pm">
              <input
                type="radio"
                name={name('best')}
                value={action.id}
                checked={best === action.id}
                data-key={index + 1}
                aria-label={`${t('kind.sjt.best')} ${letter(index)}`}
                onChange={() => pickBest(action.id)}
              />
              <span>{t('kind.sjt.best')}</span>
            </label>
            <label className="pick pl">
              <input
                type="radio"
                name={name('worst')}
                value={action.id}
                checked={worst === action.id}
                data-worst={index + 1}
                aria-label={`${t('kind.sjt.worst')} ${letter(index)}`}
                onChange={() => pickWorst(action.id)}
              />
              <span>{t('kind.sjt.worst')}</span>
            </label>
            <span className="key">{letter(index)}</span>
            <span className="txt">{action.text}</span>
          </li>
        ))}
      </ul>
      {response ? <ClearChoice itemId={item.id} onClear={() => onChange(null)} /> : null}
    </fieldset>
  )
}

const SCALE = [1, 2, 3, 4, 5] as const

export function Ratings({ item, response, name, onChange }: Props<'situational_judgement'>) {
  const t = useMessages(playerMessages)
  const ratings = response?.ratings ?? {}
  return (
    <div className="rate">
      <div className="rate-head" aria-hidden="true">
        <span>{t('kind.sjt.rate.1')}</span>
        <span>{t('kind.sjt.rate.5')}</span>
      </div>
      {item.actions.map((action, index) => (
        <fieldset key={action.id} className={`rate-row ${ratings[action.id] ? 'on' : ''}`}>
          <legend className="vh">
            {letter(index)}: {action.text}
          </legend>
          <p className="what" aria-hidden="true">
            <span className="key">{letter(index)}</span>
            <span className="txt">{action.text}</span>
          </p>
          <div className="scale">
            {SCALE.map((n) => (
              <label key={n} className="point">
                <input
                  type="radio"
                  name={name(`rate.${action.id}`)}
                  value={n}
                  checked={ratings[action.id] === n}
                  aria-label={t('kind.sjt.rating', { key: letter(index), n })}
                  onChange={() => onChange({ kind: 'situational_judgement', ratings: { ...ratings, [action.id]: n } })}
                />
                <span aria-hidden="true">{n}</span>
              </label>
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  )
}
