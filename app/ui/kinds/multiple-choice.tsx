/** Any number of options. */
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import type { ControlProps, Kind } from './kind.ts'
import { Option, OptionList } from './parts/options.tsx'

export const kind: Kind<'multiple_choice'> = {
  ask: () => 'kind.multiple_choice',
  digits: (item) => item.options.length,
  Controls,
}

function Controls({ item, response, name, onChange }: ControlProps<'multiple_choice'>) {
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
