// The job table: enqueue inside the business transaction, claim by conditional update with a lease.
import { randomBytes } from 'node:crypto'
import { and, asc, eq, gt, lt, lte, min, or, sql, type Column, type SQL } from 'drizzle-orm'
import { skipLocked } from '../../db/dialect/sql.server.ts'
import { statement, type Reader, type Writer } from '../../db/store.server.ts'
import type { JsonObject, JsonValue } from '../../db/tables.server.ts'
import { JOB_KINDS, type JobKind, type JobPayload } from './kinds.server.ts'

export type { JobKind, JobPayload } from './kinds.server.ts'

/** The stream of hints that wakes the runner. */
export const JOBS_HINT = 'jobs'

/** `runAt` of a job that is due at once, whatever the clock shows. */
const AT_ONCE = new Date(0)

export type EnqueueOptions = {
  runAt?: Date
  /** At most one job with this key is ever made: `sweep:at_1:closed`. */
  dedupeKey?: string
  /**
   * Wakes the runner when the transaction is on the disk; without it the runner looks by itself, within half a second.
   */
  live?: { hint(streamId: string): void }
}

const putJob = statement('jobs-enqueue', (q, { jobs: t }) =>
  q
    .insert(t)
    .values({
      id: sql.placeholder('id'),
      kind: sql.placeholder('kind'),
      payload: sql.placeholder('payload'),
      status: 'queued',
      runAt: sql.placeholder('runAt'),
      steps: {},
      dedupeKey: sql.placeholder('dedupeKey'),
      createdAt: sql.placeholder('createdAt'),
    })
    .onConflictDoNothing({ target: t.dedupeKey })
    .returning({ id: t.id }),
)

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
  const [made] = await putJob(w, {
    id: `jb_${randomBytes(16).toString('base64url')}`,
    kind,
    payload: JOB_KINDS[kind].parse(payload) as JsonObject,
    runAt: options.runAt ?? AT_ONCE,
    dedupeKey: options.dedupeKey ?? null,
    // The machine's time: it only shows how long a job has waited, and the caller has no clock to give.
    createdAt: new Date(),
  })
  const { live } = options
  if (made && live) w.afterCommit(() => live.hint(JOBS_HINT))
  return made?.id ?? null
}

export type ClaimedJob = {
  id: string
  kind: string
  payload: JsonObject
  /** 1 at the first try. Together with the id it names this claim: whoever lost the lease has an older number. */
  tries: number
  maxTries: number
  steps: JsonObject
}

type Table = Reader['t']['jobs']
/**
 * A placeholder with its column's encoding. Drizzle leaves a bare one as it is, and no driver of SQLite takes a Date.
 */
const given = (name: string, column: Column): SQL => sql`${sql.param(sql.placeholder(name), column)}`

/** Waiting and due, or left behind by a runner whose lease has ended. */
const claimable = (t: Table, now: SQL) =>
  or(and(eq(t.status, 'queued'), lte(t.runAt, now)), and(eq(t.status, 'running'), lt(t.leaseUntil, now)))
const dueOrder = (t: Table) => [asc(t.runAt), asc(t.createdAt), asc(t.id)] as const

const dueJob = statement('jobs-due', (q, { jobs: t }) =>
  q
    .select({ id: t.id })
    .from(t)
    .where(claimable(t, given('now', t.runAt)))
    .limit(1),
)

/** Cheap look for work, without a transaction. */
export const hasDueJob = async (r: Reader, now: Date): Promise<boolean> => (await dueJob(r, { now })).length > 0

// Scoring goes through here for every attempt, so what runs once a job is prepared.
const dueJobs = (dialect: 'sqlite' | 'pg') =>
  statement(`jobs-due-${dialect}`, (q, { jobs: t }) =>
    skipLocked(
      dialect,
      q
        .select({ id: t.id, tries: t.tries })
        .from(t)
        .where(claimable(t, given('now', t.runAt)))
        .orderBy(...dueOrder(t))
        .limit(sql.placeholder('limit')),
    ),
  )
const DUE_JOBS = { sqlite: dueJobs('sqlite'), pg: dueJobs('pg') }
const claimOne = statement('jobs-claim', (q, { jobs: t }) =>
  q
    .update(t)
    .set({ status: 'running', leaseUntil: given('leaseUntil', t.leaseUntil), tries: given('next', t.tries) })
    .where(
      and(eq(t.id, sql.placeholder('id')), eq(t.tries, sql.placeholder('tries')), claimable(t, given('now', t.runAt))),
    )
    .returning({ id: t.id, kind: t.kind, payload: t.payload, tries: t.tries, maxTries: t.maxTries, steps: t.steps }),
)
const finishOne = statement('jobs-finish', (q, { jobs: t }) =>
  q
    .update(t)
    .set({ status: 'done', finishedAt: given('now', t.finishedAt), leaseUntil: null, lastErrorCode: null })
    .where(and(eq(t.id, sql.placeholder('id')), eq(t.tries, sql.placeholder('tries')), eq(t.status, 'running')))
    .returning({ id: t.id }),
)

/**
 * Takes up to `limit` due jobs for `leaseMs`. The update repeats the condition, so that two runners never hold one job.
 */
export async function claimJobs(
  w: Writer,
  input: { now: Date; leaseMs: number; limit: number },
): Promise<ClaimedJob[]> {
  const leaseUntil = new Date(input.now.getTime() + input.leaseMs)
  const claimed: ClaimedJob[] = []
  for (const { id, tries } of await DUE_JOBS[w.dialect](w, { now: input.now, limit: input.limit })) {
    claimed.push(...(await claimOne(w, { id, tries, next: tries + 1, leaseUntil, now: input.now })))
  }
  return claimed
}

type Claim = Pick<ClaimedJob, 'id' | 'tries'>
const held = (t: Table, claim: Claim) => and(eq(t.id, claim.id), eq(t.tries, claim.tries), eq(t.status, 'running'))

/** Ends a job well, as long as the caller still holds it. The functions below keep to the same rule. */
export const finishJob = async (w: Writer, { id, tries }: Claim, now: Date): Promise<boolean> =>
  (await finishOne(w, { id, tries, now })).length > 0

/** Puts the job back for `retryAt`, or ends it where that is null. The reason is a code, never a message. */
export async function failJob(
  w: Writer,
  claim: Claim,
  input: { now: Date; code: string; retryAt: Date | null },
): Promise<boolean> {
  const t = w.t.jobs
  const ending =
    input.retryAt === null
      ? ({ status: 'failed', finishedAt: input.now } as const)
      : ({ status: 'queued', runAt: input.retryAt } as const)
  const rows = await w.q
    .update(t)
    .set({ ...ending, leaseUntil: null, lastErrorCode: input.code })
    .where(held(t, claim))
    .returning({ id: t.id })
  return rows.length > 0
}

export async function extendLeases(w: Writer, claims: readonly Claim[], leaseUntil: Date): Promise<void> {
  const t = w.t.jobs
  for (const claim of claims) await w.q.update(t).set({ leaseUntil }).where(held(t, claim))
}

/**
 * Gives back every job that somebody holds. Only for a process that knows itself alone with the database: whoever held
 * them is dead, and nobody need wait for the leases to end. The tries count, because the job may be what killed the
 * process.
 */
export async function reclaimJobs(w: Writer): Promise<void> {
  const t = w.t.jobs
  await w.q.update(t).set({ status: 'queued', leaseUntil: null }).where(eq(t.status, 'running'))
}

/** Gives jobs back that were claimed and not begun: the try does not count. */
export async function releaseJobs(w: Writer, claims: readonly Claim[]): Promise<void> {
  const t = w.t.jobs
  for (const claim of claims)
    await w.q
      .update(t)
      .set({ status: 'queued', leaseUntil: null, tries: claim.tries - 1 })
      .where(held(t, claim))
}

/** Keeps the result of a finished step, so that a retry skips it. */
export async function keepStep(w: Writer, claim: Claim, name: string, result: JsonValue): Promise<boolean> {
  const t = w.t.jobs
  const [row] = await w.q.select({ steps: t.steps }).from(t).where(held(t, claim))
  if (!row) return false
  await w.q
    .update(t)
    .set({ steps: { ...row.steps, [name]: result } })
    .where(held(t, claim))
  return true
}

/**
 * How long the oldest due job has been waiting. A job that is due at once has waited since it was made, by the
 * machine's time; any other since its time, by ours.
 */
export async function jobsLagMs(r: Reader, now: Date): Promise<number> {
  const t = r.t.jobs
  const waiting = (condition: ReturnType<typeof and>) =>
    r.q
      .select({ made: min(t.createdAt), due: min(t.runAt) })
      .from(t)
      .where(and(eq(t.status, 'queued'), condition))
  const [atOnce] = await waiting(eq(t.runAt, AT_ONCE))
  const [timed] = await waiting(and(lt(t.runAt, now), gt(t.runAt, AT_ONCE)))
  const sinceMade = atOnce?.made ? Date.now() - atOnce.made.getTime() : 0
  const sinceDue = timed?.due ? now.getTime() - timed.due.getTime() : 0
  return Math.max(0, sinceMade, sinceDue)
}
