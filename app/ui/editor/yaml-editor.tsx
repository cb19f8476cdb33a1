/** The editor of an item that is written as YAML. */
import { Form } from '@remix-run/react'
import { useState, type FormEvent } from 'react'
import { differencesOf } from '../../core/bank/editing/difference.ts'
import type { Compared } from '../../core/bank/editing/finish.ts'
import { isCurrentIn } from '../../core/bank/set.ts'
import { LOCALES } from '../../core/shared/locale.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { DifferenceList } from './diff.tsx'
import { Aside, Frame } from './editor-frame.tsx'
import { FORM_ID, initialState, type EditorProps } from './item-form.ts'
import { Summary } from './item-summary.tsx'
import { useAutosave } from './use-autosave.ts'

export function YamlEditor({ view, reply, done }: EditorProps) {
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
