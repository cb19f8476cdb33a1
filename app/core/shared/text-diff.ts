/** What was taken out of a text and what was put in, word by word. */
export type DiffPart = { readonly kind: 'same' | 'del' | 'ins'; readonly text: string }

/**
 * Above this many comparisons the middle is shown as replaced as a whole: nobody reads such a difference word by word.
 */
const MAX_CELLS = 4_000_000

/**
 * Words of alphabets, single Han characters, runs of white space, single marks. Not Intl.Segmenter: its words differ
 * from one machine to the next, and a page that the server has drawn must come out the same in the browser.
 */
const WORD = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+|\s+|[^\p{L}\p{M}\p{N}\s]/gu
const wordsOf = (text: string): string[] => text.match(WORD) ?? []

/** Lengths of the longest common subsequences of the tails, one row for each word of `a`. */
function commonTails(a: readonly string[], b: readonly string[]): Uint32Array[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row = rows[i] as Uint32Array
    const below = rows[i + 1] as Uint32Array
    for (let j = b.length - 1; j >= 0; j -= 1)
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
  }
  return rows
}

function middle(a: readonly string[], b: readonly string[]): DiffPart[] {
  const whole = (kind: 'del' | 'ins', words: readonly string[]): DiffPart[] =>
    words.length > 0 ? [{ kind, text: words.join('') }] : []
  if (a.length * b.length > MAX_CELLS) return [...whole('del', a), ...whole('ins', b)]
  const tails = commonTails(a, b)
  const parts: DiffPart[] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      parts.push({ kind: 'same', text: a[i] as string })
      i += 1
      j += 1
    } else if ((tails[i + 1]?.[j] ?? 0) >= (tails[i]?.[j + 1] ?? 0)) parts.push({ kind: 'del', text: a[i++] as string })
    else parts.push({ kind: 'ins', text: b[j++] as string })
  }
  return [...parts, ...whole('del', a.slice(i)), ...whole('ins', b.slice(j))]
}

const LONE = /^(?:\s+|\p{Script=Han})$/u

/** Neighbours of one kind become one part; between two pieces of text that stay, what goes stands before what comes. */
function joined(parts: readonly DiffPart[]): DiffPart[] {
  const out: DiffPart[] = []
  let del = ''
  let ins = ''
  const flush = (): void => {
    if (del !== '') out.push({ kind: 'del', text: del })
    if (ins !== '') out.push({ kind: 'ins', text: ins })
    del = ins = ''
  }
  for (const [n, part] of parts.entries()) {
    // A lone space or character between two changes belongs to both: else every word of a phrase would be struck on its
    // own.
    const bridges =
      part.kind === 'same' &&
      LONE.test(part.text) &&
      (del !== '' || ins !== '') &&
      parts[n + 1] !== undefined &&
      parts[n + 1]?.kind !== 'same'
    if (bridges) {
      del += part.text
      ins += part.text
    } else if (part.kind === 'del') del += part.text
    else if (part.kind === 'ins') ins += part.text
    else {
      flush()
      const last = out.at(-1)
      if (last?.kind === 'same') out[out.length - 1] = { kind: 'same', text: last.text + part.text }
      else out.push(part)
    }
  }
  flush()
  return out.filter((part) => part.text !== '')
}

export function diffText(before: string, after: string): DiffPart[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }]
  const a = wordsOf(before)
  const b = wordsOf(after)
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1
  const same = (words: readonly string[]): DiffPart[] =>
    words.length > 0 ? [{ kind: 'same', text: words.join('') }] : []
  return joined([
    ...same(a.slice(0, head)),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...same(a.slice(a.length - tail)),
  ])
}
