/**
 * Items of running attempts, by attempt. A form never changes after the start, so remembering it saves the hot path a query a save.
 * Bounded, and kept per store: no module holds state of its own installation.
 */
import { formItemsOf } from '../../db/repositories/attempts.server.ts'
import type { Store } from '../../db/store.server.ts'
import type { Item } from '../core/bank/schema.ts'
import { readVersions } from './content.server.ts'

const MAX_FORMS = 4000
const caches = new WeakMap<Store, Map<string, ReadonlyMap<string, Item>>>()

/** Item id → item as drawn for this attempt. Empty for an attempt without a form. */
export async function itemsOfAttempt(store: Store, attemptId: string): Promise<ReadonlyMap<string, Item>> {
  let forms = caches.get(store)
  if (!forms) {
    forms = new Map()
    caches.set(store, forms)
  }
  const known = forms.get(attemptId)
  if (known) return known
  const slots = await formItemsOf(store.read, attemptId)
  const versions = await readVersions(store.read, 'item', slots.map((slot) => slot.itemVersionId))
  const items = new Map<string, Item>()
  for (const slot of slots) {
    const version = versions.get(slot.itemVersionId)
    if (version) items.set(slot.itemId, version.body)
  }
  if (items.size === 0) return items
  // Map keeps insertion order, so the first key is the oldest.
  const oldest = forms.size >= MAX_FORMS ? forms.keys().next() : null
  if (oldest && !oldest.done) forms.delete(oldest.value)
  forms.set(attemptId, items)
  return items
}
