/**
 * The item editor: text of both languages, properties, the candidate's view and the check beside it. One form, with or
 * without a script.
 */
import { hasForm } from '../../core/bank/editing/form-values.ts'
import { FieldsEditor } from './fields-editor.tsx'
import type { EditorProps } from './item-form.ts'
import { YamlEditor } from './yaml-editor.tsx'

export function ItemEditor(props: EditorProps) {
  const { view } = props
  return view.content.form === 'fields' && hasForm(view.base.item) ? (
    <FieldsEditor {...props} values={view.content.values} base={view.base.item} />
  ) : (
    <YamlEditor {...props} />
  )
}
