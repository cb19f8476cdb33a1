/**
 * The item editor: text of both languages, properties, the candidate's view and the check beside it. One form, with or
 * without a script.
 */
import { Form, useNavigation } from '@remix-run/react'
import { useState, type FormEvent, type ReactNode } from 'react'
import { FormProvider, type FieldValues, type UseFormRegisterReturn, type UseFormReturn } from 'react-hook-form'
import { differencesOf } from '../../core/bank/editing/difference.ts'
import { finishItem, type Compared } from '../../core/bank/editing/finish.ts'
import {
  hasForm,
  itemFormSchema,
  rawItemOf,
  valuesOf,
  type FormItem,
  type ItemValues,
} from '../../core/bank/editing/form-values.ts'
import type { CheckReply, EditorView } from '../../core/bank/editing/view.ts'
import type { Item } from '../../core/bank/schema.ts'
import { isCurrentIn } from '../../core/bank/set.ts'
import { LOCALES, type Locale } from '../../core/shared/locale.ts'
import { useActionForm } from '../../forms/use-action-form.ts'
import { trainerMessages, type TrainerText } from '../../i18n/areas/trainer.ts'
import { vocabularyMessages } from '../../i18n/areas/vocabulary.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { FailureNote, Note } from '../primitives/note.tsx'
import { CandidatePane } from './candidate-pane.tsx'
import { CheckPanel, type Reasons } from './check-panel.tsx'
import { DifferenceList, DiffLegend } from './diff.tsx'
import { at, EditorFormProvider, type EditorForm } from './form-context.tsx'
import { ItemHead } from './item-head.tsx'
import { NewerPanel } from './newer-panel.tsx'
import { fieldId, fieldName } from './paths.ts'
import { Properties } from './properties.tsx'
import { SheetHead, TextRow } from './rows.tsx'
import { SavedState } from './save-state.tsx'
import { SingleChoiceFields } from './single-choice-fields.tsx'
import { useAutosave, type SaveState } from './use-autosave.ts'
import { WrittenReplyFields } from './written-reply-fields.tsx'

const FORM_ID = 'item-form'
/** What the action answered: a refusal, or the question before something is thrown away. */
export type EditorReply =
  | { status: 'failed'; error: { code: string; params?: Readonly<Record<string, string | number>> } }
  | { status: 'confirm_discard' }
  | undefined
/** What the address says happened just now. */
export type Done = { published: number | null; discarded: boolean }
type Props = { view: EditorView; reply: EditorReply; done: Done }

export function ItemEditor(props: Props) {
  const { view } = props
  return view.content.form === 'fields' && hasForm(view.base.item) ? (
    <FieldsEditor {...props} values={view.content.values} base={view.base.item} />
  ) : (
    <YamlEditor {...props} />
  )
}

const initialState = (view: EditorView): SaveState =>
  view.draft ? { status: 'saved', at: view.draft.savedAt, draft: true } : { status: 'idle' }
const reasonsOf = (waivers: readonly { rule: string; reason: string }[]): Reasons =>
  Object.fromEntries(waivers.filter(({ reason }) => reason !== '').map(({ rule, reason }) => [rule, reason]))

// ---- Items with fields of their own

function FieldsEditor({ view, reply, done, values: initial, base }: Props & { values: ItemValues; base: FormItem }) {
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

// ---- Items written as YAML

function YamlEditor({ view, reply, done }: Props) {
  const t = useMessages(trainerMessages)
  const content =
    view.content.form === 'yaml' ? view.content : { text: '', compared: { 'zh-CN': false, en: false }, item: null }
  const [text, setText] = useState(content.text)
  const [compared, setCompared] = useState<Compared>(content.compared)
  const saver = useAutosave({
    url: `/trainer/items/${view.header.itemId}/draft`,
    formId: FORM_ID,
    initial: initialState(view),
    fingerprint: JSON.stringify([text, compared]),
  })
  const check = saver.reply?.check ?? view.check
  const item = saver.reply ? saver.reply.item : content.item
  const differences = item ? differencesOf(view.base.item, item) : []
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    const intent = ((event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement | null)?.value
    if (intent !== 'save') return saver.stop()
    event.preventDefault()
    saver.saveNow()
  }
  const languages = (item ?? view.base.item).languages
  return (
    <Frame
      view={view}
      reply={reply}
      done={done}
      saved={saver.state}
      drafted={view.draft !== null || (saver.state.status === 'saved' && saver.state.draft)}
      mine={item}
    >
      <main id="main" className="ed-edit" tabIndex={-1}>
        <Summary view={view} values={null} />
        <Form id={FORM_ID} method="post" noValidate onSubmit={onSubmit} className="ed-yaml">
          <input type="hidden" name="base" value={view.base.versionId} />
          <label className="b" htmlFor="yaml">
            {t('yaml.label')}
          </label>
          <p className="cap" id="yaml-help">
            {t('yaml.help')}
          </p>
          <textarea
            id="yaml"
            name="yaml"
            className="in ed-code"
            rows={24}
            spellCheck={false}
            autoComplete="off"
            aria-describedby="yaml-help"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <div className="ed-ticks">
            {LOCALES.map((locale) =>
              isCurrentIn(languages, locale) && !compared[locale] ? null : (
                <label className="check" key={locale}>
                  <input
                    type="checkbox"
                    name={`compared.${locale}`}
                    checked={compared[locale]}
                    onChange={(event) => setCompared({ ...compared, [locale]: event.target.checked })}
                  />
                  <span>{t(`lang.compare.${locale}`)}</span>
                </label>
              ),
            )}
          </div>
        </Form>
        {item === null ? null : (
          <section className="ed-yaml" aria-labelledby="diff-title">
            <h2 className="b" id="diff-title">
              {differences.length === 0
                ? t('diff.none', { n: view.base.number })
                : t('diff.title', { n: view.base.number })}
            </h2>
            {differences.length === 0 ? null : (
              <DifferenceList differences={differences} label={t('diff.title', { n: view.base.number })} />
            )}
          </section>
        )}
      </main>
      <Aside
        item={item}
        view={view}
        check={check}
        saved={saver.state}
        reasons={{}}
        inForm={false}
        onReason={() => undefined}
      />
    </Frame>
  )
}

// ---- What both have around them

function Frame(props: {
  view: EditorView
  reply: EditorReply
  done: Done
  saved: SaveState
  drafted: boolean
  mine: Item | null
  children: ReactNode
}) {
  const { view, reply, done } = props
  const t = useMessages(trainerMessages)
  const navigation = useNavigation()
  const busy = navigation.state !== 'idle'
  return (
    <>
      <ItemHead header={view.header} draftFrom={props.drafted ? view.base.number : null}>
        <SavedState state={props.saved} />
        {/* Save comes first: it is what Enter does in a field. */}
        <button className="btn" type="submit" form={FORM_ID} name="intent" value="save" formNoValidate>
          {t('item.save')}
        </button>
        {props.drafted ? (
          <button className="btn" type="submit" form={FORM_ID} name="intent" value="discard" formNoValidate>
            {t('item.discard')}
          </button>
        ) : null}
        <button className="btn pri" type="submit" form={FORM_ID} name="intent" value="publish" disabled={busy}>
          {t('item.publish')}
        </button>
      </ItemHead>
      <div className="ed-notes">
        {reply?.status === 'failed' ? <FailureNote key={reply.error.code} error={reply.error} /> : null}
        {reply?.status === 'confirm_discard' ? <ConfirmDiscard view={view} /> : null}
        {reply === undefined && done.published !== null ? (
          <Published
            n={done.published}
            waits={LOCALES.some((locale) => !isCurrentIn(view.base.item.languages, locale))}
          />
        ) : null}
        {reply === undefined && done.discarded ? <Note>{t('item.discarded', { n: view.base.number })}</Note> : null}
        {view.newer ? <NewerPanel newer={view.newer} base={view.base} mine={props.mine} formId={FORM_ID} /> : null}
      </div>
      <div className="ed-desk">{props.children}</div>
    </>
  )
}

/** Published is not drawn: forms in both languages wait until these have been compared. */
function Published({ n, waits }: { n: number; waits: boolean }) {
  const t = useMessages(trainerMessages)
  return <Note tone={waits ? 'warn' : 'ok'}>{t(waits ? 'item.published.waits' : 'item.published', { n })}</Note>
}

function ConfirmDiscard({ view }: { view: EditorView }) {
  const t = useMessages(trainerMessages)
  return (
    <Note tone="warn" focus>
      <h2 className="b">{t('item.discard.title')}</h2>
      <p>{t('item.discard.body', { n: view.base.number })}</p>
      <Form method="post" className="row">
        <input type="hidden" name="base" value={view.base.versionId} />
        <a className="btn" href={`/trainer/items/${view.header.itemId}`}>
          {t('item.discard.keep')}
        </a>
        <button className="btn" type="submit" name="intent" value="discard-confirmed">
          {t('item.discard.confirm')}
        </button>
      </Form>
    </Note>
  )
}

/** The few facts that place an item. */
function Summary({ view, values }: { view: EditorView; values: ItemValues | null }) {
  const t = useMessages(trainerMessages)
  const words = useMessages(vocabularyMessages)
  const locale = useLocale()
  const formats = useFormats()
  const { item } = view.base
  const policy = values
    ? values.policy
    : item.policy
      ? { id: item.policy.id, revision: String(item.policy.revision), clause: item.policy.clause ?? '' }
      : { id: '', revision: '', clause: '' }
  const difficulty = Number(values?.difficulty ?? item.difficulty)
  const competency = values?.competency ?? item.competency
  return (
    <div className="ed-meta">
      <dl>
        <div>
          <dt>{t('field.kind')}</dt>
          <dd>{words(`kind.${item.kind}`)}</dd>
        </div>
        <div>
          <dt>{t('field.competency')}</dt>
          <dd>{words(`competency.${competency as Item['competency']}`)}</dd>
        </div>
        <div>
          <dt>{t('field.basis')}</dt>
          <dd>
            {policy.id === '' ? (
              <span className="cap">{t('field.basis.none')}</span>
            ) : (
              <Basis view={view} locale={locale} policy={policy} t={t} />
            )}
          </dd>
        </div>
        <div>
          <dt>{t('field.difficulty')}</dt>
          <dd>
            <span className="num">{Number.isFinite(difficulty) ? formats.number(difficulty, 2) : '–'}</span>
            {view.provisional ? (
              <span className="tag" title={t('item.provisional.help')}>
                {t('item.provisional')}
              </span>
            ) : null}
          </dd>
        </div>
        {item.practice ? (
          <div>
            <dt>{t('items.status')}</dt>
            <dd>{t('item.practice.note')}</dd>
          </div>
        ) : null}
      </dl>
      {view.provisional ? <p className="cap">{t('item.provisional.help')}</p> : null}
    </div>
  )
}

function Basis({
  view,
  locale,
  policy,
  t,
}: {
  view: EditorView
  locale: Locale
  policy: { id: string; revision: string; clause: string }
  t: TrainerText
}) {
  const found = view.policies.find(({ id }) => id === policy.id)
  const { revision, clause } = policy
  return (
    <span>
      <a href={`/trainer/policies/${policy.id}${clause === '' ? '' : `#clause-${clause}`}`}>
        {found?.title[locale] ?? policy.id}
      </a>{' '}
      <span className="cap">
        {clause === '' ? t('field.basis.revision', { revision }) : t('field.basis.clause', { revision, clause })}
      </span>
    </span>
  )
}

function Aside(props: {
  item: Item | null
  view: EditorView
  check: CheckReply
  saved: SaveState
  reasons: Reasons
  inForm: boolean
  onReason(rule: string, reason: string): void
}) {
  return (
    <aside className="ed-aside">
      <CandidatePane item={props.item} policies={props.view.policies} />
      <CheckPanel
        check={props.check}
        pending={props.saved.status === 'saving'}
        formId={FORM_ID}
        inForm={props.inForm}
        reasons={props.reasons}
        onReason={props.onReason}
      />
    </aside>
  )
}
