/**
 * Label above, help under the label, error under the control. Errors are codes; this is where they become sentences.
 */
import { AlertOctagon } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { commonMessages } from '../../i18n/areas/common.ts'
import { errorSentence } from '../../i18n/areas/errors.ts'
import { useLocale, useMessages } from '../../i18n/messages.ts'

export type ControlProps = { id: string; 'aria-invalid': true | undefined; 'aria-describedby': string | undefined }

export function Field(props: {
  label: string
  help?: string
  /** Unit or count at the right of the label. */
  aside?: ReactNode
  optional?: boolean
  error?: string | null | undefined
  children: (control: ControlProps) => ReactNode
}) {
  const id = useId()
  const t = useMessages(commonMessages)
  const described = [props.help ? `${id}-help` : '', props.error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label className="lab" htmlFor={id}>
        <span>
          {props.label}
          {props.optional ? <span className="cap"> {t('label.optional')}</span> : null}
        </span>
        {props.aside}
      </label>
      {props.help ? (
        <span className="help" id={`${id}-help`}>
          {props.help}
        </span>
      ) : null}
      {props.children({
        id,
        'aria-invalid': props.error ? true : undefined,
        'aria-describedby': described || undefined,
      })}
      <FieldError id={`${id}-error`} code={props.error} />
    </div>
  )
}

export function FieldError({ id, code }: { id?: string; code: string | null | undefined }) {
  const locale = useLocale()
  if (!code) return null
  return (
    <span className="err" id={id}>
      <AlertOctagon className="i s" aria-hidden="true" />
      {errorSentence(locale, code)}
    </span>
  )
}
