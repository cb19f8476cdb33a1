/**
 * The time ledger: one strip to scale with pauses as gaps and time offline as a mark, and the table that explains each
 * entry.
 */
import { useId } from 'react'
import { chartMessages } from '../../i18n/areas/charts.ts'
import { useFormats, useMessages } from '../../i18n/messages.ts'
import { Scroll } from '../primitives/scroll.tsx'
import { momentBeside, stripOf, type LedgerEntry } from './ledger.ts'

const WIDTH = 860
const BAR_Y = 40
const BAR_H = 26
/** Below the times: one line for the sections, with their names under it. */
const LANE_Y = BAR_Y + BAR_H + 42
/** Widths of the figure's letters, on the wide side: a name that might not fit is left to the table. */
const textWidth = (text: string): number => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 14 : 8), 0)

export function LedgerStrip({ rows, now }: { rows: readonly LedgerEntry[]; now: number }) {
  const id = useId()
  const t = useMessages(chartMessages)
  const formats = useFormats()
  const strip = stripOf(rows, now)
  if (!strip || strip.until <= strip.from) return null
  const x = (at: number): number =>
    Math.round((0.5 + ((WIDTH - 1) * (at - strip.from)) / (strip.until - strip.from)) * 10) / 10
  const endLabel = `${formats.clock(strip.endedAt)} ${t(strip.closed ? 'ledger.end' : 'ledger.now')}`
  const endX = x(strip.endedAt)
  const showDeadline = strip.deadlineAt !== null && strip.deadlineAt > strip.endedAt
  return (
    <figure>
      <Scroll label={t('ledger.title')} className="figure">
        <svg
          className="plot"
          viewBox={`0 0 ${WIDTH} ${strip.sections.length > 0 ? LANE_Y + 24 : 104}`}
          role="img"
          aria-labelledby={`${id}t ${id}d`}
        >
          <title id={`${id}t`}>{t('ledger.title')}</title>
          <desc id={`${id}d`}>{t('ledger.desc')}</desc>
          {showDeadline && strip.deadlineAt !== null ? (
            <rect
              x={endX}
              y={BAR_Y}
              width={Math.max(0, x(strip.deadlineAt) - endX)}
              height={BAR_H}
              fill="none"
              stroke="var(--line-2)"
            />
          ) : null}
          {strip.work.map((part) => (
            <rect
              key={part.from}
              x={x(part.from)}
              y={BAR_Y}
              width={Math.max(1, x(part.until) - x(part.from))}
              height={BAR_H}
              fill="var(--accent-soft)"
              stroke="var(--accent)"
            />
          ))}
          {strip.pauses.map((part) => {
            const middle = (x(part.from) + x(part.until)) / 2
            return (
              <g key={part.from}>
                <path
                  d={`M${x(part.from)} ${BAR_Y + BAR_H / 2}H${x(part.until)}`}
                  stroke="var(--ink)"
                  strokeDasharray="2 3"
                />
                <path d={`M${middle} ${BAR_Y - 4}V${BAR_Y - 14}`} stroke="var(--ink-3)" />
                <text x={Math.min(WIDTH - 60, Math.max(60, middle))} y={20} textAnchor="middle">
                  {t('ledger.paused')} {formats.countdown(part.until - part.from)}
                </text>
              </g>
            )
          })}
          {strip.offline.map((part) => {
            const middle = (x(part.from) + x(part.until)) / 2
            return (
              <g key={part.from}>
                <rect
                  x={x(part.from)}
                  y={BAR_Y + BAR_H - 5}
                  width={Math.max(3, x(part.until) - x(part.from))}
                  height={5}
                  fill="var(--warn)"
                />
                {middle > 160 && middle < WIDTH - 220 ? (
                  <>
                    <path d={`M${middle} ${BAR_Y + BAR_H + 4}v10`} stroke="var(--ink-3)" />
                    <text x={middle} y={BAR_Y + BAR_H + 28} textAnchor="middle">
                      {t('ledger.offline')} {formats.countdown(part.until - part.from)}
                    </text>
                  </>
                ) : null}
              </g>
            )
          })}
          {strip.sections.map((part) => {
            const [from, until] = [x(part.from), x(part.until)]
            return (
              <g key={part.from}>
                <path
                  d={`M${from} ${LANE_Y - 4}v8M${until} ${LANE_Y - 4}v8M${from} ${LANE_Y}H${until}`}
                  fill="none"
                  stroke="var(--ink-3)"
                />
                {textWidth(part.title) <= until - from ? (
                  <text x={(from + until) / 2} y={LANE_Y + 18} textAnchor="middle">
                    {part.title}
                  </text>
                ) : null}
              </g>
            )
          })}
          <path
            d={`M0.5 ${BAR_Y - 6}v${BAR_H + 12}M${endX} ${BAR_Y - 6}v${BAR_H + 12}`}
            stroke="var(--ink)"
            strokeWidth={1.5}
          />
          <text className="v" x={0} y={BAR_Y + BAR_H + 28}>
            {formats.clock(strip.from)} {t('ledger.start')}
          </text>
          <text
            className="v"
            x={endX < 140 ? endX + 6 : endX}
            y={
              endX < 140 || strip.pauses.some((part) => Math.abs((x(part.from) + x(part.until)) / 2 - endX) < 150)
                ? BAR_Y + 17
                : 26
            }
            textAnchor={endX < 140 ? 'start' : 'end'}
            dx={endX < 140 ? 0 : -4}
            fontWeight={600}
          >
            {endLabel}
          </text>
          {showDeadline && strip.deadlineAt !== null ? (
            <>
              <path d={`M${WIDTH - 0.5} ${BAR_Y - 6}v${BAR_H + 12}`} stroke="var(--ink)" strokeWidth={1.5} />
              <text className="v" x={WIDTH} y={BAR_Y + BAR_H + 28} textAnchor="end">
                {formats.clock(strip.deadlineAt)} {t('ledger.deadline')}
              </text>
            </>
          ) : null}
        </svg>
      </Scroll>
    </figure>
  )
}

/** What a row says in words. */
function useSentence(): (row: LedgerEntry) => string {
  const t = useMessages(chartMessages)
  const formats = useFormats()
  const join = (...parts: Array<string | null>): string =>
    parts.filter((part) => part !== null).join(t('ledger.separator'))
  const itemOf = (row: LedgerEntry): string => {
    const n = row.number ?? 0
    return row.section ? t('ledger.item_in', { section: row.section, n }) : t('ledger.item', { n })
  }
  return (row) => {
    const by = row.by ?? ''
    const section = row.section ?? ''
    switch (row.kind) {
      case 'started':
        if (row.limitMs === undefined) return t('ledger.row.started_plain')
        if (row.limitMs === null) return t('ledger.row.started_unlimited')
        return join(
          t('ledger.row.started', { limit: formats.duration(row.limitMs) }),
          row.cutShort ? t('ledger.row.cut_by_window') : null,
        )
      case 'section_entered':
        return join(
          row.limitMs
            ? t('ledger.row.section_entered_limit', { section, limit: formats.duration(row.limitMs) })
            : t('ledger.row.section_entered', { section }),
          row.cutShort ? t('ledger.row.cut_by_deadline') : null,
        )
      case 'section_left':
        return t('ledger.row.section_left', { section, spent: formats.duration(row.spentMs ?? 0) })
      case 'section_time_up':
        return t('ledger.row.section_time_up', { section })
      case 'paused':
        return t('ledger.row.paused')
      case 'resumed': {
        const [length, credited] = [row.lengthMs ?? 0, row.creditedMs ?? 0]
        return length === credited
          ? t('ledger.row.resumed', { length: formats.duration(length) })
          : t('ledger.row.resumed_partly', { length: formats.duration(length), credited: formats.duration(credited) })
      }
      case 'granted':
        return t(by ? 'ledger.row.granted_by' : 'ledger.row.granted', { by, extra: formats.duration(row.extraMs ?? 0) })
      case 'late_accepted':
        return t('ledger.row.late_accepted', {
          item: itemOf(row),
          late: formats.duration(Math.max(1000, row.lateMs ?? 0)),
        })
      case 'quarantined':
        return t(row.hasText ? 'ledger.row.quarantined' : 'ledger.row.quarantined_empty', { item: itemOf(row) })
      case 'late_text_decided':
        return t(`ledger.row.late_text.${row.decision ?? 'not_counted'}${by ? '_by' : ''}`, { by, item: itemOf(row) })
      case 'disconnected':
        return t(row.neverSeen ? 'ledger.row.never_seen' : 'ledger.row.disconnected', {
          at: formats.time(row.lastSeenAt ?? row.at),
        })
      case 'reconnected':
        return t('ledger.row.reconnected', { length: formats.duration(row.lengthMs ?? 0) })
      case 'taken_over':
        return t('ledger.row.taken_over')
      case 'clock_alarm':
        return t((row.stepMs ?? 0) < 0 ? 'ledger.row.clock_alarm_back' : 'ledger.row.clock_alarm', {
          step: formats.duration(Math.abs(row.stepMs ?? 0)),
        })
      case 'clock_confirmed': {
        const step = row.stepMs ?? 0
        const moved =
          Math.abs(step) < 1000
            ? t('ledger.row.clock_same')
            : t(
                step < 0
                  ? 'ledger.row.clock_back'
                  : (row.givenBackMs ?? 0) > 0
                    ? 'ledger.row.clock_along'
                    : 'ledger.row.clock_forward',
                { step: formats.duration(Math.abs(step)) },
              )
        return t(by ? 'ledger.row.clock_confirmed_by' : 'ledger.row.clock_confirmed', { by, moved })
      }
      case 'closed': {
        const reason = row.reason ?? 'submitted'
        const said =
          reason === 'staff_closed' && by
            ? t('ledger.row.closed.staff_closed_by', { by })
            : t(`ledger.row.closed.${reason}`)
        const left = row.deadlineAt === null ? 0 : row.deadlineAt - (row.finishedAt ?? row.at)
        return join(said, left > 0 ? t('ledger.row.left', { left: formats.countdown(left) }) : null)
      }
    }
  }
}

export function LedgerTable({ rows }: { rows: readonly LedgerEntry[] }) {
  const t = useMessages(chartMessages)
  const formats = useFormats()
  const say = useSentence()
  return (
    <Scroll label={t('ledger.title')}>
      <table className="tbl">
        <thead>
          <tr>
            <th scope="col">{t('ledger.head.time')}</th>
            <th scope="col">{t('ledger.head.event')}</th>
            <th scope="col" className="n">
              {t('ledger.head.deadline')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const before = rows[index - 1]
            const closed = row.kind === 'closed'
            const over = rows.slice(0, index + 1).some((earlier) => earlier.kind === 'closed')
            return (
              <tr key={`${row.kind} ${row.at} ${index}`}>
                <td>
                  {before && formats.date(before.at) === formats.date(row.at) ? null : (
                    <span className="cap block">{formats.date(row.at)}</span>
                  )}
                  <time dateTime={new Date(row.at).toISOString()}>
                    {formats.time(closed ? (row.finishedAt ?? row.at) : row.at)}
                  </time>
                </td>
                <td>
                  {say(row)}
                  {row.why ? <span className="cap block">{t('ledger.reason', { reason: row.why })}</span> : null}
                </td>
                <td className="n">
                  {over
                    ? '–'
                    : row.deadlineAt === null
                      ? t('ledger.none')
                      : before && before.deadlineAt === row.deadlineAt
                        ? t('ledger.unchanged')
                        : momentBeside(formats, row.deadlineAt, row.at)}
                  {row.sectionDeadlineAt !== null &&
                  (row.kind === 'section_entered' || before?.sectionDeadlineAt !== row.sectionDeadlineAt) ? (
                    <span className="cap block">
                      {t('ledger.section_deadline', { at: momentBeside(formats, row.sectionDeadlineAt, row.at) })}
                    </span>
                  ) : null}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Scroll>
  )
}
