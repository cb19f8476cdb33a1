/** All items in one table, with the filters of the address above it. */
import { Form, Link, useNavigation, useSubmit } from '@remix-run/react'
import { ArchiveX, CircleCheck, CircleDashed, Pencil } from 'lucide-react'
import { COMPETENCIES, ITEM_KINDS, type Competency, type ItemKind } from '../../core/bank/vocabulary.ts'
import type { LocalizedText } from '../../core/shared/locale.ts'
import { trainerMessages } from '../../i18n/areas/trainer.ts'
import { vocabularyMessages } from '../../i18n/areas/vocabulary.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { Scroll } from '../primitives/scroll.tsx'
import { filterQuery, isFiltered, STATUSES, type ItemListFilter } from './item-filter.ts'

type Row = {
  itemId: string
  stem: LocalizedText
  kind: ItemKind
  competency: Competency
  bankId: string
  difficulty: number
  number: number
  edited: boolean
  status: 'active' | 'retired'
  provisional: boolean
  practice: boolean
  draftAt: string | null
}
type List = {
  rows: Row[]
  wordless: boolean
  found: number
  total: number
  page: number
  pages: number
  banks: { id: string; title: LocalizedText }[]
}

export function ItemTable({ filter, list }: { filter: ItemListFilter; list: List }) {
  const t = useMessages(trainerMessages)
  const formats = useFormats()
  const { found, total } = list
  if (total === 0) return <Nothing title={t('items.none.title')} body={t('items.none.body')} />
  return (
    <>
      <h1 className="vh">{t('items.title')}</h1>
      <Filters key={filterQuery({ ...filter, page: 1 })} filter={filter} banks={list.banks} />
      <div className="ed-count">
        <p role="status">
          {found === total
            ? t('items.count.all', { total: formats.number(total) })
            : t('items.count', { found: formats.number(found), total: formats.number(total) })}
        </p>
        {isFiltered(filter) ? <Link to="/trainer/items">{t('items.clear')}</Link> : null}
        <Pages filter={filter} list={list} />
      </div>
      {found === 0 ? (
        <Nothing
          title={t('items.empty.title')}
          body={
            filter.query === ''
              ? t('items.empty.filters')
              : t(list.wordless ? 'items.empty.wordless' : 'items.empty.query', { query: filter.query })
          }
        >
          <Link className="btn pri" to="/trainer/items">
            {t('items.clear')}
          </Link>
        </Nothing>
      ) : (
        <Rows list={list} />
      )}
    </>
  )
}

export function Nothing({ title, body, children }: { title: string; body: string; children?: React.ReactNode }) {
  return (
    <div className="empty">
      <h2 className="b">{title}</h2>
      <p>{body}</p>
      {children}
    </div>
  )
}

function Filters({ filter, banks }: { filter: ItemListFilter; banks: List['banks'] }) {
  const t = useMessages(trainerMessages)
  const words = useMessages(vocabularyMessages)
  const locale = useLocale()
  const submit = useSubmit()
  const navigation = useNavigation()
  const any = { value: '', label: t('items.any') }
  const selects = [
    {
      name: 'bank',
      label: t('items.bank'),
      value: filter.bank,
      options: banks.map(({ id, title }) => ({ value: id, label: title[locale] })),
    },
    {
      name: 'kind',
      label: t('items.kind'),
      value: filter.kind,
      options: ITEM_KINDS.map((value) => ({ value, label: words(`kind.${value}`) })),
    },
    {
      name: 'competency',
      label: t('items.competency'),
      value: filter.competency,
      options: COMPETENCIES.map((value) => ({ value, label: words(`competency.${value}`) })),
    },
    {
      name: 'status',
      label: t('items.status'),
      value: filter.status,
      options: STATUSES.map((value) => ({ value, label: t(`items.status.${value}`) })),
    },
    {
      name: 'key',
      label: t('items.key'),
      value: filter.provisional === null ? null : filter.provisional ? 'provisional' : 'rated',
      options: (['provisional', 'rated'] as const).map((value) => ({ value, label: t(`items.key.${value}`) })),
    },
  ]
  return (
    <Form
      method="get"
      action="/trainer/items"
      role="search"
      className="ed-filters"
      onChange={(event) => (event.target instanceof HTMLSelectElement ? submit(event.currentTarget) : undefined)}
    >
      <div className="field ed-find">
        <label className="lab" htmlFor="q">
          {t('items.search')}
        </label>
        <input
          className="in"
          id="q"
          type="search"
          name="q"
          defaultValue={filter.query}
          maxLength={120}
          autoComplete="off"
          aria-describedby="q-help"
        />
        <span className="cap" id="q-help">
          {t('items.search.help')}
        </span>
      </div>
      {selects.map(({ name, label, value, options }) => (
        <div className="field" key={name}>
          <label className="lab" htmlFor={name}>
            {label}
          </label>
          <select className="in" id={name} name={name} defaultValue={value ?? ''}>
            {[any, ...options].map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        </div>
      ))}
      <button className="btn" type="submit" disabled={navigation.state === 'submitting'}>
        {t('items.show')}
      </button>
    </Form>
  )
}

function Rows({ list }: { list: List }) {
  const t = useMessages(trainerMessages)
  const words = useMessages(vocabularyMessages)
  const locale = useLocale()
  const formats = useFormats()
  const bankTitle = (id: string): string => list.banks.find((bank) => bank.id === id)?.title[locale] ?? id
  return (
    <Scroll label={t('items.title')} className="ed-table">
      <table className="tbl ed-items">
        <thead>
          <tr>
            <th scope="col">{t('doc.id')}</th>
            <th scope="col">{t('items.stem')}</th>
            <th scope="col">{t('items.kind')}</th>
            <th scope="col">{t('items.competency')}</th>
            <th scope="col">{t('items.bank')}</th>
            <th scope="col" className="n">
              <abbr title={t('items.difficulty.help')}>{t('items.difficulty')}</abbr>
            </th>
            <th scope="col" className="n">
              {t('items.version')}
            </th>
            <th scope="col">{t('items.status')}</th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => (
            <tr key={row.itemId}>
              <td className="cap num">{row.itemId}</td>
              <td>
                <Link
                  to={`/trainer/items/${row.itemId}`}
                  className="ed-stem"
                  title={row.stem[locale].replaceAll('**', '')}
                >
                  {row.stem[locale].replaceAll('**', '')}
                </Link>
              </td>
              <td>{words(`kind.${row.kind}`)}</td>
              <td>{words(`competency.${row.competency}`)}</td>
              <td>{bankTitle(row.bankId)}</td>
              <td className="n">{formats.number(row.difficulty, 2)}</td>
              <td className="n">{row.number}</td>
              <td>
                <Status row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function Status({ row }: { row: Row }) {
  const t = useMessages(trainerMessages)
  const formats = useFormats()
  return (
    <span className="ed-states">
      {row.draftAt ? (
        <span className="st acc">
          <Pencil className="i s" aria-hidden="true" />
          {t('items.draft_at', { time: formats.clock(row.draftAt) })}
        </span>
      ) : null}
      {row.status === 'retired' ? (
        <span className="st">
          <ArchiveX className="i s" aria-hidden="true" />
          {t('items.status.retired')}
        </span>
      ) : (
        <span className={row.provisional ? 'st' : 'st ok'}>
          {row.provisional ? (
            <CircleDashed className="i s" aria-hidden="true" />
          ) : (
            <CircleCheck className="i s" aria-hidden="true" />
          )}
          {t('items.status.active')}
          {row.provisional ? ` · ${t('item.provisional')}` : ''}
        </span>
      )}
      {row.practice ? <span className="cap">{t('items.practice')}</span> : null}
      {row.edited ? <span className="cap">{t('items.edited')}</span> : null}
    </span>
  )
}

function Pages({ filter, list }: { filter: ItemListFilter; list: List }) {
  const t = useMessages(trainerMessages)
  const { page, pages } = list
  if (pages === 1) return null
  const to = (n: number): string => `/trainer/items${filterQuery({ ...filter, page: n })}`
  return (
    <nav className="ed-pages" aria-label={t('items.page', { page, pages })}>
      {page > 1 ? <Link to={to(page - 1)}>{t('items.previous')}</Link> : null}
      <span>{t('items.page', { page, pages })}</span>
      {page < pages ? <Link to={to(page + 1)}>{t('items.next')}</Link> : null}
    </nav>
  )
}
