/**
 * Forms of attempts, by attempt: which version of which item, in the form's order. A form never changes after the
 * start, so remembering it saves the hot path a query a save, and scoring two. Bounded, and kept per store: no module
 * holds state of its own installation.
 */
import { formItemsOf } from '../../../db/repositories/forms.server.ts'
import type { Store } from '../../../db/store.server.ts'
import type { OptionOrder } from '../../core/bank/candidate-view.ts'
import type { Item } from '../../core/bank/schema.ts'
import { readVersions, type Version } from '../content/versions.server.ts'

type Form = {
  versions: ReadonlyArray<Version<'item'>>
  items: ReadonlyMap<string, Item>
  /** Item id → the order in which its lists are shown. */
  orders: ReadonlyMap<string, OptionOrder>
}

const MAX_FORMS = 4000
const caches = new WeakMap<Store, Map<string, Form>>()

/**
 * The form of an attempt; empty for an attempt without one. Throws where a version is missing, which a foreign key
 * rules out.
 */
export async function formOfAttempt(store: Store, attemptId: string): Promise<Form> {
  let forms = caches.get(store)
  if (!forms) {
    forms = new Map()
    caches.set(store, forms)
  }
  const known = forms.get(attemptId)
  if (known) return known
  const slots = await formItemsOf(store.read, attemptId)
  const byId = await readVersions(
    store.read,
    'item',
    slots.map((slot) => slot.itemVersionId),
  )
  const versions = slots.map(({ itemVersionId }) => {
    const version = byId.get(itemVersionId)
    if (!version) throw new Error(`item version ${itemVersionId} is missing`)
    return version
  })
  const form = {
    versions,
    items: new Map(versions.map(({ body }) => [body.id, body])),
    orders: new Map(slots.map((slot) => [slot.itemId, slot.optionOrder])),
  }
  if (versions.length === 0) return form
  // Map keeps insertion order, so the first key is the oldest.
  const oldest = forms.size >= MAX_FORMS ? forms.keys().next() : null
  if (oldest && !oldest.done) forms.delete(oldest.value)
  forms.set(attemptId, form)
  return form
}

/** Item id → item as drawn for this attempt. Empty for an attempt without a form. */
export const itemsOfAttempt = async (store: Store, attemptId: string): Promise<ReadonlyMap<string, Item>> =>
  (await formOfAttempt(store, attemptId)).items
