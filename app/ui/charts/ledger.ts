/** The time ledger as figures: which stretch is what, to scale. */
import type { ClosingReason, LateTextDecision } from '../../core/attempt/events.ts'
import type { LedgerRow } from '../../core/attempt/ledger.ts'
import type { Formats } from '../../i18n/format.ts'

/**
 * A row of either ledger, the candidate's or the staff's; `by`, `why` and limits stand where the reader may see them.
 */
export type LedgerEntry = {
  at: number
  deadlineAt: number | null
  sectionDeadlineAt: number | null
  kind: LedgerRow['kind']
  limitMs?: number | null
  cutShort?: boolean
  spentMs?: number
  lengthMs?: number
  creditedMs?: number
  extraMs?: number
  lateMs?: number
  stepMs?: number
  givenBackMs?: number
  hasText?: boolean
  decision?: LateTextDecision
  neverSeen?: boolean
  lastSeenAt?: number
  /** Title of the section. */
  section?: string | null
  /** Of the item, within its section. */
  number?: number | null
  finishedAt?: number
  reason?: ClosingReason
  by?: string | null
  why?: string | null
}

type Stretch = { from: number; until: number }
export type Strip = {
  from: number
  /** Right edge of the figure. */
  until: number
  /** Submitted, closed, or now. */
  endedAt: number
  closed: boolean
  deadlineAt: number | null
  work: Stretch[]
  pauses: Stretch[]
  offline: Stretch[]
  sections: Array<Stretch & { title: string }>
}

/** null before the start. `now` ends what has not ended. */
export function stripOf(rows: readonly LedgerEntry[], now: number): Strip | null {
  const started = rows.find((row) => row.kind === 'started')
  if (!started) return null
  const closing = rows.find((row) => row.kind === 'closed')
  const endedAt = Math.max(started.at, closing?.finishedAt ?? now)
  const until = (at: number) => Math.min(endedAt, Math.max(started.at, at))
  const between = (begin: LedgerRow['kind'], end: LedgerRow['kind']): Stretch[] => {
    const stretches: Stretch[] = []
    let from: number | null = null
    for (const row of rows) {
      if (row.kind === begin) from ??= row.lastSeenAt ?? row.at
      else if (row.kind === end && from !== null) {
        stretches.push({ from: until(from), until: until(row.at) })
        from = null
      }
    }
    if (from !== null) stretches.push({ from: until(from), until: endedAt })
    return stretches.filter((stretch) => stretch.until > stretch.from)
  }
  const pauses = between('paused', 'resumed')
  const work: Stretch[] = []
  let from = started.at
  for (const pause of pauses) {
    if (pause.from > from) work.push({ from, until: pause.from })
    from = Math.max(from, pause.until)
  }
  if (endedAt > from) work.push({ from, until: endedAt })
  const sections: Strip['sections'] = []
  for (const [index, row] of rows.entries()) {
    if (row.kind !== 'section_entered') continue
    const end = rows
      .slice(index + 1)
      .find((later) => later.kind === 'section_left' || later.kind === 'section_entered' || later.kind === 'closed')
    const stretch = {
      from: until(row.at),
      until: until(end && end.kind !== 'closed' ? end.at : endedAt),
      title: row.section ?? '',
    }
    if (stretch.until > stretch.from) sections.push(stretch)
  }
  const deadlineAt = rows.filter((row) => row.at <= endedAt).at(-1)?.deadlineAt ?? null
  return {
    from: started.at,
    until: Math.max(endedAt, deadlineAt ?? endedAt),
    endedAt,
    closed: closing !== undefined,
    deadlineAt,
    work,
    pauses,
    offline: between('disconnected', 'reconnected'),
    sections,
  }
}

/** There were pauses, and the deadline moved by the whole length of each. */
export const allGivenBack = (rows: readonly LedgerEntry[]): boolean => {
  const pauses = rows.filter((row) => row.kind === 'resumed')
  return pauses.length > 0 && pauses.every((row) => row.creditedMs === row.lengthMs)
}

/** A time of day, with its date where that is another than the one it stands beside. */
export const momentBeside = (formats: Formats, at: number | string, beside: number | string): string =>
  formats.date(at) === formats.date(beside) ? formats.time(at) : formats.dateTime(at)
