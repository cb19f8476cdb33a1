/** Stem, options with their rationales, and the key, in both languages. */
import {
  emptyOption,
  nextOptionId,
  type ListEdit,
  type OptionValues,
  type SingleChoiceValues,
} from '../../core/bank/editing/form-values.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { FieldProblem, useEditorForm } from './form-context.tsx'
import { fieldId, letterAt } from './paths.ts'
import { AddButton, ListButton, MoveButtons, TextRow } from './rows.tsx'
import { useRows } from './use-rows.ts'

/** Letters as a candidate sees them: retired options have none. */
const lettersOf = (options: readonly OptionValues[]): string[] => {
  let n = 0
  return options.map((option) => (option.retired ? '–' : letterAt(n++)))
}

export function SingleChoiceFields({ published }: { published: readonly string[] }) {
  const t = useMessages(trainerMessages)
  const { values } = useEditorForm()
  const { keys, edit } = useRows<OptionValues>('options')
  const { options } = values as SingleChoiceValues
  const letters = lettersOf(options)
  const onEdit = (change: ListEdit): void =>
    edit(change, () => emptyOption(nextOptionId([...published, ...options.map((option) => option.id)])))
  return (
    <>
      <h2 className="vh">{t('field.options')}</h2>
      {options.map((option, index) => (
        <OptionRows
          key={keys[index] ?? option.id}
          option={option}
          index={index}
          count={options.length}
          letter={letters[index] ?? ''}
          published={published.includes(option.id)}
          onEdit={onEdit}
        />
      ))}
      <FieldProblem name="key" />
      <FieldProblem name="options" />
      <AddButton list="options" label={t('field.option.add')} onEdit={onEdit} />
      {published.length > 0 ? <p className="cap ed-legend">{t('field.option.retire.help')}</p> : null}
    </>
  )
}

function OptionRows(props: {
  option: OptionValues
  index: number
  count: number
  letter: string
  published: boolean
  onEdit(edit: ListEdit): void
}) {
  const { option, index, letter } = props
  const t = useMessages(trainerMessages)
  const { register, values, base } = useEditorForm()
  const name = `options.${index}`
  const label = t('field.option', { letter: option.retired ? option.id.toUpperCase() : letter })
  const before = (base as SingleChoiceValues).options.findIndex((other) => other.id === option.id)
  const beforeName = before < 0 ? null : `options.${before}`
  const isKey = (values as SingleChoiceValues).key === option.id
  return (
    <section className={option.retired ? 'ed-opt retired' : 'ed-opt'} aria-label={label}>
      <input type="hidden" {...register(`${name}.id`)} defaultValue={option.id} />
      <TextRow
        name={`${name}.text`}
        base={beforeName && `${beforeName}.text`}
        label={label}
        head={
          <>
            <b className="num">{letter}</b>
            <label className="ed-key">
              <input
                type="radio"
                {...register('key')}
                id={index === 0 ? fieldId('key') : undefined}
                value={option.id}
                defaultChecked={isKey}
                aria-label={t('field.key.choose', { letter })}
              />
              <span className={isKey ? 'on' : undefined}>{t('field.key')}</span>
            </label>
          </>
        }
        tools={
          <>
            <MoveButtons list="options" index={index} count={props.count} what={label} onEdit={props.onEdit} />
            {props.published ? (
              <label className="ed-retire">
                <input type="checkbox" {...register(`${name}.retired`)} defaultChecked={option.retired} />
                <span>{t(option.retired ? 'field.option.retired' : 'field.option.retire')}</span>
              </label>
            ) : (
              <ListButton
                edit={{ list: 'options', op: 'remove', index }}
                label={t('field.remove', { what: label })}
                icon="remove"
                onEdit={props.onEdit}
              />
            )}
          </>
        }
      />
      <TextRow
        quiet
        name={`${name}.rationale`}
        base={beforeName && `${beforeName}.rationale`}
        label={`${label}, ${t('field.rationale')}`}
        head={<span>{t('field.rationale')}</span>}
        {...(index === 0 ? { help: t('field.rationale.help') } : {})}
      />
    </section>
  )
}
