/** What a kind of item brings to the page: its controls, and what the page around them must know. */
import type { ReactNode } from 'react'
import type { CandidateItem } from '../../core/bank/candidate-item.ts'
import type { Response, ResponseOf } from '../../core/bank/response.ts'
import type { PlayerKey } from '../../i18n/areas/player.ts'

export type KindName = CandidateItem['kind']
type ItemOf<K extends KindName> = Extract<CandidateItem, { kind: K }>

export type ControlProps<K extends KindName> = {
  item: ItemOf<K>
  response: ResponseOf<K> | null
  locked: boolean
  /** The name of a field in the plain form: `<item id>/<field>`, with the fields of core/bank/response-form.ts. */
  name(field: string): string
  onChange(response: Response | null): void
}

export type Kind<K extends KindName> = {
  /** What is to be done, where the item does not say it itself. Null: the stem does. */
  ask(item: ItemOf<K>): PlayerKey | null
  /** Beside a stem that asks already. */
  quiet?: true
  /** Stays selectable when it is locked: somebody may want to copy it. */
  written?: true
  /** How many of its choices the digit keys pick. */
  digits?(item: ItemOf<K>): number
  /** With Shift, the digit keys pick the worst. */
  worst?: true
  Controls(props: ControlProps<K>): ReactNode
}
