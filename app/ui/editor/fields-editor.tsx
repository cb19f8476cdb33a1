/** The editor of an item that has fields of its own. */
import { Form } from '@remix-run/react'
import { useState, type FormEvent, type ReactNode } from 'react'
import { FormProvider, type FieldValues, type UseFormRegisterReturn, type UseFormReturn } from 'react-hook-form'
import { finishItem } from '../../core/bank/editing/finish.ts'
import {
  itemFormSchema,
  rawItemOf,
  valuesOf,
  type FormItem,
  type ItemValues,
} from '../../core/bank/editing/form-values.ts'
import { isCurrentIn } from '../../core/bank/set.ts'
import { LOCALES, type Locale } from '../../core/shared/locale.ts'
import { useActionForm } from '../../forms/use-action-form.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useMessages } from '../../i18n/messages.ts'
import type { Reasons } from './check-panel.tsx'
import { DiffLegend } from './diff.tsx'
import { Aside, Frame } from './editor-frame.tsx'
import { at, EditorFormProvider, type EditorForm } from './form-context.tsx'
import { FORM_ID, initialState, type EditorProps } from './item-form.ts'
import { Summary } from './item-summary.tsx'
import { fieldId, fieldName } from './paths.ts'
import { Properties } from './properties.tsx'
import { SheetHead, TextRow } from './rows.tsx'
import { SingleChoiceFields } from './single-choice-fields.tsx'
import { useAutosave } from './use-autosave.ts'
import { WrittenReplyFields } from './written-reply-fields.tsx'

const reasonsOf = (waivers: readonly { rule: string; reason: string }[]): Reasons =>
  Object.fromEntries(waivers.filter(({ reason }) => reason !== '').map(({ rule, reason }) => [rule, reason]))

export function FieldsEditor({
  view,
  reply,
  done,
  values: initial,
  base,
}: EditorProps & { values: ItemValues; base: FormItem }) {
  const t = useMessages(trainerMessages)
  const [schema] = useState(() => itemFormSchema(base))
  // A union of forms is one form to the library; names are checked where fields are made.
  const form = useActionForm<FieldValues, FormItem>({ schema, defaultValues: initial })
  const [reasons, setReasons] = useState<Reasons>(() => reasonsOf(initial.waivers))
  const values = form.watch() as ItemValues
  const saver = useAutosave({
    url: `/trainer/items/${view.header.itemId}/draft`,
    formId: FORM_ID,
    initial: initialState(view),
    fingerprint: JSON.stringify([values, reasons]),
  })
  const check = saver.reply?.check ?? view.check
  const refused = reply?.status === 'failed'
  const problems = new Map(refused ? check.problems.map(({ path, code }) => [fieldName(path), code] as const) : [])
  const { errors } = form.formState
  const messageAt = (name: string): string | null => {
    const found = at(errors, name) as { message?: unknown; root?: { message?: unknown } } | undefined
    const message = found?.message ?? found?.root?.message
    return typeof message === 'string' && message !== '' ? message : null
  }
  const editor: EditorForm = {
    formId: FORM_ID,
    register: (name) => form.register(name),
    values,
    base: valuesOf(base),
    errorAt: (name) => messageAt(name) ?? problems.get(name) ?? null,
  }
  const draftItem = rawItemOf(values, base) as unknown as FormItem
  const { languages } = finishItem(draftItem, base, values.compared)
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    const intent = ((event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null)?.value
    if (intent === 'publish') {
      saver.stop()
      void form.onSubmit(event)
    } else if (intent === 'save') {
      event.preventDefault()
      saver.saveNow()
    } else saver.stop()
  }
  const incomplete = form.formState.submitCount > 0 && Object.keys(errors).length > 0
  const tick = (locale: Locale): ReactNode => (
    <CompareTick locale={locale} field={form.register(`compared.${locale}`)} ticked={values.compared[locale]} />
  )
  return (
    <FormProvider {...(form as unknown as UseFormReturn<FieldValues>)}>
      <EditorFormProvider value={editor}>
        <Frame
          view={view}
          reply={incomplete ? { status: 'failed', error: { code: 'item.incomplete' } } : reply}
          done={done}
          saved={saver.state}
          drafted={view.draft !== null || (saver.state.status === 'saved' && saver.state.draft)}
          mine={draftItem}
        >
          <main id="main" className="ed-edit" tabIndex={-1}>
            <Summary view={view} values={values} />
            <Form id={FORM_ID} method="post" noValidate onSubmit={onSubmit}>
              <input type="hidden" name="base" value={view.base.versionId} />
              <SheetHead languages={languages} compared={values.compared} tick={tick} />
              {LOCALES.some((locale) => !isCurrentIn(languages, locale)) ? (
                <p className="cap ed-legend">{t('lang.compare.help')}</p>
              ) : null}
              <TextRow name="stem" base="stem" label={t('field.stem')} head={<span>{t('field.stem')}</span>} />
              <TextRow
                quiet
                name="prompt"
                base="prompt"
                label={t('field.prompt')}
                head={<span>{t('field.prompt')}</span>}
                help={t('field.prompt.help')}
              />
              {values.kind === 'single_choice' ? (
                <SingleChoiceFields published={view.publishedOptions} />
              ) : (
                <WrittenReplyFields />
              )}
              <DiffLegend from={view.base.number} />
              <Properties policies={view.policies} rubrics={view.rubrics} provisional={view.provisional} />
            </Form>
          </main>
          <Aside
            item={draftItem}
            view={view}
            check={check}
            saved={saver.state}
            reasons={reasons}
            inForm
            onReason={(rule, reason) => setReasons((before) => ({ ...before, [rule]: reason }))}
          />
        </Frame>
      </EditorFormProvider>
    </FormProvider>
  )
}

function CompareTick({
  locale,
  field,
  ticked,
}: {
  locale: Locale
  field: UseFormRegisterReturn | { name: string }
  ticked: boolean
}) {
  const t = useMessages(trainerMessages)
  return (
    <label className="ed-tick">
      <input type="checkbox" {...field} id={fieldId(`compared.${locale}`)} defaultChecked={ticked} />
      <span className={ticked ? undefined : 'warn'}>{t(`lang.compare.${locale}`)}</span>
    </label>
  )
}
