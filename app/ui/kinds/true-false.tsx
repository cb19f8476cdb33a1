/** True or false. */
import { playerMessages } from '../../i18n/areas/player.ts'
import { useMessages } from '../../i18n/messages.ts'
import type { ControlProps, Kind } from './kind.ts'
import { ClearChoice, OptionList } from './parts/options.tsx'

export const kind: Kind<'true_false'> = {
  ask: () => 'kind.true_false',
  digits: () => 2,
  Controls,
}

function Controls({ item, response, name, onChange }: ControlProps<'true_false'>) {
  const t = useMessages(playerMessages)
  return (
    <fieldset className="group">
      <legend className="vh">{t('kind.true_false')}</legend>
      <OptionList>
        {([true, false] as const).map((value, index) => (
          <li key={String(value)} className={response?.value === value ? 'on' : ''}>
            <label>
              <input
                type="radio"
                name={name('choice')}
                value={String(value)}
                checked={response?.value === value}
                data-key={index + 1}
                onChange={() => onChange({ kind: 'true_false', value })}
              />
              <span className="txt">{t(value ? 'kind.true' : 'kind.false')}</span>
            </label>
          </li>
        ))}
      </OptionList>
      {response ? <ClearChoice itemId={item.id} onClear={() => onChange(null)} /> : null}
    </fieldset>
  )
}
