/** What both the page and the automatic save read of the editor's form. */
import { z } from 'zod'
import { parseForm } from '../../forms/form.ts'
import type { EditorInput } from '../../services/content/item-editor-typed.server.ts'

const tick = z
  .literal('on')
  .optional()
  .transform((value) => value === 'on')
const EditorFormSchema = z.looseObject({
  base: z.string().max(80),
  intent: z.string().max(80).default('save'),
  yaml: z.string().optional(),
  compared: z.strictObject({ 'zh-CN': tick, en: tick }).default({ 'zh-CN': false, en: false }),
})

export function editorInput(form: FormData): { intent: string; input: EditorInput } | null {
  const submission = parseForm(form, EditorFormSchema)
  if (submission.status === 'rejected') return null
  const { base, intent, yaml, compared, ...rest } = submission.data
  return {
    intent,
    input: {
      base,
      yaml: yaml ?? null,
      compared,
      values: { ...rest, compared: { 'zh-CN': compared['zh-CN'], en: compared.en } },
    },
  }
}
