/** Runs of Han characters that two texts have in common, whatever punctuation and space stand between. */
const HAN = /\p{Script=Han}/u

/** Only the Han characters of a text. Digits and Latin letters end a run: they are facts, not wording. */
export const hanRuns = (text: string): string[] =>
  text
    .normalize('NFKC')
    .replace(/[\p{P}\p{S}\s\p{Z}]+/gu, '')
    .split(/[^\p{Script=Han}]+/u)
    .filter((run) => HAN.test(run))

/** Every stretch of `length` characters in the texts. */
export function stretches(texts: readonly string[], length: number): Set<string> {
  const out = new Set<string>()
  for (const run of texts.flatMap(hanRuns)) {
    const chars = [...run]
    for (let i = 0; i + length <= chars.length; i += 1) out.add(chars.slice(i, i + length).join(''))
  }
  return out
}

/** The longest shared runs of a text with a source, each at least `length` characters long. */
export function sharedRuns(text: string, source: ReadonlySet<string>, length: number): string[] {
  return hanRuns(text).flatMap((run) => {
    const chars = [...run]
    const found: string[] = []
    for (let i = 0; i + length <= chars.length; i += 1) {
      if (!source.has(chars.slice(i, i + length).join(''))) continue
      let end = i + length
      while (end < chars.length && source.has(chars.slice(end - length + 1, end + 1).join(''))) end += 1
      found.push(chars.slice(i, end).join(''))
      i = end - 1
    }
    return found
  })
}
