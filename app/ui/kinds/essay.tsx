/** A text of one's own. */
import type { ControlProps, Kind } from './kind.ts'
import { LongText } from './parts/texts.tsx'

export const kind: Kind<'essay'> = {
  ask: () => null,
  written: true,
  Controls,
}

function Controls({ item, response, locked, name, onChange }: ControlProps<'essay'>) {
  return (
    <LongText
      locked={locked}
      label="essay.label"
      max={item.limits.maxCodePoints}
      min={item.limits.minCodePoints}
      rows={14}
      value={response?.text ?? ''}
      name={name('text')}
      onText={(text) => onChange(text === '' ? null : { kind: 'essay', text })}
    />
  )
}
