/** Rows of the two-language sheet: the name of the row, both texts side by side, what can be done with it. */
import { ArrowDown, ArrowUp, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Compared } from '../../core/bank/editing/finish.ts'
import { listEditName, type ListEdit, type ListName } from '../../core/bank/editing/form-values.ts'
import { isCurrentIn, type Languages } from '../../core/bank/set.ts'
import { LOCALES, type Locale } from '../../core/shared/locale.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { textAt, TextCell, useEditorForm } from './form-context.tsx'

const NAMES: Record<Locale, string> = { 'zh-CN': '中文', en: 'English' }

/** Head of the sheet: each language with its revision, and whether it was compared with the other. */
export function SheetHead({
  languages,
  compared,
  tick,
}: {
  languages: Languages
  compared: Compared
  tick(locale: Locale): ReactNode
}) {
  const t = useMessages(trainerMessages)
  return (
    <div className="ed-g ed-gh">
      <span />
      {LOCALES.map((locale) => (
        <span key={locale}>
          <span lang={locale}>{NAMES[locale]}</span>
          <span className="cap">{t('lang.source', { n: languages[locale].revision })}</span>
          {isCurrentIn(languages, locale) && !compared[locale] ? (
            <span className="cap">{t('lang.compared')}</span>
          ) : (
            tick(locale)
          )}
        </span>
      ))}
      <span />
    </div>
  )
}

/**
 * Both languages of one text. `base` is the name of the same text in the version that the edit began with; null: it is
 * new.
 */
export function TextRow(props: {
  name: string
  base: string | null
  label: string
  head: ReactNode
  tools?: ReactNode
  help?: string
  quiet?: boolean
}) {
  const { values, base } = useEditorForm()
  const before = (locale: Locale): string | null =>
    props.base === null ? null : textAt(base, `${props.base}.${locale}`)
  const changed = LOCALES.some((locale) => (before(locale) ?? '') !== textAt(values, `${props.name}.${locale}`))
  return (
    <div className={`ed-g ed-row${changed ? ' chg' : ''}${props.quiet ? ' quiet' : ''}`}>
      <div className="ed-k">{props.head}</div>
      {LOCALES.map((locale) => (
        <TextCell
          key={locale}
          name={`${props.name}.${locale}`}
          locale={locale}
          label={props.label}
          before={before(locale)}
          quiet={props.quiet ?? false}
        />
      ))}
      <div className="ed-tools">{props.tools}</div>
      {props.help ? <p className="cap ed-help">{props.help}</p> : null}
    </div>
  )
}

/** Buttons that change a list. With a script they act at once; without, the form comes back with the list changed. */
export function ListButton({
  edit,
  label,
  icon,
  onEdit,
  disabled = false,
}: {
  edit: ListEdit
  label: string
  icon: 'up' | 'down' | 'remove'
  onEdit(edit: ListEdit): void
  disabled?: boolean
}) {
  const { formId } = useEditorForm()
  const Icon = icon === 'up' ? ArrowUp : icon === 'down' ? ArrowDown : X
  return (
    <button
      className="btn bare dense ed-tool"
      type="submit"
      form={formId}
      name="intent"
      value={listEditName(edit)}
      formNoValidate
      disabled={disabled}
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.preventDefault()
        onEdit(edit)
      }}
    >
      <Icon className="i s" aria-hidden="true" />
    </button>
  )
}

export function MoveButtons({
  list,
  index,
  count,
  what,
  onEdit,
}: {
  list: ListName
  index: number
  count: number
  what: string
  onEdit(edit: ListEdit): void
}) {
  const t = useMessages(trainerMessages)
  return (
    <>
      <ListButton
        edit={{ list, op: 'up', index }}
        label={t('field.up', { what })}
        icon="up"
        disabled={index === 0}
        onEdit={onEdit}
      />
      <ListButton
        edit={{ list, op: 'down', index }}
        label={t('field.down', { what })}
        icon="down"
        disabled={index === count - 1}
        onEdit={onEdit}
      />
    </>
  )
}

export function AddButton({ list, label, onEdit }: { list: ListName; label: string; onEdit(edit: ListEdit): void }) {
  const { formId } = useEditorForm()
  const edit: ListEdit = { list, op: 'add', index: 0 }
  return (
    <p className="ed-add">
      <button
        className="btn dense"
        type="submit"
        form={formId}
        name="intent"
        value={listEditName(edit)}
        formNoValidate
        onClick={(event) => {
          event.preventDefault()
          onEdit(edit)
        }}
      >
        {label}
      </button>
    </p>
  )
}
