/** The receipt of an attempt that is over. */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { progressOf, tallyOf, type Tally } from '../../core/attempt/item-state.ts'
import type { LateTextFate } from '../../core/attempt/player-view.ts'
import { canonicalResponse, type Receipt } from '../../core/attempt/receipt.ts'
import { phaseAt } from '../../core/attempt/state.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { itemsOfAttempt } from '../attempt/form.server.ts'
import { lateTextFates } from '../attempt/late-texts.server.ts'
import { receiptFor } from '../attempt/saves.server.ts'
import { ownAttempt } from './own-attempt.server.ts'

export type ReceiptPage = {
  attemptId: string
  programmeTitle: string
  stageTitle: string
  /** null while the clock has closed the attempt and the closing is about to be written. */
  receipt: (Omit<Receipt, 'finishedAt'> & { finishedAt: string }) | null
  items: number
  /** As the review page counted them; null once words of the person have been erased. */
  tally: Tally | null
  lateTexts: LateTextFate[]
  waitsForRaters: boolean
  released: boolean
  nextStage: { id: string; title: string } | null
  /** For text that waits in the browser: it is sent as from the page that last held the attempt. */
  epoch: number
  revisions: Record<string, number>
}

async function tallyOfStored(
  deps: Deps,
  attemptId: string,
  answers: readonly attempts.AnswerRow[],
): Promise<Tally | null> {
  const takenBack = deps.secrets.sha256(canonicalResponse(null))
  if (
    answers.some(({ response, contentHash }) => response === null && contentHash !== null && contentHash !== takenBack)
  )
    return null
  const items = await itemsOfAttempt(deps.store, attemptId)
  const stored = new Map(answers.map((answer) => [answer.itemId, answer]))
  return tallyOf(
    [...items].map(([id, item]) => ({
      progress: progressOf(item, stored.get(id)?.response ?? null),
      flagged: stored.get(id)?.flagged ?? false,
    })),
  )
}

/** `attempt.still_running` while there is time left. */
export async function receiptPage(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  locale: Locale,
  now: Instant,
): Promise<Result<ReceiptPage, 'attempt.not_found' | 'attempt.still_running'>> {
  const own = await ownAttempt(deps, actor, attemptId, locale)
  if (!own) return err('attempt.not_found')
  if (phaseAt(own.row.head, now) !== 'closed') return err('attempt.still_running')
  const receipt = await receiptFor(deps.store.read, deps, attemptId)
  const answers = await attempts.answersOf(deps.store.read, attemptId)
  return ok({
    attemptId,
    programmeTitle: own.programmeTitle,
    stageTitle: own.stageTitle,
    receipt: receipt ? { ...receipt, finishedAt: new Date(receipt.finishedAt).toISOString() } : null,
    items: own.row.setup.sections.reduce((sum, section) => sum + section.itemIds.length, 0),
    tally: await tallyOfStored(deps, attemptId, answers),
    lateTexts: await lateTextFates(deps, own.row, locale),
    waitsForRaters: own.row.releasedAt === null,
    released: own.row.releasedAt !== null,
    nextStage: own.nextStage,
    epoch: own.row.head.epoch,
    revisions: Object.fromEntries(answers.map((answer) => [answer.itemId, answer.revision])),
  })
}
