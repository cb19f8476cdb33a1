/** Rules about text that every border shares: what a character is, and which characters no store can hold. */

/** Number of Unicode code points: an emoji or a rare Han character counts once, as the person sees it. */
export function codePointLength(text: string): number {
  let n = 0
  for (const _ of text) n += 1
  return n
}

/** U+0000 cannot be stored by PostgreSQL; lone surrogates cannot be encoded as UTF-8. Both are refused at the edge. */
export function hasForbiddenCharacter(text: string): boolean {
  return text.includes('\u0000') || !text.isWellFormed()
}

/**
 * Folds typed answers before comparison: NFKC (full width to half width), lower case, and runs of white space to one
 * space, none beside a Han character.
 */
export function foldText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/gu, ' ')
    .replace(/ ?(\p{Script=Han}) ?/gu, '$1')
    .trim()
}
