// A copy of an installation's database, as a file: made by backup, read by restore.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { CommandError } from './command.ts'

/** What a copy holds, as far as a person can tell it from another. */
export type CopyContents = {
  people: number
  attempts: number
  answers: number
  auditRows: number
  /** Of the key that opens what is sealed in it; null in a database that has never been started. */
  keyFingerprint: string | null
}

/** Where the SHA-256 of a copy stands, in the form of sha256sum. */
export const hashFileOf = (file: string): string => `${file}.sha256`

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/**
 * Reads a copy whole and tells what is in it. Throws a CommandError when it is damaged or is no database of Poise. The file is left
 * as it is.
 */
export function readCopy(file: string): CopyContents {
  let copy: BetterSqlite3.Database
  try {
    copy = new BetterSqlite3(file, { readonly: true, fileMustExist: true })
  } catch {
    throw new CommandError(`The file ${file} cannot be opened as a database.`)
  }
  try {
    if (copy.pragma('integrity_check(1)', { simple: true }) !== 'ok') throw new CommandError(`The copy ${file} is damaged.`)
    const count = (table: string): number => (copy.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n
    const key = copy.prepare("SELECT value FROM settings WHERE key = 'secret_key'").get() as { value: string } | undefined
    const bound = key === undefined ? null : (JSON.parse(key.value) as { fingerprint?: string })
    return { people: count('people'), attempts: count('attempts'), answers: count('answers'), auditRows: count('audit_events'), keyFingerprint: bound?.fingerprint ?? null }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`The file ${file} is damaged, or is no database of Poise.`)
  } finally {
    copy.close()
  }
}

export function contentsInWords({ people, attempts, answers }: CopyContents): string {
  const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`
  return [counted(people, 'person', 'people'), counted(attempts, 'attempt', 'attempts'), counted(answers, 'answer', 'answers')].join(', ')
}
