/** One option of several. */
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import type { ControlProps, Kind } from './kind.ts'
import { ClearChoice, Option, OptionList } from './parts/options.tsx'

export const kind: Kind<'single_choice'> = {
  ask: () => 'kind.single_choice',
  digits: (item) => item.options.length,
  Controls,
}

function Controls({ item, response, name, onChange }: ControlProps<'single_choice'>) {
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
