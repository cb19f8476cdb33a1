/** Expected failures are values with a stable dotted code; surprises are thrown. */
export type Failure<Code extends string = string> = {
  readonly code: Code
  /** Values for the sentence that the reader sees; never free text from a person. */
  readonly params?: Readonly<Record<string, string | number>>
}
export type Result<T, Code extends string = string> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure<Code> }

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value })

export const err = <Code extends string>(
  code: Code,
  params?: Readonly<Record<string, string | number>>,
): { readonly ok: false; readonly error: Failure<Code> } => ({ ok: false, error: params ? { code, params } : { code } })

/** Makes a `switch` exhaustive: a new member of the union stops compiling here. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
