/**
 * Canonical texts that services hash (SHA-256): one answer's content, and the fingerprint of all answers on a receipt.
 */
import type { Response } from '../bank/response.ts'
import { canonicalJson } from '../shared/canonical-json.ts'
import type { Instant } from '../shared/time.ts'
import type { ClosingReason } from './events.ts'

/**
 * The text whose hash is an answer's `contentHash`; null stands for an answer taken back. No normalisation: what was
 * typed is what is proved.
 */
export const canonicalResponse = (response: Response | null): string => canonicalJson(response)

export type ReceiptAnswer = { readonly itemId: string; readonly revision: number; readonly contentHash: string }

/**
 * The text whose hash is the receipt's fingerprint: one line an answer, in the order of item ids. Line end is U+000A.
 */
export function receiptText(attemptId: string, answers: readonly ReceiptAnswer[]): string {
  const lines = [...answers]
    .sort((a, b) => (a.itemId < b.itemId ? -1 : a.itemId > b.itemId ? 1 : 0))
    .map((a) => `${a.itemId} ${a.revision} ${a.contentHash}`)
  return ['poise-receipt/1', attemptId, ...lines, ''].join('\n')
}

export type Receipt = {
  readonly attemptId: string
  readonly reason: ClosingReason
  readonly finishedAt: Instant
  /** Number of items with a stored answer. */
  readonly answers: number
  /** Hash of `receiptText`. */
  readonly fingerprint: string
}

/** The same for every repetition of a submit: built from the closed attempt, never from the request. */
export function receiptOf(
  closed: { attemptId: string; closingReason: ClosingReason | null; finishedAt: Instant | null },
  answers: readonly ReceiptAnswer[],
  fingerprint: string,
): Receipt | null {
  if (closed.closingReason === null || closed.finishedAt === null) return null
  return {
    attemptId: closed.attemptId,
    reason: closed.closingReason,
    finishedAt: closed.finishedAt,
    answers: answers.length,
    fingerprint,
  }
}
