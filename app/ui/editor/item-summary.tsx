/** The facts above an item's text: its kind, what it tests, what it rests on, and how hard it is. */
import type { ItemValues } from '../../core/bank/editing/form-values.ts'
import type { EditorView } from '../../core/bank/editing/view.ts'
import type { Item } from '../../core/bank/schema.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { trainerMessages, type TrainerText } from '../../i18n/areas/trainer.ts'
import { vocabularyMessages } from '../../i18n/areas/vocabulary.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'

/** The few facts that place an item. */
export function Summary({ view, values }: { view: EditorView; values: ItemValues | null }) {
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
