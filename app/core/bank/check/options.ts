/** One view of all kinds that offer a choice, so that a rule about options is written once. */
import type { LocalizedText } from '../../shared/locale.ts'
import type { Item } from '../schema.ts'

export type ChoiceOption = {
  readonly id: string
  readonly path: string
  readonly text: LocalizedText
  readonly isKey: boolean
}
export type Choice = {
  /** What the options answer; for a gap the whole text. */
  readonly stem: LocalizedText
  readonly options: readonly ChoiceOption[]
  /**
   * True where guessing clues matter: one or several keys among options. False for judgement, where each action is
   * rated.
   */
  readonly keyed: boolean
}

type Raw = { id: string; text: LocalizedText; retired?: boolean }
const live = (options: readonly Raw[], path: string, isKey: (id: string) => boolean): ChoiceOption[] =>
  options.flatMap((option, i) =>
    option.retired ? [] : [{ id: option.id, path: `${path}[${i}].text`, text: option.text, isKey: isKey(option.id) }],
  )

/** The choices that an item offers: one for most kinds, one a dropdown gap for cloze, none for open kinds. */
export function choicesOf(item: Item): Choice[] {
  switch (item.kind) {
    case 'single_choice':
      return [{ stem: item.stem, options: live(item.options, 'options', (id) => id === item.key), keyed: true }]
    case 'multiple_choice':
      return [{ stem: item.stem, options: live(item.options, 'options', (id) => item.keys.includes(id)), keyed: true }]
    case 'situational_judgement': {
      const best = Math.max(...item.actions.map((a) => a.effectiveness))
      return [
        {
          stem: item.stem,
          options: live(item.actions, 'actions', (id) =>
            item.actions.some((a) => a.id === id && a.effectiveness === best),
          ),
          keyed: false,
        },
      ]
    }
    case 'cloze':
      return item.gaps.flatMap((gap, g) =>
        gap.type === 'dropdown'
          ? [{ stem: item.text, options: live(gap.options, `gaps[${g}].options`, (id) => id === gap.key), keyed: true }]
          : [],
      )
    default:
      return []
  }
}
