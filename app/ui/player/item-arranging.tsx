/** Putting in order, matching, and filling gaps, by native selects. */
import { useId, useState, type ReactNode } from 'react'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { Icon } from './icons.tsx'
import type { Props } from './item-props.ts'

export function Ordering({ item, response, name, onChange }: Props<'ordering'>) {
  const t = useMessages(playerMessages)
  // A half-made order has holes that the answer itself does not keep.
  const [places, setPlaces] = useState<string[]>(() => item.elements.map((_, index) => response?.order[index] ?? ''))
  const order = places.filter((id) => id !== '')
  const given = response?.order ?? []
  // Another hand changed the answer (a restored draft, a choice between two texts): show that.
  const shown =
    order.length === given.length && order.every((id, i) => id === given[i])
      ? places
      : item.elements.map((_, index) => given[index] ?? '')
  const put = (next: string[]): void => {
    setPlaces(next)
    const filled = next.filter((id) => id !== '')
    onChange(filled.length === 0 ? null : { kind: 'ordering', order: filled })
  }
  const choose = (at: number, id: string): void => {
    const next = [...shown]
    const before = id === '' ? -1 : next.indexOf(id)
    // What stood here moves to where the chosen one came from, so no element stands twice.
    if (before >= 0) next[before] = next[at] ?? ''
    next[at] = id
    put(next)
  }
  const swap = (a: number, b: number): void => {
    const next = [...shown]
    const held = next[a] ?? ''
    next[a] = next[b] ?? ''
    next[b] = held
    put(next)
  }
  return (
    <ol className="order">
      {shown.map((value, index) => (
        <li key={index} className={value === '' ? '' : 'on'}>
          <span className="num key" aria-hidden="true">
            {index + 1}
          </span>
          <select
            className="in"
            name={name(`position.${index + 1}`)}
            value={value}
            aria-label={t('kind.ordering.position', { n: index + 1 })}
            onChange={(event) => choose(index, event.target.value)}
          >
            <option value="">{t('kind.ordering.choose')}</option>
            {item.elements.map((element) => (
              <option key={element.id} value={element.id}>
                {element.text}
              </option>
            ))}
          </select>
          <span className="moves js-only">
            <button
              type="button"
              className="btn bare"
              disabled={index === 0}
              aria-label={t('kind.ordering.up', { n: index + 1 })}
              onClick={() => swap(index, index - 1)}
            >
              <Icon name="up" />
            </button>
            <button
              type="button"
              className="btn bare"
              disabled={index === shown.length - 1}
              aria-label={t('kind.ordering.down', { n: index + 1 })}
              onClick={() => swap(index, index + 1)}
            >
              <Icon name="down" />
            </button>
          </span>
          {value === '' ? null : (
            <span className="full">{item.elements.find((element) => element.id === value)?.text}</span>
          )}
        </li>
      ))}
    </ol>
  )
}

export function Matching({ item, response, name, onChange }: Props<'matching'>) {
  const t = useMessages(playerMessages)
  const id = useId()
  const pairs = response?.pairs ?? {}
  const choose = (left: string, right: string): void => {
    const { [left]: _, ...rest } = pairs
    const next = right === '' ? rest : { ...rest, [left]: right }
    onChange(Object.keys(next).length === 0 ? null : { kind: 'matching', pairs: next })
  }
  return (
    <ul className="match">
      {item.left.map((entry) => (
        <li key={entry.id} className={pairs[entry.id] ? 'on' : ''}>
          <label htmlFor={`${id}-${entry.id}`}>{entry.text}</label>
          <select
            className="in"
            id={`${id}-${entry.id}`}
            name={name(`match.${entry.id}`)}
            value={pairs[entry.id] ?? ''}
            onChange={(event) => choose(entry.id, event.target.value)}
          >
            <option value="">{t('kind.matching.choose')}</option>
            {item.right.map((right) => (
              <option key={right.id} value={right.id}>
                {right.text}
              </option>
            ))}
          </select>
          {pairs[entry.id] ? (
            <span className="full">{item.right.find((right) => right.id === pairs[entry.id])?.text}</span>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

export function Cloze({ item, response, name, onChange }: Props<'cloze'>) {
  const t = useMessages(playerMessages)
  const gaps = response?.gaps ?? {}
  const fill = (id: string, text: string): void => {
    const { [id]: _, ...rest } = gaps
    const next = text === '' ? rest : { ...rest, [id]: text }
    onChange(Object.keys(next).length === 0 ? null : { kind: 'cloze', gaps: next })
  }
  let seen = 0
  const control = (id: string): ReactNode => {
    const gap = item.gaps.find((g) => g.id === id)
    if (!gap) return null
    seen += 1
    const label = t('kind.cloze.gap', { n: seen })
    const value = gaps[id] ?? ''
    return gap.type === 'dropdown' ? (
      <select
        className="in gap"
        name={name(`gap.${id}`)}
        value={value}
        aria-label={label}
        onChange={(event) => fill(id, event.target.value)}
      >
        <option value="">{t('kind.cloze.choose')}</option>
        {gap.options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.text}
          </option>
        ))}
      </select>
    ) : (
      <input
        className="in gap"
        type="text"
        name={name(`gap.${id}`)}
        value={value}
        aria-label={label}
        autoComplete="off"
        onChange={(event) => fill(id, event.target.value)}
      />
    )
  }
  return (
    <div className="cloze">
      {item.text.split(/\n\s*\n/).map((paragraph, p) => (
        <p key={p}>
          {paragraph.split(/(\{\{[a-z0-9_]+\}\})/).map((part, index) => {
            const gap = /^\{\{([a-z0-9_]+)\}\}$/.exec(part)
            return <span key={index}>{gap?.[1] ? control(gap[1]) : part}</span>
          })}
        </p>
      ))}
    </div>
  )
}
