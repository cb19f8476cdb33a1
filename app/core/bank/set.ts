/** Everything that lives under question-banks/, parsed, each piece with the bank and the file it came from. */
import type { z } from 'zod'
import { otherLocale, type Locale } from '../shared/locale.ts'
import type {
  Bank,
  Blueprint,
  CompetenciesSchema,
  Item,
  Kit,
  LanguagesSchema,
  Notice,
  Policy,
  Programme,
  Rubric,
  Scenario,
  SourceRegister,
  WaiverSchema,
} from './schema.ts'

/** A parsed piece of content. `bank` is `shared` for what stands in question-banks/shared/. */
export type Loaded<T> = { readonly value: T; readonly bank: string; readonly file?: string }

export type BankSet = {
  readonly banks: readonly Loaded<Bank>[]
  readonly items: readonly Loaded<Item>[]
  readonly rubrics: readonly Loaded<Rubric>[]
  readonly policies: readonly Loaded<Policy>[]
  readonly scenarios: readonly Loaded<Scenario>[]
  readonly kits: readonly Loaded<Kit>[]
  readonly blueprints: readonly Loaded<Blueprint>[]
  readonly programmes: readonly Loaded<Programme>[]
  readonly notices: readonly Loaded<Notice>[]
  readonly registers: readonly Loaded<SourceRegister>[]
  readonly competencies: readonly Loaded<z.output<typeof CompetenciesSchema>>[]
}

export const emptyBankSet = (): BankSet => ({
  banks: [],
  items: [],
  rubrics: [],
  policies: [],
  scenarios: [],
  kits: [],
  blueprints: [],
  programmes: [],
  notices: [],
  registers: [],
  competencies: [],
})

export type Languages = z.output<typeof LanguagesSchema>
export type Waiver = z.output<typeof WaiverSchema>

/** A text is current when it was compared with the newest revision of the other language. */
export const isCurrentIn = (languages: Languages, locale: Locale): boolean =>
  languages[locale].checkedAgainst >= languages[otherLocale(locale)].revision
