/** What every field of the editor needs: how it is registered, what the edit began with, and what is wrong with it. */
import { AlertOctagon } from 'lucide-react'
import { createContext, useContext, type ReactNode } from 'react'
import type { UseFormRegisterReturn } from 'react-hook-form'
import type { ItemValues } from '../../core/bank/editing/form-values.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { errorSentence } from '../../i18n/areas/errors.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useLocale, useMessages } from '../../i18n/messages.ts'
import { DiffText } from './diff.tsx'
import { fieldId } from './paths.ts'

export type EditorForm = {
  formId: string
  register(name: string): UseFormRegisterReturn
  /** As typed, and as in the version that the edit began with. */
  values: ItemValues
  base: ItemValues
  errorAt(name: string): string | null
}
const EditorFormContext = createContext<EditorForm | null>(null)
export const EditorFormProvider = EditorFormContext.Provider
export function useEditorForm(): EditorForm {
  const form = useContext(EditorFormContext)
  if (!form) throw new Error('a field of the editor stands outside its form')
  return form
}

export function at(value: unknown, name: string): unknown {
  let node = value
  for (const part of name.split('.'))
    node = typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[part] : undefined
  return node
}
export const textAt = (value: unknown, name: string): string => {
  const found = at(value, name)
  return typeof found === 'string' ? found : ''
}

export function FieldProblem({ name }: { name: string }) {
  const { errorAt } = useEditorForm()
  const locale = useLocale()
  const code = errorAt(name)
  if (!code) return null
  return (
    <span className="err" id={`${fieldId(name)}-error`}>
      <AlertOctagon className="i s" aria-hidden="true" />
      {errorSentence(locale, code)}
    </span>
  )
}

/** Attributes that tie a control to its error. */
function useProblem(name: string): { 'aria-invalid': true | undefined; 'aria-describedby': string | undefined } {
  const wrong = useEditorForm().errorAt(name) !== null
  return { 'aria-invalid': wrong || undefined, 'aria-describedby': wrong ? `${fieldId(name)}-error` : undefined }
}

/** One text in one language, with what changed in it below. */
export function TextCell({
  name,
  locale,
  label,
  before,
  quiet = false,
}: {
  name: string
  locale: Locale
  label: string
  before: string | null
  quiet?: boolean
}) {
  const { register, values } = useEditorForm()
  const t = useMessages(trainerMessages)
  const problem = useProblem(name)
  const text = textAt(values, name)
  return (
    <div className={quiet ? 'ed-cell quiet' : 'ed-cell'}>
      <textarea
        {...register(name)}
        {...problem}
        id={fieldId(name)}
        className="in"
        rows={quiet ? 1 : 2}
        lang={locale}
        aria-label={`${label}, ${t(`check.${locale}`)}`}
        defaultValue={text}
      />
      <FieldProblem name={name} />
      {before !== null && before !== '' && before !== text ? (
        <p className="ed-was" lang={locale}>
          <DiffText before={before} after={text} locale={locale} />
        </p>
      ) : null}
    </div>
  )
}

/** A labelled control of the properties. `was` shows the value that it replaces. */
export function Property({
  name,
  label,
  help,
  unit,
  was,
  children,
}: {
  name: string
  label: string
  help?: string
  unit?: ReactNode
  was?: string | null
  children: ReactNode
}) {
  const t = useMessages(trainerMessages)
  return (
    <div className={was === null || was === undefined ? 'field' : 'field chg'}>
      <label className="lab" htmlFor={fieldId(name)}>
        <span>{label}</span>
        {unit ? <span className="cap">{unit}</span> : null}
      </label>
      {help ? <span className="help">{help}</span> : null}
      {children}
      {was === null || was === undefined ? null : (
        <span className="cap">{was === '' ? t('field.was', { value: t('item.absent') }) : <del>{was}</del>}</span>
      )}
      <FieldProblem name={name} />
    </div>
  )
}

/** The earlier value where it differs, for `Property`. */
export function useWas(name: string, shown: (value: string) => string = (value) => value): string | null {
  const { values, base } = useEditorForm()
  const before = textAt(base, name)
  return textAt(values, name) === before ? null : before === '' ? '' : shown(before)
}

export function TextProperty({
  name,
  label,
  help,
  unit,
  list,
}: {
  name: string
  label: string
  help?: string
  unit?: ReactNode
  list?: string
}) {
  const { register, values } = useEditorForm()
  const problem = useProblem(name)
  const was = useWas(name)
  return (
    <Property name={name} label={label} {...(help ? { help } : {})} {...(unit ? { unit } : {})} was={was}>
      <input
        {...register(name)}
        {...problem}
        id={fieldId(name)}
        className="in"
        type="text"
        autoComplete="off"
        list={list}
        defaultValue={textAt(values, name)}
      />
    </Property>
  )
}

export type Choice = { value: string; label: string }
export function SelectProperty({
  name,
  label,
  help,
  choices,
  onPick,
}: {
  name: string
  label: string
  help?: string
  choices: readonly Choice[]
  onPick?(value: string): void
}) {
  const { register, values } = useEditorForm()
  const problem = useProblem(name)
  const labelOf = (value: string): string => choices.find((choice) => choice.value === value)?.label ?? value
  const was = useWas(name, labelOf)
  const value = textAt(values, name)
  const field = register(name)
  return (
    <Property name={name} label={label} {...(help ? { help } : {})} was={was}>
      <select
        {...field}
        {...problem}
        id={fieldId(name)}
        className="in"
        defaultValue={value}
        onChange={(event) => {
          void field.onChange(event)
          onPick?.(event.target.value)
        }}
      >
        {choices.some((choice) => choice.value === value) ? null : <option value={value}>{value}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Property>
  )
}

export function TickProperty({ name, label }: { name: string; label: string }) {
  const { register, values, base } = useEditorForm()
  const ticked = at(values, name) === true
  return (
    <label className={ticked === (at(base, name) === true) ? 'check' : 'check chg'}>
      <input {...register(name)} id={fieldId(name)} type="checkbox" defaultChecked={ticked} />
      <span>{label}</span>
    </label>
  )
}
