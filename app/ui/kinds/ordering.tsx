/** Putting in order, by native selects. */
import { useState } from 'react'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import { Icon } from '../player/icons.tsx'
import type { ControlProps, Kind } from './kind.ts'

export const kind: Kind<'ordering'> = {
  ask: () => 'kind.ordering',
  Controls,
}

function Controls({ item, response, name, onChange }: ControlProps<'ordering'>) {
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
