/** The time ledger of the candidate's own attempt. */
import type { Actor } from '../../core/access/actor.ts'
import type { LedgerPage } from '../../core/attempt/player-view.ts'
import { headDeadlineAt, phaseAt } from '../../core/attempt/state.ts'
import type { Locale } from '../../core/shared/locale.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Instant } from '../../core/shared/time.ts'
import { stoodStillMs } from '../../core/timing/deadline.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { ledgerForCandidate, type CandidateLedgerEntry } from '../attempt/ledger.server.ts'
import { ownAttempt } from './own-attempt.server.ts'

/** Time that really passed between two instants: a confirmed step of the server's clock in between does not count. */
function livedMs(rows: readonly CandidateLedgerEntry[], startedAt: Instant, endAt: Instant): number {
  let lived = 0
  let from = startedAt
  for (const row of rows) {
    if (row.kind !== 'clock_confirmed') continue
    lived += row.at - from
    from = row.at + row.stepMs
  }
  return lived + Math.max(0, endAt - from)
}

/** What happened to the clock of an attempt, with the reasons that staff wrote and without their names. */
export async function ledgerPage(
  deps: Deps,
  actor: Actor,
  attemptId: string,
  locale: Locale,
  now: Instant,
): Promise<Result<LedgerPage, 'attempt.not_found'>> {
  const own = await ownAttempt(deps, actor, attemptId, locale)
  if (!own || own.row.startedAt === null) return err('attempt.not_found')
  const rows = await ledgerForCandidate(deps, own.row, locale, now)
  const startedAt = own.row.startedAt.getTime()
  const over = phaseAt(own.row.head, now) === 'closed'
  const endAt = own.row.finishedAt?.getTime() ?? (over ? (headDeadlineAt(own.row.head, now) ?? now) : now)
  const stoodMs = stoodStillMs(own.row.setup.timing, own.row.state.pauses, startedAt, endAt)
  return ok({
    attemptId,
    programmeTitle: own.programmeTitle,
    stageTitle: own.stageTitle,
    rows,
    now: endAt,
    finished: over,
    workedMs: Math.max(0, livedMs(rows, startedAt, endAt) - stoodMs),
  })
}
