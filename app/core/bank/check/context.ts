/** What the rules about one piece of content need to know about the others. */
import type { Item, Policy } from '../schema.ts'
import type { BankSet } from '../set.ts'
import { profileOf, type ItemProfile } from './profile.ts'

export type CheckContext = {
  /** The bank that the checked item belongs to. */
  readonly bank?: string
  readonly file?: string
  readonly items: ReadonlyMap<string, Item>
  readonly policies: ReadonlyMap<string, Policy>
  readonly rubrics: ReadonlySet<string>
  /** Statement id → is it carried. */
  readonly statements: ReadonlyMap<string, 'carried' | 'left_out'>
  /** Texts of the other items, prepared for comparison. */
  readonly profiles: readonly ItemProfile[]
}

/** The context of a whole set. Give `bank` and `file` for a single item by spreading: `{ ...context, bank }`. */
export function checkContext(set: BankSet): CheckContext {
  return {
    items: new Map(set.items.map(({ value }) => [value.id, value])),
    policies: new Map(set.policies.map(({ value }) => [value.id, value])),
    rubrics: new Set(set.rubrics.map(({ value }) => value.id)),
    statements: new Map(set.registers.flatMap(({ value }) => value.statements.map((s) => [s.id, s.use] as const))),
    profiles: set.items.map(({ value }) => profileOf(value)),
  }
}
