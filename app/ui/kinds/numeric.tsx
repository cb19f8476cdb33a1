/** A number, with its unit. */
import type { ControlProps, Kind } from './kind.ts'
import { ShortAnswer } from './parts/texts.tsx'

export const kind: Kind<'numeric'> = {
  ask: () => 'kind.numeric',
  written: true,
  Controls,
}

function Controls({ item, response, locked, name, onChange }: ControlProps<'numeric'>) {
  return (
    <ShortAnswer
      locked={locked}
      label="kind.numeric.label"
      unit={item.unit}
      numeric
      max={40}
      value={response?.text ?? ''}
      name={name('text')}
      onText={(text) => onChange(text === '' ? null : { kind: 'numeric', text })}
    />
  )
}
