/**
 * The audit trail: written in the transaction of what it reports, read with the names that its ids stand for, and
 * checked.
 */
import { auditPage, auditSubjectTypes } from '../../db/queries/audit.server.ts'
import * as rows from '../../db/repositories/audit.server.ts'
import * as people from '../../db/repositories/people.server.ts'
import type { Reader, Writer } from '../../db/store.server.ts'
import { hasRole, type Actor } from '../core/access/actor.ts'
import type { Instant } from '../core/shared/time.ts'
import type { Deps } from './deps.server.ts'

/**
 * Records an act in the transaction of the act itself. `data` holds ids, hashes and numbers, never what a person wrote.
 */
export function audit(w: Writer, deps: Pick<Deps, 'secrets'>, at: Instant, entry: rows.AuditEntry): Promise<void> {
  return rows.appendAudit(w, deps.secrets.sha256, new Date(at), entry)
}

export type AuditFilter = { subjectType: string | null; subjectId: string | null; before: number | null }
/** Acts on these are shown to the accommodation role only. */
const VEILED_TYPE = 'accommodation'
const PAGE = 100
const CHAIN_BATCH = 2000

/**
 * A page of the trail, newest first. Who asked for an accommodation is known to one role: for everybody else such a row
 * is a number of the chain and nothing more. A time between somebody's consent and their start would name them; so
 * would a hash, which can be computed from a guess; and no filter finds such a row.
 */
export async function auditTrail(deps: Pick<Deps, 'store'>, actor: Actor, filter: AuditFilter) {
  const r = deps.store.read
  const veiled = (type: string) => type === VEILED_TYPE && !hasRole(actor, 'accommodation_officer')
  const filtered = filter.subjectType !== null || filter.subjectId !== null
  const found = (await auditPage(r, filter, PAGE + 1)).filter((entry) => !filtered || !veiled(entry.subjectType))
  const shown = found.slice(0, PAGE)
  const ids = shown.flatMap((entry) => (entry.actorId && !veiled(entry.subjectType) ? [entry.actorId] : []))
  const [persons, subjectTypes] = await Promise.all([people.peopleByIds(r, [...new Set(ids)]), auditSubjectTypes(r)])
  const names = new Map(persons.map((person) => [person.id, person.displayName]))
  return {
    entries: shown.map((entry) => {
      if (veiled(entry.subjectType)) return { seq: entry.seq, withheld: true as const }
      return {
        seq: entry.seq,
        withheld: false as const,
        at: entry.at.toISOString(),
        // Erased people keep their id in the trail; it stands for a name no longer.
        actor: entry.actorId === null ? null : (names.get(entry.actorId) ?? entry.actorId),
        bySystem: entry.actorId === null,
        action: entry.action,
        subjectType: entry.subjectType,
        subjectId: entry.subjectId,
        data: entry.data,
        hash: entry.hash,
      }
    }),
    subjectTypes: subjectTypes.filter((type) => !veiled(type)),
    /** Where the next page begins; null at the end. */
    nextBefore: found.length > PAGE ? (shown.at(-1)?.seq ?? null) : null,
  }
}

export type ChainCheck = { entries: number; brokenSeq: number | null; lastHash: string | null }

/** Checks every entry against its hash and its predecessor's, from the first on, in batches. */
export async function checkChain(deps: Pick<Deps, 'store' | 'secrets'>): Promise<ChainCheck> {
  const r: Reader = deps.store.read
  let after = 0
  let entries = 0
  let previousHash = rows.AUDIT_GENESIS
  for (;;) {
    const batch = await rows.auditAfter(r, after, CHAIN_BATCH)
    const last = batch.at(-1)
    if (!last) return { entries, brokenSeq: null, lastHash: entries === 0 ? null : previousHash }
    const brokenSeq = rows.brokenAuditEntry(batch, deps.secrets.sha256, { seq: after, hash: previousHash })
    if (brokenSeq !== null) return { entries: entries + batch.length, brokenSeq, lastHash: null }
    after = last.seq
    previousHash = last.hash
    entries += batch.length
  }
}

/** Up to this many entries the chain is checked whenever the page is opened; a longer one on request. */
const CHECKED_AT_ONCE = 20_000

/** A page of the trail and, where it is short enough or asked for, the result of checking all of it. */
export async function auditPageWithChain(
  deps: Pick<Deps, 'store' | 'secrets'>,
  actor: Actor,
  filter: AuditFilter & { checkChain: boolean },
) {
  const page = await auditTrail(deps, actor, filter)
  const wanted = filter.checkChain || (await rows.auditLength(deps.store.read)) <= CHECKED_AT_ONCE
  return { ...page, chain: wanted ? await checkChain(deps) : null }
}
