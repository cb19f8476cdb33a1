/**
 * The key for drafts in this candidate's browser; nobody else gets it, and another candidate on the same machine gets
 * another.
 */
import { loadHead } from '../../../db/repositories/attempt-saves.server.ts'
import type { Actor } from '../../core/access/actor.ts'
import { err, ok, type Result } from '../../core/shared/result.ts'
import type { Deps } from '../../ground/deps.server.ts'
import { ownsAttempt } from './saves.server.ts'

export async function draftKey(
  deps: Deps,
  actor: Actor,
  attemptId: string,
): Promise<Result<string, 'attempt.not_found'>> {
  const row = await loadHead(deps.store.read, attemptId)
  if (!row || !ownsAttempt(actor, row)) return err('attempt.not_found')
  return ok(deps.secrets.deriveKey('drafts', `${row.personId}:${attemptId}`))
}
