/** Somebody published while this draft was written: both texts, and the two ways on. */
import { threeWay } from '../../core/bank/editing/difference.ts'
import type { EditorView } from '../../core/bank/editing/view.ts'
import type { Item } from '../../core/bank/schema.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Note } from '../primitives/note.tsx'
import { Scroll } from '../primitives/scroll.tsx'
import { DiffText } from './diff.tsx'
import { placeName } from './paths.ts'

export function NewerPanel({
  newer,
  base,
  mine,
  formId,
}: {
  newer: NonNullable<EditorView['newer']>
  base: EditorView['base']
  mine: Item | null
  formId: string
}) {
  const t = useMessages(trainerMessages)
  const formats = useFormats()
  const rows = mine ? threeWay(base.item, newer.item, mine) : []
  const time = formats.dateTime(newer.publishedAt)
  return (
    <section className="ed-newer" aria-labelledby="newer-title">
      <Note tone="warn">
        <h2 id="newer-title" className="b">
          {newer.author
            ? t('item.newer.title', { n: newer.number, author: newer.author, time })
            : t('item.newer.title.unknown', { n: newer.number, time })}
        </h2>
        <p>{t('item.newer.body', { base: base.number })}</p>
      </Note>
      {rows.length === 0 ? (
        <p className="cap">{t('item.newer.same')}</p>
      ) : (
        <Scroll label={t('item.newer.title.unknown', { n: newer.number, time })}>
          <table className="tbl ed-diffs">
            <thead>
              <tr>
                <th scope="col">{t('diff.path')}</th>
                <th scope="col">{t('item.newer.theirs', { n: newer.number })}</th>
                <th scope="col">{t('item.newer.mine')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ path, locale, base: before, theirs, mine: typed }) => (
                <tr key={`${path} ${locale ?? ''}`}>
                  <td>{placeName(t, locale ? `${path}.${locale}` : path)}</td>
                  {[theirs, typed].map((after, index) => (
                    <td key={index} className="ed-read">
                      {after === null && before === null ? (
                        <span className="cap">{t('item.absent')}</span>
                      ) : (
                        <DiffText before={before ?? ''} after={after ?? ''} locale={locale} />
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <p className="row">
        <button
          className="btn"
          type="submit"
          form={formId}
          name="intent"
          value={`continue.${newer.versionId}`}
          formNoValidate
        >
          {t('item.newer.continue', { n: newer.number })}
        </button>
        <button className="btn" type="submit" form={formId} name="intent" value="discard" formNoValidate>
          {t('item.discard')}
        </button>
        <span className="cap">{t('item.newer.continue.help', { n: newer.number })}</span>
      </p>
    </section>
  )
}
