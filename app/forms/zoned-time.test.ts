import { describe, expect, it } from 'vitest'
import { instantInZone } from './zoned-time.ts'

describe('a wall time in a zone', () => {
  it('finds the instant on either side of summer time', () => {
    expect(new Date(instantInZone('2026-11-20T09:00', 'Asia/Shanghai') ?? 0).toISOString()).toBe(
      '2026-11-20T01:00:00.000Z',
    )
    expect(new Date(instantInZone('2026-07-01T12:00', 'Europe/Berlin') ?? 0).toISOString()).toBe(
      '2026-07-01T10:00:00.000Z',
    )
    expect(new Date(instantInZone('2026-01-01T12:00', 'Europe/Berlin') ?? 0).toISOString()).toBe(
      '2026-01-01T11:00:00.000Z',
    )
    expect(new Date(instantInZone('2026-03-29T04:00', 'Europe/Berlin') ?? 0).toISOString()).toBe(
      '2026-03-29T02:00:00.000Z',
    )
  })
  it('refuses what is no time', () => {
    expect(instantInZone('2026-02-31T09:00', 'UTC')).toBeNull()
    expect(instantInZone('tomorrow', 'UTC')).toBeNull()
  })
})
