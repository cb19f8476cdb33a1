/** A list of the form whose rows can be added, moved and taken out; each row keeps its controls while it moves. */
import { useFieldArray, useFormContext, type FieldValues } from 'react-hook-form'
import type { ListEdit, ListName } from '../../core/bank/editing/form-values.ts'

export function useRows<T extends object>(
  name: ListName,
): { keys: string[]; edit(change: ListEdit, make: () => T): void } {
  const { control } = useFormContext<FieldValues>()
  const { fields, append, move, remove } = useFieldArray({ control, name, keyName: 'rowKey' })
  const edit = ({ op, index }: ListEdit, make: () => T): void => {
    if (op === 'add') append(make(), { shouldFocus: true })
    else if (op === 'remove') remove(index)
    else move(index, op === 'up' ? index - 1 : index + 1)
  }
  return { keys: fields.map((field) => field.rowKey), edit }
}
