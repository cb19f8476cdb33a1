/** The conversation that is answered, and what a full reply covers, in both languages. */
import {
  emptyPoint,
  emptyTurn,
  type BothTexts,
  type ListEdit,
  type TurnValues,
  type WrittenReplyValues,
} from '../../core/bank/editing/form-values.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { FieldProblem, useEditorForm } from './form-context.tsx'
import { fieldId } from './paths.ts'
import { AddButton, ListButton, MoveButtons, TextRow } from './rows.tsx'
import { useRows } from './use-rows.ts'

const FROM = ['customer', 'agent', 'system', 'colleague'] as const

export function WrittenReplyFields() {
  return (
    <>
      <Thread />
      <Expected />
    </>
  )
}

function Thread() {
  const t = useMessages(trainerMessages)
  const { values, base, register } = useEditorForm()
  const { keys, edit } = useRows<TurnValues>('thread')
  const { thread } = values as WrittenReplyValues
  const known = (base as WrittenReplyValues).thread.length
  const onEdit = (change: ListEdit): void => edit(change, emptyTurn)
  return (
    <div role="group" aria-labelledby="thread-fields">
      <h2 className="ed-part" id="thread-fields">
        {t('field.thread')}
      </h2>
      {thread.map((turn, index) => {
        const label = t('field.turn', { n: index + 1 })
        const name = `thread.${index}`
        const before = index < known ? name : null
        return (
          <section className="ed-opt" key={keys[index] ?? index} aria-label={label}>
            <TextRow
              name={`${name}.text`}
              base={before && `${before}.text`}
              label={label}
              head={
                <>
                  <b className="num">{index + 1}</b>
                  <select
                    {...register(`${name}.from`)}
                    id={fieldId(`${name}.from`)}
                    className="in ed-from"
                    defaultValue={turn.from}
                    aria-label={`${label}, ${t('field.from')}`}
                  >
                    {FROM.map((from) => (
                      <option key={from} value={from}>
                        {t(`field.from.${from}`)}
                      </option>
                    ))}
                  </select>
                </>
              }
              tools={
                <>
                  <MoveButtons list="thread" index={index} count={thread.length} what={label} onEdit={onEdit} />
                  <ListButton
                    edit={{ list: 'thread', op: 'remove', index }}
                    label={t('field.remove', { what: label })}
                    icon="remove"
                    disabled={thread.length === 1}
                    onEdit={onEdit}
                  />
                </>
              }
            />
            <TextRow
              quiet
              name={`${name}.name`}
              base={before && `${before}.name`}
              label={`${label}, ${t('field.name')}`}
              head={<span>{t('field.name')}</span>}
            />
          </section>
        )
      })}
      <FieldProblem name="thread" />
      <AddButton list="thread" label={t('field.turn.add')} onEdit={onEdit} />
    </div>
  )
}

function Expected() {
  const t = useMessages(trainerMessages)
  const { values, base } = useEditorForm()
  const { keys, edit } = useRows<BothTexts>('expected')
  const { expected } = values as WrittenReplyValues
  const known = (base as WrittenReplyValues).expected.length
  const onEdit = (change: ListEdit): void => edit(change, emptyPoint)
  return (
    <section aria-labelledby="expected-title">
      <h2 className="ed-part" id="expected-title">
        {t('field.expected')} <span className="cap">{t('field.expected.help')}</span>
      </h2>
      {expected.map((_, index) => {
        const label = t('field.point', { n: index + 1 })
        const name = `expected.${index}`
        return (
          <TextRow
            key={keys[index] ?? index}
            name={name}
            base={index < known ? name : null}
            label={label}
            head={<b className="num">{index + 1}</b>}
            tools={
              <>
                <MoveButtons list="expected" index={index} count={expected.length} what={label} onEdit={onEdit} />
                <ListButton
                  edit={{ list: 'expected', op: 'remove', index }}
                  label={t('field.remove', { what: label })}
                  icon="remove"
                  onEdit={onEdit}
                />
              </>
            }
          />
        )
      })}
      <FieldProblem name="expected" />
      <AddButton list="expected" label={t('field.point.add')} onEdit={onEdit} />
    </section>
  )
}
