/** A message of staff to an attempt, for the player that is told of it. */
import { notesOf } from '../../../db/repositories/notes.server.ts'
import type { Instant } from '../../core/shared/time.ts'
import type { Deps } from '../../ground/deps.server.ts'

export async function messageText(
  deps: Pick<Deps, 'store'>,
  attemptId: string,
  messageId: string,
): Promise<{ text: string; sentAt: Instant } | null> {
  const note = (await notesOf(deps.store.read, 'attempt_message', attemptId)).find((n) => n.id === messageId)
  return note ? { text: note.text ?? '', sentAt: note.createdAt.getTime() } : null
}
