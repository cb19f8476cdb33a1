/**
 * Drafts that the server has not acknowledged, kept in this browser. Each record is encrypted (AES-GCM) under a key
 * that the server gives to this candidate only and that is never stored: on a shared machine the next person finds
 * nothing to read.
 */
import type { Response } from '../core/bank/response.ts'

export type Mutation = { mutationId: string; baseRevision: number; response: Response | null; flagged: boolean }
/** One item's unacknowledged work: what was sent without an answer yet, and what was written since. */
export type Draft = {
  itemId: string
  baseRevision: number
  response: Response | null
  flagged: boolean
  pending: Mutation | null
  changedAt: number
}

export type DraftStore = {
  load(): Promise<Draft[]>
  put(draft: Draft): Promise<void>
  remove(itemId: string): Promise<void>
}

/** Named records without any meaning: IndexedDB, else localStorage. */
export type RecordStore = {
  entries(prefix: string): Promise<Array<[key: string, value: string]>>
  set(key: string, value: string): Promise<void>
  delete(key: string): Promise<void>
}

const PREFIX = 'poise-draft'
const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))

/**
 * Drafts of one attempt, sealed. A record that cannot be opened belongs to somebody else or is damaged, and is left
 * alone.
 */
export async function sealedDrafts(records: RecordStore, keyText: string, attemptId: string): Promise<DraftStore> {
  const key = await crypto.subtle.importKey('raw', bytesOf(keyText), 'AES-GCM', false, ['encrypt', 'decrypt'])
  const prefix = `${PREFIX}/${attemptId}/`
  const bound = (name: string) => ({ name: 'AES-GCM', additionalData: new TextEncoder().encode(name) })
  return {
    async load() {
      const drafts: Draft[] = []
      for (const [name, sealed] of await records.entries(prefix)) {
        try {
          const [iv = '', body = ''] = sealed.split('.')
          const plain = await crypto.subtle.decrypt({ ...bound(name), iv: bytesOf(iv) }, key, bytesOf(body))
          drafts.push(JSON.parse(new TextDecoder().decode(plain)) as Draft)
        } catch {
          continue
        }
      }
      // The order in which they were written is the order in which they are sent.
      return drafts.sort((a, b) => a.changedAt - b.changedAt)
    },
    async put(draft) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const name = prefix + draft.itemId
      const body = await crypto.subtle.encrypt(
        { ...bound(name), iv },
        key,
        new TextEncoder().encode(JSON.stringify(draft)),
      )
      await records.set(name, `${base64(iv)}.${base64(new Uint8Array(body))}`)
    },
    remove: (itemId) => records.delete(prefix + itemId),
  }
}

/** What waits on this device, and for which attempt; for the warning before signing out. */
export async function waitingDrafts(records: RecordStore): Promise<{ n: number; attemptId: string | null }> {
  const names = (await records.entries(`${PREFIX}/`)).map(([name]) => name)
  return { n: names.length, attemptId: names[0]?.split('/')[1] ?? null }
}

/** How many drafts wait on this device, whosever they are; for the warning before signing out. */
export const countDrafts = async (records: RecordStore, attemptId?: string): Promise<number> =>
  (await records.entries(attemptId ? `${PREFIX}/${attemptId}/` : `${PREFIX}/`)).length

const DATABASE = 'poise'
const TABLE = 'drafts'

/** IndexedDB where the browser has it, else localStorage. Throws where neither may be used. */
export function browserRecords(): RecordStore {
  return typeof indexedDB === 'undefined' ? localRecords(localStorage) : idbRecords()
}

function idbRecords(): RecordStore {
  let opened: Promise<IDBDatabase> | undefined
  const database = (): Promise<IDBDatabase> =>
    (opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1)
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE)
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('indexeddb'))
    }))
  const write = async (act: (table: IDBObjectStore) => void): Promise<void> => {
    const db = await database()
    await new Promise<void>((resolve, reject) => {
      const transaction = db.transaction(TABLE, 'readwrite', { durability: 'strict' })
      transaction.oncomplete = () => resolve()
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('indexeddb'))
      act(transaction.objectStore(TABLE))
    })
  }
  return {
    async entries(prefix) {
      const db = await database()
      return new Promise((resolve, reject) => {
        const found: Array<[string, string]> = []
        const cursor = db
          .transaction(TABLE)
          .objectStore(TABLE)
          .openCursor(IDBKeyRange.bound(prefix, `${prefix}\uffff`))
        cursor.onerror = () => reject(cursor.error ?? new Error('indexeddb'))
        cursor.onsuccess = () => {
          const at = cursor.result
          if (!at) return resolve(found)
          found.push([at.key as string, at.value as string])
          at.continue()
        }
      })
    },
    set: (key, value) => write((table) => table.put(value, key)),
    delete: (key) => write((table) => table.delete(key)),
  }
}

export function localRecords(
  storage: Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>,
): RecordStore {
  return {
    async entries(prefix) {
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i)).filter(
        (key): key is string => key?.startsWith(prefix) ?? false,
      )
      return keys.map((key) => [key, storage.getItem(key) ?? ''])
    },
    async set(key, value) {
      storage.setItem(key, value)
    },
    async delete(key) {
      storage.removeItem(key)
    },
  }
}
