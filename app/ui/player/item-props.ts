/** What the controls of one kind of item are given. */
import type { CandidateItem } from '../../core/bank/candidate-item.ts'
import type { Response, ResponseOf } from '../../core/bank/response.ts'

type ItemOfKind<K extends CandidateItem['kind']> = Extract<CandidateItem, { kind: K }>
export type Props<K extends CandidateItem['kind']> = {
  item: ItemOfKind<K>
  response: ResponseOf<K> | null
  locked: boolean
  name(field: string): string
  onChange(response: Response | null): void
}

const LETTERS = 'ABCDEFGHIJ'
export const letter = (index: number): string => LETTERS[index] ?? String(index + 1)
