import { describe, expect, it } from 'vitest'
import { stripOf, type LedgerEntry } from './ledger.ts'

const MIN = 60_000
const row = (entry: Omit<LedgerEntry, 'sectionDeadlineAt'>): LedgerEntry => ({ sectionDeadlineAt: null, ...entry })
const rows: LedgerEntry[] = [
  row({ kind: 'started', at: 0, deadlineAt: 30 * MIN, limitMs: 30 * MIN }),
  row({ kind: 'paused', at: 5 * MIN, deadlineAt: 30 * MIN }),
  row({ kind: 'resumed', at: 8 * MIN, deadlineAt: 33 * MIN, lengthMs: 3 * MIN }),
  row({ kind: 'disconnected', at: 11 * MIN, lastSeenAt: 10 * MIN, deadlineAt: 33 * MIN }),
  row({ kind: 'reconnected', at: 12 * MIN, deadlineAt: 33 * MIN, lengthMs: 2 * MIN }),
]

describe('the strip of a ledger', () => {
  it('parts work from pauses and marks time offline', () => {
    const strip = stripOf(
      [...rows, row({ kind: 'closed', at: 20 * MIN, finishedAt: 20 * MIN, deadlineAt: 33 * MIN, reason: 'submitted' })],
      99 * MIN,
    )
    expect(strip?.work).toEqual([
      { from: 0, until: 5 * MIN },
      { from: 8 * MIN, until: 20 * MIN },
    ])
    expect(strip?.offline).toEqual([{ from: 10 * MIN, until: 12 * MIN }])
    expect(strip).toMatchObject({ endedAt: 20 * MIN, until: 33 * MIN, deadlineAt: 33 * MIN, closed: true })
  })
  it('lets an open pause last until now', () => {
    const strip = stripOf([...rows, row({ kind: 'paused', at: 15 * MIN, deadlineAt: 33 * MIN })], 16 * MIN)
    expect(strip?.pauses.at(-1)).toEqual({ from: 15 * MIN, until: 16 * MIN })
    expect(strip?.closed).toBe(false)
  })
  it('marks each section from entering to leaving, or to the end', () => {
    const entered = (section: string, at: number) => row({ kind: 'section_entered', section, at, deadlineAt: 33 * MIN })
    const visits = [
      entered('A', 9 * MIN),
      row({ kind: 'section_left', section: 'A', at: 14 * MIN, deadlineAt: 33 * MIN }),
      entered('B', 15 * MIN),
    ]
    const strip = stripOf(
      [
        ...rows,
        ...visits,
        row({ kind: 'closed', at: 40 * MIN, finishedAt: 33 * MIN, deadlineAt: 33 * MIN, reason: 'time_up' }),
      ],
      99 * MIN,
    )
    expect(strip?.sections).toEqual([
      { title: 'A', from: 9 * MIN, until: 14 * MIN },
      { title: 'B', from: 15 * MIN, until: 33 * MIN },
    ])
  })
  it('is nothing before the start', () => {
    expect(stripOf([], 5)).toBeNull()
  })
})
