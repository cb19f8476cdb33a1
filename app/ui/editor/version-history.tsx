/** Every version of an item, who made it, how often it was drawn, and what two of them differ in. */
import { Form } from '@remix-run/react'
import { CircleCheck } from 'lucide-react'
import { differencesOf } from '../../core/bank/editing/difference.ts'
import type { ItemHeader } from '../../core/bank/editing/view.ts'
import type { Item } from '../../core/bank/schema.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Scroll } from '../primitives/scroll.tsx'
import { DifferenceList } from './diff.tsx'
import { ItemHead } from './item-head.tsx'

type Version = {
  versionId: string
  number: number
  origin: 'import' | 'editor'
  createdAt: string
  author: string | null
  draws: number
  inUse: boolean
  scoresAsHead: boolean
}
export type HistoryData = {
  header: ItemHeader
  versions: Version[]
  compared: { from: { number: number; item: Item }; to: { number: number; item: Item } } | null
}

export function VersionHistory({ history }: { history: HistoryData }) {
  const { header, versions, compared } = history
  const t = useMessages(trainerMessages)
  const differences = compared ? differencesOf(compared.from.item, compared.to.item) : []
  return (
    <>
      <ItemHead header={header} />
      <main id="main" className="ed-room stack" tabIndex={-1}>
        <h2 className="vh">{t('versions.title')}</h2>
        <VersionTable versions={versions} />
        {compared ? (
          <>
            <Form method="get" className="ed-filters" key={`${compared.from.number} ${compared.to.number}`}>
              <Pick name="from" label={t('versions.earlier')} versions={versions} value={compared.from.number} />
              <Pick name="to" label={t('versions.later')} versions={versions} value={compared.to.number} />
              <button className="btn" type="submit">
                {t('versions.compare')}
              </button>
            </Form>
            <h2 className="b">{t('versions.diff', { from: compared.from.number, to: compared.to.number })}</h2>
            {differences.length === 0 ? (
              <p className="cap">{t('versions.same')}</p>
            ) : (
              <DifferenceList
                differences={differences}
                label={t('versions.diff', { from: compared.from.number, to: compared.to.number })}
              />
            )}
          </>
        ) : (
          <p className="cap">{t('versions.single')}</p>
        )}
      </main>
    </>
  )
}

function VersionTable({ versions }: { versions: readonly Version[] }) {
  const t = useMessages(trainerMessages)
  const formats = useFormats()
  return (
    <Scroll label={t('versions.title')} className="ed-table">
      <table className="tbl ed-versions">
        <thead>
          <tr>
            <th scope="col" className="n">
              {t('versions.number')}
            </th>
            <th scope="col">{t('versions.when')}</th>
            <th scope="col">{t('versions.who')}</th>
            <th scope="col" className="n">
              {t('versions.draws')}
            </th>
            <th scope="col">{t('versions.scoring')}</th>
            <th scope="col">{t('items.status')}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr key={version.versionId}>
              <td className="n">{version.number}</td>
              <td>
                <time dateTime={version.createdAt}>{formats.dateTime(version.createdAt)}</time>
              </td>
              <td>
                {version.author ?? t('versions.import')}{' '}
                {version.origin === 'editor' ? <span className="cap">{t('versions.editor')}</span> : null}
              </td>
              <td className="n">{formats.number(version.draws)}</td>
              <td>{t(version.scoresAsHead ? 'versions.scoring.same' : 'versions.scoring.other')}</td>
              <td>
                {version.inUse ? (
                  <span className="st ok">
                    <CircleCheck className="i s" aria-hidden="true" />
                    {t('versions.in_use')}
                  </span>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function Pick({
  name,
  label,
  versions,
  value,
}: {
  name: string
  label: string
  versions: readonly Version[]
  value: number
}) {
  const t = useMessages(trainerMessages)
  return (
    <div className="field">
      <label className="lab" htmlFor={name}>
        {label}
      </label>
      <select className="in" id={name} name={name} defaultValue={value}>
        {versions.map((version) => (
          <option key={version.versionId} value={version.number}>
            {t('item.version', { n: version.number })}
          </option>
        ))}
      </select>
    </div>
  )
}
