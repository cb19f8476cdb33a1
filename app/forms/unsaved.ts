/** What a form held that could not be saved, so that it can be sent once more. */
import { isSecretField } from './form.ts'

export type Unsaved = {
  code: string
  /** Null where the form holds a secret: that is not written into a page, and without it the form is worth nothing. */
  fields: ReadonlyArray<readonly [name: string, value: string]> | null
}

export function fieldsToRepeat(form: FormData): Unsaved['fields'] {
  const fields = [...form].filter((field): field is [string, string] => typeof field[1] === 'string')
  return fields.some(([name]) => isSecretField(name)) ? null : fields
}
