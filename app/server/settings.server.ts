// The settings as they were written: which value stands where, and which names are slips. Nothing here knows what a
// value means.
import { parseEnv } from 'node:util'

/** A settings file once read: `values` by name, and a sentence for each line that is none. */
export type SettingsFile = { path: string; values: Readonly<Record<string, string>>; mistakes: readonly string[] }
/** A value, and the name and the place under which it was found, as they stand in a sentence. */
export type Written = { name: string; value: string; where: string }
export type Settings = {
  written: ReadonlyMap<string, Written>
  /** A sentence for each name that must be put right before anything starts. */
  mistakes: string[]
  /** A sentence about names that do nothing here and are no slips. */
  notes: string[]
}

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/

/** An empty line or a comment; a setting, whose value in quotes may go over several lines; any other line. */
const PIECE =
  /[^\S\n]*(?:#[^\n]*)?(?:\n|$)|(?<setting>[^\n=]*=[^\S\n]*(?:(?<quote>["\x27\x60])[^]*?\k<quote>)?[^\n]*)|(?<stray>[^\n]+)/g

/**
 * Reads the text of a settings file by the rules of Node. A line without `=` is told, which Node 20 reads as part of
 * the next name and later ones drop; only its first word is repeated, because the rest may be a password.
 */
export function parseSettings(path: string, text: string): SettingsFile {
  const pieces = [...text.matchAll(PIECE)].map(({ groups }) => groups ?? {})
  const stray = pieces.flatMap((piece) => piece['stray'] ?? [])
  // Trimmed, because Node 22 takes the line below for the value of one that ends in a space after its `=`.
  const parsed = Object.entries(parseEnv(pieces.flatMap((piece) => piece['setting']?.trim() ?? []).join('\n')))
  const mistakes = [...stray, ...parsed.map(([name]) => name).filter((name) => !NAME.test(name))].map(
    (line) =>
      `The settings file ${path} has a line that is not NAME=value: it begins with ${JSON.stringify(line.trim().split(/\s/)[0])}.`,
  )
  return {
    path,
    values: Object.fromEntries(parsed.filter(([name]) => NAME.test(name)).map(([name, value]) => [name, value ?? ''])),
    mistakes,
  }
}

/** Names with POISE_ that are no settings of the server: the tests read them. */
const OF_TESTS: ReadonlySet<string> = new Set(['POISE_PROPERTY_RUNS', 'POISE_PROPERTY_SEED', 'POISE_TEST_PG_URL'])
/** Names that Node.js, npm, the C library, TLS and the PostgreSQL driver read: they may stand in a settings file. */
const OF_THE_SYSTEM =
  /^(NODE_\w+|npm_\w+|UV_\w+|PG[A-Z]+|LC_\w+|LANG|LANGUAGE|TZ|PATH|HOME|USER|SHELL|TMPDIR|SSL_CERT_\w+|\w+_proxy|DEBUG|(NO|FORCE)_COLOR)$/i
/**
 * Kubernetes tells every container about each service: one that is called poise, or poise-db, makes names with our
 * beginning.
 */
const OF_KUBERNETES = /_SERVICE_(HOST|PORT)(_\w+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/
const isOfKubernetes = (name: string, value: string): boolean =>
  OF_KUBERNETES.test(name) || (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value))
const isOurs = (name: string): boolean => /^POISE_/i.test(name)

/**
 * Puts what the process was given over what the file says, and judges the names. Of the environment only names that
 * begin with POISE_ can be judged; in the file also those that differ little from one of the `known` names. The value
 * of such a slip is read as that of the name that was meant, so that its own mistakes are told together with it. Values
 * are never repeated here: they may be passwords.
 */
export function gatherSettings(
  known: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  file: SettingsFile | null,
): Settings {
  const written = new Map<string, Written>()
  const meant = new Map<string, Written>()
  const mistakes = [...(file?.mistakes ?? [])]
  const idle: string[] = []
  const take = (name: string, value: string, where: string): void => {
    if (known.includes(name)) {
      if (!written.has(name)) written.set(name, { name, value, where })
    } else if (name === 'POISE_ENV_FILE') {
      if (file !== null && where === file.path)
        mistakes.push(`${name} in ${where} does nothing: it names the settings file, and belongs into the environment.`)
    } else if (OF_TESTS.has(name) || isOfKubernetes(name, value)) {
      return
    } else if (isOurs(name) || (where === file?.path && !OF_THE_SYSTEM.test(name))) {
      const near = nearest(name, known)
      if (near !== null && !meant.has(near)) meant.set(near, { name, value, where })
      if (near !== null) mistakes.push(`${name} in ${where} is no setting of Poise: ${near} is probably meant.`)
      else if (isOurs(name))
        mistakes.push(`${name} in ${where} is no setting of Poise: take it out; .env.example lists those that are.`)
      else idle.push(name)
    }
  }
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) take(name, value, ENVIRONMENT)
  for (const [name, value] of Object.entries(file?.values ?? {})) take(name, value, file?.path ?? '')
  for (const [name, slip] of meant) if (!written.has(name)) written.set(name, slip)
  const notes =
    idle.length === 0
      ? []
      : [
          `${file?.path} sets ${idle.join(', ')}: no ${idle.length === 1 ? 'setting' : 'settings'} of Poise, and passed over.`,
        ]
  return { written, mistakes, notes }
}

const ENVIRONMENT = 'the environment'

/** Short words are near one another by chance. */
const nearness = (length: number): number => (length <= 5 ? 1 : 2)
/** Letters and digits only, without our own prefix: PublicUrl, POISE_PUBLIC_URL and PUBLIC-URL are one. */
const plain = (name: string): string =>
  name
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .replace(/^POISE/, '')

/** The candidate that differs from a name by a slip of the hand, or null. */
export function nearest<T extends string>(name: string, candidates: readonly T[]): T | null {
  const [best] = candidates
    .map((candidate) => ({
      candidate,
      slips: slipsBetween(plain(name), plain(candidate)),
      allowed: nearness(plain(candidate).length),
    }))
    .filter(({ slips, allowed }) => slips <= allowed)
    .sort((a, b) => a.slips - b.slips)
  return best?.candidate ?? null
}

/** How many letters are wrong, missing, too many, or changed places with their neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity
  for (let i = 1; i <= a.length; i += 1) {
    rows[i] = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      rows[i]?.push(
        Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1), swapped),
      )
    }
  }
  return at(a.length, b.length)
}
