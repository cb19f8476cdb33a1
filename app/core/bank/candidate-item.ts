/** An item as a candidate sees it in one language (candidate-view.ts builds it). */
import type { Locale } from '../shared/locale.ts'

export type CandidateOption = { readonly id: string; readonly text: string }
export type CandidateGap =
  | { readonly id: string; readonly type: 'dropdown'; readonly options: readonly CandidateOption[] }
  | { readonly id: string; readonly type: 'typed'; readonly maxCodePoints: number }
export type CandidateLimits = { readonly minCodePoints: number; readonly maxCodePoints: number }
/** What every kind has. */
export type CandidateItemBase = {
  readonly id: string
  readonly locale: Locale
  readonly stem: string
  /** null: the kind's usual instruction. */
  readonly prompt: string | null
  readonly points: number
  readonly policySearch: boolean
}
export type CandidateItem = CandidateItemBase &
  (
    | { readonly kind: 'single_choice'; readonly options: readonly CandidateOption[] }
    | { readonly kind: 'multiple_choice'; readonly options: readonly CandidateOption[] }
    | { readonly kind: 'true_false' }
    | { readonly kind: 'ordering'; readonly elements: readonly CandidateOption[] }
    | {
        readonly kind: 'matching'
        readonly left: readonly CandidateOption[]
        readonly right: readonly CandidateOption[]
      }
    | { readonly kind: 'cloze'; readonly text: string; readonly gaps: readonly CandidateGap[] }
    | { readonly kind: 'numeric'; readonly unit: string | null }
    | { readonly kind: 'short_text'; readonly maxCodePoints: number }
    | {
        readonly kind: 'situational_judgement'
        readonly mode: 'rate' | 'best_worst'
        readonly actions: readonly CandidateOption[]
      }
    | { readonly kind: 'behavioural'; readonly limits: CandidateLimits }
    | {
        readonly kind: 'written_reply'
        readonly replyChannel: 'mail' | 'chat'
        readonly thread: readonly {
          readonly from: 'customer' | 'agent' | 'system' | 'colleague'
          readonly name: string | null
          readonly text: string
        }[]
        /** Ids of the policy articles shown beside the task. */
        readonly policies: readonly string[]
        readonly limits: CandidateLimits
      }
    | { readonly kind: 'essay'; readonly limits: CandidateLimits }
  )
