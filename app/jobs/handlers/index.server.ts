// What each kind of job does. A handler is one call of a service; it may run twice, and then must do nothing new.
import type { JsonValue } from '../../../db/tables.server.ts'
import type { Deps } from '../../ground/deps.server.ts'
import type { JobKind, JobPayload } from '../../ground/job-kinds.server.ts'
import { sendQueuedMail } from '../../ground/mails.server.ts'
import { noteClock } from '../../services/attempt/acts.server.ts'
import { scoreAttempt } from '../../services/results/scoring.server.ts'

export type JobContext = {
  jobId: string
  /** 1 at the first try. */
  tries: number
  /** Aborted when the lease is lost or the server stops waiting. */
  signal: AbortSignal
  /**
   * Runs `work` once over all tries and gives its kept result. For what must not happen twice although a later step
   * fails, such as sending a mail. `work` runs outside any transaction.
   */
  step<T extends JsonValue>(name: string, work: () => Promise<T>): Promise<T>
}

export type JobHandler<K extends JobKind> = (deps: Deps, payload: JobPayload<K>, context: JobContext) => Promise<void>
/** Every kind has one: a new kind without a handler does not compile. */
export type JobHandlers = { [K in JobKind]: JobHandler<K> }

/** An expected failure of a job. `retry: false` ends the job at once. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure'
  constructor(
    readonly code: string,
    readonly retry = true,
  ) {
    super(code)
  }
}

export const jobHandlers: JobHandlers = {
  'note-clock': (deps, note) => noteClock(deps, note),
  'score-attempt': (deps, { attemptId }) => scoreAttempt(deps, attemptId),
  'send-mail': (deps, { mailId }) => sendQueuedMail(deps, mailId),
}
