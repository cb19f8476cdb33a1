/** What goes into the save queue and what it tells. */
import type { ClockReply } from '../core/attempt/protocol.ts'
import type { Receipt } from '../core/attempt/receipt.ts'
import type { Response } from '../core/bank/response.ts'
import type { DraftStore } from './draft-store.ts'
import type { Transport } from './transport.ts'

export type QueueStatus =
  | { kind: 'saved'; at: number | null }
  | { kind: 'saving' }
  /**
   * Kept on this device: no network, or the server cannot save now. `code` is the server's word for it, or null: it did
   * not answer.
   */
  | { kind: 'on_device'; waiting: number; code: string | null; retryInMs: number | null }
  | { kind: 'not_saved'; code: string }
  | { kind: 'elsewhere' }

/** Which of the player's messages says why nothing can be saved. */
export const whyNot = (code: string | null) =>
  code === null
    ? navigator.onLine
      ? 'offline.lost'
      : 'offline.title'
    : code === 'db.full'
      ? 'full.title'
      : 'busy.title'

export type QueueConflict = { itemId: string; mine: Response | null; stored: Response | null; storedRevision: number }
export type QueueRefusal = { itemId: string; code: string; response: Response | null }
/** `stored` is what counts. */
export type QueueLate = { itemId: string; late: Response | null; stored: Response | null }
export type QueueEnd =
  { reason: 'elsewhere' } | { reason: 'over'; receipt: Receipt | null } | { reason: 'signed_out' } | { reason: 'gone' }

export type QueueState = {
  status: QueueStatus
  /** Item id → revision that the server has acknowledged. */
  revisions: Readonly<Record<string, number>>
  conflicts: readonly QueueConflict[]
  /** Answers that the server will not take as they are. */
  refused: readonly QueueRefusal[]
  /** What came too late and is with staff. */
  quarantined: readonly QueueLate[]
  unsent: readonly { itemId: string; response: Response | null }[]
  clock: ClockReply | null
  /** Monotonic reading at which `clock` was received. */
  clockAt: number
  /** Server time of the last acknowledged save. */
  lastSavedAt: number | null
  /** The device can no longer keep drafts. */
  storageFull: boolean
  end: QueueEnd | null
}

export type Scheduler = {
  /** Monotonic milliseconds; only differences mean anything. */
  now(): number
  after(ms: number, run: () => void): () => void
  random(): number
  id(): string
}

export type QueueOptions = {
  attemptId: string
  epoch: number
  transport: Transport
  drafts: DraftStore | null
  scheduler: Scheduler
  initial: Readonly<Record<string, { revision: number; response: Response | null; flagged: boolean }>>
  clock: ClockReply | null
  lastSavedAt: number | null
  onChange(state: QueueState): void
}

export type SubmitOutcome = { done: true; receipt: Receipt | null } | { done: false; code: string }
