/** Where a score stands against its cut score; what decides the shape of a dot and the words beside it. */
export type ProfileRow = {
  label: string
  /** null where there are too few items for a figure. */
  percent: number | null
  low: number | null
  high: number | null
  n: number
  cut: number | null
}
export type Standing = 'too_few' | 'no_cut' | 'above' | 'above_close' | 'below_close' | 'below'

export function standingOf({ percent, low, high, cut }: ProfileRow): Standing {
  if (percent === null) return 'too_few'
  if (cut === null) return 'no_cut'
  // Sums of fractions: 60 may arrive as 59.999999999.
  if (percent >= cut - 1e-9) return low !== null && low < cut ? 'above_close' : 'above'
  return high !== null && high >= cut ? 'below_close' : 'below'
}

export const isBelow = (standing: Standing): boolean => standing === 'below' || standing === 'below_close'
export const isClose = (standing: Standing): boolean => standing === 'above_close' || standing === 'below_close'
