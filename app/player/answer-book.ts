/**
 * The answers as a page knows them: what the server has acknowledged, and what waits for it, each with the draft that
 * outlives the page. It decides nothing about time and sends nothing; the queue does.
 */
import type { SaveReply, SaveRequest } from '../core/attempt/protocol.ts'
import type { Response } from '../core/bank/response.ts'
import type { Draft, DraftStore, Mutation } from './draft-store.ts'
import type { QueueConflict, QueueLate, QueueOptions, QueueRefusal, QueueState, Scheduler } from './queue-types.ts'

type Entry = Draft & { blocked: 'conflict' | 'refused' | null }

/** The same answer, whatever the order of its fields. */
export const same = (a: Response | null, b: Response | null): boolean => stable(a) === stable(b)
/** JSON with sorted keys; receipt.ts has the same order for the server's hashes. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : v,
  )
}

type BookOptions = {
  initial: QueueOptions['initial']
  drafts: DraftStore | null
  scheduler: Scheduler
  onStorage(): void
}

export function createAnswerBook({ initial, drafts: given, scheduler, onStorage }: BookOptions) {
  let drafts = given
  const known = new Map(Object.entries(initial).map(([id, value]) => [id, { ...value }]))
  const entries = new Map<string, Entry>()
  const writing = new Map<string, Promise<void>>()
  const conflicts = new Map<string, QueueConflict>()
  const refused = new Map<string, QueueRefusal>()
  const quarantined = new Map<string, QueueLate>()
  let storageFull = false

  const isDirty = (): boolean => [...entries.values()].some((entry) => entry.blocked === null)

  const state = (): Pick<
    QueueState,
    'revisions' | 'conflicts' | 'refused' | 'quarantined' | 'unsent' | 'storageFull'
  > => ({
    revisions: Object.fromEntries([...known].map(([id, value]) => [id, value.revision])),
    conflicts: [...conflicts.values()],
    refused: [...refused.values()],
    quarantined: [...quarantined.values()],
    unsent: [...entries.values()].map(({ itemId, response }) => ({ itemId, response })),
    storageFull,
  })

  /** After the last write of an item, its record is what memory holds. */
  function persist(itemId: string): void {
    const store = drafts
    if (!store) return
    const before = writing.get(itemId) ?? Promise.resolve()
    const next = before.then(async () => {
      const entry = entries.get(itemId)
      try {
        if (entry) {
          const { blocked: _blocked, ...draft } = entry
          await store.put(draft)
        } else await store.remove(itemId)
        if (storageFull && entry) {
          storageFull = false
          onStorage()
        }
      } catch {
        if (entry && !storageFull) {
          storageFull = true
          onStorage()
        }
      }
    })
    writing.set(itemId, next)
  }

  /** False where that is what the server has already. */
  function write(itemId: string, response: Response | null, flagged: boolean): boolean {
    const stored = known.get(itemId) ?? { revision: 0, response: null, flagged: false }
    const entry = entries.get(itemId)
    refused.delete(itemId)
    if (!entry) {
      if (same(stored.response, response) && stored.flagged === flagged) return false
      entries.set(itemId, {
        itemId,
        baseRevision: stored.revision,
        response,
        flagged,
        pending: null,
        changedAt: scheduler.now(),
        blocked: null,
      })
    } else {
      entry.response = response
      entry.flagged = flagged
      if (entry.blocked === 'refused') entry.blocked = null
      if (!entry.pending && !entry.blocked && same(stored.response, response) && stored.flagged === flagged)
        entries.delete(itemId)
    }
    persist(itemId)
    return true
  }

  function batch(limit: number): { mutations: SaveRequest['mutations']; sent: Map<string, Mutation> } {
    const mutations: SaveRequest['mutations'] = []
    const sent = new Map<string, Mutation>()
    for (const entry of [...entries.values()].sort((a, b) => a.changedAt - b.changedAt)) {
      if (entry.blocked !== null) continue
      if (mutations.length >= limit) break
      // An unanswered mutation is repeated as it was; what was written since waits for its revision.
      if (!entry.pending) {
        entry.pending = {
          mutationId: scheduler.id(),
          baseRevision: entry.baseRevision,
          response: entry.response,
          flagged: entry.flagged,
        }
        persist(entry.itemId)
      }
      const { mutationId, baseRevision, response, flagged } = entry.pending
      mutations.push({ mutationId, itemId: entry.itemId, baseRevision, response, flagged })
      sent.set(entry.itemId, entry.pending)
    }
    return { mutations, sent }
  }

  function refuse(itemId: string, code: string): void {
    const entry = entries.get(itemId)
    if (!entry) return
    entry.pending = null
    entry.blocked = 'refused'
    refused.set(itemId, { itemId, code, response: entry.response })
    persist(itemId)
  }

  /** What the reply to one mutation changes. */
  function settle(
    result: SaveReply['results'][number],
    sent: ReadonlyMap<string, Mutation>,
  ): 'accepted' | 'paused' | null {
    const entry = entries.get(result.itemId)
    const mutation = sent.get(result.itemId)
    if (!entry || !mutation || entry.pending?.mutationId !== result.mutationId) return null
    const done = result.result === 'duplicate' ? result.first : result
    switch (done.result) {
      case 'accepted': {
        known.set(result.itemId, { revision: done.revision, response: mutation.response, flagged: mutation.flagged })
        entry.pending = null
        entry.baseRevision = done.revision
        if (same(entry.response, mutation.response) && entry.flagged === mutation.flagged) entries.delete(result.itemId)
        else entry.changedAt = scheduler.now()
        persist(result.itemId)
        break
      }
      case 'quarantined': {
        const stored = known.get(result.itemId)?.response ?? null
        if (!same(stored, entry.response))
          quarantined.set(result.itemId, { itemId: result.itemId, late: entry.response, stored })
        entry.pending = null
        // What was written on top of it goes the same way, so that staff have all of it.
        if (same(entry.response, mutation.response)) entries.delete(result.itemId)
        persist(result.itemId)
        break
      }
      case 'conflict': {
        entry.pending = null
        const stored = done.serverResponse ?? null
        known.set(result.itemId, { revision: done.serverRevision, response: stored, flagged: entry.flagged })
        if (same(stored, entry.response)) {
          // Both wrote the same: there is nothing to choose.
          entries.delete(result.itemId)
        } else {
          entry.blocked = 'conflict'
          conflicts.set(result.itemId, {
            itemId: result.itemId,
            mine: entry.response,
            stored,
            storedRevision: done.serverRevision,
          })
        }
        persist(result.itemId)
        break
      }
      case 'refused':
        // What is written during a pause waits here until it ends; a page that was taken over keeps its text.
        if (['attempt.paused', 'answer.mutation_reused', 'attempt.taken_over'].includes(done.code)) entry.pending = null
        else refuse(result.itemId, done.code)
        persist(result.itemId)
        break
    }
    return done.result === 'accepted'
      ? 'accepted'
      : done.result === 'refused' && done.code === 'attempt.paused'
        ? 'paused'
        : null
  }

  /** The candidate's choice between two texts. True where something is to be sent. */
  function choose(itemId: string, which: 'mine' | 'stored'): boolean {
    const conflict = conflicts.get(itemId)
    const entry = entries.get(itemId)
    conflicts.delete(itemId)
    if (!conflict || !entry) return false
    if (which === 'stored') entries.delete(itemId)
    else {
      entry.blocked = null
      entry.baseRevision = conflict.storedRevision
    }
    persist(itemId)
    return which === 'mine'
  }

  /**
   * Drafts that an earlier page left behind, in their order. Where the page was written in already, the page is
   * younger.
   */
  async function restore(store: DraftStore): Promise<Draft[]> {
    drafts = store
    const found = await store.load().catch((): Draft[] => [])
    const restored: Draft[] = []
    for (const draft of found) {
      const stored = known.get(draft.itemId)
      if (!stored) continue
      if (entries.has(draft.itemId)) {
        // Only the unanswered mutation of the record is still news.
        const entry = entries.get(draft.itemId) as Entry
        entry.pending ??= draft.pending
        continue
      }
      if (same(stored.response, draft.response) && stored.flagged === draft.flagged) {
        // It arrived after all; only the acknowledgement was lost.
        persist(draft.itemId)
        continue
      }
      // Readings of another page's clock mean nothing here; only their order does.
      entries.set(draft.itemId, { ...draft, changedAt: restored.length - found.length, blocked: null })
      restored.push(draft)
    }
    for (const itemId of entries.keys()) persist(itemId)
    return restored
  }

  return {
    entries,
    conflicts,
    refused,
    isDirty,
    state,
    write,
    batch,
    refuse,
    settle,
    choose,
    restore,
    isStorageFull: () => storageFull,
    written: () => Promise.all(writing.values()),
  }
}
