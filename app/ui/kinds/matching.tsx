/** A partner for each entry, by native selects. */
import { useId } from 'react'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import type { ControlProps, Kind } from './kind.ts'

export const kind: Kind<'matching'> = {
  ask: () => 'kind.matching',
  Controls,
}

function Controls({ item, response, name, onChange }: ControlProps<'matching'>) {
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
