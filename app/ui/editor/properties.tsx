/** Everything about an item that is not its text. */
import { useFormContext, type FieldValues } from 'react-hook-form'
import type { EditorView } from '../../core/bank/editing/view.ts'
import { CHANNELS, COMPETENCIES, SOURCE_DOCUMENTS } from '../../core/bank/vocabulary.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { vocabularyMessages } from '../../i18n/areas/vocabulary.ts'
import { useLocale, useMessages } from '../../i18n/messages.ts'
import { SelectProperty, TextProperty, TickProperty, useEditorForm } from './form-context.tsx'

export function Properties({
  policies,
  rubrics,
  provisional,
}: Pick<EditorView, 'policies' | 'rubrics' | 'provisional'>) {
  const t = useMessages(trainerMessages)
  const words = useMessages(vocabularyMessages)
  const locale = useLocale()
  const { values } = useEditorForm()
  const { setValue } = useFormContext<FieldValues>()
  const policy = policies.find(({ id }) => id === values.policy.id)
  // Another policy has another revision, and its clauses are others.
  const onPolicy = (id: string): void => {
    const next = policies.find((other) => other.id === id)
    setValue('policy.revision', next ? String(next.revision) : '', { shouldDirty: true })
    setValue('policy.clause', '', { shouldDirty: true })
  }
  return (
    <section className="ed-props" aria-labelledby="props-title">
      <h2 className="ed-part" id="props-title">
        {t('field.properties')}
      </h2>
      <div className="ed-fields">
        <SelectProperty
          name="competency"
          label={t('field.competency')}
          choices={COMPETENCIES.map((value) => ({ value, label: words(`competency.${value}`) }))}
        />
        <SelectProperty
          name="channel"
          label={t('field.channel')}
          choices={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))}
        />
        {values.kind === 'written_reply' ? (
          <>
            <SelectProperty
              name="rubric"
              label={t('field.rubric')}
              choices={rubrics.map(({ id, title }) => ({ value: id, label: title[locale] }))}
            />
            <SelectProperty
              name="replyChannel"
              label={t('field.reply_channel')}
              choices={(['mail', 'chat'] as const).map((value) => ({ value, label: t(`channel.${value}`) }))}
            />
          </>
        ) : null}
        <SelectProperty
          name="policy.id"
          label={t('field.policy')}
          choices={[
            { value: '', label: t('field.policy.none') },
            ...policies.map(({ id, title }) => ({ value: id, label: title[locale] })),
          ]}
          onPick={onPolicy}
        />
        <TextProperty
          name="policy.revision"
          label={t('field.policy.revision')}
          {...(policy ? { unit: t('field.policy.revision.now', { n: policy.revision }) } : {})}
        />
        <TextProperty name="policy.clause" label={t('field.policy.clause')} list="clauses" />
        <datalist id="clauses">
          {(policy?.clauses ?? []).map((clause) => (
            <option key={clause.id} value={clause.id} label={clause.title[locale]} />
          ))}
        </datalist>
        <SelectProperty
          name="source.document"
          label={t('field.document')}
          choices={SOURCE_DOCUMENTS.map((value) => ({ value, label: t(`document.${value}`) }))}
        />
        <TextProperty name="source.statements" label={t('field.statements')} help={t('field.statements.help')} />
        <TextProperty
          name="difficulty"
          label={t('field.difficulty')}
          help={t('field.difficulty.help')}
          {...(provisional ? { unit: t('item.provisional') } : {})}
        />
        <TextProperty name="points" label={t('field.points')} />
        <TextProperty name="expectedSeconds" label={t('field.seconds')} unit={t('field.seconds.unit')} />
        {values.kind === 'written_reply' ? (
          <>
            <TextProperty name="limits.minCodePoints" label={t('field.limits.min')} />
            <TextProperty name="limits.maxCodePoints" label={t('field.limits.max')} />
            <TextProperty name="policies" label={t('field.policies')} help={t('field.policies.help')} />
          </>
        ) : null}
        <TextProperty name="enemies" label={t('field.enemies')} help={t('field.enemies.help')} />
        <TextProperty name="topics" label={t('field.topics')} help={t('field.topics.help')} />
      </div>
      <div className="ed-ticks">
        {values.kind === 'single_choice' ? <TickProperty name="shuffle" label={t('field.shuffle')} /> : null}
        <TickProperty name="policySearch" label={t('field.policy_search')} />
        <TickProperty name="practice" label={t('field.practice')} />
      </div>
    </section>
  )
}
