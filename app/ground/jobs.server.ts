// Adding a job inside the business transaction.
import { randomBytes } from 'node:crypto'
import { AT_ONCE, insertJob } from '../../db/repositories/jobs.server.ts'
import type { Writer } from '../../db/store.server.ts'
import { JOB_KINDS, type JobKind, type JobPayload } from './job-kinds.server.ts'

/** The stream of hints that wakes the runner. */
export const JOBS_HINT = 'jobs'

export type EnqueueOptions = {
  runAt?: Date
  /** At most one job with this key is ever made: `sweep:at_1:closed`. */
  dedupeKey?: string
  /**
   * Wakes the runner when the transaction is on the disk; without it the runner looks by itself, within half a second.
   */
  live?: { hint(streamId: string): void }
}

/**
 * Adds a job in the transaction of what causes it: never lost, never early. Gives the job's id, or null where a job
 * with the same key was made before.
 */
export async function enqueue<K extends JobKind>(
  w: Writer,
  kind: K,
  payload: JobPayload<K>,
  options: EnqueueOptions = {},
): Promise<string | null> {
  const id = `jb_${randomBytes(16).toString('base64url')}`
  const made = await insertJob(w, {
    id,
    kind,
    payload: JOB_KINDS[kind].parse(payload),
    runAt: options.runAt ?? AT_ONCE,
    dedupeKey: options.dedupeKey ?? null,
    // The machine's time: it only shows how long a job has waited, and the caller has no clock to give.
    createdAt: new Date(),
  })
  const { live } = options
  if (made && live) w.afterCommit(() => live.hint(JOBS_HINT))
  return made ? id : null
}
