/**
 * How far an item has got: the one definition that navigator, review page, the questions before leaving and submitting,
 * and the receipt share. Scoring does not ask: it scores what is there.
 */
import type { CandidateItem } from '../bank/candidate-item.ts'
import { isAnswered, isComplete } from '../bank/response-rules.ts'
import type { Response } from '../bank/response.ts'
import type { Item } from '../bank/schema.ts'

/**
 * `part`: something is there, and something that the item asks for is not (a gap, a pair, the worst action, the minimum
 * length).
 */
export type Progress = 'answered' | 'part' | 'open'
export type ItemState = { readonly progress: Progress; readonly flagged: boolean }
export type Tally = Readonly<Record<Progress | 'flagged', number>>

export function progressOf(item: Item | CandidateItem, response: Response | null): Progress {
  if (!isAnswered(response)) return 'open'
  return isComplete(item, response) ? 'answered' : 'part'
}

export function tallyOf(states: readonly ItemState[]): Tally {
  const tally = { answered: 0, part: 0, open: 0, flagged: 0 }
  for (const { progress, flagged } of states) {
    tally[progress] += 1
    if (flagged) tally.flagged += 1
  }
  return tally
}
