/** One shelf of the banks: everything of one kind, with what tells one piece from another. */
import { Form, Link } from '@remix-run/react'
import type { Blueprint, Kit, Policy, Programme, Rubric, Scenario } from '../../core/bank/schema.ts'
import type { LocalizedText } from '../../core/shared/locale.ts'
import { trainerMessages, type TrainerText } from '../../i18n/areas/trainer.ts'
import { useFormats, useLocale, useMessages } from '../../i18n/messages.ts'
import { Scroll } from '../primitives/scroll.tsx'
import { Nothing } from './item-table.tsx'
import type { ShelfName } from './shelf-tabs.tsx'

type Body = {
  policies: Policy
  rubrics: Rubric
  scenarios: Scenario
  kits: Kit
  blueprints: Blueprint
  programmes: Programme
}
export type OtherShelf = keyof Body & ShelfName
type Row = { id: string; title: LocalizedText; bankId: string; number: number; uses: number; body: Body[OtherShelf] }
export type ShelfData = { shelf: OtherShelf; query: string; list: { rows: Row[]; wordless: boolean; total: number } }

/** One column: its head, whether it holds numbers, and the value of a row. */
type Column = { head: string; number?: boolean; cell(body: never): string | number }
const column = <T,>(head: string, cell: (body: T) => string | number, number = false): Column => ({
  head,
  cell,
  number,
})

function columnsOf(shelf: OtherShelf, t: TrainerText): Column[] {
  switch (shelf) {
    case 'policies':
      return [
        column<Policy>(t('policy.revision.short'), (p) => p.revision, true),
        column<Policy>(t('policy.clauses'), (p) => p.clauses.length, true),
        column<Policy>(t('items.status'), (p) => t(`policy.status.${p.status}`)),
      ]
    case 'rubrics':
      return [
        column<Rubric>(t('rubric.applies'), (r) => r.appliesTo.map((a) => t(`rubric.applies.${a}`)).join(' · ')),
        column<Rubric>(t('rubric.criteria'), (r) => r.criteria.length, true),
        column<Rubric>(t('rubric.levels'), (r) => r.levels, true),
      ]
    case 'scenarios':
      return [
        column<Scenario>(t('field.channel'), (s) => t(`channel.${s.channel}`)),
        column<Scenario>(t('scenario.duration'), (s) => t('minutes', { n: s.durationMinutes }), true),
      ]
    case 'kits':
      return [
        column<Kit>(t('kit.purpose'), (k) => t(`kit.purpose.${k.purpose}`)),
        column<Kit>(
          t('kit.questions'),
          (k) => k.sections.reduce((sum, section) => sum + section.questions.length, 0),
          true,
        ),
        column<Kit>(t('scenario.duration'), (k) => t('minutes', { n: k.totalMinutes }), true),
      ]
    case 'blueprints':
      return [
        column<Blueprint>(t('blueprint.sections'), (b) => b.sections.length, true),
        column<Blueprint>(
          t('blueprint.count'),
          (b) => b.sections.reduce((sum, section) => sum + section.count, 0),
          true,
        ),
      ]
    case 'programmes':
      return [
        column<Programme>(t('programme.outcome'), (p) => t(`programme.outcome.${p.outcome}`)),
        column<Programme>(t('programme.stages'), (p) => p.stages.length, true),
      ]
  }
}

export function ShelfTable({ shelf, query, list }: ShelfData) {
  const t = useMessages(trainerMessages)
  const { rows, total } = list
  return (
    <>
      <h1 className="vh">{t(`shelf.${shelf}`)}</h1>
      {total === 0 ? (
        <Nothing title={t('shelf.none.title')} body={t('shelf.none.body')} />
      ) : (
        <>
          <Form method="get" role="search" className="ed-filters" key={query}>
            <div className="field ed-find">
              <label className="lab" htmlFor="q">
                {t('items.search')}
              </label>
              <input
                className="in"
                id="q"
                type="search"
                name="q"
                defaultValue={query}
                maxLength={120}
                autoComplete="off"
                aria-describedby="q-help"
              />
              <span className="cap" id="q-help">
                {t('items.search.help')}
              </span>
            </div>
            <button className="btn" type="submit">
              {t('items.show')}
            </button>
          </Form>
          <div className="ed-count">
            <p role="status">
              {rows.length === total
                ? t('shelf.count.all', { total })
                : t('shelf.count', { found: rows.length, total })}
            </p>
            {query === '' ? null : <Link to={`/trainer/${shelf}`}>{t('items.clear')}</Link>}
          </div>
          {rows.length === 0 ? (
            <Nothing
              title={t('shelf.empty.title')}
              body={t(list.wordless ? 'items.empty.wordless' : 'shelf.empty.query', { query })}
            >
              <Link className="btn pri" to={`/trainer/${shelf}`}>
                {t('items.clear')}
              </Link>
            </Nothing>
          ) : (
            <Rows shelf={shelf} rows={rows} />
          )}
        </>
      )}
      <p className="cap">{t('shelf.read_only')}</p>
    </>
  )
}

function Rows({ shelf, rows }: { shelf: OtherShelf; rows: readonly Row[] }) {
  const t = useMessages(trainerMessages)
  const locale = useLocale()
  const formats = useFormats()
  const columns = columnsOf(shelf, t)
  const withUses = shelf !== 'programmes'
  return (
    <Scroll label={t(`shelf.${shelf}`)} className="ed-table">
      <table className="tbl ed-shelf">
        <thead>
          <tr>
            <th scope="col">{t('shelf.name')}</th>
            {columns.map(({ head, number }) => (
              <th scope="col" key={head} className={number ? 'n' : undefined}>
                {head}
              </th>
            ))}
            {withUses ? (
              <th scope="col" className="n">
                {t('shelf.uses')}
              </th>
            ) : null}
            <th scope="col" className="n">
              {t('items.version')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <Link className="ed-stem" to={`/trainer/${shelf}/${row.id}`}>
                  {row.title[locale]}
                </Link>
                <span className="cap num">{row.id}</span>
              </td>
              {columns.map(({ head, number, cell }) => (
                <td key={head} className={number ? 'n' : undefined}>
                  {cell(row.body as never)}
                </td>
              ))}
              {withUses ? <td className="n">{formats.number(row.uses)}</td> : null}
              <td className="n">{row.number}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
