/** The time ledger as figures: which stretch is what, to scale. */
import type { ClosingReason } from '../../core/attempt/events.ts'
import type { LedgerRow } from '../../core/attempt/ledger.ts'

/** A row of either ledger, the candidate's or the staff's; `by` and `why` are names and texts where the reader may see them. */
export type LedgerEntry = {
  at: number
  deadlineAt: number | null
  kind: LedgerRow['kind']
  limitMs?: number | null
  lengthMs?: number
  extraMs?: number
  lateMs?: number
  wallDeltaMs?: number
  monotonicDeltaMs?: number
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
      if (row.kind === begin) from ??= row.at
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
  const deadlineAt = rows.filter((row) => row.at <= endedAt).at(-1)?.deadlineAt ?? null
  return { from: started.at, until: Math.max(endedAt, deadlineAt ?? endedAt), endedAt, closed: closing !== undefined, deadlineAt, work, pauses, offline: between('disconnected', 'reconnected') }
}
