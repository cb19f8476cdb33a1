/** Differences in words: what went is struck through, what came is underlined. */
import type { Difference } from '../../core/bank/editing/difference.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { diffText } from '../../core/shared/text-diff.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useMessages } from '../../i18n/messages.ts'
import { Scroll } from '../primitives/scroll.tsx'
import { placeName } from './paths.ts'

export function DiffText({ before, after, locale }: { before: string; after: string; locale: Locale | null }) {
  return (
    <span lang={locale ?? undefined}>
      {diffText(before, after).map((part, index) =>
        part.kind === 'same' ? (
          <span key={index}>{part.text}</span>
        ) : part.kind === 'del' ? (
          <del key={index}>{part.text}</del>
        ) : (
          <ins key={index}>{part.text}</ins>
        ),
      )}
    </span>
  )
}

/** Every difference of two versions, one a row. */
export function DifferenceList({ differences, label }: { differences: readonly Difference[]; label: string }) {
  const t = useMessages(trainerMessages)
  return (
    <Scroll label={label} className="ed-table">
      <table className="tbl ed-diffs">
        <thead>
          <tr>
            <th scope="col">{t('diff.path')}</th>
            <th scope="col">
              <del>{t('diff.removed')}</del> <ins>{t('diff.added')}</ins>
            </th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ path, locale, before, after }) => (
            <tr key={`${path} ${locale ?? ''}`}>
              <td>{placeName(t, locale ? `${path}.${locale}` : path)}</td>
              <td className="ed-read">
                <DiffText before={before ?? ''} after={after ?? ''} locale={locale} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

export function DiffLegend({ from }: { from: number }) {
  const t = useMessages(trainerMessages)
  return (
    <p className="cap ed-legend">
      {t('diff.legend', { n: from })} <del>{t('diff.removed')}</del> <ins>{t('diff.added')}</ins>
    </p>
  )
}
