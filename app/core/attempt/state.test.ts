import { describe, expect, test } from 'vitest'
import { MIN, setupWith, T0 } from './fixture.ts'
import { readyAttempt, withGrantsInOrder, type Attempt } from './state.ts'

const grant = (atMin: number) => ({ at: T0 + atMin * MIN, extraMs: MIN, by: 'staff-1', reasonId: 'reason-1' })
const pause = (fromMin: number, untilMin: number | null) => ({
  from: T0 + fromMin * MIN,
  until: untilMin === null ? null : T0 + untilMin * MIN,
  kind: 'staff' as const,
  by: 'staff-1',
  reasonId: 'reason-1',
})
/** As it lies in a database of a version that knew no order. */
const stored = (over: object): Attempt => ({ ...readyAttempt(setupWith()), ...over }) as Attempt

describe('a state that was stored without the order of its grants', () => {
  test('has them counted by their instants', () => {
    const state = withGrantsInOrder(
      stored({
        grants: [grant(1), grant(6), grant(20)],
        pauses: [pause(2, 4), pause(10, 15), pause(30, null)],
        section: { id: 'timed', enteredAt: T0 + 6 * MIN, page: 0 },
      }),
    )
    expect(state.grants.map(({ afterPauses }) => afterPauses)).toEqual([0, 1, 2])
    // A grant at the very instant of entering was one of the section's own.
    expect(state.section?.grantsBefore).toBe(1)
  })

  test('keeps an order that it has', () => {
    const ordered = stored({
      grants: [{ ...grant(20), afterPauses: 0 }],
      pauses: [pause(2, 4)],
      section: { id: 'timed', enteredAt: T0 + 30 * MIN, grantsBefore: 0, page: 0 },
    })
    expect(withGrantsInOrder(ordered)).toBe(ordered)
  })

  test('may have no section', () => {
    expect(withGrantsInOrder(stored({ grants: [grant(5)], pauses: [] }))).toMatchObject({
      section: null,
      grants: [{ afterPauses: 0 }],
    })
  })
})
