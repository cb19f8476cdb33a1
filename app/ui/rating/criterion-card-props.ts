/** What the card of the open criterion is given, and passes on to its parts. */
import type { SheetActs } from './use-sheet-acts.ts'
import type { CriterionView, MarkView, SheetView, Typed } from './view.ts'

export type CardProps = {
  sheet: SheetView
  subject: 'answer' | 'contact'
  criterion: CriterionView
  number: number
  mark: MarkView | null
  acts: SheetActs
  frozen: boolean
  scripted: boolean
  shortcuts: boolean
  selected: { quote: string } | null
  typed: Typed | null
  heading: React.RefObject<HTMLHeadingElement>
  onMark(level: number | 'na'): void
  onQuote(polarity: 'for' | 'against'): void
}
