/**
 * The profile: dot and interval of each score on one axis, the cut score as a dashed line. SVG from the server, read by
 * class names, no script. `ProfileTable` is its twin and carries the message where the figure does not fit.
 */
import { useId } from 'react'
import { chartMessages } from '../../i18n/areas/charts.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Scroll } from '../primitives/scroll.tsx'
import { isBelow, isClose, standingOf, type ProfileRow, type Standing } from './profile.ts'

const WIDTH = 860
const LEFT = 232
const RIGHT = 690
const TOP = 30
const ROW = 36
const x = (percent: number): number => Math.round((LEFT + ((RIGHT - LEFT) * percent) / 100) * 10) / 10

/** Competency names that are longer than their column get two lines. */
function labelLines(label: string): string[] {
  if (label.length <= 26 || !label.includes(' ')) return [label]
  const middle = label.lastIndexOf(' ', Math.ceil(label.length / 2) + 4)
  return middle > 0 ? [label.slice(0, middle), label.slice(middle + 1)] : [label]
}

export function ProfileChart({ rows }: { rows: readonly ProfileRow[] }) {
  const id = useId()
  const t = useMessages(chartMessages)
  const formats = useFormats()
  const bottom = TOP + rows.length * ROW
  const cuts = [...new Set(rows.flatMap((row) => (row.cut === null ? [] : [row.cut])))]
  const common = cuts.length === 1 && rows.every((row) => row.cut !== null) ? cuts[0] : undefined
  return (
    <figure>
      <Scroll label={t('profile.title')} className="figure">
        <svg className="plot" viewBox={`0 0 ${WIDTH} ${bottom + 24}`} role="img" aria-labelledby={`${id}t ${id}d`}>
          <title id={`${id}t`}>{t('profile.title')}</title>
          <desc id={`${id}d`}>{t('profile.desc')}</desc>
          {[0, 20, 40, 60, 80, 100].map((tick) => (
            <g key={tick}>
              <line className="grid" x1={x(tick)} x2={x(tick)} y1={TOP - 6} y2={bottom} />
              <text className="q v" x={x(tick)} y={bottom + 18} textAnchor="middle">
                {tick}
              </text>
            </g>
          ))}
          {common !== undefined ? (
            <line className="cut" x1={x(common)} x2={x(common)} y1={TOP - 10} y2={bottom} />
          ) : null}
          <text
            x={common === undefined ? LEFT : x(common)}
            y={14}
            textAnchor={common === undefined ? 'start' : 'middle'}
            fontWeight={600}
          >
            {common !== undefined
              ? t('profile.cut', { cut: formats.number(common) })
              : cuts.length > 0
                ? t('profile.cut_each')
                : ''}
          </text>
          <text className="q" x={WIDTH} y={14} textAnchor="end">
            {t('profile.head')}
          </text>
          {rows.map((row, index) => (
            <Row key={row.label} row={row} y={TOP + index * ROW + ROW / 2} ownCut={common === undefined} />
          ))}
        </svg>
      </Scroll>
    </figure>
  )
}

function Row({ row, y, ownCut }: { row: ProfileRow; y: number; ownCut: boolean }) {
  const formats = useFormats()
  const standing = standingOf(row)
  const low = isBelow(standing) ? ' low' : ''
  const lines = labelLines(row.label)
  return (
    <g>
      {lines.map((line, index) => (
        <text key={line} x={0} y={y + 4.5 + (index - (lines.length - 1) / 2) * 15}>
          {line}
        </text>
      ))}
      {ownCut && row.cut !== null ? (
        <line className="cut" x1={x(row.cut)} x2={x(row.cut)} y1={y - 14} y2={y + 14} />
      ) : null}
      {row.low !== null && row.high !== null ? (
        <>
          <line className={`ci${low}`} x1={x(row.low)} x2={x(row.high)} y1={y} y2={y} />
          <path className={`ci${low}`} d={`M${x(row.low)} ${y - 5}v10M${x(row.high)} ${y - 5}v10`} />
        </>
      ) : null}
      {row.percent !== null ? (
        <g transform={`translate(${x(row.percent)} ${y})`}>
          <Shape standing={standing} />
        </g>
      ) : null}
      <text className="v" x={768} y={y + 5} textAnchor="end" fontWeight={600}>
        {row.percent === null ? '–' : formats.number(row.percent)}
      </text>
      <text className="q v" x={WIDTH} y={y + 5} textAnchor="end">
        {row.low === null || row.high === null
          ? `n = ${row.n}`
          : `[${formats.number(row.low)}, ${formats.number(row.high)}]`}
      </text>
    </g>
  )
}

/** Filled dot: clear above. Hollow: the interval crosses the cut. Diamond: below. */
function Shape({ standing }: { standing: Standing }) {
  if (isBelow(standing))
    return (
      <path
        className="ci low"
        fill={isClose(standing) ? 'var(--paper)' : 'var(--bad)'}
        d="M0 -7.5L7.5 0L0 7.5L-7.5 0Z"
      />
    )
  return <circle className={isClose(standing) ? 'dot open' : 'dot'} r={standing === 'no_cut' ? 3 : 6} />
}

/** The same shapes in a line of text. */
export function StandingMark({ standing }: { standing: Standing }) {
  const t = useMessages(chartMessages)
  const known = standing !== 'too_few' && standing !== 'no_cut'
  return (
    <span className="standing">
      {known ? (
        <svg className="plot mark-dot" viewBox="-9 -9 18 18" aria-hidden="true">
          <Shape standing={standing} />
        </svg>
      ) : null}
      {t(`profile.${standing}`)}
    </span>
  )
}

export function ProfileTable({ rows }: { rows: readonly ProfileRow[] }) {
  const t = useMessages(chartMessages)
  const formats = useFormats()
  const figure = (value: number | null) => (value === null ? '–' : formats.number(value))
  return (
    <Scroll label={t('profile.title')}>
      <table className="tbl">
        <thead>
          <tr>
            <th scope="col">{t('profile.competency')}</th>
            <th scope="col" className="n">
              {t('profile.n')}
            </th>
            <th scope="col" className="n">
              {t('profile.score')}
            </th>
            <th scope="col" className="n">
              {t('profile.interval')}
            </th>
            <th scope="col" className="n">
              {t('profile.cut_head')}
            </th>
            <th scope="col">{t('profile.against')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.label}>
              <th scope="row" className="plain">
                {row.label}
              </th>
              <td className="n">{row.n}</td>
              <td className="n b">{figure(row.percent)}</td>
              <td className="n">
                {row.low === null || row.high === null ? '–' : `${figure(row.low)}–${figure(row.high)}`}
              </td>
              <td className="n">{figure(row.cut)}</td>
              <td>
                <StandingMark standing={standingOf(row)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
