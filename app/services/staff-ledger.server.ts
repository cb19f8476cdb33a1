/** The time ledger as staff read it, with the names and reasons that its ids stand for. No accommodation shows in it. */
import * as attempts from '../../db/repositories/attempts.server.ts'
import { notesOf } from '../../db/repositories/notes.server.ts'
import * as people from '../../db/repositories/people.server.ts'
import { ledgerOf, staffLedger, type LedgerRow } from '../core/attempt/ledger.ts'
import type { Deps } from './deps.server.ts'

/** `by` and `why` are null where there is nobody and no reason, or where they have been erased. */
export type StaffLedgerEntry = LedgerRow & { by: string | null; why: string | null }

export async function ledgerForStaff(deps: Pick<Deps, 'store'>, row: Pick<attempts.AttemptRow, 'id' | 'setup'>): Promise<StaffLedgerEntry[]> {
  const r = deps.store.read
  const [events, reasons] = await Promise.all([attempts.eventsOf(r, row.id), notesOf(r, 'attempt_reason', row.id)])
  const ledger = staffLedger(ledgerOf(row.setup, events))
  const ids = ledger.flatMap((entry) => ('byId' in entry && entry.byId ? [entry.byId] : []))
  const names = new Map((await people.peopleByIds(r, [...new Set(ids)])).map((person) => [person.id, person.displayName]))
  return ledger.map((entry) => ({
    ...entry,
    by: 'byId' in entry && entry.byId ? (names.get(entry.byId) ?? null) : null,
    why: 'reasonId' in entry && entry.reasonId ? (reasons.find((note) => note.id === entry.reasonId)?.text ?? null) : null,
  }))
}
