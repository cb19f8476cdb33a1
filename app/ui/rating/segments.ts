/** A text cut where evidence begins and ends. Places are counted in code points, as the server counts them. */
export type Mark = { start: number; end: number; polarity: 'for' | 'against'; label: string }
export type Segment = {
  text: string
  /** null outside all evidence; of two that overlap, the later one shows. */
  polarity: 'for' | 'against' | null
  /** Labels of the evidence that ends with this segment. */
  labels: string[]
}

export function segments(text: string, marks: readonly Mark[]): Segment[] {
  const points = [...text]
  const within = (at: number): number => Math.min(Math.max(at, 0), points.length)
  const clean = marks
    .map((mark) => ({ ...mark, start: within(mark.start), end: within(mark.end) }))
    .filter((mark) => mark.start < mark.end)
  const cuts = [...new Set([0, points.length, ...clean.flatMap((mark) => [mark.start, mark.end])])].sort(
    (a, b) => a - b,
  )
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index] ?? 0
    const covering = clean.filter((mark) => mark.start <= start && mark.end >= end)
    return {
      text: points.slice(start, end).join(''),
      polarity: covering.at(-1)?.polarity ?? null,
      labels: covering.filter((mark) => mark.end === end).map((mark) => mark.label),
    }
  })
}

/** Takes the blanks at both ends out of a selection; null where nothing else is selected. */
export function trimmed(text: string, start: number, end: number): { start: number; end: number } | null {
  const points = [...text]
  let [from, until] = [Math.max(0, start), Math.min(end, points.length)]
  while (from < until && /\s/u.test(points[from] ?? '')) from += 1
  while (until > from && /\s/u.test(points[until - 1] ?? '')) until -= 1
  return from < until ? { start: from, end: until } : null
}

/** `+1` for the first piece of evidence of a criterion, `−2` for a second that speaks against. */
export const signOf = (entry: { polarity: 'for' | 'against' }, n: number): string =>
  `${entry.polarity === 'for' ? '+' : '−'}${n}`
