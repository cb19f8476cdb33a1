/**
 * Items of running attempts, by attempt. A form and its item versions never change after the start, so remembering them saves the
 * hot path two queries a save. Bounded, and kept per store: no module holds state of its own installation.
 */
import { formItemsOf } from '../../db/repositories/attempts.server.ts'
import type { Store } from '../../db/store.server.ts'
import type { Item } from '../core/bank/schema.ts'
import { readVersions } from './content.server.ts'

const MAX_FORMS = 4000
const MAX_ITEMS = 5000

type Cache = { forms: Map<string, ReadonlyMap<string, Item>>; items: Map<string, Item> }
const caches = new WeakMap<Store, Cache>()

function cacheOf(store: Store): Cache {
  let cache = caches.get(store)
  if (!cache) {
    cache = { forms: new Map(), items: new Map() }
    caches.set(store, cache)
  }
  return cache
}

function remember<V>(map: Map<string, V>, key: string, value: V, max: number): void {
  // Map keeps insertion order, so the first key is the oldest.
  if (map.size >= max) {
    const oldest = map.keys().next()
    if (!oldest.done) map.delete(oldest.value)
  }
  map.set(key, value)
}

/** Item id → item as drawn for this attempt. Empty for an attempt without a form. */
export async function itemsOfAttempt(store: Store, attemptId: string): Promise<ReadonlyMap<string, Item>> {
  const cache = cacheOf(store)
  const known = cache.forms.get(attemptId)
  if (known) return known
  const slots = await formItemsOf(store.read, attemptId)
  const missing = slots.map((slot) => slot.itemVersionId).filter((id) => !cache.items.has(id))
  const loaded = await readVersions(store.read, 'item', missing)
  for (const [id, version] of loaded) remember(cache.items, id, version.body, MAX_ITEMS)
  const items = new Map<string, Item>()
  for (const slot of slots) {
    const item = cache.items.get(slot.itemVersionId) ?? loaded.get(slot.itemVersionId)?.body
    if (item) items.set(slot.itemId, item)
  }
  if (slots.length > 0) remember(cache.forms, attemptId, items, MAX_FORMS)
  return items
}
