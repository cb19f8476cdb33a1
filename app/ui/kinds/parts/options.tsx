/** A list to choose from, by native radio buttons and boxes. */
import type { ReactNode } from 'react'
import type { CandidateOption } from '../../../core/bank/candidate-item.ts'
import { playerMessages } from '../../../i18n/areas/player.ts'
import { useMessages } from '../../../i18n/messages.ts'

const LETTERS = 'ABCDEFGHIJ'
export const letter = (index: number): string => LETTERS[index] ?? String(index + 1)

export function OptionList({ children }: { children: ReactNode }) {
  return <ul className="opts">{children}</ul>
}

export function Option(props: {
  type: 'radio' | 'checkbox'
  name: string
  option: CandidateOption
  index: number
  checked: boolean
  onPick(): void
}) {
  return (
    <li className={props.checked ? 'on' : ''}>
      <label>
        <input
          type={props.type}
          name={props.name}
          value={props.option.id}
          checked={props.checked}
          data-key={props.index + 1}
          onChange={props.onPick}
        />
        <span className="key" aria-hidden="true">
          {letter(props.index)}
        </span>
        <span className="txt">{props.option.text}</span>
      </label>
    </li>
  )
}

/** A radio button cannot be unticked; somebody who would rather leave it open can. */
export function ClearChoice({ itemId, onClear }: { itemId: string; onClear(): void }) {
  const t = useMessages(playerMessages)
  return (
    <button
      className="btn bare dense clear"
      type="submit"
      name="go"
      value={`clear:${itemId}`}
      onClick={(event) => {
        event.preventDefault()
        onClear()
      }}
    >
      {t('item.clear')}
    </button>
  )
}
