/** A few words. */
import type { ControlProps, Kind } from './kind.ts'
import { ShortAnswer } from './parts/texts.tsx'

export const kind: Kind<'short_text'> = {
  ask: () => 'kind.short_text',
  written: true,
  Controls,
}

function Controls({ item, response, locked, name, onChange }: ControlProps<'short_text'>) {
  return (
    <ShortAnswer
      locked={locked}
      label="kind.short_text.label"
      unit={null}

      max={item.maxCodePoints}
      value={response?.text ?? ''}
      name={name('text')}
      onText={(text) => onChange(text === '' ? null : { kind: 'short_text', text })}
    />
  )
}
