/** What both ways of editing an item share: the id of the form, what they are given, and how saving begins. */
import type { EditorView } from '../../core/bank/editing/view.ts'
import type { SaveState } from './use-autosave.ts'

export const FORM_ID = 'item-form'
/** What the action answered: a refusal, or the question before something is thrown away. */
export type EditorReply =
  | { status: 'failed'; error: { code: string; params?: Readonly<Record<string, string | number>> } }
  | { status: 'confirm_discard' }
  | undefined
/** What the address says happened just now. */
export type Done = { published: number | null; discarded: boolean }
export type EditorProps = { view: EditorView; reply: EditorReply; done: Done }

export const initialState = (view: EditorView): SaveState =>
  view.draft ? { status: 'saved', at: view.draft.savedAt, draft: true } : { status: 'idle' }
