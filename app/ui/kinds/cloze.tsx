/** A text with gaps, to choose or to write. */
import type { ReactNode } from 'react'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import type { ControlProps, Kind } from './kind.ts'

export const kind: Kind<'cloze'> = {
  ask: () => 'kind.cloze',
  Controls,
}

function Controls({ item, response, name, onChange }: ControlProps<'cloze'>) {
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
