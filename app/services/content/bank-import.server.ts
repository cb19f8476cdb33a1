/**
 * Brings question-banks/ into the database: immutable versions by content hash, one transaction a bank. A second import
 * of the same files changes nothing. What was edited in Poise since the last import is reported and left as it is.
 */
import { contentNumbers, headsWithHash } from '../../../db/queries/content-import.server.ts'
import { insertVersion, moveHead, upsertHead } from '../../../db/repositories/content.server.ts'
import type { Writer } from '../../../db/store.server.ts'
import type { JsonObject } from '../../../db/tables.server.ts'
import { contentCanonical, rubricScoringCanonical, scoringCanonical } from '../../core/bank/canonical.ts'
import { checkBankSet, type Finding } from '../../core/bank/check.ts'
import { searchTextOf } from '../../core/bank/search.ts'
import type { BankSet, Loaded } from '../../core/bank/set.ts'
import { audit } from '../../ground/audit.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { readBankFiles } from './bank-files.server.ts'

type HeadRow = Writer['t']['contentHeads']['$inferInsert']
export type ContentType = HeadRow['type']

export type ContentName = { readonly type: ContentType; readonly id: string; readonly bank: string }
export type ImportConflict = ContentName & {
  readonly file: string
  /** Hash of the version in use, and of the file. */
  readonly headHash: string
  readonly fileHash: string
  /** Whether the file has changed as well since the last import. */
  readonly fileChanged: boolean
}
export type ImportReport = {
  /** Versions put in use: of new content, of changed content, or an older one whose text came back. */
  readonly created: number
  readonly unchanged: number
  readonly retired: number
  readonly conflicts: readonly ImportConflict[]
  /** Errors that stopped the import. Where there are any, nothing was written. */
  readonly blocked: readonly Finding[]
}
export type ImportOptions = {
  /** Who asked for it; null for the server itself. */
  readonly actorId?: string | null
}

type Entry = ContentName & {
  readonly file: string
  readonly body: JsonObject
  readonly hash: string
  readonly scoringHash: string | null
  readonly kind: string | null
  readonly competency: string | null
  readonly searchText: string
  readonly versionId: string
}
type ImportDeps = Pick<Deps, 'store' | 'clock' | 'ids' | 'secrets'>
type Named = { readonly id: string }

/** Everything hashed and made ready: a transaction body never waits for hashing. */
function entriesOf(set: BankSet, deps: ImportDeps): Entry[] {
  const one = <T extends object>(
    type: ContentType,
    { value, bank, file }: Loaded<T>,
    id: string,
    more: Partial<Pick<Entry, 'scoringHash' | 'kind' | 'competency'>> = {},
  ): Entry => ({
    type,
    id,
    bank,
    file: file ?? id,
    // Parsed content is JSON: its schemas have no other values.
    body: value as unknown as JsonObject,
    hash: deps.secrets.sha256(contentCanonical(value)),
    scoringHash: null,
    kind: null,
    competency: null,
    ...more,
    searchText: searchTextOf(id, value),
    versionId: deps.ids.id('cv'),
  })
  const all = <T extends Named>(type: ContentType, list: readonly Loaded<T>[]): Entry[] =>
    list.map((loaded) => one(type, loaded, loaded.value.id))
  return [
    ...all('bank', set.banks),
    ...set.competencies.map((loaded) => one('competencies', loaded, 'competencies')),
    ...set.rubrics.map((loaded) =>
      one('rubric', loaded, loaded.value.id, {
        scoringHash: deps.secrets.sha256(rubricScoringCanonical(loaded.value)),
      }),
    ),
    ...all('policy', set.policies),
    ...set.items.map((loaded) =>
      one('item', loaded, loaded.value.id, {
        scoringHash: deps.secrets.sha256(scoringCanonical(loaded.value)),
        kind: loaded.value.kind,
        competency: loaded.value.competency,
      }),
    ),
    ...all('scenario', set.scenarios),
    ...all('kit', set.kits),
    ...all('blueprint', set.blueprints),
    ...all('notice', set.notices),
    ...all('programme', set.programmes),
  ]
}

type Head = Awaited<ReturnType<typeof headsWithHash>>[number]
type Plan =
  | { readonly action: 'create' | 'unchanged' | 'confirm'; readonly entry: Entry; readonly head: Head | undefined }
  | { readonly action: 'conflict'; readonly conflict: ImportConflict }

/**
 * An import that retires content forgets its hash; a person who retires it does not. This tells a file that has come
 * back from one that a person has overruled.
 */
const retiredByImport = (head: Head): boolean =>
  head.status === 'retired' && head.lastImportedHash === null && head.origin === 'import'

/** What to do with one file, given the version in use. */
export function planEntry(entry: Entry, head: Head | undefined): Plan {
  if (!head || retiredByImport(head)) return { action: 'create', entry, head }
  if (head.contentHash === entry.hash)
    return {
      action: head.lastImportedHash === entry.hash && head.bankId === entry.bank ? 'unchanged' : 'confirm',
      entry,
      head,
    }
  const editedHere = head.lastImportedHash !== head.contentHash || head.status === 'retired'
  if (!editedHere) return { action: 'create', entry, head }
  const { type, id, bank, file, hash } = entry
  return {
    action: 'conflict',
    conflict: {
      type,
      id,
      bank,
      file,
      headHash: head.contentHash,
      fileHash: hash,
      fileChanged: head.lastImportedHash !== hash,
    },
  }
}

const headRow = (entry: Entry, versionId: string, at: Date): HeadRow => ({
  type: entry.type,
  contentId: entry.id,
  bankId: entry.bank,
  versionId,
  status: 'active',
  lastImportedHash: entry.hash,
  kind: entry.kind,
  competency: entry.competency,
  searchText: entry.searchText,
  updatedAt: at,
})

async function createVersion(
  w: Writer,
  entry: Entry,
  head: Head | undefined,
  number: number,
  at: Date,
  actorId: string | null,
): Promise<void> {
  const stored = await insertVersion(w, {
    id: entry.versionId,
    type: entry.type,
    contentId: entry.id,
    bankId: entry.bank,
    number,
    contentHash: entry.hash,
    scoringHash: entry.scoringHash,
    body: entry.body,
    origin: 'import',
    createdBy: actorId,
    createdAt: at,
  })
  if (!stored) throw new Error(`version of ${entry.type} ${entry.id} was refused`)
  const row = headRow(entry, stored.version.id, at)
  if (!head) return upsertHead(w, row)
  const { type, contentId, ...set } = row
  const moved = await moveHead(w, { type, contentId, fromVersionId: head.versionId, set })
  // Read and written in one transaction, so only a store that breaks its promise gets here.
  if (!moved) throw new Error(`head of ${entry.type} ${entry.id} moved during the import`)
}

type Written = { created: number; unchanged: number; retired: number; conflicts: ImportConflict[] }

async function writeBank(
  w: Writer,
  bank: string,
  entries: readonly Entry[],
  known: ReadonlySet<string>,
  at: Date,
  actorId: string | null,
): Promise<Written> {
  const heads = await headsWithHash(w)
  const numbers = await contentNumbers(w)
  const key = (type: string, id: string): string => `${type} ${id}`
  const byKey = new Map(heads.map((head) => [key(head.type, head.contentId), head]))
  const out: Written = { created: 0, unchanged: 0, retired: 0, conflicts: [] }
  for (const entry of entries) {
    const plan = planEntry(entry, byKey.get(key(entry.type, entry.id)))
    switch (plan.action) {
      case 'create':
        await createVersion(w, entry, plan.head, (numbers.get(key(entry.type, entry.id)) ?? 0) + 1, at, actorId)
        out.created += 1
        break
      case 'confirm':
        // The same content: an edit that went back into the files, or a file that moved to another bank.
        if (plan.head)
          await moveHead(w, {
            type: entry.type,
            contentId: entry.id,
            fromVersionId: plan.head.versionId,
            set: { lastImportedHash: entry.hash, bankId: entry.bank },
          })
        out.unchanged += 1
        break
      case 'unchanged':
        out.unchanged += 1
        break
      case 'conflict':
        out.conflicts.push(plan.conflict)
    }
  }
  for (const head of heads) {
    // Written here and never imported: not ours to retire.
    if (
      head.bankId !== bank ||
      head.status !== 'active' ||
      head.lastImportedHash === null ||
      known.has(key(head.type, head.contentId))
    )
      continue
    if (head.lastImportedHash !== head.contentHash) {
      out.conflicts.push({
        type: head.type,
        id: head.contentId,
        bank,
        file: '',
        headHash: head.contentHash,
        fileHash: '',
        fileChanged: true,
      })
      continue
    }
    await moveHead(w, {
      type: head.type,
      contentId: head.contentId,
      fromVersionId: head.versionId,
      set: { status: 'retired', lastImportedHash: null, updatedAt: at },
    })
    out.retired += 1
  }
  return out
}

const NOTHING: ImportReport = { created: 0, unchanged: 0, retired: 0, conflicts: [], blocked: [] }
const errorsOf = (findings: readonly Finding[]): Finding[] => findings.filter((f) => f.severity === 'error')

/**
 * Imports everything below `folder`. Any error in the content stops the import before the first write: banks refer to
 * each other, and half of them is worse than yesterday's whole.
 */
export async function importBanks(
  deps: ImportDeps,
  folder: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const files = await readBankFiles(folder)
  const unread = errorsOf(files.findings)
  if (unread.length > 0) return { ...NOTHING, blocked: unread }
  const entries = entriesOf(files.set, deps)
  const heads = await headsWithHash(deps.store.read)
  const banks = [...new Set([...entries.map((e) => e.bank), ...heads.map((h) => h.bankId)])].sort(
    (a, b) => Number(b === 'shared') - Number(a === 'shared') || (a < b ? -1 : 1),
  )
  const imported = new Map(heads.map((h) => [`${h.type} ${h.contentId}`, h.lastImportedHash]))
  // Files that were imported with this very text were checked then, so the check need not delay every start.
  if (entries.some((e) => imported.get(`${e.type} ${e.id}`) !== e.hash)) {
    const blocked = errorsOf(checkBankSet(files.set))
    if (blocked.length > 0) return { ...NOTHING, blocked }
  }
  const known = new Set(entries.map((e) => `${e.type} ${e.id}`))
  // An empty folder is a wrong path, not a request to retire everything.
  if (known.size === 0) return NOTHING
  const at = new Date(deps.clock.now())
  const actorId = options.actorId ?? null
  let report = NOTHING
  for (const bank of banks) {
    const own = entries.filter((e) => e.bank === bank)
    const written = await deps.store.transact(async (w) => {
      const result = await writeBank(w, bank, own, known, at, actorId)
      if (result.created + result.retired > 0) {
        await audit(w, deps, at.getTime(), {
          actorId,
          action: 'content.imported',
          subjectType: 'bank',
          subjectId: bank,
          data: { created: result.created, retired: result.retired, conflicts: result.conflicts.length },
        })
      }
      return result
    })
    report = {
      ...report,
      created: report.created + written.created,
      unchanged: report.unchanged + written.unchanged,
      retired: report.retired + written.retired,
      conflicts: [...report.conflicts, ...written.conflicts],
    }
  }
  return report
}
