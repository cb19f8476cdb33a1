/**
 * What the pages of the trainer's room are given: types only, shared by the services that build them and the
 * components.
 */
import type { LocalizedText } from '../../shared/locale.ts'
import type { Finding } from '../finding.ts'
import type { Item } from '../schema.ts'
import type { ItemKind } from '../vocabulary.ts'
import type { Compared } from './finish.ts'
import type { ItemValues } from './form-values.ts'

/** A field that keeps the item from being complete: path of the form and code of a sentence. */
export type Problem = { readonly path: string; readonly code: string }
export type CheckReply = { readonly problems: readonly Problem[]; readonly findings: readonly Finding[] }

export type ItemHeader = {
  itemId: string
  kind: ItemKind
  title: LocalizedText
  bank: { id: string; title: LocalizedText }
  status: 'active' | 'retired'
  number: number
  versions: number
  uses: number
}

export type PolicyChoice = {
  id: string
  title: LocalizedText
  revision: number
  clauses: { id: string; title: LocalizedText }[]
}
export type EditorContent =
  { form: 'fields'; values: ItemValues } | { form: 'yaml'; text: string; compared: Compared; item: Item | null }

export type EditorView = {
  header: ItemHeader
  /** The version that the edit began with; what the difference is shown against. */
  base: { versionId: string; number: number; item: Item }
  /** Set while somebody else's later version is in use. */
  newer: { versionId: string; number: number; item: Item; author: string | null; publishedAt: string } | null
  draft: { savedAt: string } | null
  content: EditorContent
  check: CheckReply
  provisional: boolean
  /** Ids of options that were published: retired, never removed. */
  publishedOptions: string[]
  policies: PolicyChoice[]
  rubrics: { id: string; title: LocalizedText }[]
}

/** The answer to an automatic save. `draft` is null where the text is that of the version in use. */
export type SaveReply = { savedAt: string; draft: boolean; check: CheckReply; item: Item | null }

export const USE_TYPES = ['blueprint', 'programme', 'kit', 'scenario', 'item'] as const
export type UseType = (typeof USE_TYPES)[number]
/** How a piece of content uses another. */
export type UseRole =
  'draws' | 'practice' | 'asks' | 'enemy' | 'tests' | 'shows' | 'rates' | 'plays' | 'stage' | 'notice'
export type Use = { readonly type: UseType; readonly id: string; readonly title: LocalizedText; readonly role: UseRole }
