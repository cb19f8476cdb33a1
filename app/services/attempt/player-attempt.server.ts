/** An attempt with its stored answers, as the player's page and its plain form load it. */
import * as attempts from '../../../db/repositories/attempts.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import type { Attempt } from '../../core/attempt/state.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { ownsAttempt } from './saves.server.ts'

export type PlayerAttempt = { row: attempts.AttemptRow; answers: attempts.AnswerRow[]; attempt: Attempt }

/** Null for an unknown attempt and for somebody else's alike. */
export async function loadPlayerAttempt(deps: Deps, actor: Actor, attemptId: string): Promise<PlayerAttempt | null> {
  const row = await attempts.attemptRow(deps.store.read, attemptId)
  if (!row || !ownsAttempt(actor, row)) return null
  const answers = await attempts.answersOf(deps.store.read, attemptId)
  return { row, answers, attempt: attempts.attemptFrom(row, answers) }
}
