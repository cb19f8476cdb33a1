import { describe, expect, it } from 'vitest'
import { standingOf } from './profile.ts'

const row = (percent: number | null, low: number | null, high: number | null, cut: number | null = 60) =>
  standingOf({ label: 'x', percent, low, high, n: 5, cut })

describe('standing against the cut score', () => {
  it('is clear only where the whole interval is on one side', () => {
    expect(row(80, 65, 90)).toBe('above')
    expect(row(63, 53, 73)).toBe('above_close')
    expect(row(58, 48, 68)).toBe('below_close')
    expect(row(40, 30, 50)).toBe('below')
  })
  it('counts equal as reached, also after rounding errors', () => {
    expect(row(59.9999999999, 59.9999999999, 70)).toBe('above_close')
    expect(row(60, 60, 70)).toBe('above')
  })
  it('says nothing where there is no figure or no cut', () => {
    expect(row(null, null, null)).toBe('too_few')
    expect(row(70, 60, 80, null)).toBe('no_cut')
  })
})
