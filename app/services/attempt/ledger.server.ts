/**
 * The time ledger as it is read: with the names, reasons and titles that its ids stand for, in the reader's language.
 */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import { formOf } from '../../../db/repositories/forms.server.ts'
import { notesOf } from '../../../db/repositories/notes.server.ts'
import * as people from '../../../db/repositories/people.server.ts'
import type { Reader } from '../../../db/store.server.ts'
import {
  candidateLedger,
  ledgerOf,
  staffLedger,
  type CandidateLedgerRow,
  type LedgerRow,
  type StaffLedgerRow,
} from '../../core/attempt/ledger.ts'
import type { Locale } from '../../core/shared/locale.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { readVersion } from '../content/versions.server.ts'

type Stored = Pick<attempts.AttemptRow, 'id' | 'setup'>
/**
 * `why` is null where there is no reason, or where it has been erased; `section` where the row is about none, or the
 * form has only one.
 */
type Told = { why: string | null; section: string | null }
/** `by` is null where there is nobody, or a name that has been erased. */
export type StaffLedgerEntry = StaffLedgerRow & Told & { by: string | null }
export type CandidateLedgerEntry = CandidateLedgerRow & Told

/** Section id → title. */
export async function sectionTitles(r: Reader, attemptId: string, locale: Locale): Promise<Map<string, string>> {
  const form = await formOf(r, attemptId)
  const blueprint = form ? await readVersion(r, 'blueprint', form.blueprintVersionId) : null
  return new Map((blueprint?.body.sections ?? []).map((section) => [section.id, section.title[locale]]))
}

/** Note id → the reason that staff gave; erased ones are left out. */
export async function reasonTexts(r: Reader, attemptId: string): Promise<Map<string, string>> {
  return new Map(
    (await notesOf(r, 'attempt_reason', attemptId)).flatMap((note) =>
      note.text === null ? [] : [[note.id, note.text] as const],
    ),
  )
}

async function wordsFor(r: Reader, row: Stored, locale: Locale): Promise<(entry: object) => Told> {
  const [titles, reasons] = await Promise.all([sectionTitles(r, row.id, locale), reasonTexts(r, row.id)])
  const several = row.setup.sections.length > 1
  return (entry) => {
    const { reasonId, sectionId, kind } = entry as {
      reasonId?: string | null
      sectionId?: string | null
      kind: LedgerRow['kind']
    }
    const named =
      sectionId && (several || kind === 'section_entered' || kind === 'section_left' || kind === 'section_time_up')
    return {
      why: reasonId ? (reasons.get(reasonId) ?? null) : null,
      section: named ? (titles.get(sectionId) ?? sectionId) : null,
    }
  }
}

export async function ledgerForStaff(
  deps: Pick<Deps, 'store'>,
  row: Stored,
  locale: Locale,
  now: Instant,
): Promise<StaffLedgerEntry[]> {
  const r = deps.store.read
  const [events, told] = await Promise.all([attempts.eventsOf(r, row.id), wordsFor(r, row, locale)])
  const rows = staffLedger(ledgerOf(row.setup, events, now))
  const ids = rows.flatMap((entry) => ('byId' in entry && entry.byId ? [entry.byId] : []))
  const names = new Map(
    (await people.peopleByIds(r, [...new Set(ids)])).map((person) => [person.id, person.displayName]),
  )
  return rows.map((entry) => ({
    ...entry,
    ...told(entry),
    by: 'byId' in entry && entry.byId ? (names.get(entry.byId) ?? null) : null,
  }))
}

export async function ledgerForCandidate(
  deps: Pick<Deps, 'store'>,
  row: Stored,
  locale: Locale,
  now: Instant,
): Promise<CandidateLedgerEntry[]> {
  const r = deps.store.read
  const [events, told] = await Promise.all([attempts.eventsOf(r, row.id), wordsFor(r, row, locale)])
  return candidateLedger(ledgerOf(row.setup, events, now)).map((entry) => ({ ...entry, ...told(entry) }))
}
