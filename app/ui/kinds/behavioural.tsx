/** What somebody did, in four parts. */
import { useId } from 'react'
import { codePointLength } from '../../core/shared/text.ts'
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import type { ControlProps, Kind } from './kind.ts'
import { Count } from './parts/texts.tsx'

export const kind: Kind<'behavioural'> = {
  ask: () => 'kind.behavioural',
  quiet: true,
  written: true,
  Controls,
}

const STAR = ['situation', 'task', 'action', 'result'] as const
const STAR_ROWS = { situation: 3, task: 2, action: 6, result: 3 } as const

function Controls({ item, response, locked, name, onChange }: ControlProps<'behavioural'>) {
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
